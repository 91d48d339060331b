//! Giving members other roles, and handing ownership over.

use super::{DECISIONS, error::Error, revoke, view::MemberView};
use crate::{
    domain::{
        access::{Action, Role},
        audit::Entry,
        command::{Fingerprint, Reply},
        ids::{UserId, WorkspaceId},
        member::Member,
        roster::RosterError,
        scope::{Caller, Denied},
    },
    store::{Change, Store},
};

/// Gives `member` the role `role`. What he offered beyond it is revoked.
///
/// # Errors
/// [`Error`].
pub async fn give_role(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    (member, role): (UserId, Role),
) -> Result<MemberView, Error> {
    for _ in 0..DECISIONS {
        match decide(store, caller, workspace, (member, role)).await {
            Err(error) if error.is_overtaken() => {}
            decided => return decided,
        }
    }
    Err(RosterError::ChangedMeanwhile.into())
}

async fn decide(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    (member, role): (UserId, Role),
) -> Result<MemberView, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let slot = entry.member(member);
    entry.offers_of(member);
    let inside = entry.read().await?.as_member(Action::ManageMembers)?;
    let actor = inside.scope.role().ok_or(Denied::Stranger)?;
    let before = inside.take(&slot)?.ok_or(RosterError::NoSuchMember)?;
    let Some(after) = before.given(role, actor, inside.workspace.counts.owners)? else {
        return Ok(MemberView::from(before));
    };

    let now = store.ambient().now();
    let revoked = revoke::beyond(inside.offers(), after.active_role());
    let record = Entry::role_changed(&before, role).revoking(&revoked);
    let mut change = Change::<Error>::begin(store, &inside.scope, record, now)?;
    change.give_role(&before, role)?.count_owners(before.role, role);
    revoke::together(&mut change, &before, after.active_role(), &revoked, now)?;
    change.commit(None, (), now).await?;
    Ok(MemberView::from(after))
}

/// Makes `heir` an owner, and the caller an admin in his place.
///
/// # Errors
/// [`Error`].
pub async fn transfer_ownership(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    heir: UserId,
    command: Option<&Fingerprint>,
) -> Result<Reply<MemberView>, Error> {
    for _ in 0..DECISIONS {
        match hand_over(store, caller, workspace, heir, command).await {
            Err(error) if error.is_overtaken() => {}
            decided => return decided,
        }
    }
    Err(RosterError::ChangedMeanwhile.into())
}

async fn hand_over(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    heir: UserId,
    command: Option<&Fingerprint>,
) -> Result<Reply<MemberView>, Error> {
    let mut entry = store.enter(caller, workspace, command);
    let (own, slot) = (entry.member(caller.user()), entry.member(heir));
    entry.offers_of(caller.user());
    let read = entry.read().await?;
    // Whoever handed over is no owner any more, and is told again what he was told.
    if let Some(answer) = read.earlier_answer()? {
        return Ok(answer);
    }
    let inside = read.as_member(Action::TransferOwnership)?;
    let own = inside.take(&own)?.ok_or(Denied::Stranger)?;
    let before = inside.take(&slot)?.ok_or(RosterError::NoSuchMember)?;
    let after: Member = before.crowned()?;

    let now = store.ambient().now();
    let revoked = revoke::beyond(inside.offers(), Some(Role::Admin));
    let record = Entry::transferred(own.user, &before).revoking(&revoked);
    let mut change = Change::<Error>::begin(store, &inside.scope, record, now)?;
    // One owner comes and one goes: their number stays, and so there is one.
    change.give_role(&own, Role::Admin)?.give_role(&before, Role::Owner)?;
    revoke::together(&mut change, &own, Some(Role::Admin), &revoked, now)?;
    change.commit(command, MemberView::from(after), now).await
}
