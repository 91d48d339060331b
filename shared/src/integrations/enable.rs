//! Enables an integration that Berth has disabled.

use super::{
    error::Error,
    set_up::{require_audit, require_free_integration},
    view::IntegrationView,
};
use domain::{
    audit::record::Entry,
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::denied::Denied,
    ids::WorkspaceId,
    integrations::{IntegrationError, IntegrationType},
};
use identity::Caller;
use store::{self, Change, Store};
use workers::decisions::{MAX_INTEGRATION_DECISIONS, decide_again};

/// Enables a disabled integration that still has its secret. An enabled integration is not changed.
///
/// # Errors
/// [`IntegrationError::SecretMissing`] if the secret is gone. Any other [`Error`] if the caller may not manage
/// integrations, the plan's limit is reached, the table fails, or concurrent changes exhaust the attempts.
pub async fn enable_integration(
    store: &Store,
    caller: &Caller,
    (workspace, kind): (WorkspaceId, IntegrationType),
    command: Option<&Fingerprint>,
) -> Result<Reply<IntegrationView>, Error> {
    let kinds = [kind];
    decide_again(MAX_INTEGRATION_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, command);
        let slot = entry.integration(kind);
        let (inside, healths) = entry.with_health::<Error>(Action::ManageIntegrations, &kinds).await?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let before = inside.take(&slot)?.ok_or(IntegrationError::SecretMissing)?;
        let now = store.ambient().now();
        let role = inside.scope.role().ok_or(Denied::Stranger)?;
        let standing = inside.billing.standing(inside.plans, now);
        let used = inside.workspace.counts.integrations;
        let Some(next) = before.enabled(caller.user(), (&standing, used), now)? else {
            return Ok(Reply::First(IntegrationView::new(kind, Some(&before), &healths, role)));
        };
        require_audit(&inside, &standing, Some(&before), &next)?;
        let mut change = Change::<Error>::begin(store, &inside.scope, Entry::enabled(&next), now)?;
        change.write_integration(Some(&before), &next, now, || Error::ChangedMeanwhile)?;
        require_free_integration(&mut change, &inside.billing, (&standing, used), now)?;
        change.commit(command, IntegrationView::new(kind, Some(&next), &healths, role), now).await
    })
    .await
}
