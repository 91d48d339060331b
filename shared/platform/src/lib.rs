//! The process of a function: settings, AWS configuration, time and randomness, telemetry.

pub mod ambient;
pub mod aws;
pub mod config;
pub mod process;
pub mod telemetry;
