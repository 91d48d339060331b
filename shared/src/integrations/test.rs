//! Tests an integration by delivering a real message during the request.

use super::{error::Error, view::TestView};
use domain::{
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    integrations::delivery::DeliveryAttempt,
    integrations::{Integration, IntegrationError, IntegrationNotice, IntegrationType, Subject},
};
use identity::Caller;
use store::{Authorized, Slot, Turn};
use workers::integrations::{AttemptDeps, attempt_delivery};

/// Sends a test message to the receiver, even if the integration is disabled, and records the result. The command is
/// reserved before anything is sent, so that of several requests under one idempotency key one sends it.
///
/// # Errors
/// [`Error`] if the caller may not manage integrations, the budget is used up, the secret is missing, another request is
/// sending the same test, or a dependency fails. A failed delivery is not an error.
pub async fn send_test(
    with: AttemptDeps<'_>,
    caller: &Caller,
    workspace: WorkspaceId,
    kind: IntegrationType,
    command: Option<&Fingerprint>,
) -> Result<Reply<TestView>, Error> {
    let AttemptDeps { store, .. } = with;
    let mut entry = store.enter(caller, workspace, command);
    let slot = entry.integration(kind);
    let (inside, reservation) = match entry.reserve::<_, Error>(Action::ManageIntegrations, Budget::Tests).await? {
        Turn::Now(inside, reservation) => (inside, reservation),
        Turn::Before(answer) => return Ok(answer),
    };
    match send(with, &inside, &slot).await {
        Ok(went) => Ok(store.record_test(&inside.scope, kind, &went, reservation, TestView::from(went)).await?),
        // Nothing was sent. If the release fails, the reservation expires.
        Err(error) => {
            drop(store.release_reserved(reservation).await);
            Err(error)
        }
    }
}

async fn send(
    with: AttemptDeps<'_>,
    inside: &Authorized<'_>,
    slot: &Slot<Integration>,
) -> Result<DeliveryAttempt, Error> {
    let AttemptDeps { store, .. } = with;
    let integration = inside.take(slot)?.ok_or(IntegrationError::SecretMissing)?;
    let notice = IntegrationNotice {
        attached: serde_json::Map::new(),
        id: store.ambient().fresh(),
        at: store.ambient().now(),
        workspace: integration.workspace,
        workspace_name: inside.workspace.name.clone(),
        subject: Subject::Test,
        plans: store.plans(),
    };
    Ok(attempt_delivery(with, &integration, &notice).await?)
}
