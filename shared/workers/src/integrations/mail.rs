//! The mail that tells a workspace's admins that an integration was disabled.

use domain::{
    ids::WorkspaceId,
    integrations::{IntegrationType, State},
    notifications::recipient::{Day, LetterName, Recipient},
    workspace::dashboard::DashboardPage,
};
use mail::{self, Disabled, Letter, Post, stop_link};
use platform::telemetry;
use secrets::{self, InvitationKey};
use store::{self, Store};
use system_scope::SystemScope;

/// What it takes to mail admins.
#[derive(Debug, Clone, Copy)]
pub struct AdminMail<'a> {
    /// The table.
    pub store: &'a Store,
    /// The key of the links in letters.
    pub key: &'a InvitationKey,
    /// The post office.
    pub post: &'a Post,
    /// Where the dashboard is: scheme, host and port.
    pub dashboard: &'a str,
    /// The URL under which recipients stop letters.
    pub letters: &'a str,
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

/// Mails the workspace's admins and owners that an integration was disabled, if it still is of this `version`. False if
/// that is no longer so. An admin who wants no letters gets none, and one who has no letter left today does not get this one: the
/// dashboard shows the same.
///
/// # Errors
/// [`MailError`]; some may have got their letter then, and get it again.
pub async fn mail_disabled(
    with: AdminMail<'_>,
    workspace: WorkspaceId,
    kind: IntegrationType,
    version: u64,
) -> Result<bool, MailError> {
    let AdminMail { store, key, post, dashboard, letters } = with;
    let scope = SystemScope::of(workspace);
    let told = store.told(&scope, &[kind]).await?;
    let found = told.integrations.into_iter().find(|(integration, _)| integration.version == version);
    let (Some(name), Some((integration, _))) = (told.workspace, found) else { return Ok(false) };
    let State::Disabled { cause, .. } = integration.state else { return Ok(false) };
    let about = LetterName::disabled(workspace, kind, version);
    let page = DashboardPage::Integrations(workspace).at(dashboard);
    for admin in store.admins(&scope).await? {
        // A member without a verified address gets no mail.
        let Some(email) = admin.email else { continue };
        let (recipient, now) = (Recipient::of(&email), store.ambient().now());
        if store.has_stopped(&recipient).await? {
            continue;
        }
        let stop = key.sign_letter_link(&recipient, now).await?;
        let letter = Letter::from(Disabled {
            workspace: &name,
            integration: &integration.name,
            cause,
            page: &page,
            stop: &stop_link(letters, &stop),
        });
        if store.take_letter(&recipient, &about, Day::of(now)).await? {
            post.send(&email, letter, None).await?;
        } else {
            tracing::warn!(function = "mailer", %workspace, integration = %kind, "the recipient has no letter left today; it is dropped");
            telemetry::count("mailer", "LettersDropped", 1, now);
        }
    }
    Ok(true)
}
