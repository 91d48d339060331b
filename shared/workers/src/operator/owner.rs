//! Makes a member an owner, for a workspace whose owners cannot act: they have lost their account, or left the company.
//!
//! Owners who are there keep their role. The new owner can change or remove them, so nobody loses access by a command
//! that names the wrong workspace.

use super::{actor::ActingOperator, error::Error};
use crate::decisions::{MAX_DECISIONS, decide_again};
use domain::{
    audit::record::Entry,
    identity::access::Role,
    ids::{EventId, WorkspaceId},
    notifications::happening::Happening,
    outbox::MailMessage,
    team::{member::MemberCriterion, roster::RosterError},
};
use store::{Change, Store};

/// Makes the member `who` of `workspace` an owner. Writes nothing if they are one. All owners and admins get a letter.
///
/// # Errors
/// [`Error`] if the workspace does not exist, the member has no seat in it, the table fails, or concurrent changes
/// exhaust the attempts.
pub async fn set_owner(
    store: &Store,
    operator: &ActingOperator,
    workspace: WorkspaceId,
    who: &MemberCriterion,
) -> Result<(), Error> {
    let scope = operator.scope(workspace);
    decide_again(MAX_DECISIONS, Error::is_lost, RosterError::ChangedMeanwhile, || async {
        let now = store.ambient().now();
        let (facts, member) = store.member_facts(&scope, who).await?;
        facts.workspace.filter(|head| head.live).ok_or(Error::NoWorkspace)?;
        let before = member.ok_or(Error::NoMember)?;
        match before.promoted() {
            Ok(_) => {}
            Err(RosterError::AlreadyOwner) => return Ok(()),
            Err(_) => return Err(Error::NoMember),
        }
        let acting = scope.scope();
        let event: EventId = store.ambient().fresh();
        let mut change = Change::<Error>::begin(store, &acting, Entry::owner_set(scope.by(), &before), now)?;
        let (user_id, from) = (before.user, before.role);
        change
            .require_live(Error::NoWorkspace)
            .change_role(&before, Role::Owner)?
            .update_owner_count(before.role, Role::Owner)
            .enqueue(MailMessage::OwnerMail { workspace, member: before.user, event }, now)?
            .notify_members(Happening::RoleChanged { user_id, from, to: Role::Owner }, now)?;
        change.commit(None, (), now).await.map(drop)
    })
    .await
}
