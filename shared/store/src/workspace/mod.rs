//! Workspaces: their heads, the one read by which a caller enters, their owners' allowances, and their deletion.

pub(crate) mod allowances;
pub(crate) mod counters;
pub mod deletions;
pub(crate) mod entry;
pub mod find;
pub mod leftovers;
pub mod users;
pub mod workspaces;
