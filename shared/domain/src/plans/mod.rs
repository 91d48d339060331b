//! What the company sells: its plans, their limits, prices and container sizes, and contracts that differ from them.

pub mod addon;
pub mod catalogue;
pub mod contract;
#[cfg(any(test, feature = "plans-file"))]
pub mod file;
pub mod limits;
pub mod meter;
pub mod money;
pub mod names;
pub mod plan;
pub mod price;
pub mod shape;
pub mod size;
pub mod version;

#[cfg(test)]
pub(crate) use file::samples;
