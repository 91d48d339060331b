//! Stopping letters, by the link in one of them. Whoever holds a letter needs no account; the token in the link is verified before
//! anything is read or written.

use super::error::Error;
use domain::notifications::letter_link::{LetterHolder, UnknownLink};
use secrets::InvitationKey;
use store::Store;

/// Verifies the token of a letter's link. Nothing is read from the table.
///
/// # Errors
/// [`UnknownLink`] if it comes from no letter.
pub async fn letter_holder(store: &Store, key: &InvitationKey, token: &str) -> Result<LetterHolder, Error> {
    let holder = key.read_letter_link(token, store.ambient().now()).await?;
    Ok(holder.ok_or(UnknownLink)?)
}

/// Stops letters of all workspaces to the recipient whose letter `token` comes from. Letters about payments still come.
///
/// # Errors
/// [`UnknownLink`] if it comes from no letter; or another [`Error`].
pub async fn stop_letters(store: &Store, key: &InvitationKey, token: &str) -> Result<(), Error> {
    let holder = letter_holder(store, key, token).await?;
    Ok(store.stop_letters(&holder, store.ambient().now()).await?)
}

/// Lets letters come again to the recipient whose letter `token` comes from.
///
/// # Errors
/// [`UnknownLink`] if it comes from no letter; or another [`Error`].
pub async fn resume_letters(store: &Store, key: &InvitationKey, token: &str) -> Result<(), Error> {
    let holder = letter_holder(store, key, token).await?;
    Ok(store.resume_letters(&holder).await?)
}
