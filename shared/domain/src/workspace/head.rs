//! The workspace's head, and the rules for creating and changing a workspace.

use crate::{
    email::Email,
    identity::access::Role,
    identity::person::Person,
    identity::profile::ChosenName,
    ids::{UserId, WorkspaceId},
    team::member::{Member, MemberStatus},
    text::{Description, PersonName, SuspensionReason, Timezone, WorkspaceName},
    workspace::suspension::Suspension,
};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// A workspace, as stored in its head item.
#[derive(Debug, Clone, PartialEq)]
pub struct Workspace {
    /// Id of the workspace.
    pub id: WorkspaceId,
    /// Name of the workspace.
    pub name: WorkspaceName,
    /// Description, if there is one.
    pub description: Option<Description>,
    /// Time zone of its members.
    pub timezone: Timezone,
    /// Settings that the dashboard stores.
    pub settings: Settings,
    /// Grows with every change of the four fields above, and only then.
    pub settings_version: u64,
    /// False from the time at which its deletion was requested.
    pub live: bool,
    /// The operator's suspension, while there is one.
    pub suspended: Option<Suspension>,
    /// Grows when a suspension starts, ends, or gets another reason.
    pub suspension_version: u64,
    /// True if it was created for a user who lost their last workspace. It does not count as one of their free
    /// workspaces.
    pub personal: bool,
    /// The user whose free workspaces include this one: the one who created it, or to whom it was transferred. Heads of
    /// an earlier version name nobody.
    pub held_by: Option<UserId>,
    /// Counters of members, seats and integrations.
    pub counts: Counts,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change of the four fields.
    pub updated_at: Timestamp,
}

/// Counters of a workspace. They are exact, because each is changed in the same transaction as the items it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Active members with the role owner.
    pub owners: u64,
    /// Active members.
    pub members: u64,
    /// Active members and invitations that have not been released.
    pub seats: u64,
    /// Enabled integrations.
    pub integrations: u64,
    /// API keys.
    pub api_keys: u64,
}

/// A JSON object that the dashboard stores with a workspace. Berth does not interpret it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings(Map<String, Value>);

/// The settings are larger than [`Settings::MAX_BYTES`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must have at most {} bytes as JSON", Settings::MAX_BYTES)]
pub struct SettingsTooLarge;

impl Settings {
    /// Maximum size of the settings as JSON, in bytes; far below the 400 KB that an item may have.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Wraps stored settings without checking their size again.
    pub const fn stored(object: Map<String, Value>) -> Self {
        Self(object)
    }

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

/// A new workspace with its first member, before it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewWorkspace {
    /// The workspace's head.
    pub workspace: Workspace,
    /// The workspace's owner.
    pub owner: Member,
}

/// Creates a workspace called `name` for `person`.
#[must_use]
pub fn new_workspace(
    id: WorkspaceId,
    person: &Person,
    name: WorkspaceName,
    timezone: Timezone,
    now: Timestamp,
) -> NewWorkspace {
    // An unverified address may belong to another user.
    let owner = Founder { user: person.id, email: person.verified_email().cloned(), full_name: person.name.clone() };
    founded(id, owner, name, timezone, now)
}

/// Creates a personal workspace for a user who loses their last one; `former` is the seat they lose.
#[must_use]
pub fn new_personal_workspace(id: WorkspaceId, former: &Member, now: Timestamp) -> NewWorkspace {
    let owner = Founder { user: former.user, email: former.email.clone(), full_name: former.name.clone() };
    let mut founding = founded(id, owner, WorkspaceName::personal(), Timezone::default(), now);
    founding.owner.chosen = former.chosen.clone();
    founding.workspace.personal = true;
    founding
}

/// The first member of a workspace.
struct Founder {
    user: UserId,
    email: Option<Email>,
    full_name: Option<PersonName>,
}

fn founded(
    id: WorkspaceId,
    Founder { user, email, full_name }: Founder,
    name: WorkspaceName,
    timezone: Timezone,
    now: Timestamp,
) -> NewWorkspace {
    NewWorkspace {
        workspace: Workspace {
            id,
            name,
            description: None,
            timezone,
            settings: Settings::default(),
            settings_version: 1,
            live: true,
            suspended: None,
            suspension_version: 0,
            personal: false,
            held_by: Some(user),
            counts: Counts { owners: 1, members: 1, seats: 1, integrations: 0, api_keys: 0 },
            created_at: now,
            updated_at: now,
        },
        owner: Member {
            workspace: id,
            user,
            email,
            address_issued_at: None,
            blocked: None,
            name: full_name,
            chosen: ChosenName::default(),
            role: Role::Owner,
            status: MemberStatus::Active,
            invited_by: None,
            accepted: None,
            created_at: now,
            accepted_at: now,
            last_active_at: now,
        },
    }
}

/// The changed fields of a workspace; the others stay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Update {
    /// A new name.
    pub name: Option<WorkspaceName>,
    /// A new description; an empty one removes it.
    pub description: Option<Description>,
    /// A new time zone.
    pub timezone: Option<Timezone>,
    /// New settings, which replace all existing ones.
    pub settings: Option<Settings>,
}

impl Workspace {
    /// Applies `update`; `None` if it changes nothing.
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

    /// Suspends the workspace on behalf of the operator `by`; `None` if it is already suspended for this reason.
    #[must_use]
    pub fn suspended_for(&self, reason: SuspensionReason, by: PersonName, now: Timestamp) -> Option<Self> {
        let current = self.suspended.as_ref();
        if current.is_some_and(|suspension| suspension.reason == reason) {
            return None;
        }
        let at = current.map_or(now, |suspension| suspension.at);
        Some(self.with_suspension(Some(Suspension { reason, at, by })))
    }

    /// Ends the suspension; `None` if there is none.
    #[must_use]
    pub fn unsuspended(&self) -> Option<Self> {
        self.suspended.as_ref().map(|_| self.with_suspension(None))
    }

    fn with_suspension(&self, suspended: Option<Suspension>) -> Self {
        let suspension_version = self.suspension_version.saturating_add(1);
        Self { suspended, suspension_version, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;
    use expect_test::{Expect, expect};
    use serde_json::json;

    fn founded() -> Workspace {
        let ana = Person {
            id: UserId::of("test", "ana"),
            email: None,
            email_verified: false,
            name: None,
            name_problem: None,
        };
        let name = "Acme".parse().unwrap();
        let mut workspace =
            new_workspace(WorkspaceId::NIL, &ana, name, Timezone::default(), Timestamp::UNIX_EPOCH).workspace;
        workspace.description = Some("Anvils".parse().unwrap());
        workspace
    }

    #[track_caller]
    fn check(update: Update, wanted: Expect) {
        let now = "2026-11-01T00:00:00Z".parse().unwrap();
        let said = founded().updated(update, now).map_or("nothing".to_owned(), |next| {
            let description = next.description.map(|text| text.to_string());
            format!(
                "{} {description:?} {} version {} at {}",
                next.name, next.timezone, next.settings_version, next.updated_at
            )
        });
        wanted.assert_eq(&said);
    }

    #[test]
    fn updates() {
        let unchanged = Update { name: Some("Acme".parse().unwrap()), ..Update::default() };
        check(Update::default(), expect!["nothing"]);
        check(unchanged, expect!["nothing"]);
        let renamed = Update { name: Some("Apex".parse().unwrap()), ..Update::default() };
        check(renamed, expect![[r#"Apex Some("Anvils") UTC version 2 at 2026-11-01T00:00:00Z"#]]);
        let bare = Update { description: Some("".parse().unwrap()), ..Update::default() };
        check(bare, expect!["Acme None UTC version 2 at 2026-11-01T00:00:00Z"]);
    }

    #[test]
    fn settings_are_replaced_as_a_whole() {
        let set = |value: Value| Update {
            settings: Some(Settings::try_from(value.as_object().unwrap().clone()).unwrap()),
            ..Update::default()
        };
        let now = Timestamp::UNIX_EPOCH;
        let first = founded().updated(set(json!({"a": 1, "b": 2})), now).unwrap();
        let second = first.updated(set(json!({"b": 3})), now).unwrap();
        assert_eq!(Value::Object(second.settings.as_object().clone()), json!({"b": 3}));
        assert!(second.updated(set(json!({"b": 3})), now).is_none());
    }
}
