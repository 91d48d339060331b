//! What all SDK clients have in common: region, credentials, endpoint and time limits, from the environment alone.
//!
//! Lambda puts credentials into the environment and keeps them valid for as long as it lives, so no chain of providers
//! is needed, and no crate for it. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>

use crate::config::{ConfigError, Environment};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{behavior_version::BehaviorVersion, result::SdkError};
use aws_smithy_types::{error::metadata::ProvideErrorMetadata, retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, region::Region};
use std::time::Duration;

/// The longest time one attempt may take. A call that hangs without it never returns.
const ATTEMPT: Duration = Duration::from_secs(2);

/// The longest time a call with its retries may take. A request makes a handful of calls, one after the other, within the
/// 29 seconds of its function and the 30 of the gateway.
const OPERATION: Duration = Duration::from_secs(5);

/// For how long an idle connection is used again. While a function is frozen its connections die unnoticed, and the first
/// call on a dead one waits for [`ATTEMPT`] to pass.
const IDLE: Duration = Duration::from_secs(20);

/// The configuration that every client is made from.
///
/// # Errors
/// [`ConfigError`] if region or credentials are missing; without them the SDK would ask addresses that answer nothing.
pub fn sdk_config(environment: &Environment) -> Result<SdkConfig, ConfigError> {
    let credentials = Credentials::new(
        environment.required("AWS_ACCESS_KEY_ID")?,
        environment.required("AWS_SECRET_ACCESS_KEY")?,
        environment.optional("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    let config = with_time_limits(SdkConfig::builder())
        .http_client(
            Builder::new()
                .pool_idle_timeout(Some(IDLE))
                .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                .build_https(),
        )
        .region(Region::new(environment.required("AWS_REGION")?))
        .credentials_provider(SharedCredentialsProvider::new(credentials));
    Ok(match environment.optional("AWS_ENDPOINT_URL") {
        Some(url) => config.endpoint_url(url).build(),
        None => config.build(),
    })
}

/// Time limits and retries, the same for tests and for AWS.
pub(crate) fn with_time_limits(config: aws_types::sdk_config::Builder) -> aws_types::sdk_config::Builder {
    let limits = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build();
    config
        .behavior_version(BehaviorVersion::latest())
        .timeout_config(limits)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
}

/// What the log is told of a call that failed: who was called, and the class or code of the error. Not the response, nor
/// its message: it may repeat an address that was sent.
#[derive(Debug, thiserror::Error)]
#[error("{service} {outcome}")]
pub(crate) struct CallFailed {
    service: &'static str,
    outcome: String,
}

impl CallFailed {
    pub(crate) fn new<E: ProvideErrorMetadata, R>(service: &'static str, error: &SdkError<E, R>) -> Self {
        let outcome = match error {
            SdkError::TimeoutError(_) => "did not answer in time".to_owned(),
            SdkError::DispatchFailure(_) => "could not be reached".to_owned(),
            SdkError::ServiceError(answer) => {
                format!("answered {}", answer.err().code().unwrap_or("an error without a code"))
            }
            SdkError::ConstructionFailure(_) | SdkError::ResponseError(_) | _ => {
                "gave an answer that could not be read".to_owned()
            }
        };
        Self { service, outcome }
    }
}
