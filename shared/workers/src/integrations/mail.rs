//! The mail to a workspace's admins about a disabled integration.

use domain::{
    ids::WorkspaceId,
    integrations::{IntegrationState, IntegrationType},
    notifications::recipient::{LetterDay, LetterName, Recipient},
    workspace::dashboard::DashboardPage,
};
use mail::{self, IntegrationDisabled, Letter, MailClient, unsubscribe_link};
use platform::telemetry;
use secrets::{self, InvitationKey};
use store::{self, Store};
use system_scope::SystemScope;

/// Dependencies of mails to admins.
#[derive(Debug, Clone, Copy)]
pub struct AdminMailDeps<'a> {
    /// The table.
    pub store: &'a Store,
    /// Key that signs the links in letters.
    pub key: &'a InvitationKey,
    /// Mail client.
    pub post: &'a MailClient,
    /// Origin of the dashboard: scheme, host and port.
    pub dashboard: &'a str,
    /// URL of the API's path `/letters`, where recipients unsubscribe.
    pub letters: &'a str,
}

/// The reason a mail was not sent. A retry may succeed.
#[derive(Debug, thiserror::Error)]
pub enum DisabledMailError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The key could not be read.
    #[error(transparent)]
    Secret(#[from] secrets::Error),
    /// SES did not accept the mail.
    #[error(transparent)]
    Post(#[from] mail::Error),
}

/// Notifies the workspace's admins and owners by mail that an integration was disabled, if the integration still has
/// this `version`. Returns false if it does not. Admins who have unsubscribed, or who have used up their letters of the
/// day, do not get this one; the dashboard shows the same.
///
/// # Errors
/// [`DisabledMailError`] if the table, the key or SES fails. Recipients before the failure have their letter and may
/// get it again on a retry.
pub async fn mail_disabled(
    with: AdminMailDeps<'_>,
    workspace: WorkspaceId,
    kind: IntegrationType,
    version: u64,
) -> Result<bool, DisabledMailError> {
    let AdminMailDeps { store, key, post, dashboard, letters } = with;
    let scope = SystemScope::of(workspace);
    let facts = store.delivery_facts(&scope, &[kind]).await?;
    let found = facts.integrations.into_iter().find(|(integration, _)| integration.version == version);
    let (Some(name), Some((integration, _))) = (facts.workspace, found) else { return Ok(false) };
    let IntegrationState::Disabled { cause, .. } = integration.state else { return Ok(false) };
    let about = LetterName::disabled(workspace, kind, version);
    let page = DashboardPage::Integrations(workspace).at(dashboard);
    for admin in store.admins(&scope).await? {
        // A member without a verified address gets no mail.
        let Some(email) = admin.email else { continue };
        let (recipient, now) = (Recipient::of(&email), store.ambient().now());
        if store.is_unsubscribed(&recipient).await? {
            continue;
        }
        let stop = key.sign_letter_link(&recipient, now).await?;
        let letter = Letter::from(IntegrationDisabled {
            workspace: &name,
            integration: &integration.name,
            cause,
            page: &page,
            stop: &unsubscribe_link(letters, &stop),
        });
        if store.count_letter_of_day(&recipient, &about, LetterDay::of(now)).await? {
            post.send(&email, letter, None).await?;
        } else {
            tracing::warn!(function = "mailer", %workspace, integration = %kind, "the recipient has used up the letters of the day; this one is dropped");
            telemetry::emit_count("mailer", "LettersDropped", 1, now);
        }
    }
    Ok(true)
}
