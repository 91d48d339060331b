//! Letters to a workspace's owners and admins about a member whom the operator made an owner.

use crate::letters::{AdminAddress, MailError, MailOutcome, MailerDeps};
use domain::{
    identity::access::Role,
    ids::{EventId, UserId, WorkspaceId},
    notifications::recipient::LetterName,
    workspace::dashboard::DashboardPage,
};
use system_scope::SystemScope;

/// Sends each owner and admin of `workspace` one letter about the owner `member` of this `event`, if the member still is
/// an owner.
///
/// # Errors
/// [`MailError`] if the table or SES fails. Members who have their letter get no second one on a retry.
pub async fn mail_owner_set(
    deps: &MailerDeps,
    workspace: WorkspaceId,
    member: UserId,
    event: EventId,
) -> Result<MailOutcome, MailError> {
    let scope = SystemScope::of(workspace);
    let (head, owner) = tokio::try_join!(deps.store.head(&scope), deps.store.member(&scope, member))?;
    let owner = owner.filter(|owner| owner.active_role() == Some(Role::Owner));
    let Some((head, owner)) = head.zip(owner) else { return Ok(MailOutcome::Outdated) };
    let page = DashboardPage::Overview(workspace).at(&deps.dashboard);
    let write = async |admin: &AdminAddress| {
        Ok(Some(deps.writer(&admin.reader).owner_set(&head.name, owner.email.as_ref(), &page)))
    };
    let name = LetterName::owner_set(event);
    deps.send_to_each(&scope, &name, deps.admins(&scope).await?, write).await
}
