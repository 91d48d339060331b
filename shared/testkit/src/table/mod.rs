//! The embedded table, and checks of its consistency.

pub(crate) mod consistency;
mod embedded;

pub use embedded::{NAME, table_shape};
pub(crate) use embedded::{call, copy, create, items, rename, set, set_all, stream};
