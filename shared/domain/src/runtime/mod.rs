//! Runtimes: the record of one, the planner that compares wanted with observed, tokens and heartbeats of containers.

pub mod heartbeat;
pub mod reconcile;
pub mod record;
pub mod token;
