//! Changes roles and transfers ownership.

use super::{error::Error, revoke, view::MemberView};
use domain::{
    audit::record::Entry,
    command::{Fingerprint, Reply},
    identity::access::{Action, Role},
    identity::denied::Denied,
    ids::{UserId, WorkspaceId},
    notifications::happening::Happening,
    team::member::Member,
    team::roster::RosterError,
    workspace::allowance::{Allowance, AllowanceError, FreeWorkspaceLimit},
};
use identity::Caller;
use jiff::Timestamp;
use store::{Change, Store};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Changes the role of `member` to `role`. Invitations that the member may no longer make are revoked.
///
/// # Errors
/// [`Error`] if the caller may not manage the member or grant the role, the member is unknown or the last owner, the
/// table fails, or concurrent changes exhaust the attempts.
pub async fn change_role(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    (member, role): (UserId, Role),
) -> Result<MemberView, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, RosterError::ChangedMeanwhile, || {
        decide(store, caller, workspace, (member, role))
    })
    .await
}

async fn decide(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    (member, role): (UserId, Role),
) -> Result<MemberView, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let slot = entry.member(member);
    entry.also_invitations_by(member);
    let inside = entry.load().await?.authorize(Action::ManageMembers)?;
    let actor = inside.scope.role().ok_or(Denied::Stranger)?;
    let before = inside.take(&slot)?.ok_or(RosterError::NoSuchMember)?;
    let Some(after) = before.with_role(role, actor, inside.workspace.counts.owners)? else {
        return Ok(MemberView::from(before));
    };

    let now = store.ambient().now();
    let revoked = revoke::revocable(inside.invitations(), after.active_role());
    let record = Entry::role_changed(&before, role).revoking(&revoked);
    let mut change = Change::<Error>::begin(store, &inside.scope, record, now)?;
    change.change_role(&before, role)?.update_owner_count(before.role, role);
    let (user_id, from) = (before.user, before.role);
    change.notify_members(Happening::RoleChanged { user_id, from, to: role }, now)?;
    revoke::revoke_in_change(&mut change, &before, after.active_role(), &revoked, now)?;
    change.commit(None, (), now).await?;
    Ok(MemberView::from(after))
}

/// Makes `successor` an owner and the caller an admin. A free workspace counts against the limit of `successor` from
/// then on.
///
/// # Errors
/// [`Error::Allowance`] if `successor` already holds as many free workspaces as `limit` allows. Any other [`Error`] if
/// the caller is not an owner, `successor` is not an active member, the table fails, or concurrent changes exhaust the
/// attempts.
pub async fn transfer_ownership(
    store: &Store,
    limit: FreeWorkspaceLimit,
    caller: &Caller,
    workspace: WorkspaceId,
    successor: UserId,
    command: Option<&Fingerprint>,
) -> Result<Reply<MemberView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, RosterError::ChangedMeanwhile, || {
        hand_over(store, limit, caller, workspace, successor, command)
    })
    .await
}

async fn hand_over(
    store: &Store,
    limit: FreeWorkspaceLimit,
    caller: &Caller,
    workspace: WorkspaceId,
    successor: UserId,
    command: Option<&Fingerprint>,
) -> Result<Reply<MemberView>, Error> {
    let mut entry = store.enter(caller, workspace, command);
    let (own, slot) = (entry.member(caller.user()), entry.member(successor));
    let (own_allowance, successor_allowance) = (entry.allowance(caller.user()), entry.allowance(successor));
    entry.also_invitations_by(caller.user());
    let read = entry.load().await?;
    // A caller who has transferred ownership is no longer an owner, so the earlier answer comes before authorization.
    if let Some(answer) = read.earlier_answer()? {
        return Ok(answer);
    }
    let inside = read.authorize(Action::TransferOwnership)?;
    let own = inside.take(&own)?.ok_or(Denied::Stranger)?;
    let before = inside.take(&slot)?.ok_or(RosterError::NoSuchMember)?;
    let after: Member = before.promoted()?;

    let now = store.ambient().now();
    let is_free = inside.billing.standing(inside.plans, now).is_free();
    let own_allowance = inside.take(&own_allowance)?.unwrap_or_default();
    let successor_allowance = inside.take(&successor_allowance)?.unwrap_or_default();
    let received = if is_free {
        Some(receive(store, limit, workspace, (successor, &successor_allowance), now).await?)
    } else {
        None
    };

    let revoked = revoke::revocable(inside.invitations(), Some(Role::Admin));
    let record = Entry::transferred(own.user, &before).revoking(&revoked);
    let mut change = Change::<Error>::begin(store, &inside.scope, record, now)?;
    // One owner is replaced by another, so the number of owners does not change.
    change.change_role(&own, Role::Admin)?.change_role(&before, Role::Owner)?;
    let (user_id, from) = (before.user, before.role);
    change.notify_members(Happening::RoleChanged { user_id, from, to: Role::Owner }, now)?;
    change.set_free_workspace_owner(successor);
    if let Some(received) = received {
        change.write_allowance(successor, &successor_allowance, received, RosterError::ChangedMeanwhile)?;
    }
    if own_allowance.free_workspaces.contains(&workspace) {
        let rest = own_allowance.without_workspace(workspace);
        change.write_allowance(own.user, &own_allowance, rest, RosterError::ChangedMeanwhile)?;
    }
    revoke::revoke_in_change(&mut change, &own, Some(Role::Admin), &revoked, now)?;
    change.commit(command, MemberView::from(after), now).await
}

/// Adds the free `workspace` to the allowance of `successor`.
async fn receive(
    store: &Store,
    limit: FreeWorkspaceLimit,
    workspace: WorkspaceId,
    (successor, allowance): (UserId, &Allowance),
    now: Timestamp,
) -> Result<Allowance, Error> {
    if let Ok(received) = allowance.with_workspace(store.plans(), workspace, limit) {
        return Ok(received);
    }
    let counted = store.without_stale_entries(successor, allowance, now).await?;
    Ok(counted.with_workspace(store.plans(), workspace, limit).map_err(AllowanceError::for_new_owner)?)
}
