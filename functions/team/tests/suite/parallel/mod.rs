//! Concurrent changes of a team: races and seeded simulations.

mod races;
mod simulation;
