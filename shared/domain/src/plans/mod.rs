//! Plans: what they are called, cost, allow, and the size of runtime that they pay for; contracts that differ from them.

pub mod catalogue;
pub mod contract;
pub mod plan;
pub mod shape;
