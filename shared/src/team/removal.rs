//! Removes members, lets them leave, and reactivates former members.

use super::{error::Error, free_seat::FreeSeat, revoke, view::MemberView};
use domain::{
    audit::record::Entry,
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::denied::Denied,
    ids::{UserId, WorkspaceId},
    integrations::Occurrence,
    team::member::Member,
    team::roster::RosterError,
    workspace::head::new_personal_workspace,
};
use identity::Caller;
use store::{Authorized, Change, Slot, Store, team::addresses::Holder, workspace::users::UserHead};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Removes `member` from the workspace. A member who is already removed is not changed.
///
/// # Errors
/// [`Error`] if the caller may not remove the member, the member is unknown or the last owner, the table fails, or
/// concurrent changes exhaust the attempts.
pub async fn remove_member(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    member: UserId,
) -> Result<(), Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, RosterError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, None);
        let seat = Seat { member: entry.member(member), head: entry.user_head(member) };
        entry.also_invitations_by(member);
        let inside = entry.load().await?.authorize(Action::RemoveMember)?;
        unseat(store, &inside, &seat, None, Entry::removed).await.map(drop)
    })
    .await
}

/// Removes the caller from the workspace.
///
/// # Errors
/// [`Error`] if the caller is not a member or is the last owner, the table fails, or concurrent changes exhaust the
/// attempts.
pub async fn leave_workspace(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    command: Option<&Fingerprint>,
) -> Result<(), Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, RosterError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, command);
        let seat = Seat { member: entry.member(caller.user()), head: entry.user_head(caller.user()) };
        entry.also_invitations_by(caller.user());
        let read = entry.load().await?;
        // A caller who has left is no longer a member, so the earlier answer comes before authorization.
        if read.earlier_answer::<()>()?.is_some() {
            return Ok(());
        }
        let inside = read.authorize(Action::LeaveWorkspace)?;
        unseat(store, &inside, &seat, command, Entry::left).await.map(drop)
    })
    .await
}

/// Slots of the member who loses the seat and of their own head.
struct Seat {
    member: Slot<Member>,
    head: Slot<UserHead>,
}

async fn unseat(
    store: &Store,
    inside: &Authorized<'_>,
    seat: &Seat,
    command: Option<&Fingerprint>,
    record: fn(&Member) -> Entry,
) -> Result<Reply<()>, Error> {
    let actor = inside.scope.role().ok_or(Denied::Stranger)?;
    let before = inside.take(&seat.member)?.ok_or(RosterError::NoSuchMember)?;
    if before.removed(actor, inside.workspace.counts.owners)?.is_none() {
        return Ok(Reply::First(()));
    }
    let now = store.ambient().now();
    let revoked = revoke::revocable(inside.invitations(), None);
    let mut change = Change::<Error>::begin(store, &inside.scope, record(&before).revoking(&revoked), now)?;
    change.remove_member(&before)?;
    change.report(Occurrence::MemberRemoved { user_id: before.user }, now)?;
    let head = inside.take(&seat.head)?;
    if head.is_some_and(|head| head.is_ending) {
        change.discount_workspace(before.user, RosterError::ChangedMeanwhile);
    } else if head.is_some_and(|head| head.workspaces > 1) {
        change.decrement_workspace_count(before.user, RosterError::ChangedMeanwhile);
    } else {
        let founding = new_personal_workspace(store.ambient().fresh(), &before, now);
        change.create_replacement(&founding, now)?;
    }
    revoke::revoke_in_change(&mut change, &before, None, &revoked, now)?;
    change.commit(command, (), now).await
}

/// Reactivates a former member in their previous role.
///
/// # Errors
/// [`Error`] if the caller may not manage members, the member is unknown, no seat is free, the table fails, or
/// concurrent changes exhaust the attempts.
pub async fn reactivate_member(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    member: UserId,
    command: Option<&Fingerprint>,
) -> Result<Reply<MemberView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, RosterError::ChangedMeanwhile, || {
        seat_again(store, caller, workspace, member, command)
    })
    .await
}

async fn seat_again(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    member: UserId,
    command: Option<&Fingerprint>,
) -> Result<Reply<MemberView>, Error> {
    let mut entry = store.enter(caller, workspace, command);
    let slot = entry.member(member);
    let inside = entry.load().await?.authorize(Action::ManageMembers)?;
    if let Some(answer) = inside.earlier_answer()? {
        return Ok(answer);
    }
    let actor = inside.scope.role().ok_or(Denied::Stranger)?;
    let now = store.ambient().now();
    let former = inside.take(&slot)?.ok_or(RosterError::NoSuchMember)?;
    let back = former.reactivated(actor, now)?;
    let room = FreeSeat::find(store, &inside, None, now).await?;

    let record = Entry::reactivated(&back).releasing(room.released());
    let mut change = Change::<Error>::begin(store, &inside.scope, record, now)?;
    change.require_billing(&inside.billing).reseat_member(&former, &back)?;
    room.take(&mut change, back.email.as_ref(), Holder::Member(back.user), now)?;
    change.commit(command, MemberView::from(back), now).await
}
