//! The dashboard of infra/dashboard: built by npm, uploaded to the emulated bucket, and served through the emulated
//! distribution. This module knows neither the stack nor the other programs of the local cloud.

mod build;
mod forwarder;
mod npm;
mod upload;

pub(crate) use build::build;
pub use forwarder::Forwarder;
pub(crate) use forwarder::{WORD, is_free, start};
pub use npm::Npm;
pub(crate) use upload::upload;
