//! The client of the table, with the clock and the random numbers that changes need. It does not know the contents of
//! the table.

use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;
use domain::plans::catalogue::Plans;
use platform::{
    ambient::Ambient,
    config::{ConfigError, Environment},
};

/// The table, with the clock and the random numbers that its changes need, and the company's plans, which decide on them.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) client: Client,
    pub(super) table: String,
    pub(super) ambient: Ambient,
    plans: Plans,
}

impl Store {
    /// Creates a client of the table named `table`.
    #[must_use]
    pub fn new(config: &SdkConfig, table: String, ambient: Ambient, plans: Plans) -> Self {
        Self { client: Client::new(config), table, ambient, plans }
    }

    /// Reads the name of the table from the environment. Time and random numbers are the system's.
    ///
    /// # Errors
    /// [`ConfigError`] if it is not set.
    pub fn from_environment(config: &SdkConfig, environment: &Environment, plans: Plans) -> Result<Self, ConfigError> {
        Ok(Self::new(config, environment.required("TABLE_NAME")?, Ambient::system(), plans))
    }

    /// The clock and the random numbers.
    #[must_use]
    pub const fn ambient(&self) -> &Ambient {
        &self.ambient
    }

    /// Name of the table.
    pub(crate) fn table_name(&self) -> &str {
        &self.table
    }

    /// The company's plans.
    #[must_use]
    pub const fn plans(&self) -> Plans {
        self.plans
    }
}
