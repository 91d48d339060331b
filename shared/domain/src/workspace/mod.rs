//! Workspaces: the head, allowances of free ones, suspension, deletion, and how the operator finds one.

pub mod allowance;
pub mod dashboard;
pub mod deletion;
pub mod head;
pub mod recount;
pub mod sought;
pub mod suspension;
