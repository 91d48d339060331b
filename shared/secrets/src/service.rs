//! The client of Secrets Manager, made when it is needed.

use aws_sdk_secretsmanager::Client;
use aws_types::SdkConfig;
use std::{
    fmt,
    sync::{Arc, LazyLock},
};

/// Secrets Manager. Making its client is a fifth of a function's start.
#[derive(Clone)]
pub(super) struct Service(Arc<LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>>);

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets Manager")
    }
}

impl Service {
    /// For what many requests do without.
    pub(super) fn when_needed(config: &SdkConfig) -> Self {
        let config = config.clone();
        Self(Arc::new(LazyLock::new(Box::new(move || Client::new(&config)))))
    }

    /// For what every request needs: a function starts with more of a processor than it answers with.
    pub(super) fn at_once(config: &SdkConfig) -> Self {
        let service = Self::when_needed(config);
        service.client();
        service
    }

    /// The client.
    pub(super) fn client(&self) -> &Client {
        &self.0
    }
}
