//! Revokes the keys of a maker who has left.

use super::error::Error;
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
/// [`Error`] if the table fails; the next call continues.
pub async fn revoke_keys_of(
    store: &Store,
    system: &SystemScope,
    (user, maker): (UserId, Option<&Member>),
    by: UserId,
    origin: Origin,
) -> Result<(), Error> {
    let keys = store.api_keys(system).await?;
    let orphaned: Vec<_> = keys.iter().filter(|key| key.maker == user && !key.has_maker(maker)).collect();
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
            // It was revoked in the meantime.
            Ok(_) | Err(Error::Key(KeyError::ChangedMeanwhile)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
