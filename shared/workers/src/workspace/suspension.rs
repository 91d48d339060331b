//! Letters to a workspace's owners about its suspension and about the end of the suspension.
//!
//! A message names only the version of the suspension. The current state is read when the letter is sent.

use crate::letters::{MailError, MailOutcome, MailerDeps};
use domain::{identity::access::Role, ids::WorkspaceId, workspace::dashboard::DashboardPage};
use mail::{suspended, unsuspended};
use store::notifications::suspension_letters::{Claimed, SuspensionLetter};
use system_scope::SystemScope;

/// Sends each owner of `workspace` one letter about version `version` of its suspension.
///
/// # Errors
/// [`MailError`] if the table or SES fails, or if another process is sending. Owners who have their letter
/// get no second one on a retry.
pub async fn mail_suspension(
    deps: &MailerDeps,
    workspace: WorkspaceId,
    version: u64,
) -> Result<MailOutcome, MailError> {
    let MailerDeps { store, post, dashboard, .. } = deps;
    let scope = SystemScope::of(workspace);
    let head = store.head(&scope).await?.filter(|head| head.suspension_version == version);
    let Some(head) = head else { return Ok(MailOutcome::Outdated) };
    let page = DashboardPage::Overview(workspace).at(dashboard);
    let letter = match &head.suspended {
        Some(suspension) => suspended(&head.name, &suspension.reason, &page),
        None => unsuspended(&head.name, &page),
    };
    let (mut outcome, mut failed) = (MailOutcome::Outdated, None);
    for owner in deps.admins(&scope).await?.into_iter().filter(|admin| admin.role == Role::Owner) {
        let about = SuspensionLetter { version, owner: owner.user };
        match store.claim_letter(&scope, about, store.ambient().now()).await? {
            Claimed::Sent => {}
            Claimed::BeingSent => failed = Some(MailError::BeingSent),
            // The failure of one address does not stop the letters to other owners.
            Claimed::Yes => match post.send(&owner.email, letter.clone(), None).await {
                Ok(()) => {
                    store.mark_letter_sent(&scope, about, store.ambient().now()).await?;
                    outcome = MailOutcome::Sent;
                }
                Err(error) => failed = Some(error.into()),
            },
        }
    }
    failed.map_or(Ok(outcome), Err)
}
