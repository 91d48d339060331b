//! Bounds: budgets in a window, buckets that refill, and turns at a queue.

pub mod bucket;
pub mod budget;
pub mod pace;
