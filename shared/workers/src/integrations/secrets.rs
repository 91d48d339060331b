//! Secrets on their way out.

use super::error::Error;
use domain::integrations::orphan::{Fate, Orphan};
use secrets::IntegrationSecrets;
use store::Store;

/// Deletes a secret that no integration refers to, and its note. One that an integration may still take is given up first,
/// so that none takes it any more. Doing so twice, or at once with another, does no more.
///
/// # Errors
/// [`Error`]; the note is left, and due.
pub async fn discard(store: &Store, secrets: &IntegrationSecrets, orphan: &Orphan) -> Result<(), Error> {
    match orphan.fate {
        Fate::Awaited if !store.doom(orphan).await? => return Ok(()),
        Fate::Awaited | Fate::Doomed => {}
    }
    secrets.delete(orphan.id).await?;
    Ok(store.deleted(orphan).await?)
}

/// Deletes a secret that an integration has given up. What fails is left to the sweeper: the change is made.
pub async fn discard_replaced(store: &Store, secrets: &IntegrationSecrets, replaced: Option<Orphan>) {
    let Some(orphan) = replaced else { return };
    if let Err(error) = discard(store, secrets, &orphan).await {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::warn!(secret = %orphan.id, %error, cause, "not deleted yet; the sweeper will");
    }
}
