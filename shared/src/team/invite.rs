//! Invites people to a workspace.

use super::{error::Error, free_seat::FreeSeat, view::InvitationView};
use domain::{
    audit::record::Entry,
    bounds::budget::Budget,
    command::{Fingerprint, Reply},
    email::Email,
    identity::access::{Action, Role},
    identity::denied::Denied,
    ids::WorkspaceId,
    notifications::recipient::Recipient,
    outbox::MailMessage,
    team::invitation::{InviteError, Inviter, LetterState, Offered, offer},
};
use identity::Caller;
use store::{self, Change, Store, team::addresses::Holder};
use workers::decisions::{MAX_DECISIONS, decide_again};

/// Offers `role` to the owner of the address `email`. The mail is sent through the outbox; only the mail contains the
/// token.
///
/// If no seat is free, or if the address belongs to an expired invitation, expired invitations are released in the same
/// transaction. A recipient who has unsubscribed gets no letter, but finds the invitation after signing in.
///
/// # Errors
/// [`Error`] if the caller may not invite to this role or has no verified e-mail address, the address is taken, no seat
/// is free, a budget is used up, the table fails, or concurrent changes exhaust the attempts.
pub async fn invite_member(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    (email, role): (Email, Role),
    command: Option<&Fingerprint>,
) -> Result<Reply<InvitationView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, store::Error::Contended, || {
        decide(store, caller, workspace, (&email, role), command)
    })
    .await
}

async fn decide(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    (email, role): (&Email, Role),
    command: Option<&Fingerprint>,
) -> Result<Reply<InvitationView>, Error> {
    let mut entry = store.enter(caller, workspace, command);
    let (holder, stop) = (entry.holder_of(email), entry.unsubscription(&Recipient::of(email)));
    let inside = entry.load().await?.authorize(Action::InviteMember)?;
    if let Some(answer) = inside.earlier_answer()? {
        return Ok(answer);
    }
    let now = store.ambient().now();
    let (user, role_of_caller) = (caller.user(), inside.scope.role().ok_or(Denied::Stranger)?);
    let sender = caller.verified_email().cloned().ok_or(InviteError::SenderUnverified)?;
    let inviter = Inviter { user, name: inside.scope.name().cloned(), email: sender, role: role_of_caller };
    let mut invitation =
        offer(store.ambient().fresh(), workspace, inviter, Offered { email: email.clone(), role }, now)?;
    if inside.take(&stop)?.is_some() {
        invitation.delivery = LetterState::Stopped;
    }
    let room = FreeSeat::find(store, &inside, inside.take(&holder)?, now).await?;

    let record = Entry::invited(&invitation).releasing(room.released());
    let mut change = Change::<Error>::begin(store, &inside.scope, record, now)?;
    change.require_billing(&inside.billing).invite(&invitation)?;
    room.take(&mut change, Some(email), Holder::Invitation(invitation.id), now)?.take(Budget::Mails, now);
    if invitation.delivery != LetterState::Stopped {
        let mail = MailMessage::InvitationMail { workspace, invitation: invitation.id, version: invitation.version };
        change.enqueue(mail, now)?;
    }
    change.commit(command, InvitationView::from(invitation), now).await
}
