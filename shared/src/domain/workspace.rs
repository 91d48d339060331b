//! The workspace's head, and the rules of making and changing one.

use super::{
    access::Role,
    ids::WorkspaceId,
    member::{Member, MemberStatus},
    scope::Caller,
    text::{Description, Timezone, WorkspaceName},
};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// A workspace as its head item describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: WorkspaceName,
    /// What it is for.
    pub description: Option<Description>,
    /// Where its people are.
    pub timezone: Timezone,
    /// What the dashboard keeps for it.
    pub settings: Settings,
    /// Grows with every change of the four fields above, and with nothing else.
    pub settings_version: u64,
    /// False from the moment on that its deletion was asked for.
    pub live: bool,
    /// Its people, counted.
    pub counts: Counts,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the four fields were last changed.
    pub updated_at: Timestamp,
}

/// How many people a workspace has. Kept exact by adding in the transactions that change what is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Active members with the role owner.
    pub owners: u64,
    /// Active members.
    pub members: u64,
    /// Active members and invitations that have not been released.
    pub seats: u64,
}

/// A JSON object that the dashboard keeps with a workspace; Berth does not look into it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings(Map<String, Value>);

/// Settings that are larger than [`Settings::MAX_BYTES`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must have at most {} bytes as JSON", Settings::MAX_BYTES)]
pub struct SettingsTooLarge;

impl Settings {
    /// The longest settings, as JSON: far from the 400 KB that an item may have.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// The object itself.
    #[must_use]
    pub const fn as_object(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl TryFrom<Map<String, Value>> for Settings {
    type Error = SettingsTooLarge;

    fn try_from(object: Map<String, Value>) -> Result<Self, SettingsTooLarge> {
        let bytes = serde_json::to_vec(&object).map_or(usize::MAX, |json| json.len());
        if bytes > Self::MAX_BYTES { Err(SettingsTooLarge) } else { Ok(Self(object)) }
    }
}

/// A workspace that does not stand yet, with its first member.
#[derive(Debug, Clone, PartialEq)]
pub struct Founding {
    /// The head.
    pub workspace: Workspace,
    /// Its owner.
    pub owner: Member,
}

/// What `caller` founds by asking for a workspace called `name`.
#[must_use]
pub fn found(id: WorkspaceId, caller: &Caller, name: WorkspaceName, timezone: Timezone, now: Timestamp) -> Founding {
    Founding {
        workspace: Workspace {
            id,
            name,
            description: None,
            timezone,
            settings: Settings::default(),
            settings_version: 1,
            live: true,
            counts: Counts { owners: 1, members: 1, seats: 1 },
            created_at: now,
            updated_at: now,
        },
        owner: Member {
            workspace: id,
            user: caller.user(),
            email: caller.email().cloned(),
            name: caller.name().cloned(),
            role: Role::Owner,
            status: MemberStatus::Active,
            invited_by: None,
            created_at: now,
            accepted_at: now,
            last_active_at: now,
        },
    }
}

/// The fields that a change names; the others stay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Update {
    /// A new name.
    pub name: Option<WorkspaceName>,
    /// A new description; an empty one removes it.
    pub description: Option<Description>,
    /// A new time zone.
    pub timezone: Option<Timezone>,
    /// New settings, in place of all the old ones.
    pub settings: Option<Settings>,
}

impl Workspace {
    /// The workspace after `update`, or `None` if that changes nothing.
    #[must_use]
    pub fn updated(&self, update: Update, now: Timestamp) -> Option<Self> {
        let mut next = self.clone();
        if let Some(name) = update.name {
            next.name = name;
        }
        if let Some(description) = update.description {
            next.description = Some(description).filter(|text| !text.as_str().is_empty());
        }
        if let Some(timezone) = update.timezone {
            next.timezone = timezone;
        }
        if let Some(settings) = update.settings {
            next.settings = settings;
        }
        if next == *self {
            return None;
        }
        next.settings_version = self.settings_version.saturating_add(1);
        next.updated_at = now;
        Some(next)
    }
}
