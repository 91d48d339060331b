//! Runtimes: their records, the planner that compares the wanted with the observed state, tokens and heartbeats of
//! containers.

pub mod heartbeat;
pub mod reconcile;
pub mod record;
pub mod token;
