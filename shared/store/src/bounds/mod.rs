//! Bounds: what a workspace took of its budgets, and its turns at queues that all share.

pub(crate) mod budgets;
pub(crate) mod paces;
