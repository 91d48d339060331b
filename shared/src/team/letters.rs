//! Unsubscribes recipients by the link in a letter. Recipients need no account; the token in the link is verified
//! before anything is read or written.

use super::error::Error;
use domain::notifications::letter_link::{LetterHolder, UnknownLink};
use secrets::InvitationKey;
use store::Store;

/// Verifies the token of a letter's link. Reads nothing from the table.
///
/// # Errors
/// [`UnknownLink`] if the token was not issued in a letter, or another [`Error`] if the key fails.
pub async fn verify_letter_link(store: &Store, key: &InvitationKey, token: &str) -> Result<LetterHolder, Error> {
    let holder = key.read_letter_link(token, store.ambient().now()).await?;
    Ok(holder.ok_or(UnknownLink)?)
}

/// Stops letters of all workspaces to the recipient of `token`. Letters about payments are still sent.
///
/// # Errors
/// [`UnknownLink`] if the token was not issued in a letter, or another [`Error`] if the key or the table fails.
pub async fn unsubscribe(store: &Store, key: &InvitationKey, token: &str) -> Result<(), Error> {
    let holder = verify_letter_link(store, key, token).await?;
    Ok(store.unsubscribe(&holder, store.ambient().now()).await?)
}

/// Resumes letters to the recipient of `token`.
///
/// # Errors
/// [`UnknownLink`] if the token was not issued in a letter, or another [`Error`] if the key or the table fails.
pub async fn resubscribe(store: &Store, key: &InvitationKey, token: &str) -> Result<(), Error> {
    let holder = verify_letter_link(store, key, token).await?;
    Ok(store.resubscribe(&holder).await?)
}
