//! Workspaces: the head, allowances of free ones, suspension, deletion, and the operator's search.

pub mod allowance;
pub mod dashboard;
pub mod deletion;
pub mod head;
pub mod recount;
pub mod search;
pub mod suspension;
