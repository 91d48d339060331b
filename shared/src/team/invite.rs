//! Offering a seat.

use super::{error::Error, room::Room, view::InvitationView};
use domain::{
    audit::record::Entry,
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    email::Email,
    identity::access::{Action, Role},
    identity::denied::Denied,
    ids::WorkspaceId,
    notifications::recipient::Recipient,
    outbox::Message,
    team::invitation::{Delivery, InviteError, Inviter, offer},
};
use identity::Caller;
use store::{self, Change, Store, team::addresses::Holder};
use workers::decisions::DECISIONS;

/// Offers `role` to whoever has the address `email`. The mail follows from the outbox; the token stands in it alone.
///
/// Where no seat is free, or the address is that of an expired invitation, what has expired is freed in the same
/// transaction. To a recipient who wants no letters none is sent; the invitation is made all the same, and they find it after signing
/// in.
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
            // Somebody else released an expired invitation first or came near the last seat, or what is paid for changed.
            Err(error) if error.is_overtaken() => {}
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
    let (holder, stop) = (entry.holder_of(email), entry.stop_of(&Recipient::of(email)));
    let inside = entry.read().await?.as_member(Action::InviteMember)?;
    if let Some(answer) = inside.earlier_answer()? {
        return Ok(answer);
    }
    let now = store.ambient().now();
    let (user, role_of_caller) = (caller.user(), inside.scope.role().ok_or(Denied::Stranger)?);
    let sender = caller.verified_email().cloned().ok_or(InviteError::SenderUnverified)?;
    let inviter = Inviter { user, name: inside.scope.name().cloned(), email: sender, role: role_of_caller };
    let mut invitation = offer(store.ambient().fresh(), workspace, inviter, (email.clone(), role), now)?;
    if inside.take(&stop)?.is_some() {
        invitation.delivery = Delivery::Stopped;
    }
    let room = Room::find(store, &inside, inside.take(&holder)?, now).await?;

    let record = Entry::invited(&invitation).releasing(room.released());
    let mut change = Change::<Error>::begin(store, &inside.scope, record, now)?;
    change.require_billing(&inside.billing).invite(&invitation)?;
    room.take(&mut change, Some(email), Holder::Invitation(invitation.id), now)?.take(Budget::Mails, now);
    if invitation.delivery != Delivery::Stopped {
        let mail = Message::InvitationMail { workspace, invitation: invitation.id, version: invitation.version };
        change.set_off(mail, now)?;
    }
    change.commit(command, InvitationView::from(invitation), now).await
}
