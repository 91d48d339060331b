//! What all e-mails need: dependencies, outcomes, errors, and the members who read those about a workspace.

use domain::{email::Email, identity::access::Role, ids::UserId};
use mail::MailClient;
use secrets::InvitationKey;
use store::Store;
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

/// An owner or admin who can be reached by e-mail.
#[derive(Debug)]
pub(crate) struct AdminAddress {
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) email: Email,
}

impl MailerDeps {
    /// Returns the owners and admins of the workspace of `scope`. A member without a verified address gets no mail.
    pub(crate) async fn admins(&self, scope: &SystemScope) -> Result<Vec<AdminAddress>, store::Error> {
        let admins = self.store.admins(scope).await?.into_iter();
        Ok(admins
            .filter_map(|admin| Some(AdminAddress { user: admin.user, role: admin.role, email: admin.email? }))
            .collect())
    }
}
