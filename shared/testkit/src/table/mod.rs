//! The embedded table, and checks of its consistency.

mod embedded;
pub(crate) mod ledger;

pub use embedded::{NAME, table_shape};
pub(crate) use embedded::{call, copy, create, items, rename, set, set_all, stream};
