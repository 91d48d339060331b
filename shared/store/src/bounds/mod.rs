//! Bounds: used budgets of a workspace, reserved commands, and turns at queues shared by all workspaces.

pub(crate) mod budgets;
pub(crate) mod paces;
pub(crate) mod reservations;
