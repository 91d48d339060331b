//! The letter of an invitation.

use crate::{
    content::{Content, Name},
    letter::{Letter, LetterWriter},
};
use domain::{email::Email, identity::access::Role, text::WorkspaceName};
use jiff::Timestamp;

/// Contents of the letter of an invitation.
#[derive(Debug, Clone, Copy)]
pub struct Invitation<'a> {
    /// Verified address of the inviting member.
    pub inviter: &'a Email,
    /// Name of the workspace.
    pub workspace: &'a WorkspaceName,
    /// Offered role.
    pub role: Role,
    /// Link with which the invitation is accepted.
    pub link: &'a str,
    /// Time at which the invitation expires.
    pub expires_at: Timestamp,
    /// Link with which the recipient unsubscribes.
    pub stop: &'a str,
}

impl LetterWriter<'_> {
    /// Writes the letter of an invitation. The recipient may have no account, so the reader is the inviter.
    #[must_use]
    pub fn invitation(&self, about: &Invitation<'_>) -> Letter {
        let Invitation { inviter, workspace, role, link, expires_at, stop } = *about;
        let until = self.moment(expires_at);
        let passage = self.words().invitation(inviter, workspace.safe_for_mail().map(Name), role, &until);
        self.render(Content { stop: Some(stop.to_owned()), ..Content::new(passage, link) })
    }
}
