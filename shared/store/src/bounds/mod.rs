//! Bounds: used budgets of a workspace, and its turns at queues shared by all workspaces.

pub(crate) mod budgets;
pub(crate) mod paces;
