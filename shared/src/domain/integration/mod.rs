//! Integrations: the connections of a workspace to other services, one of each type, and how one is set up and removed.

mod event;
mod fields;
mod kind;
mod occurrence;
mod outgoing;
mod secret_error;

pub use event::{Event, UnknownEvent};
pub use fields::{Fault, Faults};
pub use kind::{Config, IntegrationType, UnknownType};
pub use occurrence::{Notice, Occurrence, Resource, Severity, Subject};
pub use outgoing::{Outgoing, Unfit};

use super::{
    error::{Details, Kind, Refusal},
    ids::{SecretId, WorkspaceId},
    plan::Plan,
    secret::{KeptSecret, Secret},
    text::IntegrationName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A workspace's connection to another service. There is at most one of each type.
#[derive(Debug, Clone, PartialEq)]
pub struct Integration {
    /// Where it is.
    pub workspace: WorkspaceId,
    /// What people call it.
    pub name: IntegrationName,
    /// Its type, and what that asks to be told.
    pub config: Config,
    /// What it wants to hear of.
    pub events: BTreeSet<Event>,
    /// Whether it is at work.
    pub state: State,
    /// Grows with every change.
    pub version: u64,
    /// When it was first set up.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Whether an integration is at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// It is; it counts against the plan.
    Enabled {
        /// Where its secret is.
        secret: KeptSecret,
    },
    /// It was, and its secret is gone.
    Removed,
}

/// How somebody wants an integration to be. What is left out stays as it is, or is what is usual at first.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// What people call it; at first, the name of its type.
    pub name: Option<IntegrationName>,
    /// Its type, and what that asks to be told.
    pub config: Config,
    /// A new secret; an integration that has none needs one.
    pub secret: Option<Secret>,
    /// What it wants to hear of; at first, everything.
    pub events: Option<BTreeSet<Event>>,
}

/// Why an integration is not shown or set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntegrationError {
    /// It has no secret, and none was sent.
    #[error("this integration has no secret; send one")]
    SecretMissing,
    /// The plan has no further integration.
    #[error("the workspace's plan has no further integration; remove one, or choose a larger plan")]
    OverPlan {
        /// The plan in force.
        plan: Plan,
        /// Its integrations.
        limit: u64,
        /// The integrations at work.
        used: u64,
    },
}

impl Refusal for IntegrationError {
    fn kind(&self) -> Kind {
        match self {
            Self::SecretMissing => Kind::Conflict,
            Self::OverPlan { .. } => Kind::OverPlan,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::SecretMissing => "integration_secret_missing",
            Self::OverPlan { .. } => "workspace_integration_limit",
        }
    }

    fn details(&self) -> Details {
        match *self {
            Self::SecretMissing => Details::default(),
            Self::OverPlan { plan, limit, used } => Details {
                limit: Some(limit),
                used: Some(used),
                upgrade_to: plan.with_more(|limits| limits.integrations),
                ..Details::default()
            },
        }
    }
}

impl Integration {
    /// Whether it is at work.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.kept().is_some()
    }

    /// Its secret, if it has one.
    #[must_use]
    pub const fn kept(&self) -> Option<&KeptSecret> {
        match &self.state {
            State::Enabled { secret } => Some(secret),
            State::Removed => None,
        }
    }

    /// The integration without its secret, or `None` if it has none.
    #[must_use]
    pub fn removed(&self, now: Timestamp) -> Option<Self> {
        self.is_enabled().then(|| Self { state: State::Removed, ..self.clone() }.changed(now))
    }

    fn changed(self, now: Timestamp) -> Self {
        Self { version: self.version.saturating_add(1), updated_at: now, ..self }
    }
}

/// What `before` becomes by `wanted`, or `None` if that changes nothing; a new secret would be kept under the id `fresh`.
/// `used` integrations of `workspace` are at work, on `plan`.
///
/// # Errors
/// [`IntegrationError`].
pub fn set_up(
    (workspace, before): (WorkspaceId, Option<&Integration>),
    wanted: &Wanted,
    fresh: SecretId,
    (plan, used): (Plan, u64),
    now: Timestamp,
) -> Result<Option<Integration>, IntegrationError> {
    let present = before.and_then(Integration::kept);
    if let Some(limit) = plan.limits().integrations.filter(|limit| present.is_none() && used >= *limit) {
        return Err(IntegrationError::OverPlan { plan, limit, used });
    }
    let given = wanted.secret.as_ref().map(|secret| KeptSecret { id: fresh, hint: secret.hint() });
    let secret = given.or_else(|| present.cloned()).ok_or(IntegrationError::SecretMissing)?;
    let name = wanted.name.as_ref().or(before.map(|before| &before.name));
    let events = wanted.events.as_ref().or(before.map(|before| &before.events));
    let next = Integration {
        workspace,
        name: name.cloned().unwrap_or_else(|| wanted.config.kind().usual_name()),
        config: wanted.config.clone(),
        events: events.cloned().unwrap_or_else(|| BTreeSet::from(Event::ALL)),
        state: State::Enabled { secret },
        version: before.map_or(0, |before| before.version),
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: before.map_or(now, |before| before.updated_at),
    };
    Ok(Some(next).filter(|next| before != Some(next)).map(|next| next.changed(now)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Fresh;
    use expect_test::{Expect, expect};
    use serde_json::json;
    use ulid::Ulid;

    fn wanted(url: &str, secret: Option<&str>) -> Wanted {
        let config = json!({"url": url});
        let secret = secret.map(|secret| secret.parse().unwrap());
        let config = Config::read(IntegrationType::Webhook, config.as_object().unwrap()).unwrap();
        Wanted { name: None, config, secret, events: None }
    }

    fn set(before: Option<&Integration>, wanted: &Wanted, used: u64) -> Result<Option<Integration>, IntegrationError> {
        let now = "2026-11-01T00:00:00Z".parse().unwrap();
        let fresh = SecretId::fresh(Ulid::from_parts(before.map_or(1, |before| before.version + 1), 0));
        set_up((WorkspaceId::NIL, before), wanted, fresh, (Plan::Free, used), now)
    }

    fn enabled() -> Integration {
        set(None, &wanted("https://a.example/", Some("0123456789abcdef")), 0).unwrap().unwrap()
    }

    #[track_caller]
    fn check(before: Option<&Integration>, wanted: &Wanted, used: u64, expected: Expect) {
        let said = match set(before, wanted, used) {
            Ok(None) => "nothing".to_owned(),
            Ok(Some(next)) => {
                let secret = next.kept().map(|kept| format!("{} {:?}", kept.id, kept.hint));
                format!("{} version {}, {} events, {}", next.name, next.version, next.events.len(), secret.unwrap())
            }
            Err(error) => error.code().to_owned(),
        };
        expected.assert_eq(&said);
    }

    #[test]
    fn setting_up() {
        let (a, b) = ("https://a.example/", "https://b.example/");
        let first =
            expect![[r#"Webhook version 1, 8 events, sec_00000000010000000000000000 Some(SecretHint("cdef"))"#]];
        check(None, &wanted(a, Some("0123456789abcdef")), 0, first);
        check(None, &wanted(a, None), 0, expect!["integration_secret_missing"]);
        check(None, &wanted(a, Some("0123456789abcdef")), 1, expect!["workspace_integration_limit"]);

        let before = enabled();
        check(Some(&before), &wanted(a, None), 1, expect!["nothing"]);
        let moved =
            expect![[r#"Webhook version 2, 8 events, sec_00000000010000000000000000 Some(SecretHint("cdef"))"#]];
        check(Some(&before), &wanted(b, None), 5, moved);
        let rolled =
            expect![[r#"Webhook version 2, 8 events, sec_00000000020000000000000000 Some(SecretHint("4567"))"#]];
        check(Some(&before), &wanted(a, Some("abcdefghijkl01234567")), 5, rolled);

        let removed = before.removed(Timestamp::UNIX_EPOCH).unwrap();
        check(Some(&removed), &wanted(a, None), 0, expect!["integration_secret_missing"]);
        check(Some(&removed), &wanted(a, Some("0123456789abcdef")), 1, expect!["workspace_integration_limit"]);
        let again =
            expect![[r#"Webhook version 3, 8 events, sec_00000000030000000000000000 Some(SecretHint("cdef"))"#]];
        check(Some(&removed), &wanted(a, Some("0123456789abcdef")), 0, again);
    }

    #[test]
    fn removing_keeps_all_but_the_secret() {
        let removed = enabled().removed(Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((removed.version, removed.is_enabled(), removed.kept()), (2, false, None));
        assert_eq!(removed.config, enabled().config);
        assert_eq!(removed.removed(Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn nothing_of_the_secret_is_printed() {
        let text = format!("{:?}", wanted("https://a.example/", Some("0123456789abcdef")));
        assert!(!text.contains("0123456789abcdef"), "{text}");
    }
}
