//! The mail that an invitation sets off.
//!
//! Its message names the invitation only. What is true by now is read here: an invitation that has been used, revoked,
//! sent again or has expired gets no mail, and one that is mailed twice gets the same link twice.

use crate::{
    domain::{invitation::Returned, scope::SystemScope},
    mail::{self, Post, Reference, invitation as letter},
    secrets::{self, InvitationKey},
    store::{self, Store},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What it takes to mail an invitation.
#[derive(Debug, Clone)]
pub struct Mailing {
    /// The table.
    pub store: Store,
    /// The key of tokens.
    pub key: InvitationKey,
    /// The post office.
    pub post: Post,
    /// Where the dashboard is: scheme, host and port.
    pub dashboard: String,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is with SES.
    Sent,
    /// An invitation is marked: its letter came back.
    Marked,
    /// There is nothing to send or to mark any more.
    Outdated,
}

/// Why a mail was not sent; it is worth another try.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The key could not be had.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// SES did not take it.
    #[error(transparent)]
    Post(#[from] mail::Error),
}

/// Mails the link of an invitation to its address, if it still is of the version that the letter is about.
///
/// # Errors
/// [`MailError`].
pub async fn mail_invitation(mailing: &Mailing, about: Reference) -> Result<Outcome, MailError> {
    let now = mailing.store.ambient().now();
    let found = mailing.store.invitation(&SystemScope::of(about.workspace), about.invitation).await?;
    let Some((workspace, invitation)) = found.filter(|(workspace, invitation)| {
        workspace.suspended.is_none() && invitation.version == about.version && now < invitation.expires_at
    }) else {
        return Ok(Outcome::Outdated);
    };
    let token = mailing.key.sign(&invitation, now).await?;
    let link = format!("{}/signup?invite={}", mailing.dashboard, utf8_percent_encode(&token, NON_ALPHANUMERIC));
    let letter = letter(&workspace.name, invitation.role, &link, invitation.expires_at);
    mailing.post.send(&invitation.email, letter, Some(about)).await?;
    Ok(Outcome::Sent)
}

/// Marks the invitation whose letter came back, if it still is of the version that the letter was about.
///
/// # Errors
/// [`MailError`].
pub async fn mark_returned(mailing: &Mailing, about: Reference, returned: Returned) -> Result<Outcome, MailError> {
    let scope = SystemScope::of(about.workspace);
    let marked = mailing.store.mark_returned(&scope, (about.invitation, about.version), returned).await?;
    Ok(if marked { Outcome::Marked } else { Outcome::Outdated })
}
