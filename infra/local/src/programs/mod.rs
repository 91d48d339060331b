//! The programs of the local cloud: built, found and run, and ended again.

mod binaries;
pub mod functions;
pub(crate) mod node;
pub mod process;
pub(crate) mod python;

pub use binaries::Binaries;
pub(crate) use binaries::{ALONGSIDE, LOCAL, RECEIVERS, STRIPE_STANDIN};
