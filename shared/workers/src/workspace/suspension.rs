//! The letters to a workspace's owners about its suspension, and about the end of it.
//!
//! A message names the version of the suspension only; what is true by now is read here.

use domain::{identity::access::Role, ids::WorkspaceId, workspace::dashboard::DashboardPage};
use mail::{self, Post, suspended, unsuspended};
use store::{
    self, Store,
    notifications::suspension_letters::{About, Claimed},
};
use system_scope::SystemScope;

/// Why a letter was not sent; it is worth another try.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// SES did not take it.
    #[error(transparent)]
    Post(#[from] mail::Error),
    /// Another sender has not finished.
    #[error("another sender is sending this letter")]
    BeingSent,
}

/// Sends the owners of `workspace` the letter about its suspension of this `version`, each once. False if there is nothing to send
/// any more.
///
/// # Errors
/// [`MailError`]; the owners who have their letters get no other one when the message comes again.
pub async fn mail_suspension(
    (store, post, dashboard): (&Store, &Post, &str),
    workspace: WorkspaceId,
    version: u64,
) -> Result<bool, MailError> {
    let scope = SystemScope::of(workspace);
    let head = store.head(&scope).await?.filter(|head| head.suspension_version == version);
    let Some(head) = head else { return Ok(false) };
    let page = DashboardPage::Overview(workspace).at(dashboard);
    let letter = match &head.suspended {
        Some(suspension) => suspended(&head.name, &suspension.reason, &page),
        None => unsuspended(&head.name, &page),
    };
    let (mut any, mut failed) = (false, None);
    for owner in store.admins(&scope).await?.into_iter().filter(|member| member.role == Role::Owner) {
        // An owner without an address cannot be written to.
        let Some(email) = owner.email else { continue };
        let about = About { version, owner: owner.user };
        match store.claim_letter(&scope, about, store.ambient().now()).await? {
            Claimed::Sent => {}
            Claimed::BeingSent => failed = Some(MailError::BeingSent),
            // An address that SES refuses keeps no other owner from a letter.
            Claimed::Yes => match post.send(&email, letter.clone(), None).await {
                Ok(()) => {
                    store.letter_sent(&scope, about, store.ambient().now()).await?;
                    any = true;
                }
                Err(error) => failed = Some(error.into()),
            },
        }
    }
    failed.map_or(Ok(any), Err)
}
