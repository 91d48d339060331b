//! Makes API keys.

use super::{
    error::Error,
    view::{CreatedKeyView, KeyView},
};
use domain::{
    audit::record::Entry,
    billing::{account::Billing, subscription::Standing},
    command::{Fingerprint, Reply},
    identity::{access::Action, denied::Denied},
    ids::{KeyId, UserId, WorkspaceId},
    integrations::Occurrence,
    keys::{
        error::KeyError,
        record::{NewKey, StoredSecret},
        secret::{KeyPrefix, KeyToken},
    },
};
use identity::Caller;
use jiff::Timestamp;
use store::{Change, Store, workspace::workspaces::Room};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Makes `wanted` for the caller. The token leaves Berth in the first answer, and is stored nowhere.
///
/// # Errors
/// [`KeyError`] if the plan allows no more keys or the caller may not make such a key. Any other [`Error`] if the caller may not
/// manage keys, the table fails, or concurrent changes exhaust the attempts.
pub async fn create_key(
    store: &Store,
    prefix: &KeyPrefix,
    caller: &Caller,
    workspace: WorkspaceId,
    wanted: &NewKey,
    command: Option<&Fingerprint>,
) -> Result<Reply<CreatedKeyView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, KeyError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, command);
        let own = entry.member(caller.user());
        let inside = entry.load().await?.authorize(Action::ManageKeys)?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let maker = inside.take(&own)?.ok_or(Denied::Stranger)?;
        let now = store.ambient().now();
        let standing = inside.billing.standing(inside.plans, now);
        if !standing.may_run {
            return Err(KeyError::PastDue.into());
        }
        let id = store.ambient().fresh();
        let actor = if wanted.is_service { KeyId::actor(id) } else { maker.user };
        let (token, secret) = new_secret(store, prefix, (workspace, id, actor));
        let key = wanted.clone().made_by(&maker, id, secret, now)?;
        let mut change = Change::<Error>::begin(store, &inside.scope, Entry::key_created(&key), now)?;
        change.create_key(&key, KeyError::ChangedMeanwhile)?;
        require_free_key(&mut change, &inside.billing, (&standing, inside.workspace.counts.api_keys), now)?;
        let view = KeyView::new(&key, None, now);
        CreatedKeyView::answered(change, command, view, &token, now).await
    })
    .await
}

/// Returns a new token, and what is stored of it.
pub(super) fn new_secret(
    store: &Store,
    prefix: &KeyPrefix,
    ids: (WorkspaceId, KeyId, UserId),
) -> (KeyToken, StoredSecret) {
    let token = KeyToken::new(prefix, ids, [store.ambient().random(), store.ambient().random()]);
    let secret = StoredSecret { digest: token.digest(), hint: token.hint() };
    (token, secret)
}

/// Requires that the plan is unchanged and allows one more key than `used`. Emits an event if this one reaches the limit.
fn require_free_key(
    change: &mut Change<'_, Error>,
    billing: &Billing,
    (standing, used): (&Standing, u64),
    now: Timestamp,
) -> Result<(), Error> {
    let meter = standing.plans.api_keys();
    let Some(limit) = standing.limit(meter) else { return Ok(()) };
    let (plan, upgrade_to) = (standing.plan.name, standing.next_with_more(meter));
    let full = KeyError::LimitReached { plan, upgrade_to, meter, limit, used: used.max(limit) };
    let change = change.require_billing(billing);
    if change.require_free_key(Room { limit, used }, full, KeyError::ChangedMeanwhile) {
        change.report(Occurrence::LimitReached { resource: meter.name, limit }, now)?;
    }
    Ok(())
}
