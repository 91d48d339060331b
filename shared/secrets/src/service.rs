//! The client of Secrets Manager, created when it is needed.

use aws_sdk_secretsmanager::Client;
use aws_types::SdkConfig;
use std::{
    fmt,
    sync::{Arc, LazyLock},
};

/// The client of Secrets Manager. Creating it takes a fifth of a function's start.
#[derive(Clone)]
pub(super) struct Service(Arc<LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>>);

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets Manager")
    }
}

impl Service {
    /// Creates the client on first use, for secrets that many requests do not need.
    pub(super) fn lazy(config: &SdkConfig) -> Self {
        let config = config.clone();
        Self(Arc::new(LazyLock::new(Box::new(move || Client::new(&config)))))
    }

    /// Creates the client immediately, for secrets that every request needs. Lambda gives a function more CPU while it
    /// starts.
    pub(super) fn eager(config: &SdkConfig) -> Self {
        let service = Self::lazy(config);
        service.client();
        service
    }

    /// Returns the client.
    pub(super) fn client(&self) -> &Client {
        &self.0
    }
}
