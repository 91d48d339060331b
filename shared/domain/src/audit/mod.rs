//! The audit log: records, and what they say of each change.

pub mod operator;
pub mod record;
