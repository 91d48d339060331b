//! The network of the test world, and its faults.

pub(crate) mod connector;
pub(crate) mod crash;
pub(crate) mod faults;

pub use connector::{Letter, parameters, target};
pub use crash::Moment;
pub use faults::{Chances, Fault};
