//! Integrations: the connections of a workspace to other services, one of each type, and the rules to set up and remove
//! one.

pub mod delivery;
mod destination;
mod event;
mod fields;
mod health;
pub mod incident;
mod kind;
mod occurrence;
pub mod orphan;
mod outgoing;
pub mod reach;

pub use destination::{Destination, Setup, recorded};
pub use event::{Event, UnknownEvent};
pub use fields::{ConfigFieldError, ConfigFieldErrors};
pub use health::{Failing, Health, HealthStatus};
pub use kind::{Config, IntegrationType, UnknownType, signed_headers, vendor, webhook_secret};
pub use occurrence::{IntegrationNotice, Occurrence, Severity, Subject};
pub use outgoing::{Outgoing, Redirects, RequestError};

use crate::{
    billing::subscription::Standing,
    error::{Details, Kind, Refusal, RefusedField},
    ids::{SecretId, UserId, WorkspaceId},
    plans::names::PlanName,
    secret::{KeptSecret, Secret},
    text::IntegrationName,
};
use delivery::{Delivery, NewEvent, RetryError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A workspace's connection to another service. There is at most one of each type.
#[derive(Debug, Clone, PartialEq)]
pub struct Integration {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The name shown to members.
    pub name: IntegrationName,
    /// The config, which determines the type.
    pub config: Config,
    /// The events to deliver.
    pub events: BTreeSet<Event>,
    /// Enabled, disabled or removed.
    pub state: IntegrationState,
    /// Grows with every change.
    pub version: u64,
    /// The setup of its present receiver. What happened before it is not sent there.
    pub setup: Setup,
    /// Time at which it was first set up.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// The member who last changed it. If Berth disables it, the change is attributed to them.
    pub changed_by: UserId,
}

/// State of an integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum IntegrationState {
    /// The integration is enabled, and counts against the plan's limit.
    Enabled {
        /// The stored secret.
        secret: KeptSecret,
    },
    /// Berth disabled it; its secret is kept.
    Disabled {
        /// The stored secret.
        secret: KeptSecret,
        /// Reason for disabling it.
        cause: Cause,
        /// Time at which that happened; `None` if an earlier version did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    /// The integration was removed, and its secret deleted.
    Removed,
}

/// Reasons for which Berth disables an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = DisablingCause))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The receiver reported that it is permanently gone.
    Gone,
    /// No delivery has succeeded for days.
    Failing,
}

impl Cause {
    /// Description of the reason for customers.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Gone => "the receiver answered 410: it is gone for good",
            Self::Failing => "nothing has arrived there for five days, in at least five attempts",
        }
    }
}

/// A member's settings for an integration. Omitted fields stay unchanged, or have their defaults at first.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegrationSettings {
    /// The name; by default, the name of its type.
    pub name: Option<IntegrationName>,
    /// The config, which determines the type.
    pub config: Config,
    /// A new secret; required if the integration has none, and if the destination changes.
    pub secret: Option<Secret>,
    /// The events to deliver; by default, [`Event::usual`].
    pub events: Option<BTreeSet<Event>>,
}

/// Reasons to refuse the setup of an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntegrationError {
    /// The integration has no secret, and none was sent.
    #[error("this integration has no secret; set it up with one")]
    SecretMissing,
    /// The destination changes, and no secret was sent for it.
    #[error("config.{setting} changes where the integration sends; send the secret together with it")]
    SecretRequired {
        /// The setting that changes the destination.
        setting: &'static str,
    },
    /// The plan allows no further integration.
    #[error("the plan allows no further integration; remove one or upgrade the plan")]
    OverPlan {
        /// The smallest larger plan that allows more.
        upgrade_to: Option<PlanName>,
        /// The plan's limit.
        limit: u64,
        /// The number of enabled integrations.
        used: u64,
    },
}

impl Refusal for IntegrationError {
    fn kind(&self) -> Kind {
        match self {
            Self::SecretMissing => Kind::Conflict,
            Self::SecretRequired { .. } => Kind::Incomplete,
            Self::OverPlan { .. } => Kind::OverPlan,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::SecretMissing => "integration_secret_missing",
            Self::SecretRequired { .. } => "secret_required",
            Self::OverPlan { .. } => "workspace_integration_limit",
        }
    }

    fn details(&self) -> Details {
        match *self {
            Self::SecretMissing => Details::default(),
            Self::SecretRequired { setting } => {
                let message =
                    format!("is required, since config.{setting} changes: a secret stays where it was entered for");
                Details { field: Some(RefusedField { field: "secret", message }), ..Details::default() }
            }
            Self::OverPlan { upgrade_to, limit, used } => {
                Details { limit: Some(limit), used: Some(used), upgrade_to, ..Details::default() }
            }
        }
    }
}

impl Integration {
    /// True if it is enabled.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        match self.state {
            IntegrationState::Enabled { .. } => true,
            IntegrationState::Disabled { .. } | IntegrationState::Removed => false,
        }
    }

    /// True if it is enabled and subscribed to `event`. A receiver that keeps alerts also gets what ends the alerts that it is
    /// subscribed to.
    #[must_use]
    pub fn is_subscribed_to(&self, event: Event) -> bool {
        let ends = || event.opener().filter(|_| self.config.kind().keeps_alerts());
        self.is_enabled()
            && (self.events.contains(&event) || ends().is_some_and(|opener| self.events.contains(&opener)))
    }

    /// Returns the delivery of a new event, with its first attempt started at `now`. `None` if the integration is not to
    /// receive the event: it is disabled, not subscribed, or got its receiver later.
    #[must_use]
    pub fn first_delivery(&self, event: NewEvent, now: Timestamp) -> Option<Delivery> {
        let receives = self.is_subscribed_to(event.occurrence.event()) && self.setup.at <= event.at;
        receives.then(|| Delivery::first(self.workspace, self.config.kind(), self.setup, event, now))
    }

    /// True if the integration, as it is now, is to receive `delivery`: it is enabled and subscribed, and has the
    /// receiver that the delivery is for.
    #[must_use]
    pub fn receives(&self, delivery: &Delivery) -> bool {
        delivery.is_for(self.setup) && self.is_subscribed_to(delivery.occurrence.event())
    }

    /// Schedules another attempt of `delivery` at `now`, at a member's request. The receiver of now gets it.
    ///
    /// # Errors
    /// [`RetryError`] if the integration is disabled or does not receive the event, or an attempt is pending.
    pub fn retry(&self, delivery: &Delivery, now: Timestamp) -> Result<Delivery, RetryError> {
        match (self.is_enabled(), self.is_subscribed_to(delivery.occurrence.event())) {
            (true, true) => delivery.retried(self.setup, now),
            (true, false) => Err(RetryError::NotSelected),
            (false, _) => Err(RetryError::Disabled),
        }
    }

    /// The events of the audit log that it gets.
    #[must_use]
    pub fn audit_events(&self) -> Vec<Event> {
        let selected = self.events.iter().copied().filter(|event| event.is_of_audit());
        selected.filter(|_| self.is_enabled()).collect()
    }

    /// True if the audit log goes where it did not go `before`: another event of it, receiver or secret.
    #[must_use]
    pub fn sends_audit_elsewhere(&self, before: Option<&Self>) -> bool {
        let events = self.audit_events();
        let goes_there = |before: &Self| {
            before.audit_events() == events && before.config == self.config && before.kept() == self.kept()
        };
        !events.is_empty() && !before.is_some_and(goes_there)
    }

    /// The stored secret, if there is one.
    #[must_use]
    pub const fn kept(&self) -> Option<&KeptSecret> {
        match &self.state {
            IntegrationState::Enabled { secret } | IntegrationState::Disabled { secret, .. } => Some(secret),
            IntegrationState::Removed => None,
        }
    }

    /// Removes the integration's secret on behalf of `by`; `None` if it has none.
    #[must_use]
    pub fn removed(&self, by: UserId, now: Timestamp) -> Option<Self> {
        self.kept()?;
        Some(Self { state: IntegrationState::Removed, changed_by: by, ..self.clone() }.changed(now))
    }

    /// Disables the integration on behalf of Berth; `None` if it is not enabled.
    #[must_use]
    pub fn disabled(&self, cause: Cause, now: Timestamp) -> Option<Self> {
        match &self.state {
            IntegrationState::Enabled { secret } => {
                let state = IntegrationState::Disabled { secret: secret.clone(), cause, at: Some(now) };
                Some(Self { state, ..self.clone() }.changed(now))
            }
            IntegrationState::Disabled { .. } | IntegrationState::Removed => None,
        }
    }

    /// Enables the integration on behalf of `by`; `None` if it is enabled. `used` others are enabled in a workspace
    /// with this `standing`.
    ///
    /// # Errors
    /// [`IntegrationError`] if it has no secret, or the plan's limit is reached.
    pub fn enabled(
        &self,
        by: UserId,
        (standing, used): (&Standing, u64),
        now: Timestamp,
    ) -> Result<Option<Self>, IntegrationError> {
        match &self.state {
            IntegrationState::Enabled { .. } => Ok(None),
            IntegrationState::Removed => Err(IntegrationError::SecretMissing),
            IntegrationState::Disabled { secret, .. } => {
                require_room(standing, used)?;
                let state = IntegrationState::Enabled { secret: secret.clone() };
                Ok(Some(Self { state, changed_by: by, ..self.clone() }.changed(now)))
            }
        }
    }

    fn changed(self, now: Timestamp) -> Self {
        Self { version: self.version.saturating_add(1), updated_at: now, ..self }
    }
}

fn require_room(standing: &Standing, used: u64) -> Result<(), IntegrationError> {
    let meter = standing.plans.integrations();
    match standing.limit(meter) {
        Some(limit) if used >= limit => {
            Err(IntegrationError::OverPlan { upgrade_to: standing.next_with_more(meter), limit, used })
        }
        Some(_) | None => Ok(()),
    }
}

/// Applies the settings `wanted` by the member `by`; `None` if they change nothing. A new secret is stored under the id
/// `fresh` and enables the integration. `used` integrations of `workspace` are enabled, in its `standing`. A stored
/// secret is kept for the destination that it was entered for only.
///
/// # Errors
/// [`IntegrationError`] if it has no secret, the destination changes without one, or the plan's limit is reached.
pub fn set_up(
    (workspace, before): (WorkspaceId, Option<&Integration>),
    (wanted, by): (&IntegrationSettings, UserId),
    fresh: SecretId,
    (standing, used): (&Standing, u64),
    now: Timestamp,
) -> Result<Option<Integration>, IntegrationError> {
    let moved_by = before.and_then(|before| before.config.moved_by(&wanted.config));
    let state = match (wanted.secret.as_ref(), before.map(|before| &before.state)) {
        (Some(secret), _) => IntegrationState::Enabled { secret: KeptSecret { id: fresh, hint: secret.hint() } },
        (None, Some(state @ (IntegrationState::Enabled { .. } | IntegrationState::Disabled { .. }))) => {
            match moved_by {
                Some(setting) => return Err(IntegrationError::SecretRequired { setting }),
                None => state.clone(),
            }
        }
        (None, None | Some(IntegrationState::Removed)) => {
            require_room(standing, used)?;
            return Err(IntegrationError::SecretMissing);
        }
    };
    let version = before.map_or(0, |before| before.version);
    let leads_elsewhere = match wanted.config.kind().destination() {
        Destination::Setting(_) => moved_by.is_some(),
        // Whether a new URL leads to the same place is not known.
        Destination::Secret => wanted.secret.is_some(),
    };
    let setup = before.filter(|before| before.kept().is_some() && !leads_elsewhere).map(|before| before.setup);
    let name = wanted.name.as_ref().or(before.map(|before| &before.name));
    let events = wanted.events.as_ref().or(before.map(|before| &before.events));
    let next = Integration {
        workspace,
        name: name.cloned().unwrap_or_else(|| wanted.config.kind().usual_name()),
        config: wanted.config.clone(),
        events: events.cloned().unwrap_or_else(Event::usual),
        state,
        version,
        setup: setup.unwrap_or(Setup { version: version.saturating_add(1), at: now }),
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: before.map_or(now, |before| before.updated_at),
        changed_by: before.map_or(by, |before| before.changed_by),
    };
    if before == Some(&next) {
        return Ok(None);
    }
    if next.is_enabled() && !before.is_some_and(Integration::is_enabled) {
        require_room(standing, used)?;
    }
    Ok(Some(Integration { changed_by: by, ..next }.changed(now)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::samples::{plan, plans};
    use crate::{
        ids::{EventId, Fresh},
        integrations::reach::Ports,
    };
    use expect_test::{Expect, expect};
    use serde_json::json;
    use ulid::Ulid;

    fn wanted(url: &str, secret: Option<&str>) -> IntegrationSettings {
        let config = json!({"url": url});
        let secret = secret.map(|secret| secret.parse().unwrap());
        let config = Config::read(IntegrationType::Webhook, config.as_object().unwrap(), &Ports::default()).unwrap();
        IntegrationSettings { name: None, config, secret, events: None }
    }

    fn set(
        before: Option<&Integration>,
        wanted: &IntegrationSettings,
        used: u64,
    ) -> Result<Option<Integration>, IntegrationError> {
        let now = "2026-11-01T00:00:00Z".parse().unwrap();
        let fresh = SecretId::fresh(Ulid::from_parts(before.map_or(1, |before| before.version + 1), 0));
        set_up(
            (WorkspaceId::NIL, before),
            (wanted, UserId::NIL),
            fresh,
            (&Standing::paid(plans(), plan("free")), used),
            now,
        )
    }

    fn enabled() -> Integration {
        set(None, &wanted("https://a.example/", Some("0123456789abcdef")), 0).unwrap().unwrap()
    }

    #[track_caller]
    fn check(before: Option<&Integration>, wanted: &IntegrationSettings, used: u64, expected: Expect) {
        let said = match set(before, wanted, used) {
            Ok(None) => "nothing".to_owned(),
            Ok(Some(next)) => {
                let secret = next.kept().map(|kept| format!("{} {:?}", kept.id, kept.hint)).unwrap();
                let (name, events, setup) = (next.name, next.events.len(), next.setup.version);
                format!("{name} version {}, setup {setup}, {events} events, {secret}", next.version)
            }
            Err(error) => error.code().to_owned(),
        };
        expected.assert_eq(&said);
    }

    #[test]
    fn setup_by_previous_state() {
        let (a, b) = ("https://a.example/", "https://b.example/");
        let first = expect![[
            r#"Webhook version 1, setup 1, 9 events, sec_00000000010000000000000000 Some(SecretHint("cdef"))"#
        ]];
        check(None, &wanted(a, Some("0123456789abcdef")), 0, first);
        check(None, &wanted(a, None), 0, expect!["integration_secret_missing"]);
        check(None, &wanted(a, Some("0123456789abcdef")), 1, expect!["workspace_integration_limit"]);

        let before = enabled();
        check(Some(&before), &wanted(a, None), 1, expect!["nothing"]);
        check(Some(&before), &wanted(b, None), 5, expect!["secret_required"]);
        let moved = expect![[
            r#"Webhook version 2, setup 2, 9 events, sec_00000000020000000000000000 Some(SecretHint("4567"))"#
        ]];
        check(Some(&before), &wanted(b, Some("abcdefghijkl01234567")), 5, moved);
        let rolled = expect![[
            r#"Webhook version 2, setup 1, 9 events, sec_00000000020000000000000000 Some(SecretHint("4567"))"#
        ]];
        check(Some(&before), &wanted(a, Some("abcdefghijkl01234567")), 5, rolled);

        let removed = before.removed(UserId::NIL, Timestamp::UNIX_EPOCH).unwrap();
        check(Some(&removed), &wanted(a, None), 0, expect!["integration_secret_missing"]);
        check(Some(&removed), &wanted(a, Some("0123456789abcdef")), 1, expect!["workspace_integration_limit"]);
        let again = expect![[
            r#"Webhook version 3, setup 3, 9 events, sec_00000000030000000000000000 Some(SecretHint("cdef"))"#
        ]];
        check(Some(&removed), &wanted(a, Some("0123456789abcdef")), 0, again);
    }

    #[test]
    fn removing_keeps_all_but_the_secret() {
        let removed = enabled().removed(UserId::NIL, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((removed.version, removed.is_enabled(), removed.kept()), (2, false, None));
        assert_eq!(removed.config, enabled().config);
        assert_eq!(removed.removed(UserId::NIL, Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn a_disabled_integration_keeps_its_secret_and_obeys_the_plan() {
        let (by, now) = (UserId::NIL, Timestamp::UNIX_EPOCH);
        let disabled = enabled().disabled(Cause::Failing, now).unwrap();
        assert_eq!((disabled.version, disabled.is_enabled(), disabled.kept()), (2, false, enabled().kept()));
        assert_eq!(disabled.disabled(Cause::Gone, now), None);
        let full = disabled.enabled(by, (&Standing::paid(plans(), plan("free")), 1), now).unwrap_err();
        assert_eq!(full.code(), "workspace_integration_limit");
        let again = disabled.enabled(by, (&Standing::paid(plans(), plan("free")), 0), now).unwrap().unwrap();
        assert_eq!((again.version, again.is_enabled(), again.kept()), (3, true, enabled().kept()));
        assert_eq!(again.enabled(by, (&Standing::paid(plans(), plan("free")), 1), now), Ok(None));
        let removed = disabled.removed(by, now).unwrap();
        assert_eq!(
            removed.enabled(by, (&Standing::paid(plans(), plan("free")), 0), now),
            Err(IntegrationError::SecretMissing)
        );

        // Without a new secret, other settings change and the integration stays disabled; with one, it is enabled.
        let named = IntegrationSettings { name: Some("Ours".parse().unwrap()), ..wanted("https://a.example/", None) };
        let named = set(Some(&disabled), &named, 1).unwrap().unwrap();
        assert_eq!((named.is_enabled(), named.kept()), (false, disabled.kept()));
        let moved = set(Some(&disabled), &wanted("https://b.example/", None), 1);
        assert_eq!(moved, Err(IntegrationError::SecretRequired { setting: "url" }));
        let rolled = wanted("https://b.example/", Some("abcdefghijkl01234567"));
        assert_eq!(set(Some(&disabled), &rolled, 1).unwrap_err().code(), "workspace_integration_limit");
        assert!(set(Some(&disabled), &rolled, 0).unwrap().unwrap().is_enabled());
    }

    #[test]
    fn a_new_secret_url_is_a_new_setup() {
        let url = |last: &str| format!("https://hooks.slack.com/services/T0/B0/{last}");
        let slack = |channel: &str, secret: Option<&str>| IntegrationSettings {
            config: Config::read(
                IntegrationType::Slack,
                json!({"channel": channel}).as_object().unwrap(),
                &Ports::default(),
            )
            .unwrap(),
            secret: secret.map(|last| url(last).parse().unwrap()),
            name: None,
            events: None,
        };
        let first = set(None, &slack("one", Some("XXXX")), 0).unwrap().unwrap();
        let named = set(Some(&first), &slack("other", None), 1).unwrap().unwrap();
        assert_eq!((named.version, named.setup.version), (2, 1));
        let moved = set(Some(&named), &slack("other", Some("YYYY")), 1).unwrap().unwrap();
        assert_eq!((moved.version, moved.setup.version), (3, 3));
    }

    #[test]
    fn only_enabled_integrations_receive_their_events() {
        let one = IntegrationSettings {
            events: Some([Event::PlanChanged].into()),
            ..wanted("https://a.example/", Some("0123456789abcdef"))
        };
        let one = set(None, &one, 0).unwrap().unwrap();
        assert!(one.is_subscribed_to(Event::PlanChanged) && !one.is_subscribed_to(Event::MemberJoined));
        assert!(!one.disabled(Cause::Gone, Timestamp::UNIX_EPOCH).unwrap().is_subscribed_to(Event::PlanChanged));
    }

    /// Invariant 36.
    #[test]
    fn integrations_receive_events_since_their_setup() {
        let later = "2026-11-02T00:00:00Z".parse().unwrap();
        let event = |at| NewEvent { id: EventId::NIL, occurrence: Occurrence::RuntimeStarted { generation: 1 }, at };
        let one = enabled();
        let delivery = one.first_delivery(event(one.setup.at), later).unwrap();
        assert!(one.receives(&delivery));
        let before = one.setup.at - jiff::SignedDuration::from_millis(1);
        assert_eq!(one.first_delivery(event(before), later), None);
        let moved = Integration { setup: Setup { version: 7, at: later }, ..one.clone() };
        assert!(!moved.receives(&delivery));
        let ended = delivery.abandoned(later);
        assert!(moved.receives(&moved.retry(&ended, later).unwrap()));
        let others = Integration { events: [Event::PlanChanged].into(), ..one.clone() };
        assert_eq!(others.retry(&ended, later), Err(RetryError::NotSelected));
        let disabled = one.disabled(Cause::Gone, later).unwrap();
        assert_eq!(disabled.retry(&ended, later), Err(RetryError::Disabled));
        for other in [others, disabled] {
            assert!(!other.receives(&delivery) && other.first_delivery(event(later), later).is_none());
        }
    }

    #[test]
    fn a_receiver_of_alerts_gets_what_ends_them() {
        let object = json!({});
        let pagerduty =
            Config::read(IntegrationType::Pagerduty, object.as_object().unwrap(), &Ports::default()).unwrap();
        let only = |config: &Config| {
            let events = Some([Event::RuntimeFailed].into());
            let wanted = wanted("https://a.example/", Some("0123456789abcdef"));
            set(None, &IntegrationSettings { config: config.clone(), events, ..wanted }, 0).unwrap().unwrap()
        };
        let alerts = only(&pagerduty);
        for event in [Event::RuntimeFailed, Event::RuntimeStarted, Event::RuntimeStopped] {
            assert!(alerts.is_subscribed_to(event), "{event}");
        }
        for event in [Event::PaymentFailed, Event::PaymentRecovered, Event::MemberJoined] {
            assert!(!alerts.is_subscribed_to(event), "{event}");
        }
        assert!(!only(&enabled().config).is_subscribed_to(Event::RuntimeStarted), "others get what they ask for");
    }

    #[test]
    fn debug_output_hides_the_secret() {
        let text = format!("{:?}", wanted("https://a.example/", Some("0123456789abcdef")));
        assert!(!text.contains("0123456789abcdef"), "{text}");
    }
}
