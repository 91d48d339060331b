//! Usage of a workspace: the shards of each meter's counts, and the usage keys that were counted.
//!
//! No transaction here names the workspace's head, its billing or a membership: these are read before. Two transactions
//! that name one item conflict even if neither changes it, and usage is written all the time.

mod container;
mod count;
pub(crate) mod keyed;
mod operator;
mod read;
pub(crate) mod shards;

pub use container::MeterFacts;
pub use count::{Counted, DealOfDay, Keyed};
pub use read::{Usage, UsageKeys};
