//! The mechanism of the table: keys, items, reads, conditions, transactions. It knows no aggregate.

pub(crate) mod calls;
pub(crate) mod change;
pub(crate) mod condition;
pub(crate) mod error;
pub mod idempotency;
pub(crate) mod item;
pub(crate) mod keys;
pub(crate) mod list;
pub(crate) mod slot;
pub(crate) mod store;
pub(crate) mod transaction;
