//! Tests an integration by delivering a real message during the request.

use super::{error::Error, view::TestView};
use domain::{
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::WorkspaceId,
    integrations::{IntegrationError, IntegrationNotice, IntegrationType, Subject},
};
use identity::Caller;
use workers::integrations::{AttemptDeps, attempt_delivery};

/// Sends a test message to the receiver, even if the integration is disabled, and records the result.
///
/// # Errors
/// [`Error`] if the caller may not manage integrations, the budget is used up, the secret is missing, or a dependency
/// fails. A failed delivery is not an error.
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
    let (inside, taken) = entry.authorize_and_take::<Error>(Action::ManageIntegrations, Budget::Tests).await?;
    if let Some(answer) = inside.earlier_answer()? {
        return Ok(answer);
    }
    taken?;
    let integration = inside.take(&slot)?.ok_or(IntegrationError::SecretMissing)?;
    let notice = IntegrationNotice {
        id: store.ambient().fresh(),
        at: store.ambient().now(),
        workspace,
        workspace_name: inside.workspace.name.clone(),
        subject: Subject::Test,
    };
    let went = attempt_delivery(with, &integration, &notice).await?;
    let now = store.ambient().now();
    Ok(store.record_test(&inside.scope, kind, &went, command, TestView::from(went), now).await?)
}
