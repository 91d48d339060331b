//! Members. The other end of each membership, the user's list of workspaces, is in `memberships`.

use crate::{
    Store,
    partitions::ItemKind,
    table::change::Change,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode, text},
    table::keys,
    table::list::{Entries, List, Order},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    email::Email,
    identity::access::Role,
    identity::denied::Denied,
    identity::profile::ChosenName,
    ids::{InvitationId, UserId},
    page::{Limit, PageRequest},
    team::invitation::AcceptError,
    team::member::{BlockedAddress, Member, MemberStatus},
    text::PersonName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredMember {
    email: Option<Email>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address_issued_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    blocked: Option<BlockedAddress>,
    /// The name from the identity provider.
    full_name: Option<PersonName>,
    /// A copy of the chosen name in the profile; absent before the first copy. It has attributes of its own, so that
    /// recording the provider's name never overwrites it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chosen_name: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chosen_name_version: Option<u64>,
    role: Role,
    status: MemberStatus,
    invited_by: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<InvitationId>,
    created_at: Timestamp,
    accepted_at: Timestamp,
    last_active_at: Timestamp,
}

impl Stored for StoredMember {
    const KIND: ItemKind = ItemKind::Member;
}

/// Filter of a list of members.
#[derive(Debug, Clone, Copy, Default)]
pub struct MemberFilter {
    /// Only members with this status.
    pub status: Option<MemberStatus>,
    /// Only members with this role.
    pub role: Option<Role>,
}

pub(crate) fn parse(item: &Item) -> Result<Member, Corrupt> {
    let stored: StoredMember = decode(item)?;
    let corrupt = || Corrupt { wanted: StoredMember::TYPE, version: StoredMember::VERSION };
    Ok(Member {
        workspace: keys::workspace_of(item).ok_or_else(corrupt)?,
        user: keys::id_of(item, keys::MEMBER).ok_or_else(corrupt)?,
        email: stored.email,
        address_issued_at: stored.address_issued_at,
        blocked: stored.blocked,
        name: stored.full_name,
        chosen: ChosenName { name: stored.chosen_name, version: stored.chosen_name_version.unwrap_or_default() },
        role: stored.role,
        status: stored.status,
        invited_by: stored.invited_by,
        accepted: stored.accepted,
        created_at: stored.created_at,
        accepted_at: stored.accepted_at,
        last_active_at: stored.last_active_at,
    })
}

fn item(key: &keys::Key, member: &Member) -> Result<Item, Error> {
    let stored = StoredMember {
        email: member.email.clone(),
        address_issued_at: member.address_issued_at,
        blocked: member.blocked.clone(),
        full_name: member.name.clone(),
        chosen_name: member.chosen.name.clone(),
        chosen_name_version: Some(member.chosen.version).filter(|version| *version > 0),
        role: member.role,
        status: member.status,
        invited_by: member.invited_by,
        accepted: member.accepted,
        created_at: member.created_at,
        accepted_at: member.accepted_at,
        last_active_at: member.last_active_at,
    };
    encode(key, &stored)
}

/// Returns the attributes of a member who has taken an address.
pub(crate) fn address(email: &Email, issued_at: Option<Timestamp>) -> [(String, AttributeValue); 3] {
    let issued_at = issued_at.map_or(AttributeValue::Null(true), |at| text(at.to_string()));
    [
        ("email".to_owned(), text(email.written())),
        ("address_issued_at".to_owned(), issued_at),
        ("blocked".to_owned(), AttributeValue::Null(true)),
    ]
}

/// Sets the address in an item that was read, as a change has set it in the table.
pub(crate) fn set_address(item: &mut Item, email: &Email, issued_at: Option<Timestamp>) {
    item.extend(address(email, issued_at));
}

/// Lists a workspace's members by id.
#[must_use]
pub fn list(filter: MemberFilter, page: PageRequest<UserId>) -> List<Member, UserId> {
    let status = filter.status.map(|status| ("status", text(status.name())));
    let role = filter.role.map(|role| ("role", text(role.name())));
    List {
        partition: keys::workspace_partition,
        entries: Entries {
            prefix: keys::MEMBER,
            order: Order::Ascending,
            parse,
            id: |member| member.user,
            parse_id: |id| id.parse().ok(),
        },
        within: None,
        page,
        filter: status.into_iter().chain(role).collect(),
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Seats the founder of a new workspace, whom its head already counts.
    pub fn seat_founder(&mut self, member: &Member, taken: impl Into<E>) -> Result<&mut Self, Error> {
        let key = keys::member(member.workspace, member.user);
        let item = item(&key, member)?;
        Ok(self.put_new(&key, item, taken).note_membership(member)?.count_workspace(member.user))
    }

    /// Seats a removed member in the new workspace that replaces their last one.
    pub(crate) fn seat_removed_member(&mut self, member: &Member, taken: impl Into<E>) -> Result<&mut Self, Error> {
        let key = keys::member(member.workspace, member.user);
        let item = item(&key, member)?;
        self.put_new(&key, item, taken).note_membership(member)
    }

    /// Seats a member whose invitation held a seat. `former` is their earlier record in the workspace as it was read.
    pub fn seat_invited(&mut self, member: &Member, former: Option<&Member>) -> Result<&mut Self, Error>
    where
        E: From<AcceptError>,
    {
        let key = keys::member(member.workspace, member.user);
        let condition = match former {
            Some(former) => Condition::Equals("status", text(former.status.name())),
            None => Condition::Absent,
        };
        let item = item(&key, member)?;
        Ok(self
            .require(&key, condition, AcceptError::AlreadyMember)
            .put(&key, item)
            .count_member(member.role)?
            .note_membership(member)?
            .count_workspace(member.user))
    }
}

impl Store {
    /// Reads the workspace's active members, for a worker.
    pub(crate) async fn active_members(&self, scope: &SystemScope) -> Result<Vec<Member>, Error> {
        let (mut members, mut after) = (Vec::new(), None);
        loop {
            let filter = MemberFilter { status: Some(MemberStatus::Active), role: None };
            let page = list(filter, PageRequest { limit: Limit::MOST, after });
            let page = self.page(keys::workspace_partition(scope.workspace()), page).await?;
            members.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(members),
            }
        }
    }
}
