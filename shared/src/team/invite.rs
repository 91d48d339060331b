//! Offering a seat.

use super::{error::Error, view::InvitationView};
use crate::{
    domain::{
        access::{Action, Role},
        audit::Entry,
        command::{Fingerprint, Reply},
        email::Email,
        ids::WorkspaceId,
        invitation::{InviteError, offer},
        outbox::Message,
        scope::{Caller, Denied},
    },
    store::{self, Change, Store},
};

/// How often an invitation is decided anew when what the workspace pays for changes in between.
const DECISIONS: usize = 3;

/// Offers `role` to whoever has the address `email`. The mail follows from the outbox; the token stands in it alone.
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
    for _ in 1..DECISIONS {
        match decide(store, caller, workspace, (&email, role), command).await {
            Err(Error::Store(store::Error::BillingChanged)) => {}
            decided => return decided,
        }
    }
    decide(store, caller, workspace, (&email, role), command).await
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
    if let Some(limit) = plan.limits().members.filter(|limit| used >= *limit) {
        return Err(InviteError::NoSeat { plan, limit, used }.into());
    }

    let mut change = Change::<Error>::begin(store, &inside.scope, Entry::invited(&invitation), now)?;
    change.require_billing(&inside.billing).invite(&invitation)?;
    if let Some(limit) = plan.limits().members {
        // Whoever finds no seat here was overtaken: all of them are in use.
        change.require_free_seat(limit, InviteError::NoSeat { plan, limit, used: limit });
    }
    change.take_seat();
    let mail = Message::InvitationMail { workspace, invitation: invitation.id, version: invitation.version };
    change.set_off(mail, now)?;
    change.commit(command, InvitationView::from(invitation), now).await
}
