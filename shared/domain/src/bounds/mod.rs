//! Bounds: budgets per window, token buckets, and the pace of messages to shared queues.

pub mod bucket;
pub mod budget;
pub mod pace;
