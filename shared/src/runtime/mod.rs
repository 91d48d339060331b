//! A workspace's runtime, for its members. The reconciler in `workers::runtime` carries commands out.

mod command;
mod error;
mod view;

pub use command::{command_runtime, read_runtime};
pub use error::Error;
pub use view::{Resources, RuntimeView};
