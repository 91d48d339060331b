//! Runtimes: the wanted and the observed state of each, and the last report of its container.

pub(crate) mod heartbeats;
pub mod runtimes;
