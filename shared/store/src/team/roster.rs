//! Changes to present and former members. Each requires that the member is still as they were read.
//!
//! Attributes are set one by one: the conditions of a change already name the actor's own item, and the table takes one
//! action per item.

use crate::{
    table::change::Change, table::condition::Condition, table::error::Error, table::item::text, table::keys,
    table::slot::Slot, team::addresses::Holder, team::members, workspace::entry::Entry,
};
use domain::{
    audit::record::Entry as AuditEntry, identity::access::Role, identity::denied::Denied, ids::UserId,
    team::member::Member, team::roster::RosterError, workspace::head::NewWorkspace,
};
use jiff::Timestamp;

impl Entry<'_> {
    /// Reads the member `user`, whether present or former.
    pub fn member(&mut self, user: UserId) -> Slot<Member> {
        let key = keys::member(self.workspace, user);
        self.also_item(key, members::parse)
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Gives `before` another role, on both ends of the membership. The caller must update the number of owners.
    pub fn change_role(&mut self, before: &Member, role: Role) -> Result<&mut Self, Error>
    where
        E: From<RosterError>,
    {
        let key = keys::member(before.workspace, before.user);
        self.require_as_read(before, RosterError::ChangedMeanwhile)
            .set(&key, [("role".to_owned(), text(role.name()))])
            .note_membership(&Member { role, ..before.clone() })
    }

    /// Updates the number of owners after a change of role. One owner must stay.
    pub fn update_owner_count(&mut self, before: Role, after: Role) -> &mut Self
    where
        E: From<RosterError>,
    {
        match (before == Role::Owner, after == Role::Owner) {
            (true, false) => self.discount_owner(RosterError::LastOwner),
            (false, true) => self.count_owner(),
            (true, true) | (false, false) => self,
        }
    }

    /// Removes `before` and frees their seat and address. Their record stays.
    pub fn remove_member(&mut self, before: &Member) -> Result<&mut Self, Error>
    where
        E: From<RosterError>,
    {
        let key = keys::member(before.workspace, before.user);
        self.require_as_read(before, RosterError::ChangedMeanwhile)
            .set(&key, [("status".to_owned(), text("removed"))])
            .delete(&keys::membership(before.user, before.workspace))
            .discount_member()?;
        if before.role == Role::Owner {
            self.discount_owner(RosterError::LastOwner);
        }
        Ok(match &before.email {
            Some(email) => self.free_address(email, Holder::Member(before.user), RosterError::ChangedMeanwhile),
            // They may have taken one since the read.
            None => self.require(&key, Condition::Unset("email"), RosterError::ChangedMeanwhile),
        })
    }

    /// Founds the workspace of `scope_for_new_workspace` for a person who loses their last one. It is a change of its own workspace
    /// and has an audit record there, on the person's own behalf and without the IP address of the actual caller.
    pub fn create_replacement(&mut self, founding: &NewWorkspace, now: Timestamp) -> Result<&mut Self, Error>
    where
        E: From<RosterError>,
    {
        let NewWorkspace { workspace, owner } = founding;
        self.record_for(owner, AuditEntry::created(workspace), now)
            .exchange_workspace(owner.user, RosterError::ChangedMeanwhile)
            .create_workspace(workspace, RosterError::ChangedMeanwhile)?
            .seat_removed_member(owner, RosterError::ChangedMeanwhile)?;
        match &owner.email {
            Some(email) => {
                let holder = Holder::Member(owner.user);
                self.take_address_in(workspace.id, email, holder, RosterError::ChangedMeanwhile)
            }
            None => Ok(self),
        }
    }

    /// Seats a former member again. The same change must take their seat and their address.
    pub fn reseat_member(&mut self, former: &Member, member: &Member) -> Result<&mut Self, Error>
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
            .count_member(member.role)?
            .note_membership(member)?;
        Ok(self.count_workspace(member.user))
    }

    /// Requires that `member` has the status and the role with which they were read.
    pub fn require_as_read(&mut self, member: &Member, changed: impl Into<E> + Copy) -> &mut Self {
        let key = keys::member(member.workspace, member.user);
        self.require(&key, Condition::Equals("status", text(member.status.name())), changed).require(
            &key,
            Condition::Equals("role", text(member.role.name())),
            changed,
        )
    }
}
