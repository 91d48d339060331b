//! What a workspace uses: counting, days, limits, races.

mod counting;
mod days;
mod limit_reached;
mod races;
mod skew;
