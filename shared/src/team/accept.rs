//! Accepts and declines invitations.

use super::{error::Error, view::MemberView};
use domain::{
    audit::record::Entry,
    command::{Fingerprint, Reply},
    ids::{InvitationId, WorkspaceId},
    integrations::Occurrence,
    team::invitation::{AcceptError, Claim, InviteError},
    team::invitation_token::{self, InvitationReference},
};
use identity::Caller;
use jiff::Timestamp;
use secrets::InvitationKey;
use store::{Change, Store};

/// The proof that a caller presents to join a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PresentedInvitation {
    /// Text presented as the token from the mail.
    Token(InvitationReference),
    /// The workspace and the id of an invitation from the caller's own list.
    Id(WorkspaceId, InvitationId),
}

/// Makes the caller a member, if the presented invitation is for them. A caller who has taken the seat with it before
/// gets the same answer again.
///
/// Every refusal of a token reads the same items from the table, so neither the number of round trips nor the data read
/// distinguishes a forged token from a used one.
///
/// # Errors
/// [`AcceptError`] if the invitation is not for the caller or can no longer be accepted. Any other [`Error`] if the
/// table or the key fails.
pub async fn accept_invitation(
    store: &Store,
    key: &InvitationKey,
    caller: &Caller,
    shown: PresentedInvitation,
    command: Option<&Fingerprint>,
) -> Result<Reply<MemberView>, Error> {
    let now = store.ambient().now();
    let invitation_token::TokenContent { workspace, invitation: id, claim } = shown.read(key, now).await?;
    let mut entry = store.enter(caller, workspace, command);
    let slot = entry.invitation(id);
    let read = entry.load().await?;
    if let Some(answer) = read.earlier_answer()? {
        return Ok(answer);
    }
    if let Some(seat) = read.seat_of(id) {
        return Ok(Reply::First(MemberView::from(seat.clone())));
    }
    let accepted = read.authorize_invited::<Error>(&slot, claim, now)?;

    let (invitation, member) = (&accepted.invitation, &accepted.member);
    let mut change = Change::<Error>::begin(store, &accepted.scope, Entry::joined(member, invitation.id), now)?;
    change
        .accept_invitation(invitation, member, now)?
        .seat_invited(member, accepted.former.as_ref())?
        .require_inviter_may_grant(invitation);
    change.report(Occurrence::MemberJoined { user_id: member.user, role: member.role }, now)?;
    match change.commit(command, MemberView::from(member.clone()), now).await {
        // The invitation was used in the meantime, perhaps by the same caller.
        Err(Error::Accept(AcceptError::Gone)) => {
            let read = store.enter(caller, workspace, None).load().await?;
            let seat = read.seat_of(id).ok_or(AcceptError::Gone)?;
            Ok(Reply::First(MemberView::from(seat.clone())))
        }
        accepted => accepted,
    }
}

/// Declines the presented invitation, if it is for the caller. This frees its seat and its e-mail address.
///
/// # Errors
/// [`Error`] under the same conditions as [`accept_invitation`].
pub async fn decline_invitation(
    store: &Store,
    key: &InvitationKey,
    caller: &Caller,
    shown: PresentedInvitation,
    command: Option<&Fingerprint>,
) -> Result<(), Error> {
    let now = store.ambient().now();
    let invitation_token::TokenContent { workspace, invitation, claim } = shown.read(key, now).await?;
    let mut entry = store.enter(caller, workspace, command);
    let slot = entry.invitation(invitation);
    let read = entry.load().await?;
    if read.earlier_answer::<()>()?.is_some() {
        return Ok(());
    }
    let (scope, invitation) = read.authorize_addressee::<Error>(&slot, claim, now)?;
    let mut change = Change::<Error>::begin(store, &scope, Entry::declined(&invitation), now)?;
    change.revoke(&invitation);
    match change.commit(command, (), now).await {
        // The invitation was used, revoked or sent again in the meantime, so the presented proof is no longer valid.
        Err(Error::Invite(InviteError::ChangedMeanwhile)) => Err(AcceptError::Gone.into()),
        declined => declined.map(drop),
    }
}

impl PresentedInvitation {
    /// Returns the invitation that the proof refers to, and the claim it supports.
    async fn read(&self, key: &InvitationKey, now: Timestamp) -> Result<invitation_token::TokenContent, Error> {
        match self {
            Self::Token(token) => Ok(key.read_token(token.as_str(), now).await?),
            Self::Id(workspace, invitation) => {
                Ok(invitation_token::TokenContent { workspace: *workspace, invitation: *invitation, claim: Claim::Id })
            }
        }
    }
}

/// Parses the path parameter. An invitation id needs the workspace; any other text is treated as a token.
///
/// # Errors
/// [`AcceptError::Gone`] for an id without a workspace, which is not enough to find the invitation.
pub fn parse_id_or_token(
    text: InvitationReference,
    workspace: Option<WorkspaceId>,
) -> Result<PresentedInvitation, AcceptError> {
    match text.as_str().parse::<InvitationId>() {
        Ok(id) => workspace.map(|workspace| PresentedInvitation::Id(workspace, id)).ok_or(AcceptError::Gone),
        Err(_) => Ok(PresentedInvitation::Token(text)),
    }
}
