//! Programs of the local cloud: building, finding, running and ending them.

mod binaries;
pub mod functions;
pub(crate) mod node;
pub mod process;
pub mod python;

pub use binaries::Binaries;
pub(crate) use binaries::{ALONGSIDE, BERTH, LOCAL, RECEIVERS, STRIPE_STANDIN};
