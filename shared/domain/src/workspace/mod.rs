//! workspace

pub mod allowance;
pub mod deletion;
pub mod head;
pub mod recount;
pub mod sought;
pub mod suspension;
