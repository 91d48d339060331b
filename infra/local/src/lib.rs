//! The local cloud: template.yaml deployed to an emulator of AWS on this machine, without Docker or an account.
//!
//! It knows the template and the emulator's gaps, and nothing of the functions' behaviour: those are built by cargo,
//! deployed, and called over HTTP like any others.

pub mod aws;
pub mod clock;
pub mod cloud;
pub mod console;
pub mod containers;
pub mod dashboard;
pub mod error;
pub mod fuzz;
pub mod programs;
pub mod settings;
pub mod sweep;
mod template;
pub mod workspace;

pub use aws::users;
pub use cloud::{outputs, stripe};
pub use console::{args, guide, signals, usage};
pub use error::{Error, Result};
pub use programs::{functions, process};
pub use template::transform;
