//! Offering a seat.

use super::{error::Error, view::InvitationView};
use crate::{
    domain::{
        access::{Action, Role},
        audit::Entry,
        command::{Fingerprint, Reply},
        email::Email,
        ids::WorkspaceId,
        invitation::{AcceptError, InviteError, offer},
        outbox::Message,
        scope::{Caller, Denied},
    },
    store::{self, Change, Store},
};

/// How often a change is decided anew when another one came first.
const DECISIONS: usize = 3;

/// How many expired invitations one invite releases at most: a transaction has room for them.
const RELEASED: usize = 20;

/// Offers `role` to whoever has the address `email`. The mail follows from the outbox; the token stands in it alone.
///
/// Where no seat is free, those of expired invitations are freed in the same transaction.
///
/// # Errors
/// [`Error`].
pub async fn invite(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    (email, role): (Email, Role),
    command: Option<&Fingerprint>,
) -> Result<Reply<InvitationView>, Error> {
    for _ in 0..DECISIONS {
        match decide(store, caller, workspace, (&email, role), command).await {
            // Somebody else released an expired invitation first, or what is paid for changed.
            Err(Error::Accept(AcceptError::Gone) | Error::Store(store::Error::BillingChanged)) => {}
            decided => return decided,
        }
    }
    Err(store::Error::Contended.into())
}

async fn decide(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    (email, role): (&Email, Role),
    command: Option<&Fingerprint>,
) -> Result<Reply<InvitationView>, Error> {
    let mut entry = store.enter(caller, workspace, command);
    let holder = entry.holder_of(email);
    let inside = entry.read().await?.as_member(Action::InviteMember)?;
    if let Some(answer) = inside.earlier_answer()? {
        return Ok(answer);
    }
    let now = store.ambient().now();
    let inviter = (caller.user(), inside.scope.role().ok_or(Denied::Stranger)?);
    let invitation = offer(store.ambient().fresh(), workspace, inviter, (email.clone(), role), now)?;
    let plan = inside.billing.standing(now).plan;
    let used = inside.workspace.counts.seats;
    if inside.take(&holder)?.is_some() {
        return Err(InviteError::AddressTaken.into());
    }
    let limit = plan.limits().members;
    let expired = match limit.filter(|limit| used >= *limit) {
        Some(_) => store.expired_invitations(&inside.scope, now, RELEASED).await?,
        None => Vec::new(),
    };
    let room = limit.map(|limit| limit.saturating_add(u64::try_from(expired.len()).unwrap_or_default()));
    if let Some(limit) = limit.filter(|_| room.is_some_and(|room| used >= room)) {
        return Err(InviteError::NoSeat { plan, limit, used }.into());
    }

    let record = Entry::invited(&invitation).releasing(&expired);
    let mut change = Change::<Error>::begin(store, &inside.scope, record, now)?;
    for expired in &expired {
        change.release(expired, now);
    }
    change.require_billing(&inside.billing).invite(&invitation)?;
    if let Some((limit, room)) = limit.zip(room) {
        // Whoever finds no seat here was overtaken: all of them are in use.
        change.require_free_seat(room, InviteError::NoSeat { plan, limit, used: limit });
    }
    change.take_seat();
    let mail = Message::InvitationMail { workspace, invitation: invitation.id, version: invitation.version };
    change.set_off(mail, now)?;
    change.commit(command, InvitationView::from(invitation), now).await
}
