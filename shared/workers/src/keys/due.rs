//! The steps of a key that nobody asks for.

use super::error::Error;
use domain::{
    audit::record::Entry,
    identity::origin::Origin,
    keys::{error::KeyError, record::ApiKey, schedule::KeyStep},
};
use store::{Change, Scope, Store};
use system_scope::SystemScope;

/// Does what is due about `key`, which was read just now: notifies members that it expires or is unused, or deletes it some
/// time after it has expired. If nothing is due after all, because it was used, the key is due later.
///
/// # Errors
/// [`Error`] if the table fails; the next call continues.
pub async fn advance_key(store: &Store, key: &ApiKey, origin: Origin) -> Result<(), Error> {
    let system = SystemScope::of(key.workspace);
    let usage = store.key_use(&system, key.id).await?;
    let now = store.ambient().now();
    match key.step(usage.as_ref(), now) {
        KeyStep::Mark(next, happening) => {
            store.mark_key((key, &next), next.due_at(usage.as_ref()), happening, now).await?;
        }
        KeyStep::Wait => {
            store.mark_key((key, key), key.due_at(usage.as_ref()), None, now).await?;
        }
        KeyStep::Delete => {
            let scope = Scope::on_behalf_of(&system, key.actor(), origin);
            let mut change = Change::<Error>::begin(store, &scope, Entry::key_expired(key), now)?;
            change.delete_key(key, KeyError::ChangedMeanwhile);
            match change.commit(None, (), now).await {
                // Somebody has rotated or revoked it.
                Ok(_) | Err(Error::Key(KeyError::ChangedMeanwhile)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
