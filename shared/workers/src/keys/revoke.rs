//! Revokes the keys of a maker who has left.

use super::error::Error;
use crate::decisions::{MAX_DECISIONS, decide_again};
use domain::{
    audit::record::Entry, identity::origin::Origin, ids::UserId, keys::error::KeyError,
    notifications::happening::Happening, team::member::Member,
};
use store::{Change, Scope, Store};
use system_scope::SystemScope;

/// Revokes the keys of `maker` that do not rest on their present membership, on behalf of `by`. Each has an audit record.
/// Members are notified with the last of them, so that a repetition notifies nobody again.
///
/// # Errors
/// [`Error`] if the table fails, or keys keep changing; the next call continues.
pub async fn revoke_keys_of(
    store: &Store,
    system: &SystemScope,
    (user, maker): (UserId, Option<&Member>),
    by: UserId,
    origin: Origin,
) -> Result<(), Error> {
    let is_lost = |error: &Error| matches!(error, Error::Key(KeyError::ChangedMeanwhile));
    decide_again(MAX_DECISIONS, is_lost, KeyError::ChangedMeanwhile, || {
        revoke_listed(store, system, (user, maker), by, origin.clone())
    })
    .await
}

/// Revokes those that are listed now. A key that was changed meanwhile is left, and the result is
/// [`KeyError::ChangedMeanwhile`]; one that was revoked meanwhile is not listed the next time.
async fn revoke_listed(
    store: &Store,
    system: &SystemScope,
    (user, maker): (UserId, Option<&Member>),
    by: UserId,
    origin: Origin,
) -> Result<(), Error> {
    let keys = store.api_keys(system).await?;
    let orphaned: Vec<_> = keys.iter().filter(|key| key.maker == user && !key.has_maker(maker)).collect();
    let mut result = Ok(());
    for (place, key) in (1..).zip(&orphaned) {
        let scope = Scope::on_behalf_of(system, by, origin.clone());
        let now = store.ambient().now();
        let mut change = Change::<Error>::begin(store, &scope, Entry::key_revoked(key), now)?;
        change.delete_key(key, KeyError::ChangedMeanwhile);
        if place == orphaned.len() {
            let keys = u64::try_from(orphaned.len()).unwrap_or(u64::MAX);
            change.notify_members(Happening::ApiKeyMakerLeft { user_id: user, keys }, now)?;
        }
        match change.commit(None, (), now).await {
            Ok(_) => {}
            Err(error @ Error::Key(KeyError::ChangedMeanwhile)) => result = Err(error),
            Err(error) => return Err(error),
        }
    }
    result
}
