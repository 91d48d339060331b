//! What every function needs of its process: settings, AWS's configuration, time and randomness, telemetry.

pub mod ambient;
pub mod aws;
pub mod config;
pub mod telemetry;
