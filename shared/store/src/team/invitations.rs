//! Invitations. An item exists exactly as long as the invitation holds its seat.

use crate::scope::Scope;
use crate::{
    Store,
    partitions::ItemKind,
    table::change::Change,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, text},
    table::keys,
    table::list::{Entries, List, Order},
    table::slot::Slot,
    workspace::entry::{Entry, Loaded},
};
use domain::{
    email::Email,
    identity::access::Role,
    identity::denied::Denied,
    ids::{InvitationId, UserId},
    page::PageRequest,
    team::invitation::{AcceptError, Claim, Invitation, InviteError, LetterRefusal, LetterState, Returned, Sender},
    team::member::Member,
    text::PersonName,
    workspace::head::Workspace,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredInvitation {
    email: Email,
    role: Role,
    invited_by: UserId,
    #[serde(default)]
    invited_by_name: Option<PersonName>,
    version: u64,
    created_at: Timestamp,
    expires_at: Timestamp,
    #[serde(default)]
    sender: Option<Sender>,
    #[serde(default)]
    delivery: LetterState,
    #[serde(default)]
    refusal: Option<LetterRefusal>,
    #[serde(default)]
    returned: Option<Returned>,
}

impl Stored for StoredInvitation {
    const KIND: ItemKind = ItemKind::Invitation;
}

pub(crate) const TYPE: &str = StoredInvitation::TYPE;

pub(crate) fn parse(item: &Item) -> Result<Invitation, Corrupt> {
    let stored: StoredInvitation = decode(item)?;
    let corrupt = || Corrupt { wanted: StoredInvitation::TYPE, version: StoredInvitation::VERSION };
    Ok(Invitation {
        id: keys::id_of(item, keys::INVITATION).ok_or_else(corrupt)?,
        workspace: keys::workspace_of(item).ok_or_else(corrupt)?,
        email: stored.email,
        role: stored.role,
        invited_by: stored.invited_by,
        invited_by_name: stored.invited_by_name,
        version: stored.version,
        created_at: stored.created_at,
        expires_at: stored.expires_at,
        sender: stored.sender,
        delivery: stored.delivery,
        refusal: stored.refusal,
        returned: stored.returned,
    })
}

fn item(key: &keys::Key, invitation: &Invitation) -> Result<Item, Error> {
    let stored = StoredInvitation {
        email: invitation.email.clone(),
        role: invitation.role,
        invited_by: invitation.invited_by,
        invited_by_name: invitation.invited_by_name.clone(),
        version: invitation.version,
        created_at: invitation.created_at,
        expires_at: invitation.expires_at,
        sender: invitation.sender.clone(),
        delivery: invitation.delivery,
        refusal: invitation.refusal,
        returned: invitation.returned,
    };
    let (address, id) = keys::invitation_by_address(&invitation.email, invitation.id);
    let mut item = encode(key, &stored)?;
    item.extend([("gsi1pk".to_owned(), text(address)), ("gsi1sk".to_owned(), text(id))]);
    item.extend(keys::due(invitation.id.ulid(), invitation.expires_at));
    Ok(item)
}

/// Lists a workspace's invitations, newest first, including those that have expired and not been released.
#[must_use]
pub fn list(page: PageRequest<InvitationId>) -> List<Invitation, InvitationId> {
    List {
        partition: keys::workspace_partition,
        entries: Entries {
            prefix: keys::INVITATION,
            order: Order::NewestFirst,
            parse,
            id: |invitation| invitation.id,
            parse_id: |id| id.parse().ok(),
        },
        within: None,
        page,
        filter: Vec::new(),
    }
}

impl Entry<'_> {
    /// Reads the invitation `id`. The slot is empty if it no longer holds its seat.
    pub fn invitation(&mut self, id: InvitationId) -> Slot<Invitation> {
        let key = keys::invitation(self.workspace, id);
        self.also_item(key, parse)
    }
}

/// An invitation that the caller may accept, and the resulting membership.
#[derive(Debug)]
pub struct Accepted {
    /// Proof that the caller may join.
    pub scope: Scope,
    /// The invitation.
    pub invitation: Invitation,
    /// Membership that the caller gets.
    pub member: Member,
    /// Earlier record of the caller in the workspace.
    pub former: Option<Member>,
}

impl Loaded<'_> {
    /// Opens the items to the caller as the addressee of the invitation in `slot`, whatever other role they have in the
    /// workspace.
    ///
    /// # Errors
    /// [`AcceptError`] if the invitation is not for the caller, [`Error`] if the table fails; both converted to `E`.
    pub fn authorize_addressee<E>(
        &self,
        slot: &Slot<Invitation>,
        claim: Claim,
        now: Timestamp,
    ) -> Result<(Scope, Invitation), E>
    where
        E: From<AcceptError> + From<Error>,
    {
        // No program takes a seat.
        let live = self.head.as_ref().is_some_and(|workspace| workspace.live) && self.caller.key().is_none();
        let invitation = self.take(slot).map_err(Error::from)?.filter(|_| live).ok_or(AcceptError::Gone)?;
        invitation.check_acceptable_by(self.caller.person(), claim, now)?;
        let scope = Scope::of_invited(self.caller, &self.profile.name, &invitation);
        Ok((scope.with_head(self.known_head.clone()), invitation))
    }

    /// Returns the caller's seat, if they have taken it with the invitation `id`.
    #[must_use]
    pub fn seat_of(&self, id: InvitationId) -> Option<&Member> {
        let live = self.head.as_ref().is_some_and(|workspace| workspace.live);
        self.member.as_ref().filter(|member| live && member.is_active() && member.accepted == Some(id))
    }

    /// Like [`Self::authorize_addressee`], for a caller who may take a seat with the invitation.
    ///
    /// # Errors
    /// [`AcceptError`] if the caller may not accept the invitation, [`Error`] if the table fails; both converted to
    /// `E`.
    pub fn authorize_invited<E>(self, slot: &Slot<Invitation>, claim: Claim, now: Timestamp) -> Result<Accepted, E>
    where
        E: From<AcceptError> + From<Error>,
    {
        let (scope, invitation) = self.authorize_addressee::<E>(slot, claim, now)?;
        let member = invitation.accepted_by(self.caller.person(), claim, self.member.as_ref(), now)?;
        if self.head.is_some_and(|workspace| workspace.suspended.is_some()) {
            return Err(AcceptError::Suspended.into());
        }
        let member = Member { chosen: self.profile.name, ..member };
        Ok(Accepted { scope, invitation, member, former: self.member })
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Writes a new invitation. The same change must take its seat and its address.
    pub fn invite(&mut self, invitation: &Invitation) -> Result<&mut Self, Error>
    where
        E: From<InviteError>,
    {
        let key = keys::invitation(invitation.workspace, invitation.id);
        let item = item(&key, invitation)?;
        Ok(self.put_new(&key, item, InviteError::AddressTaken))
    }
}

impl Store {
    /// Reads the invitation `id` of the scope's workspace; `None` if it no longer holds its seat.
    pub async fn invitation_in(&self, scope: &Scope, id: InvitationId) -> Result<Option<Invitation>, Error> {
        let key = keys::invitation(scope.workspace(), id);
        self.read_item(&key, parse).await
    }

    /// Reads the invitation `id` and its workspace, for a worker; `None` if either is gone.
    pub async fn invitation(
        &self,
        scope: &SystemScope,
        id: InvitationId,
    ) -> Result<Option<(Workspace, Invitation)>, Error> {
        let (head, key) = (keys::workspace(scope.workspace()), keys::invitation(scope.workspace(), id));
        let found = self.batch_get(&[head.clone(), key.clone()]).await?;
        let workspace = found.get(&head).map(crate::workspace::workspaces::parse).transpose()?;
        let invitation = found.get(&key).map(parse).transpose()?;
        Ok(workspace.filter(|workspace| workspace.live).zip(invitation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ids::WorkspaceId,
        team::invitation::{Inviter, Offered, offer},
    };

    #[test]
    fn invitation_without_sender_is_read() {
        let email = "ana@example.com".parse().unwrap();
        let inviter = Inviter { user: UserId::NIL, name: None, email, role: Role::Owner };
        let offered = Offered { email: "ben@example.com".parse().unwrap(), role: Role::Member };
        let invitation = offer(InvitationId::NIL, WorkspaceId::NIL, inviter, offered, Timestamp::UNIX_EPOCH).unwrap();
        let mut stored = item(&keys::invitation(WorkspaceId::NIL, InvitationId::NIL), &invitation).unwrap();
        assert_eq!(parse(&stored).unwrap(), invitation);
        for added in ["invited_by_name", "sender", "delivery", "refusal", "returned"] {
            assert!(stored.remove(added).is_some(), "{added}");
        }
        let old = Invitation { sender: None, delivery: LetterState::Queued, returned: None, ..invitation };
        assert_eq!(parse(&stored).unwrap(), old);
    }
}
