//! What a change does to members who have a seat, or had one: each requires that the member still is as he was read.
//!
//! Attributes are set one by one: who acts on himself is named by the change's own conditions, too, and both are one action.

use crate::{
    table::change::Change, table::condition::Condition, table::error::Error, table::item::text, table::keys,
    table::slot::Slot, team::addresses::Holder, team::members, workspace::entry::Entry,
};
use domain::{
    audit::record::{Entry as AuditEntry, Record},
    identity::access::Role,
    identity::denied::Denied,
    identity::origin::Origin,
    ids::UserId,
    team::member::Member,
    team::roster::RosterError,
    workspace::head::Founding,
};
use jiff::Timestamp;

impl Entry<'_> {
    /// The member `user`, whether he is still there or not.
    pub fn member(&mut self, user: UserId) -> Slot<Member> {
        let key = keys::member(self.workspace, user);
        self.also(key, members::parse)
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Gives `before` another role, on both ends. How many owners there are is for the caller to count.
    ///
    /// # Errors
    /// [`Error::Defect`].
    pub fn give_role(&mut self, before: &Member, role: Role) -> Result<&mut Self, Error>
    where
        E: From<RosterError>,
    {
        let key = keys::member(before.workspace, before.user);
        self.require_as_read(before, RosterError::ChangedMeanwhile)
            .set(&key, [("role".to_owned(), text(role.name()))])
            .note_membership(&Member { role, ..before.clone() })
    }

    /// Counts what a change of role does to the number of owners, of whom one stays.
    pub fn count_owners(&mut self, before: Role, after: Role) -> &mut Self
    where
        E: From<RosterError>,
    {
        match (before == Role::Owner, after == Role::Owner) {
            (true, false) => self.discount_owner(RosterError::LastOwner),
            (false, true) => self.count_owner(),
            (true, true) | (false, false) => self,
        }
    }

    /// Takes the seat of `before`, with its address; his record stays.
    pub fn unseat(&mut self, before: &Member) -> &mut Self
    where
        E: From<RosterError>,
    {
        let key = keys::member(before.workspace, before.user);
        self.require_as_read(before, RosterError::ChangedMeanwhile)
            .set(&key, [("status".to_owned(), text("removed"))])
            .delete(&keys::membership(before.user, before.workspace))
            .discount_member();
        if before.role == Role::Owner {
            self.discount_owner(RosterError::LastOwner);
        }
        if let Some(email) = &before.email {
            self.free_address(email, Holder::Member(before.user), RosterError::ChangedMeanwhile);
        }
        self
    }

    /// Makes `founding` the workspace of somebody who loses his last one. It is a change of its own workspace, and has its
    /// record there: on his own behalf, without the address of whoever set it off.
    ///
    /// # Errors
    /// [`Error::Defect`].
    pub fn found_in_exchange(&mut self, founding: &Founding, now: Timestamp) -> Result<&mut Self, Error>
    where
        E: From<RosterError>,
    {
        let Founding { workspace, owner } = founding;
        let id = self.store.ambient().fresh();
        let origin = Origin { request_id: self.scope.origin().request_id.clone(), ip_address: None };
        let (actor, actor_name) = (owner.user, owner.shown_name().cloned());
        let record = Record { id, at: now, actor, actor_name, origin, entry: AuditEntry::founded(workspace) };
        let key = keys::audit(workspace.id, id);
        let item = crate::audit::item(&key, &record)?;
        self.put(&key, item)
            .exchange_workspace(owner.user, RosterError::ChangedMeanwhile)
            .found(workspace, RosterError::ChangedMeanwhile)?
            .seat_exile(owner, RosterError::ChangedMeanwhile)?;
        match &owner.email {
            Some(email) => {
                let holder = Holder::Member(owner.user);
                self.take_address_in(workspace.id, email, holder, RosterError::ChangedMeanwhile)
            }
            None => Ok(self),
        }
    }

    /// Seats a former member again; his seat and his address are taken beside it.
    ///
    /// # Errors
    /// [`Error::Defect`].
    pub fn seat_again(&mut self, former: &Member, member: &Member) -> Result<&mut Self, Error>
    where
        E: From<RosterError>,
    {
        let key = keys::member(former.workspace, former.user);
        let stamp = |moment: Timestamp| text(moment.to_string());
        self.require_as_read(former, RosterError::ChangedMeanwhile)
            .set(
                &key,
                [
                    ("status".to_owned(), text(member.status.name())),
                    ("accepted_at".to_owned(), stamp(member.accepted_at)),
                ],
            )
            .count_member(member.role)
            .note_membership(member)?;
        Ok(self.count_workspace(member.user))
    }

    /// Requires that `member` has the status and the role with which he was read.
    pub fn require_as_read(&mut self, member: &Member, changed: impl Into<E> + Copy) -> &mut Self {
        let key = keys::member(member.workspace, member.user);
        self.require(&key, Condition::Equals("status", text(member.status.name())), changed).require(
            &key,
            Condition::Equals("role", text(member.role.name())),
            changed,
        )
    }
}
