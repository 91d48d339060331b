//! The head of a workspace.
//!
//! Its counters change by additions within the transactions that change what is counted, under conditions on the
//! counters themselves. `settings_version` guards only the fields that people edit.

use crate::{
    Store,
    partitions::ItemKind,
    table::change::Change,
    table::condition::Condition,
    table::error::{Corrupt, Error},
    table::item::{Item, Json, Stored, decode, encode, number, text},
    table::keys,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    identity::access::Role,
    identity::denied::Denied,
    ids::UserId,
    text::{Description, Timezone, WorkspaceName},
    workspace::head::{Counts, Settings, Workspace},
    workspace::suspension::Suspension,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use system_scope::SystemScope;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredWorkspace {
    name: WorkspaceName,
    description: Option<Description>,
    timezone: Timezone,
    /// One JSON string: what the dashboard writes comes back to the byte, whatever its numbers and its depth.
    settings: Json<Map<String, Value>>,
    settings_version: u64,
    live: bool,
    /// Absent before the first suspension, and null after the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suspended: Option<Suspension>,
    /// Absent before the first suspension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suspension_version: Option<u64>,
    #[serde(default)]
    personal: bool,
    #[serde(default)]
    held_by: Option<UserId>,
    owner_count: u64,
    member_count: u64,
    seat_count: u64,
    integration_count: u64,
    /// Absent before the first API key.
    #[serde(default, skip_serializing_if = "is_zero")]
    api_key_count: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// True for the counter of a workspace that never had an API key.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Stored for StoredWorkspace {
    const KIND: ItemKind = ItemKind::Workspace;
}

pub(crate) fn parse(item: &Item) -> Result<Workspace, Corrupt> {
    let stored: StoredWorkspace = decode(item)?;
    let corrupt = Corrupt { wanted: StoredWorkspace::TYPE, version: StoredWorkspace::VERSION };
    Ok(Workspace {
        id: keys::workspace_of(item).ok_or(corrupt)?,
        name: stored.name,
        description: stored.description,
        timezone: stored.timezone,
        settings: Settings::stored(stored.settings.0),
        settings_version: stored.settings_version,
        live: stored.live,
        suspended: stored.suspended,
        suspension_version: stored.suspension_version.unwrap_or_default(),
        personal: stored.personal,
        held_by: stored.held_by,
        counts: Counts {
            owners: stored.owner_count,
            members: stored.member_count,
            seats: stored.seat_count,
            integrations: stored.integration_count,
            api_keys: stored.api_key_count,
        },
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    })
}

fn stored(workspace: &Workspace) -> StoredWorkspace {
    StoredWorkspace {
        name: workspace.name.clone(),
        description: workspace.description.clone(),
        timezone: workspace.timezone.clone(),
        settings: Json(workspace.settings.as_object().clone()),
        settings_version: workspace.settings_version,
        live: workspace.live,
        suspended: workspace.suspended.clone(),
        suspension_version: Some(workspace.suspension_version).filter(|version| *version > 0),
        personal: workspace.personal,
        held_by: workspace.held_by,
        owner_count: workspace.counts.owners,
        member_count: workspace.counts.members,
        seat_count: workspace.counts.seats,
        integration_count: workspace.counts.integrations,
        api_key_count: workspace.counts.api_keys,
        created_at: workspace.created_at,
        updated_at: workspace.updated_at,
    }
}

impl Store {
    /// Reads the head of a workspace, for a worker; `None` if it does not exist or its deletion was requested.
    pub async fn head(&self, scope: &SystemScope) -> Result<Option<Workspace>, Error> {
        let key = keys::workspace(scope.workspace());
        Ok(self.read_item(&key, parse).await?.filter(|workspace| workspace.live))
    }
}

/// The room in a limit of the plan: how much it allows, and how much of it was used when it was read.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The limit.
    pub limit: u64,
    /// The amount in use.
    pub used: u64,
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Writes the head of a new workspace; `taken` if its id exists.
    pub fn create_workspace(&mut self, workspace: &Workspace, taken: impl Into<E>) -> Result<&mut Self, Error> {
        let key = keys::workspace(workspace.id);
        let item = encode(&key, &stored(workspace))?;
        Ok(self.put_new(&key, item, taken))
    }

    /// Writes the edited fields of `next`; `changed` if somebody else edited them since `before` was read.
    pub fn edit(&mut self, before: &Workspace, next: &Workspace, changed: impl Into<E>) -> Result<&mut Self, Error> {
        let key = keys::workspace(before.id);
        let mut edited = encode(&key, &stored(next))?;
        edited.retain(|name, _| {
            ["name", "description", "timezone", "settings", "settings_version", "updated_at"].contains(&name.as_str())
        });
        let version = Condition::Equals("settings_version", number(before.settings_version));
        Ok(self.require(&key, version, changed).set(&key, edited))
    }

    /// Writes the suspension of `next`, or its end; `changed` if another suspension or resumption came first.
    pub fn suspend(&mut self, before: &Workspace, next: &Workspace, changed: impl Into<E>) -> Result<&mut Self, Error> {
        const SUSPENDED: &str = "suspended";
        const VERSION: &str = "suspension_version";
        let key = keys::workspace(before.id);
        let mut written = encode(&key, &stored(next))?;
        written.retain(|name, _| [SUSPENDED, VERSION].contains(&name.as_str()));
        written.entry(SUSPENDED.to_owned()).or_insert(AttributeValue::Null(true));
        let as_read = match before.suspension_version {
            0 => Condition::Unset(VERSION),
            version => Condition::Equals(VERSION, number(version)),
        };
        Ok(self.require(&key, as_read, changed).set(&key, written))
    }

    /// Counts the workspace among the free ones of `holder`, as a workspace that is not personal.
    pub fn set_free_workspace_owner(&mut self, holder: UserId) -> &mut Self {
        let key = keys::workspace(self.scope.workspace());
        let held_by = ("held_by".to_owned(), text(holder.to_string()));
        self.set(&key, [held_by, ("personal".to_owned(), AttributeValue::Bool(false))])
    }

    /// Like [`Self::set_free_workspace_owner`], in place of the holder that was read; `changed` if the workspace was handed over
    /// since. Heads of an earlier version have no holder to compare.
    pub fn replace_holder(&mut self, before: Option<UserId>, holder: UserId, changed: impl Into<E>) -> &mut Self {
        let key = keys::workspace(self.scope.workspace());
        if let Some(before) = before {
            self.require(&key, Condition::Equals("held_by", text(before.to_string())), changed);
        }
        self.set_free_workspace_owner(holder)
    }

    /// Requires that fewer seats are taken than `room` has; `room.used` seats were taken when they were read. Returns true if
    /// the seat is the last one, which is required, too: `changed` if that is no longer so.
    pub fn require_free_seat(&mut self, room: Room, full: impl Into<E>, changed: impl Into<E>) -> bool {
        self.require_free("seat_count", room, full.into(), changed.into())
    }

    /// Takes a seat for an invitation.
    pub fn take_seat(&mut self) -> &mut Self {
        let key = keys::workspace(self.scope.workspace());
        self.add(&key, "seat_count", 1)
    }

    /// Gives a seat back.
    pub(crate) fn free_seat(&mut self) -> &mut Self {
        let key = keys::workspace(self.scope.workspace());
        self.add(&key, "seat_count", -1)
    }

    /// Requires that fewer integrations are enabled than `room` has; otherwise like
    /// [`Self::require_free_seat`].
    pub fn require_free_integration(&mut self, room: Room, full: impl Into<E>, changed: impl Into<E>) -> bool {
        self.require_free("integration_count", room, full.into(), changed.into())
    }

    fn require_free(&mut self, counter: &'static str, Room { limit, used }: Room, full: E, changed: E) -> bool {
        let key = keys::workspace(self.scope.workspace());
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let last = used.saturating_add(1) == limit.cast_unsigned();
        let still = match last {
            // Heads of an earlier version lack the counters that were added since.
            true if used == 0 => Condition::LacksOrBelow(counter, 1),
            true => Condition::Equals(counter, number(used)),
            false => Condition::LacksOrBelow(counter, limit - 1),
        };
        // What was never counted is none, which is too much where none is allowed.
        let free = if limit > 0 { Condition::LacksOrBelow(counter, limit) } else { Condition::Below(counter, limit) };
        self.require(&key, free, full).require(&key, still, changed);
        last
    }

    /// Adds `more` to the number of enabled integrations.
    pub(crate) fn count_integrations(&mut self, more: i64) -> &mut Self {
        let key = keys::workspace(self.scope.workspace());
        self.add(&key, "integration_count", more)
    }

    /// Requires that fewer API keys exist than `room` has; otherwise like [`Self::require_free_seat`].
    pub fn require_free_key(&mut self, room: Room, full: impl Into<E>, changed: impl Into<E>) -> bool {
        self.require_free("api_key_count", room, full.into(), changed.into())
    }

    /// Adds `more` to the number of API keys.
    pub(crate) fn count_keys(&mut self, more: i64) -> &mut Self {
        let key = keys::workspace(self.scope.workspace());
        self.add(&key, "api_key_count", more)
    }

    /// Counts a member who takes the seat that their invitation held.
    pub(crate) fn count_member(&mut self, role: Role) -> Result<&mut Self, Error> {
        let key = keys::workspace(self.scope.workspace());
        self.add(&key, "member_count", 1).add(&key, "owner_count", i64::from(role == Role::Owner)).request_seat_check()
    }

    /// Counts one member less, and frees their seat.
    pub(crate) fn discount_member(&mut self) -> Result<&mut Self, Error> {
        let key = keys::workspace(self.scope.workspace());
        self.add(&key, "member_count", -1).free_seat().request_seat_check()
    }

    /// Counts one owner more.
    pub(crate) fn count_owner(&mut self) -> &mut Self {
        let key = keys::workspace(self.scope.workspace());
        self.add(&key, "owner_count", 1)
    }

    /// Counts one owner less; `last` if there is no other.
    pub(crate) fn discount_owner(&mut self, last: impl Into<E>) -> &mut Self {
        let key = keys::workspace(self.scope.workspace());
        self.require(&key, Condition::Above("owner_count", 1), last).add(&key, "owner_count", -1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{identity::person::Person, ids::WorkspaceId, workspace::head::new_workspace};

    #[test]
    fn heads_without_holder_are_read() {
        let ana = Person {
            id: UserId::of("test", "ana"),
            email: None,
            email_verified: false,
            name: None,
            name_problem: None,
        };
        let id: WorkspaceId = "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y".parse().unwrap();
        let founding = new_workspace(id, &ana, "Acme".parse().unwrap(), Timezone::default(), Timestamp::UNIX_EPOCH);
        let mut item = encode(&keys::workspace(id), &stored(&founding.workspace)).unwrap();
        assert_eq!(parse(&item).unwrap(), founding.workspace);
        item.retain(|name, _| !["personal", "held_by"].contains(&name.as_str()));
        assert_eq!(parse(&item).unwrap(), Workspace { held_by: None, ..founding.workspace });
    }
}
