//! The audit log: its records, and the entries for each kind of change.

pub mod operator;
pub mod record;
pub mod seal;
