//! One attempt of a delivery: reads the secret, builds and sends the request, and returns the result.

use super::error::Error;
use courier::Courier;
use domain::{
    integrations::delivery::{Class, DeliveryAttempt},
    integrations::{Integration, IntegrationError, IntegrationNotice},
};
use secrets::IntegrationSecrets;
use store::Store;

/// Dependencies of an attempt.
#[derive(Debug, Clone, Copy)]
pub struct AttemptDeps<'a> {
    /// The table.
    pub store: &'a Store,
    /// The secrets of integrations.
    pub secrets: &'a IntegrationSecrets,
    /// HTTP client for receivers.
    pub courier: &'a Courier,
}

/// Sends `notice` to the receiver of `integration`.
///
/// # Errors
/// [`IntegrationError::SecretMissing`] if the integration's secret is gone, or another [`Error`] if a dependency fails.
/// A failure of the receiver is part of the returned [`DeliveryAttempt`].
pub async fn attempt_delivery(
    AttemptDeps { store, secrets, courier }: AttemptDeps<'_>,
    integration: &Integration,
    notice: &IntegrationNotice,
) -> Result<DeliveryAttempt, Error> {
    let at = store.ambient().now();
    let kept = integration.kept().ok_or(IntegrationError::SecretMissing)?;
    let keys = secrets.read(kept.id, at).await?.ok_or(IntegrationError::SecretMissing)?;
    let sent = match integration.config.request(&keys, notice, at) {
        Ok(request) => courier.send(&request, at).await,
        Err(error) => {
            tracing::error!(workspace = %notice.workspace, integration = %integration.config.kind(), %error, "a notice was not sent: its request could not be built");
            Err(error.into())
        }
    };
    let took = store.ambient().now().duration_since(at).as_millis();
    let (status, class, retry_after) = match sent {
        Ok(answer) => {
            let class = (!(200..300).contains(&answer.status)).then_some(Class::Status);
            (Some(answer.status), class, answer.retry_after)
        }
        Err(class) => (None, Some(class), None),
    };
    Ok(DeliveryAttempt { at, latency_ms: u64::try_from(took).unwrap_or_default(), status, class, retry_after })
}
