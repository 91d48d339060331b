//! One attempt: the secret is read, the request made of it and sent, and what came of it told.

use super::error::Error;
use courier::Courier;
use domain::{
    integrations::delivery::{Attempt, Class},
    integrations::{Integration, IntegrationError, Notice},
};
use secrets::IntegrationSecrets;
use store::Store;

/// Tells the receiver of `integration` of `notice`.
///
/// # Errors
/// [`IntegrationError::SecretMissing`] if its secret is gone, or [`Error`]; whatever the receiver does is no error.
pub async fn attempt(
    (store, secrets, courier): (&Store, &IntegrationSecrets, &Courier),
    integration: &Integration,
    notice: &Notice,
) -> Result<Attempt, Error> {
    let at = store.ambient().now();
    let kept = integration.kept().ok_or(IntegrationError::SecretMissing)?;
    let keys = secrets.read(kept.id, at).await?.ok_or(IntegrationError::SecretMissing)?;
    let sent = match integration.config.request(&keys, notice, at) {
        Ok(request) => courier.send(&request, at).await,
        Err(error) => {
            tracing::error!(workspace = %notice.workspace, integration = %integration.config.kind(), %error, "not sent");
            Err(Class::Blocked)
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
    Ok(Attempt { at, latency_ms: u64::try_from(took).unwrap_or_default(), status, class, retry_after })
}
