//! The start of a function.

use crate::{
    aws,
    config::{ConfigError, Environment},
    telemetry,
};
use aws_types::SdkConfig;
use domain::plans::catalogue::Plans;

/// The settings of this process.
#[derive(Debug)]
pub struct Process {
    /// Environment variables.
    pub environment: Environment,
    /// Configuration of all clients of AWS.
    pub config: SdkConfig,
    /// The company's plans.
    pub plans: Plans,
}

impl Process {
    /// Reads the settings and starts logging.
    ///
    /// # Errors
    /// [`ConfigError`] if region or credentials are missing.
    pub fn start() -> Result<Self, ConfigError> {
        let environment = Environment::of_process();
        telemetry::init_logging(&environment);
        let config = aws::sdk_config(&environment)?;
        Ok(Self { environment, config, plans: catalogue::PLANS })
    }
}
