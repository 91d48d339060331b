//! Letters to a workspace's owners about its suspension and about the end of the suspension.
//!
//! A message names only the version of the suspension. The current state is read when the letter is sent.

use crate::letters::{AdminAddress, MailError, MailOutcome, MailerDeps};
use domain::{
    identity::access::Role, ids::WorkspaceId, notifications::recipient::LetterName, workspace::dashboard::DashboardPage,
};
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
    let scope = SystemScope::of(workspace);
    let head = deps.store.head(&scope).await?.filter(|head| head.suspension_version == version);
    let Some(head) = head else { return Ok(MailOutcome::Outdated) };
    let page = DashboardPage::Overview(workspace).at(&deps.dashboard);
    let write = async |owner: &AdminAddress| {
        let writer = deps.writer(&owner.reader);
        Ok(Some(match &head.suspended {
            Some(suspension) => writer.suspended(&head.name, &suspension.reason, &page),
            None => writer.unsuspended(&head.name, &page),
        }))
    };
    let owners = deps.admins(&scope).await?.into_iter().filter(|admin| admin.role == Role::Owner).collect();
    let name = LetterName::suspension(version);
    deps.send_to_each(&scope, &name, owners, write).await
}
