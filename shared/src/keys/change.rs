//! Changes, rotates and revokes API keys.

use super::{
    create::new_secret,
    error::Error,
    view::{CreatedKeyView, KeyView},
};
use domain::{
    audit::record::Entry,
    command::{Fingerprint, Reply},
    identity::{access::Action, denied::Denied},
    ids::{KeyId, WorkspaceId},
    keys::{
        error::KeyError,
        record::{KeyChanges, Overlap},
        secret::KeyPrefix,
    },
};
use identity::Caller;
use store::{Change, Store};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Changes name, scopes or networks of the key `id`.
///
/// # Errors
/// [`KeyError`] if there is no such key, or it would get more scopes. Any other [`Error`] if the caller may not manage keys, the
/// table fails, or concurrent changes exhaust the attempts.
pub async fn update_key(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    id: KeyId,
    changes: &KeyChanges,
) -> Result<KeyView, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, KeyError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, None);
        let (slot, used) = (entry.api_key(id), entry.key_use(id));
        let inside = entry.load().await?.authorize(Action::ManageKeys)?;
        let before = inside.take(&slot)?.ok_or(KeyError::Absent)?;
        let (usage, now) = (inside.take(&used)?, store.ambient().now());
        let Some(next) = before.changed(changes)? else {
            return Ok(KeyView::new(&before, usage.as_ref(), now));
        };
        let entry = Entry::key_updated(&before, &next);
        let mut change = Change::<Error>::begin(store, &inside.scope, entry, now)?;
        change.write_key(&before, &next, KeyError::ChangedMeanwhile)?;
        change.commit(None, (), now).await?;
        Ok(KeyView::new(&next, usage.as_ref(), now))
    })
    .await
}

/// Replaces the secret of the key `id`. The present one stays valid for `overlap`. The token leaves Berth in the first answer.
///
/// # Errors
/// [`KeyError`] if there is no such key, or it is of another member. Any other [`Error`] if the caller may not manage keys, the
/// table fails, or concurrent changes exhaust the attempts.
pub async fn rotate_key(
    store: &Store,
    prefix: &KeyPrefix,
    caller: &Caller,
    (workspace, id): (WorkspaceId, KeyId),
    overlap: Overlap,
    command: Option<&Fingerprint>,
) -> Result<Reply<CreatedKeyView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, KeyError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, command);
        let (slot, used, own) = (entry.api_key(id), entry.key_use(id), entry.member(caller.user()));
        let inside = entry.load().await?.authorize(Action::ManageKeys)?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let before = inside.take(&slot)?.ok_or(KeyError::Absent)?;
        let by = inside.take(&own)?.ok_or(Denied::Stranger)?;
        let (usage, now) = (inside.take(&used)?, store.ambient().now());
        let (token, secret) = new_secret(store, prefix, (workspace, id, before.actor()));
        let next = before.rotated(&by, secret, overlap, now)?;
        let entry = Entry::key_rotated(&before, &next);
        let mut change = Change::<Error>::begin(store, &inside.scope, entry, now)?;
        change.write_key(&before, &next, KeyError::ChangedMeanwhile)?;
        let view = KeyView::new(&next, usage.as_ref(), now);
        CreatedKeyView::answered(change, command, view, &token, now).await
    })
    .await
}

/// Revokes the key `id`: its next request is refused.
///
/// # Errors
/// [`KeyError`] if there is no such key. Any other [`Error`] if the caller may not revoke keys, the table fails, or concurrent
/// changes exhaust the attempts.
pub async fn revoke_key(store: &Store, caller: &Caller, workspace: WorkspaceId, id: KeyId) -> Result<(), Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, KeyError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, None);
        let slot = entry.api_key(id);
        let inside = entry.load().await?.authorize(Action::RevokeKey)?;
        let key = inside.take(&slot)?.ok_or(KeyError::Absent)?;
        let now = store.ambient().now();
        let mut change = Change::<Error>::begin(store, &inside.scope, Entry::key_revoked(&key), now)?;
        change.delete_key(&key, KeyError::ChangedMeanwhile);
        change.commit(None, (), now).await?;
        Ok(())
    })
    .await
}
