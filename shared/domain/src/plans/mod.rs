//! Plans: their names, prices, limits and runtime sizes, and contracts that differ from them.

pub mod catalogue;
pub mod contract;
pub(crate) mod limits;
pub mod plan;
pub mod shape;
