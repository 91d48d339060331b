//! Runtimes: what is wanted and observed of each, and what its container reported last.

pub(crate) mod heartbeats;
pub mod runtimes;
