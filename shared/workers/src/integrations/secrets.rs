//! Deletes secrets that no integration refers to.

use super::error::Error;
use domain::integrations::orphan::{Orphan, OrphanState};
use secrets::IntegrationSecrets;
use store::Store;

/// Deletes a secret that no integration refers to, and its note. A secret that an integration may still adopt is
/// scheduled for deletion first, so that none can adopt it any more. Safe to repeat and to run concurrently.
///
/// # Errors
/// [`Error`] if the table or Secrets Manager fails; the note remains, and is due.
pub async fn delete_orphan(store: &Store, secrets: &IntegrationSecrets, orphan: &Orphan) -> Result<(), Error> {
    match orphan.fate {
        OrphanState::Awaited if !store.schedule_secret_deletion(orphan).await? => return Ok(()),
        OrphanState::Awaited | OrphanState::ScheduledForDeletion => {}
    }
    secrets.delete(orphan.id).await?;
    Ok(store.delete_orphan(orphan).await?)
}

/// Deletes a secret that an integration has replaced. A failure is left to the sweeper, because the change itself is
/// done.
pub async fn delete_replaced(store: &Store, secrets: &IntegrationSecrets, replaced: Option<Orphan>) {
    let Some(orphan) = replaced else { return };
    if let Err(error) = delete_orphan(store, secrets, &orphan).await {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::warn!(secret = %orphan.id, %error, cause, "a replaced secret was not deleted; the sweeper will retry");
    }
}
