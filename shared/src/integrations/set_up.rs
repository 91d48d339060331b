//! Sets up, changes and removes integrations.

use super::{
    error::Error,
    view::{IntegrationView, SetUpView},
};
use crate::audit::require_log;
use domain::{
    audit::record::Entry,
    billing::account::Billing,
    billing::subscription::Standing,
    command::Expected,
    identity::access::Action,
    identity::denied::Denied,
    ids::{SecretId, WorkspaceId},
    integrations::orphan::{Orphan, OrphanState},
    integrations::{
        self as integration, Integration, IntegrationError, IntegrationSettings, IntegrationType, Occurrence,
        webhook_secret,
    },
    keyring::Keyring,
    secret::{InvalidSecret, Secret},
};
use identity::Caller;
use jiff::Timestamp;
use secrets::IntegrationSecrets;
use store::{self, Authorized, Change, Store, workspace::workspaces::Room};
use workers::decisions::{MAX_INTEGRATION_DECISIONS, decide_again};
use workers::integrations::delete_replaced;

/// Sets up an integration as `wanted`, or changes it, if it has the `expected` version.
///
/// A new secret is noted, stored, and then adopted in the transaction of the change; the old secret applies until then.
/// A crash in between leaves a note, and the sweeper deletes unused secrets.
///
/// # Errors
/// [`Error::AnotherVersion`] if it has another one. Any other [`Error`] if the caller may not manage integrations, the settings
/// are invalid, the plan's limit is reached, the table or Secrets Manager fails, or concurrent changes exhaust the attempts.
pub async fn set_up_integration(
    store: &Store,
    secrets: &IntegrationSecrets,
    caller: &Caller,
    workspace: WorkspaceId,
    wanted: IntegrationSettings,
    expected: &Expected,
) -> Result<IntegrationView, Error> {
    let kind = wanted.config.kind();
    let fresh: SecretId = store.ambient().fresh();
    let (wanted, kinds) = (&wanted, &[kind]);
    // The first attempt stores the secret.
    let mut unkept = wanted.secret.as_ref();
    decide_again(MAX_INTEGRATION_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || {
        let unkept = unkept.take();
        async move {
            let mut entry = store.enter(caller, workspace, None);
            let slot = entry.integration(kind);
            let (inside, healths) = entry.with_health::<Error>(Action::ManageIntegrations, kinds).await?;
            let (before, now) = (inside.take(&slot)?, store.ambient().now());
            if !expected.is(before.as_ref().map_or(0, |before| before.version)) {
                return Err(Error::AnotherVersion);
            }
            let standing = inside.billing.standing(inside.plans, now);
            let used = inside.workspace.counts.integrations;
            let next = integration::set_up(
                (workspace, before.as_ref()),
                (wanted, caller.user()),
                fresh,
                (&standing, used),
                now,
            )?;
            let role = inside.scope.role().ok_or(Denied::Stranger)?;
            let view = |integration| IntegrationView::new(kind, integration, &healths, role);
            let Some(next) = next else { return Ok(view(before.as_ref())) };
            require_audit(&inside, &standing, before.as_ref(), &next)?;
            if let Some(secret) = unkept {
                store.record_pending_secret::<Error>(&inside.scope, fresh, now).await?;
                let secret = keyring(secrets, &next, secret, before.as_ref(), now).await?;
                secrets.create(fresh, workspace, &secret).await?;
            }

            let entry = Entry::configured(before.as_ref(), &next);
            let mut change = Change::<Error>::begin(store, &inside.scope, entry, now)?;
            change.write_integration(before.as_ref(), &next, now, || Error::ChangedMeanwhile)?;
            if next.is_enabled() && !before.as_ref().is_some_and(Integration::is_enabled) {
                require_free_integration(&mut change, &inside.billing, (&standing, used), now)?;
            }
            let view = change.commit(None, view(Some(&next)), now).await?.first().ok_or(Error::ChangedMeanwhile)?;
            delete_replaced(store, secrets, replaced(before.as_ref(), &next)).await;
            Ok(view)
        }
    })
    .await
}

/// Sets up a webhook as `wanted` with a secret that is made here, and returns it.
///
/// The secret is not stored where the caller could read it again. A caller who lost the answer asks for another one.
///
/// # Errors
/// As [`set_up_integration`].
pub async fn set_up_with_new_secret(
    store: &Store,
    secrets: &IntegrationSecrets,
    caller: &Caller,
    workspace: WorkspaceId,
    wanted: IntegrationSettings,
    expected: &Expected,
) -> Result<SetUpView, Error> {
    let text = webhook_secret([store.ambient().random(), store.ambient().random()]);
    let secret = text.parse().map_err(|error: InvalidSecret| store::Error::Defect(error.into()))?;
    let wanted = IntegrationSettings { secret: Some(secret), ..wanted };
    let integration = set_up_integration(store, secrets, caller, workspace, wanted, expected).await?;
    Ok(SetUpView { integration, secret: Some(text) })
}

/// Requires that the caller may read the audit log, and the plan includes it, if it goes where it did not go before. Otherwise
/// who may manage integrations could have it sent to them.
pub(super) fn require_audit(
    inside: &Authorized<'_>,
    standing: &Standing,
    before: Option<&Integration>,
    next: &Integration,
) -> Result<(), Error> {
    if !next.sends_audit_elsewhere(before) {
        return Ok(());
    }
    inside.require(Action::ReadActivity)?;
    Ok(require_log(standing)?)
}

/// Requires that the plan is unchanged and allows one more integration than `used`. Emits an event if this one reaches
/// the limit.
pub(super) fn require_free_integration(
    change: &mut Change<'_, Error>,
    billing: &Billing,
    (standing, used): (&Standing, u64),
    now: Timestamp,
) -> Result<(), Error> {
    let meter = standing.plans.integrations();
    let Some(limit) = standing.limit(meter) else { return Ok(()) };
    // If none is free at this point, a concurrent change has used the last one.
    let full = IntegrationError::OverPlan { upgrade_to: standing.next_with_more(meter), limit, used: limit };
    let change = change.require_billing(billing);
    if change.require_free_integration(Room { limit, used }, full, Error::ChangedMeanwhile) {
        change.report(Occurrence::LimitReached { resource: meter.name, limit }, now)?;
    }
    Ok(())
}

/// Returns the keyring to store for a new secret. For types that sign deliveries, it also holds the previous secret, if
/// there still is one and the receiver is the same.
async fn keyring(
    secrets: &IntegrationSecrets,
    next: &Integration,
    fresh: &Secret,
    before: Option<&Integration>,
    now: Timestamp,
) -> Result<Keyring, Error> {
    let same_receiver = before.filter(|before| before.setup == next.setup);
    let old = same_receiver.and_then(Integration::kept).filter(|_| next.config.kind().signs());
    let old = match old {
        Some(kept) => secrets.read(kept.id, now).await?,
        None => None,
    };
    Ok(match old {
        Some(old) => Keyring::rolled(fresh.clone(), old, now),
        None => Keyring::of(fresh.clone()),
    })
}

/// Disables an integration and deletes its secret; its settings stay. An integration without a secret is not changed.
///
/// # Errors
/// [`Error`] if the caller may not manage integrations, the table fails, or concurrent changes exhaust the attempts.
pub async fn remove_integration(
    store: &Store,
    secrets: &IntegrationSecrets,
    caller: &Caller,
    workspace: WorkspaceId,
    kind: IntegrationType,
) -> Result<(), Error> {
    decide_again(MAX_INTEGRATION_DECISIONS, Error::is_lost, Error::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, None);
        let slot = entry.integration(kind);
        let inside = entry.load().await?.authorize(Action::ManageIntegrations)?;
        let (before, now) = (inside.take(&slot)?, store.ambient().now());
        let Some((before, next)) =
            before.and_then(|before| before.removed(caller.user(), now).map(|next| (before, next)))
        else {
            return Ok(());
        };
        let mut change = Change::<Error>::begin(store, &inside.scope, Entry::disconnected(&before), now)?;
        change.write_integration(Some(&before), &next, now, || Error::ChangedMeanwhile)?;
        change.commit(None, (), now).await?;
        delete_replaced(store, secrets, replaced(Some(&before), &next)).await;
        Ok(())
    })
    .await
}

/// Returns the secret that `before` had and `after` no longer has.
fn replaced(before: Option<&Integration>, after: &Integration) -> Option<Orphan> {
    let kept = after.kept().map(|kept| kept.id);
    let before = before?;
    let old = before.kept().filter(|old| kept != Some(old.id))?;
    Some(Orphan { workspace: before.workspace, id: old.id, fate: OrphanState::ScheduledForDeletion })
}
