//! Mails the link of an invitation.
//!
//! The message names only the invitation; its current state is read here. An invitation that has been used, revoked,
//! sent again or has expired gets no mail. One that is mailed twice gets the same link twice.
//!
//! The process may crash before any step, and the message is then handled again. The recipient's daily budget is
//! therefore taken under the letter's name, so that one letter counts once, and records about a letter require the
//! version that it was sent for.

use crate::letters::{MailError, MailOutcome, MailerDeps};
use domain::{
    email::Email,
    notifications::recipient::{LetterDay, LetterName, Recipient},
    team::invitation::{Invitation, LetterState, Returned},
    workspace::dashboard::DashboardPage,
    workspace::head::Workspace,
};
use jiff::Timestamp;
use mail::{self, Letter, LetterAbout, LetterReference, Reader};
use system_scope::SystemScope;

/// Mails the link of an invitation to its address, if the invitation still has the version of `about`, the recipient
/// has not unsubscribed, and a letter is left in the recipient's daily budget.
///
/// # Errors
/// [`MailError`] if the table, the key or SES fails.
pub async fn mail_invitation(deps: &MailerDeps, about: LetterReference) -> Result<MailOutcome, MailError> {
    let MailerDeps { store, post, .. } = deps;
    let scope = SystemScope::of(about.workspace);
    let now = store.ambient().now();
    let found = store.invitation(&scope, about.invitation).await?;
    let waits = |workspace: &Workspace, invitation: &Invitation| {
        workspace.suspended.is_none() && waits(invitation, about.version, now)
    };
    let Some((workspace, invitation)) = found.filter(|(workspace, invitation)| waits(workspace, invitation)) else {
        return Ok(MailOutcome::Outdated);
    };
    let recipient = Recipient::of(&invitation.email);
    let before = store.letter_facts(&scope, &invitation, &recipient).await?;
    if before.stopped {
        let marked = store.mark_letter_state(&scope, about.invitation, about.version, LetterState::Stopped).await?;
        return Ok(if marked { MailOutcome::Stopped } else { MailOutcome::Outdated });
    }
    let Some(inviter) = invitation.inviter_for_letter(before.maker.as_ref(), before.sender.as_ref()) else {
        return Ok(MailOutcome::Outdated);
    };
    let profile = before.profiles.get(&inviter.user).cloned().unwrap_or_default();
    let reader = Reader::of(&profile, &workspace.timezone);
    let about_inviter = (inviter.email, &reader);
    let letter = deps.letter(&workspace, &invitation, about_inviter, &recipient, now).await?;
    let day = LetterDay::of(now);
    if !store.count_letter_of_day(&recipient, &LetterName::invitation(about.invitation, about.version), day).await? {
        let deferred = store.defer_letter(&scope, about.invitation, about.version, day.end()).await?;
        return Ok(if deferred { MailOutcome::Deferred } else { MailOutcome::Outdated });
    }
    match post.send(&invitation.email, letter, LetterAbout::Invitation(about)).await {
        Ok(()) => {}
        Err(mail::Error::Refused(refusal)) => {
            deps.report_refused(&scope, refusal);
            let marked = store.mark_letter_refused(&scope, about.invitation, about.version, refusal).await?;
            return Ok(if marked { MailOutcome::Refused } else { MailOutcome::Outdated });
        }
        Err(error @ mail::Error::Failed(_)) => return Err(error.into()),
    }
    // The letter is sent. An error here would make the message come again and send it twice.
    if let Err(error) = store.mark_letter_state(&scope, about.invitation, about.version, LetterState::Sent).await {
        tracing::warn!(%error, "an invitation's letter was sent, but this could not be recorded");
    }
    Ok(MailOutcome::Sent)
}

/// Returns true if the letter for `version` of the invitation is still to be sent.
fn waits(invitation: &Invitation, version: u64, now: Timestamp) -> bool {
    let unsent = match invitation.delivery {
        LetterState::Queued | LetterState::Deferred | LetterState::Stopped => true,
        LetterState::Sent | LetterState::Failed => false,
    };
    unsent && invitation.version == version && !invitation.has_expired(now)
}

impl MailerDeps {
    /// Writes the letter. The recipient may have no account, so it has the inviter's language and time zone.
    async fn letter(
        &self,
        workspace: &Workspace,
        invitation: &Invitation,
        (inviter, reader): (&Email, &Reader),
        recipient: &Recipient,
        now: Timestamp,
    ) -> Result<Letter, secrets::Error> {
        let token = self.key.sign(invitation, now).await?;
        let stop = self.key.sign_letter_link(recipient, now).await?;
        Ok(self.writer(reader).invitation(&mail::Invitation {
            inviter,
            workspace: &workspace.name,
            role: invitation.role,
            link: &DashboardPage::Invitation(&token).at(&self.dashboard),
            expires_at: invitation.expires_at,
            stop: &mail::unsubscribe_link(&self.letters, &stop),
        }))
    }
}

/// Marks the invitation whose letter was returned, if it still has the version that the letter was sent for.
///
/// # Errors
/// [`MailError`] if the table fails.
pub async fn mark_letter_returned(
    deps: &MailerDeps,
    about: LetterReference,
    returned: Returned,
) -> Result<MailOutcome, MailError> {
    let scope = SystemScope::of(about.workspace);
    let marked = deps.store.mark_letter_returned(&scope, about.invitation, about.version, returned).await?;
    Ok(if marked { MailOutcome::Marked } else { MailOutcome::Outdated })
}
