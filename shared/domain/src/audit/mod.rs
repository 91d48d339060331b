//! The audit log: its records, and the entries for each kind of change.

pub mod chain;
pub mod checkpoint;
pub mod digest;
pub mod export;
pub mod operator;
pub mod range;
pub mod record;
pub mod seal;
pub mod verify;
