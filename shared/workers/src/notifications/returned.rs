//! Letters to members that came back.

use crate::letters::{MailError, MailOutcome, MailerDeps};
use domain::{
    ids::{UserId, WorkspaceId},
    notifications::recipient::Recipient,
    team::invitation::Returned,
};
use system_scope::SystemScope;

/// Stops letters to the mailbox of `member`, from which one came back, and notifies the admins of the workspace that it was
/// about.
///
/// # Errors
/// [`MailError`] if the table fails.
pub async fn mark_member_returned(
    deps: &MailerDeps,
    workspace: WorkspaceId,
    member: UserId,
    recipient: &Recipient,
    returned: Returned,
) -> Result<MailOutcome, MailError> {
    let scope = SystemScope::of(workspace);
    let marked = deps.store.mark_recipient_returned(&scope, member, recipient, returned).await?;
    Ok(if marked { MailOutcome::Marked } else { MailOutcome::Outdated })
}
