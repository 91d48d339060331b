//! What all e-mails need: dependencies, outcomes, errors, and the members who read those about a workspace.
//!
//! Each member gets an e-mail of their own, and what was sent is recorded for each. So one that fails stops no other,
//! and its repetition sends none of the others again.

use domain::{
    email::Email,
    identity::access::Role,
    ids::UserId,
    notifications::recipient::{LetterName, Recipient},
    team::invitation::LetterRefusal,
};
use mail::{Brand, Letter, LetterAbout, LetterWriter, MailClient, Reader};
use platform::telemetry;
use secrets::InvitationKey;
use store::{
    AdminFacts, Store,
    notifications::sent_letters::{Claimed, MemberLetter},
};
use system_scope::SystemScope;

/// Dependencies of e-mails.
#[derive(Debug, Clone)]
pub struct MailerDeps {
    /// The table.
    pub store: Store,
    /// Key that signs the tokens in links.
    pub key: InvitationKey,
    /// Mail client.
    pub post: MailClient,
    /// Origin of the dashboard: scheme, host and port.
    pub dashboard: String,
    /// URL of the API's path `/letters`, where recipients unsubscribe.
    pub letters: String,
    /// The operator's brand.
    pub brand: Brand,
}

/// The outcome of a request to send an e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailOutcome {
    /// SES has accepted the mail, or the mails to all recipients.
    Sent,
    /// The recipient has used up the letters of the day. The mail is sent when the next day begins.
    Deferred,
    /// The recipient has unsubscribed.
    Stopped,
    /// The mail service refuses the mail for good, and the invitation is marked.
    Refused,
    /// The invitation is marked, because its mail was returned.
    Marked,
    /// There is no longer anything to send or to mark.
    Outdated,
}

/// The reason an e-mail was not sent. A retry may succeed.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The key could not be read.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// SES did not accept the mail.
    #[error(transparent)]
    Post(#[from] mail::Error),
    /// Another process is sending the letter and has not finished.
    #[error("another process is sending this letter")]
    BeingSent,
}

impl MailError {
    /// True if another process was faster, so that the next attempt may find everything done.
    pub(crate) const fn is_lost(&self) -> bool {
        matches!(self, Self::BeingSent)
    }
}

/// An owner or admin who can be reached by e-mail.
#[derive(Debug)]
pub(crate) struct AdminAddress {
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) email: Email,
    pub(crate) reader: Reader,
}

impl MailerDeps {
    /// Sends the letter `name` to each of `members` who has not got it, as `write` writes it for them; `None` sends
    /// nothing. The failure of one letter does not affect the others.
    ///
    /// # Errors
    /// [`MailError`] of the last letter that failed, for a reason that may pass.
    pub(crate) async fn send_to_each(
        &self,
        scope: &SystemScope,
        name: &LetterName,
        members: Vec<AdminAddress>,
        write: impl AsyncFn(&AdminAddress) -> Result<Option<Letter>, MailError>,
    ) -> Result<MailOutcome, MailError> {
        let (mut outcome, mut failed) = (MailOutcome::Outdated, None);
        for member in members {
            match self.send_once(scope, name, &member, &write).await {
                Ok(true) => outcome = MailOutcome::Sent,
                Ok(false) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(outcome), Err)
    }

    /// Sends a letter to `member`; false if they have got it, or get none.
    async fn send_once(
        &self,
        scope: &SystemScope,
        name: &LetterName,
        member: &AdminAddress,
        write: impl AsyncFn(&AdminAddress) -> Result<Option<Letter>, MailError>,
    ) -> Result<bool, MailError> {
        let about = MemberLetter { name: name.clone(), member: member.user };
        let recipient = Recipient::of(&member.email);
        match self.store.claim_letter(scope, &about, &recipient, self.store.ambient().now()).await? {
            Claimed::Sent | Claimed::Returned => return Ok(false),
            Claimed::BeingSent => return Err(MailError::BeingSent),
            Claimed::Yes => {}
        }
        let to = LetterAbout::Member { workspace: scope.workspace(), member: member.user, recipient: &recipient };
        let sent = match write(member).await? {
            None => false,
            Some(letter) => match self.post.send(&member.email, letter, to).await {
                Ok(()) => true,
                Err(mail::Error::Refused(refusal)) => {
                    self.report_refused(scope, refusal);
                    false
                }
                Err(error @ mail::Error::Failed(_)) => return Err(error.into()),
            },
        };
        // An error here would make the message come again, for a letter that needs no repetition.
        if let Err(error) = self.store.mark_letter_sent(scope, &about, self.store.ambient().now()).await {
            tracing::warn!(%error, "a member's letter was sent, but this could not be recorded");
        }
        Ok(sent)
    }

    /// Returns the writer of letters to `reader`.
    pub(crate) const fn writer<'a>(&'a self, reader: &'a Reader) -> LetterWriter<'a> {
        LetterWriter::new(&self.brand, reader)
    }

    /// Reports that the mail service refuses a letter for good.
    pub(crate) fn report_refused(&self, scope: &SystemScope, refusal: LetterRefusal) {
        let workspace = scope.workspace();
        tracing::warn!(function = "mailer", %workspace, %refusal, "the mail service refuses a letter");
        telemetry::emit_count("mailer", "LettersRefused", 1, self.store.ambient().now());
    }

    /// Returns the owners and admins of the workspace of `scope`. A member without a verified address gets no mail.
    pub(crate) async fn admins(&self, scope: &SystemScope) -> Result<Vec<AdminAddress>, store::Error> {
        let admins = self.store.admins(scope).await?.into_iter();
        let address = |AdminFacts { member, profile, timezone }| {
            let reader = Reader::of(&profile, &timezone);
            Some(AdminAddress { user: member.user, role: member.role, email: member.email?, reader })
        };
        Ok(admins.filter_map(address).collect())
    }
}
