//! runtime

pub(crate) mod heartbeats;
pub mod runtimes;
