//! API Gateway's WebSocket connections: messages to their clients, and their end.
//!
//! A message is sent once and has a second. A client that misses one catches up with its next `subscribe`.

use aws_sdk_apigatewaymanagement::{
    Client,
    config::{Builder, retry::RetryConfig, timeout::TimeoutConfig},
    error::SdkError,
    operation::{delete_connection::DeleteConnectionError, post_to_connection::PostToConnectionError},
    primitives::Blob,
};
use aws_types::SdkConfig;
use domain::live::connection::ConnectionId;
use platform::{
    aws::CallFailed,
    config::{ConfigError, Environment},
};
use std::time::Duration;

/// Time for a message.
const PATIENCE: Duration = Duration::from_secs(1);

/// API Gateway did not take a message.
#[derive(Debug, thiserror::Error)]
#[error("a message to a live connection was not sent")]
pub struct Error(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Result of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// API Gateway has passed it to the client.
    Sent,
    /// The connection has ended.
    Gone,
}

/// The stage of the WebSocket API.
#[derive(Debug, Clone)]
pub struct Sockets {
    client: Client,
}

impl Sockets {
    /// Uses the stage at `endpoint`.
    #[must_use]
    pub fn new(config: &SdkConfig, endpoint: String) -> Self {
        let limits = TimeoutConfig::builder().connect_timeout(PATIENCE).operation_timeout(PATIENCE).build();
        let config = Builder::from(config)
            .endpoint_url(endpoint)
            .retry_config(RetryConfig::disabled())
            .timeout_config(limits)
            .build();
        Self { client: Client::from_conf(config) }
    }

    /// Reads the address of the stage from `LIVE_ENDPOINT`.
    ///
    /// # Errors
    /// [`ConfigError`] if it is not set.
    pub fn from_environment(config: &SdkConfig, environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self::new(config, environment.required("LIVE_ENDPOINT")?))
    }

    /// Sends `message` to the client of a connection.
    ///
    /// # Errors
    /// [`Error`] if API Gateway does not take it in time.
    pub async fn post(&self, to: &ConnectionId, message: String) -> Result<Posted, Error> {
        let call = self.client.post_to_connection().connection_id(to.as_str()).data(Blob::new(message));
        match call.send().await {
            Ok(_) => Ok(Posted::Sent),
            Err(SdkError::ServiceError(answer)) if matches!(answer.err(), PostToConnectionError::GoneException(_)) => {
                Ok(Posted::Gone)
            }
            Err(error) => Err(Error(CallFailed::new("API Gateway", &error).into())),
        }
    }

    /// Ends a connection. One that has ended stays so.
    ///
    /// # Errors
    /// [`Error`] if API Gateway does not do it in time.
    pub async fn close(&self, connection: &ConnectionId) -> Result<(), Error> {
        match self.client.delete_connection().connection_id(connection.as_str()).send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(answer)) if matches!(answer.err(), DeleteConnectionError::GoneException(_)) => {
                Ok(())
            }
            Err(error) => Err(Error(CallFailed::new("API Gateway", &error).into())),
        }
    }
}
