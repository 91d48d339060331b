//! Workspaces: their heads, the one read by which a caller enters, their owners' allowances, and their deletion.

pub(crate) mod allowances;
pub(crate) mod books;
pub mod deletions;
pub(crate) mod entry;
pub mod find;
pub mod remains;
pub mod users;
pub mod workspaces;
