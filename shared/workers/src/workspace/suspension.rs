//! Letters to a workspace's owners about its suspension and about the end of the suspension.
//!
//! A message names only the version of the suspension. The current state is read when the letter is sent.

use domain::{identity::access::Role, ids::WorkspaceId, workspace::dashboard::DashboardPage};
use mail::{self, MailClient, suspended, unsuspended};
use store::{
    self, Store,
    notifications::suspension_letters::{Claimed, SuspensionLetter},
};
use system_scope::SystemScope;

/// The reason a letter was not sent. A retry may succeed.
#[derive(Debug, thiserror::Error)]
pub enum SuspensionMailError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// SES did not accept the letter.
    #[error(transparent)]
    Post(#[from] mail::Error),
    /// Another process is sending the letter and has not finished.
    #[error("another process is sending this letter")]
    BeingSent,
}

/// Sends each owner of `workspace` one letter about version `version` of its suspension. Returns false if there is no
/// longer anything to send.
///
/// # Errors
/// [`SuspensionMailError`] if the table or SES fails, or if another process is sending. Owners who have their letter
/// get no second one on a retry.
pub async fn mail_suspension(
    (store, post, dashboard): (&Store, &MailClient, &str),
    workspace: WorkspaceId,
    version: u64,
) -> Result<bool, SuspensionMailError> {
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
        // An owner without a verified address gets no letter.
        let Some(email) = owner.email else { continue };
        let about = SuspensionLetter { version, owner: owner.user };
        match store.claim_letter(&scope, about, store.ambient().now()).await? {
            Claimed::Sent => {}
            Claimed::BeingSent => failed = Some(SuspensionMailError::BeingSent),
            // The failure of one address does not stop the letters to other owners.
            Claimed::Yes => match post.send(&email, letter.clone(), None).await {
                Ok(()) => {
                    store.mark_letter_sent(&scope, about, store.ambient().now()).await?;
                    any = true;
                }
                Err(error) => failed = Some(error.into()),
            },
        }
    }
    failed.map_or(Ok(any), Err)
}
