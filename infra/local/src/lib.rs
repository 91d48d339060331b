//! The local cloud: template.yaml deployed to an emulator of AWS on this machine, without Docker or an account.
//!
//! It knows the template and the emulator's gaps. It knows nothing of what the functions do: those are built by cargo,
//! put in, and reached over HTTP like any others.

pub mod args;
pub mod aws;
pub mod clock;
pub mod cloud;
pub mod console;
pub mod containers;
mod emulator;
pub mod error;
pub mod functions;
pub mod fuzz;
mod gaps;
mod gateway;
pub mod guide;
mod intrinsics;
pub mod outputs;
mod package;
pub mod process;
pub mod programs;
mod python;
mod receivers;
mod record;
pub mod settings;
pub mod signals;
mod stack;
pub mod stripe;
pub mod transform;
pub mod usage;
pub mod users;
pub mod workspace;

pub use error::{Error, Result};
