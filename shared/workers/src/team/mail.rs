//! The mail that an invitation sets off.
//!
//! Its message names the invitation only. What is true by now is read here: an invitation that has been used, revoked,
//! sent again or has expired gets no mail, and one that is mailed twice gets the same link twice.
//!
//! Before each step the process may die and the message come again: the recipient's letter of the day is taken under the letter's
//! name, so that the same letter takes it once, and what is recorded of a letter requires the version that it is for.

use domain::{
    email::Email,
    notifications::recipient::{Day, LetterName, Recipient},
    team::invitation::{Delivery, Invitation, Returned},
    workspace::dashboard::DashboardPage,
    workspace::head::Workspace,
};
use jiff::Timestamp;
use mail::{self, Letter, Post, Reference};
use secrets::{self, InvitationKey};
use store::{self, Store};
use system_scope::SystemScope;

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
    /// The URL under which recipients stop letters: that of the API's path `/letters`.
    pub letters: String,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is with SES.
    Sent,
    /// Its recipient has got as many letters today as they may; it is sent when the next day begins.
    Deferred,
    /// Its recipient wants no letters.
    Stopped,
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

/// Mails the link of an invitation to its address, if it still is of the version that the letter is about, its recipient wants
/// letters, and has one left today.
///
/// # Errors
/// [`MailError`].
pub async fn mail_invitation(mailing: &Mailing, about: Reference) -> Result<Outcome, MailError> {
    let Mailing { store, post, .. } = mailing;
    let (scope, version) = (SystemScope::of(about.workspace), (about.invitation, about.version));
    let now = store.ambient().now();
    let found = store.invitation(&scope, about.invitation).await?;
    let waits = |workspace: &Workspace, invitation: &Invitation| {
        workspace.suspended.is_none() && waits(invitation, about.version, now)
    };
    let Some((workspace, invitation)) = found.filter(|(workspace, invitation)| waits(workspace, invitation)) else {
        return Ok(Outcome::Outdated);
    };
    let recipient = Recipient::of(&invitation.email);
    let before = store.before_letter(&scope, &invitation, &recipient).await?;
    if before.stopped {
        let marked = store.mark_delivery(&scope, version, Delivery::Stopped).await?;
        return Ok(if marked { Outcome::Stopped } else { Outcome::Outdated });
    }
    let Some(inviter) = invitation.letter_names(before.maker.as_ref(), before.sender.as_ref()) else {
        return Ok(Outcome::Outdated);
    };
    let letter = mailing.letter(&workspace, &invitation, inviter, &recipient, now).await?;
    let day = Day::of(now);
    if !store.take_letter(&recipient, &LetterName::invitation(about.invitation, about.version), day).await? {
        let deferred = store.defer_letter(&scope, version, day.end()).await?;
        return Ok(if deferred { Outcome::Deferred } else { Outcome::Outdated });
    }
    post.send(&invitation.email, letter, Some(about)).await?;
    // The letter is out: a message that failed now would send it again.
    if let Err(error) = store.mark_delivery(&scope, version, Delivery::Sent).await {
        tracing::warn!(%error, "an invitation's letter was sent, and that it was sent is not recorded");
    }
    Ok(Outcome::Sent)
}

/// Whether the letter for `version` of the invitation is still to be sent.
fn waits(invitation: &Invitation, version: u64, now: Timestamp) -> bool {
    let unsent = match invitation.delivery {
        Delivery::Queued | Delivery::Deferred | Delivery::Stopped => true,
        Delivery::Sent => false,
    };
    unsent && invitation.version == version && !invitation.has_expired(now)
}

impl Mailing {
    async fn letter(
        &self,
        workspace: &Workspace,
        invitation: &Invitation,
        inviter: &Email,
        recipient: &Recipient,
        now: Timestamp,
    ) -> Result<Letter, secrets::Error> {
        let token = self.key.sign(invitation, now).await?;
        let stop = self.key.sign_letter_link(recipient, now).await?;
        Ok(Letter::from(mail::Invitation {
            inviter,
            workspace: &workspace.name,
            role: invitation.role,
            link: &DashboardPage::Invitation(&token).at(&self.dashboard),
            expires_at: invitation.expires_at,
            stop: &mail::stop_link(&self.letters, &stop),
        }))
    }
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
