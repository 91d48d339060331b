//! The chain of audit records: checkpoints, and places for the records from before it.

mod checkpoints;
mod linking;

pub use checkpoints::{CheckpointSummary, take_checkpoints};
pub use linking::{LinkError, link_before};
