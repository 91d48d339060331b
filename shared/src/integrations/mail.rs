//! The mail that tells a workspace's admins that an integration was taken off work.

use crate::{
    domain::{
        ids::WorkspaceId,
        integration::{IntegrationType, State},
        scope::SystemScope,
    },
    mail::{self, Post, integration_disabled as letter},
    store::{self, Store},
};

/// Why a mail was not sent; it is worth another try.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// SES did not take it.
    #[error(transparent)]
    Post(#[from] mail::Error),
}

/// Tells the workspace's admins and owners that an integration was disabled, if it still is of this `version`. False if
/// there is nothing to tell any more.
///
/// # Errors
/// [`MailError`]; some may have been told then, and are told again.
pub async fn mail_disabled(
    (store, post, dashboard): (&Store, &Post, &str),
    workspace: WorkspaceId,
    kind: IntegrationType,
    version: u64,
) -> Result<bool, MailError> {
    let scope = SystemScope::of(workspace);
    let told = store.told(&scope, &[kind]).await?;
    let found = told.integrations.into_iter().find(|(integration, _)| integration.version == version);
    let (Some(name), Some((integration, _))) = (told.workspace, found) else { return Ok(false) };
    let State::Disabled { cause, .. } = integration.state else { return Ok(false) };
    for admin in store.admins(&scope).await? {
        // One without an address cannot be told.
        if let Some(email) = admin.email {
            post.send(&email, letter(&name, &integration.name, cause, dashboard), None).await?;
        }
    }
    Ok(true)
}
