//! Taking the seat that an invitation holds, or letting it go.

use super::{error::Error, view::MemberView};
use domain::{
    audit::record::Entry,
    command::{Fingerprint, Reply},
    ids::{InvitationId, WorkspaceId},
    integrations::Occurrence,
    team::invitation::{AcceptError, Claim, InviteError},
    team::invitation_token::{self, PresentedToken},
};
use identity::Caller;
use jiff::Timestamp;
use secrets::InvitationKey;
use store::{Change, Store};

/// What somebody shows who wants to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The token from the mail, or what he takes for it.
    Token(PresentedToken),
    /// The invitation's id, which he found among his own.
    Id(WorkspaceId, InvitationId),
}

/// Makes the caller a member, if the invitation that he shows is for him.
///
/// Every refusal of a token has read the same from the table: neither the number of round trips nor what is read tells a
/// forged token from a used one.
///
/// # Errors
/// [`Error`].
pub async fn accept(
    store: &Store,
    key: &InvitationKey,
    caller: &Caller,
    shown: Shown,
    command: Option<&Fingerprint>,
) -> Result<Reply<MemberView>, Error> {
    let now = store.ambient().now();
    let invitation_token::Shown { workspace, invitation, claim } = shown.read(key, now).await?;
    let mut entry = store.enter(caller, workspace, command);
    let slot = entry.invitation(invitation);
    let read = entry.read().await?;
    if let Some(answer) = read.earlier_answer()? {
        return Ok(answer);
    }
    let accepted = read.as_invited::<Error>(&slot, claim, now)?;

    let (invitation, member) = (&accepted.invitation, &accepted.member);
    let mut change = Change::<Error>::begin(store, &accepted.scope, Entry::joined(member, invitation.id), now)?;
    change.use_up(invitation, member, now)?.seat_invited(member, accepted.former.as_ref())?.require_voucher(invitation);
    change.tell(Occurrence::MemberJoined { user_id: member.user, role: member.role }, now)?;
    change.commit(command, MemberView::from(member.clone()), now).await
}

/// Ends the invitation that the caller shows, if it is for him: its seat and its address are free.
///
/// # Errors
/// [`Error`], as of [`accept`].
pub async fn decline(
    store: &Store,
    key: &InvitationKey,
    caller: &Caller,
    shown: Shown,
    command: Option<&Fingerprint>,
) -> Result<(), Error> {
    let now = store.ambient().now();
    let invitation_token::Shown { workspace, invitation, claim } = shown.read(key, now).await?;
    let mut entry = store.enter(caller, workspace, command);
    let slot = entry.invitation(invitation);
    let read = entry.read().await?;
    if read.earlier_answer::<()>()?.is_some() {
        return Ok(());
    }
    let (scope, invitation) = read.as_addressee::<Error>(&slot, claim, now)?;
    let mut change = Change::<Error>::begin(store, &scope, Entry::declined(&invitation), now)?;
    change.revoke(&invitation);
    match change.commit(command, (), now).await {
        // Used, taken back or sent again in the meantime: what he showed is good no more.
        Err(Error::Invite(InviteError::ChangedMeanwhile)) => Err(AcceptError::Gone.into()),
        declined => declined.map(drop),
    }
}

impl Shown {
    /// Of which invitation it speaks, and what it proves.
    async fn read(&self, key: &InvitationKey, now: Timestamp) -> Result<invitation_token::Shown, Error> {
        match self {
            Self::Token(token) => Ok(key.read(token.as_str(), now).await?),
            Self::Id(workspace, invitation) => {
                Ok(invitation_token::Shown { workspace: *workspace, invitation: *invitation, claim: Claim::Id })
            }
        }
    }
}

/// What stands in the path: an id needs the workspace beside it, everything else is taken for a token.
///
/// # Errors
/// [`AcceptError::Gone`] for an id without a workspace: it could be anybody's.
pub fn shown(text: PresentedToken, workspace: Option<WorkspaceId>) -> Result<Shown, AcceptError> {
    match text.as_str().parse::<InvitationId>() {
        Ok(id) => workspace.map(|workspace| Shown::Id(workspace, id)).ok_or(AcceptError::Gone),
        Err(_) => Ok(Shown::Token(text)),
    }
}
