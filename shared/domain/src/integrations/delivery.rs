//! The delivery of one event to one integration: its attempts, their results, and the time of the next one.

use crate::{
    error::{Kind, Refusal},
    ids::{DeliveryId, EventId, WorkspaceId},
    integrations::{IntegrationType, Occurrence, Setup, outgoing::RequestError},
    outbox::DeliverMessage,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Delays after failed attempts. After the last of these, no attempt follows.
const WAITS: [SignedDuration; 7] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
];

/// Maximum delay that a receiver may request.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// Maximum time of an attempt: far longer than one takes, so that attempts never overlap.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Time for which a completed delivery is shown.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Time without a single success after which a failing integration is disabled, if it has failed [`FAILURES`] times.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(5 * 24);

/// Number of failed attempts without a success in between after which a failing integration is disabled, if the first
/// is [`PATIENCE`] ago.
pub const FAILURES: u32 = 5;

/// The delivery of one event to one integration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The id of the delivery.
    pub id: DeliveryId,
    /// The workspace of the integration.
    pub workspace: WorkspaceId,
    /// The integration.
    pub integration: IntegrationType,
    /// The version of the integration's setup that it is for; `None` if it was stored before setups were.
    pub setup: Option<u64>,
    /// The event's id.
    pub event: EventId,
    /// The event.
    pub occurrence: Occurrence,
    /// Time of the event.
    pub at: Timestamp,
    /// Number of attempts started.
    pub attempts: u32,
    /// State of the delivery.
    pub state: DeliveryStatus,
    /// Result of the last completed attempt.
    pub last: Option<DeliveryAttempt>,
}

/// An event to notify integrations of.
#[derive(Debug, Clone, Copy)]
pub struct NewEvent {
    /// Its id.
    pub id: EventId,
    /// The event, with its facts.
    pub occurrence: Occurrence,
    /// Its time.
    pub at: Timestamp,
}

/// State of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// An attempt is pending, or ended without a result.
    UnderWay {
        /// Time from which the attempt is considered lost.
        until: Timestamp,
    },
    /// The next attempt is scheduled.
    Waiting {
        /// Time of the next attempt.
        until: Timestamp,
    },
    /// The receiver accepted the event.
    Delivered {
        /// Time of acceptance.
        at: Timestamp,
    },
    /// The event was not accepted, and no further attempt is scheduled.
    Failed {
        /// Time at which the last attempt ended.
        at: Timestamp,
    },
}

/// Result of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryAttempt {
    /// Start of the attempt.
    pub at: Timestamp,
    /// Duration of the attempt, in milliseconds.
    pub latency_ms: u64,
    /// HTTP status that the receiver answered, if it did.
    pub status: Option<u16>,
    /// Reason for the failure; `None` for a success.
    pub class: Option<Class>,
    /// Delay that the receiver requested, in seconds.
    pub retry_after: Option<u32>,
}

/// Reason for the failure of an attempt: `dns` if the host's name could not be resolved, `refused` if there was no connection,
/// `tls` if it could not be encrypted, `timeout` if there was no complete answer in time, `status` if the receiver answered
/// another status than 200 to 299, `blocked` if the host is not on the public Internet, `retired` if the service has switched
/// off the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", schema(as = FailureClass))]
pub enum Class {
    /// The host's name could not be resolved.
    Dns,
    /// The connection was refused, or closed without a valid answer.
    Refused,
    /// No encrypted connection could be established.
    Tls,
    /// There was no answer in time.
    Timeout,
    /// The receiver answered with an error status.
    Status,
    /// The host is not on the public Internet.
    Blocked,
    /// The service has switched off the address.
    Retired,
}

/// Reasons to refuse a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RetryError {
    /// The delivery does not exist.
    #[error("there is no such delivery")]
    Absent,
    /// The integration is disabled.
    #[error("this integration is not enabled; enable it, then retry the delivery")]
    Disabled,
    /// The integration is not subscribed to the event.
    #[error("this integration does not receive this event; select the event, then retry the delivery")]
    NotSelected,
    /// An attempt is pending.
    #[error("an attempt is in progress; retry in a minute")]
    UnderWay,
}

impl Refusal for RetryError {
    fn kind(&self) -> Kind {
        match self {
            Self::Absent => Kind::Absent,
            Self::Disabled | Self::NotSelected | Self::UnderWay => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Absent => "delivery_not_found",
            Self::Disabled => "integration_disabled",
            Self::NotSelected => "event_not_selected",
            Self::UnderWay => "delivery_under_way",
        }
    }
}

impl Class {
    /// Description for customers, with a suggested fix. It repeats nothing of the receiver's answer.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Dns => "the host's name could not be resolved; check the name and its DNS records",
            Self::Refused => "the connection was refused or closed; check that the receiver runs and accepts HTTPS",
            Self::Tls => "no encrypted connection could be established; check the receiver's certificate and its chain",
            Self::Timeout => "there was no complete answer within 5 seconds; answer first, then process the event",
            Self::Status => "the receiver did not answer with a status from 200 to 299",
            Self::Blocked => "the host is not on the public Internet; use one that is",
            Self::Retired => {
                "the service has switched off addresses of this kind; set up the integration with a new one"
            }
        }
    }
}

impl From<RequestError> for Class {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::InvalidStored => Self::Blocked,
            RequestError::Retired => Self::Retired,
        }
    }
}

impl DeliveryAttempt {
    /// True if the receiver accepted the event.
    #[must_use]
    pub const fn succeeded(&self) -> bool {
        self.class.is_none()
    }

    /// True if the receiver reports that it is permanently gone, with status 410.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.status == Some(410)
    }

    /// Description of the failure at an integration of type `kind` for customers.
    #[must_use]
    pub fn message(&self, kind: IntegrationType) -> Option<String> {
        let class = self.class?;
        let words = class.words();
        if let Some(instead) = kind.instead_of_retired().filter(|_| class == Class::Retired) {
            return Some(format!("{words}: {instead}"));
        }
        Some(self.status.map_or_else(|| words.to_owned(), |status| format!("{words}; it answered {status}")))
    }
}

impl DeliveryStatus {
    /// Time at which the delivery needs attention.
    #[must_use]
    pub const fn due(&self) -> Option<Timestamp> {
        match self {
            Self::UnderWay { until } | Self::Waiting { until } => Some(*until),
            Self::Delivered { .. } | Self::Failed { .. } => None,
        }
    }
}

impl Delivery {
    /// Creates the delivery of a new event to an integration with this `setup`, with its first attempt started at `now`.
    #[must_use]
    pub fn first(
        workspace: WorkspaceId,
        integration: IntegrationType,
        setup: Setup,
        NewEvent { id: event, occurrence, at }: NewEvent,
        now: Timestamp,
    ) -> Self {
        let state = DeliveryStatus::UnderWay { until: after(now, LEASE) };
        let (id, setup) = (DeliveryId::of(event, integration.name()), Some(setup.version));
        Self { id, workspace, integration, setup, event, occurrence, at, attempts: 1, state, last: None }
    }

    /// True if the delivery is for the receiver that the integration has now, by its `setup`.
    #[must_use]
    pub fn is_for(&self, setup: Setup) -> bool {
        match self.setup {
            Some(version) => version == setup.version,
            None => setup.at <= self.at,
        }
    }

    /// Starts the next attempt at `now`; `None` if it is not due yet, or none is left.
    #[must_use]
    pub fn begun(&self, now: Timestamp) -> Option<Self> {
        self.state.due().filter(|due| *due <= now)?;
        let state = DeliveryStatus::UnderWay { until: after(now, LEASE) };
        Some(Self { attempts: self.attempts.saturating_add(1), state, ..self.clone() })
    }

    /// Records the result of the pending attempt at `now`.
    #[must_use]
    pub fn attempted(&self, attempt: DeliveryAttempt, now: Timestamp) -> Self {
        let wait = usize::try_from(self.attempts).ok().and_then(|attempts| WAITS.get(attempts.checked_sub(1)?));
        let state = match wait {
            _ if attempt.succeeded() => DeliveryStatus::Delivered { at: now },
            Some(wait) if !attempt.is_gone() && attempt.class != Some(Class::Retired) => {
                let asked = SignedDuration::from_secs(attempt.retry_after.unwrap_or_default().into());
                DeliveryStatus::Waiting { until: after(now, asked.min(LONGEST_WAIT).max(*wait)) }
            }
            Some(_) | None => DeliveryStatus::Failed { at: now },
        };
        Self { state, last: Some(attempt), ..self.clone() }
    }

    /// Gives the delivery up at `now`, if its last attempt was lost and none is left; `None` if there is more to do.
    #[must_use]
    pub fn lost(&self, now: Timestamp) -> Option<Self> {
        let used_up = usize::try_from(self.attempts).is_ok_and(|attempts| attempts > WAITS.len());
        match self.state {
            DeliveryStatus::UnderWay { until } if until <= now && used_up => Some(self.abandoned(now)),
            DeliveryStatus::UnderWay { .. }
            | DeliveryStatus::Waiting { .. }
            | DeliveryStatus::Delivered { .. }
            | DeliveryStatus::Failed { .. } => None,
        }
    }

    /// Gives the delivery up at `now`, because the integration of now is not to receive it or no attempt is left.
    #[must_use]
    pub fn abandoned(&self, now: Timestamp) -> Self {
        Self { state: DeliveryStatus::Failed { at: now }, ..self.clone() }
    }

    /// The message that triggers the next attempt.
    #[must_use]
    pub const fn message(&self) -> DeliverMessage {
        DeliverMessage::Delivery { workspace: self.workspace, integration: self.integration, delivery: self.id }
    }

    /// Postpones the next action to `until`.
    #[must_use]
    pub fn put_off(&self, until: Timestamp) -> Self {
        let state = match self.state {
            DeliveryStatus::UnderWay { .. } => DeliveryStatus::UnderWay { until },
            DeliveryStatus::Waiting { .. } => DeliveryStatus::Waiting { until },
            DeliveryStatus::Delivered { .. } | DeliveryStatus::Failed { .. } => self.state,
        };
        Self { state, ..self.clone() }
    }

    /// Schedules another attempt at `now`, at a member's request, for the receiver that the integration has now, by its
    /// `setup`.
    ///
    /// # Errors
    /// [`RetryError::UnderWay`] if an attempt is pending.
    pub fn retried(&self, setup: Setup, now: Timestamp) -> Result<Self, RetryError> {
        match self.state {
            DeliveryStatus::UnderWay { until } if now < until => Err(RetryError::UnderWay),
            DeliveryStatus::UnderWay { .. }
            | DeliveryStatus::Waiting { .. }
            | DeliveryStatus::Delivered { .. }
            | DeliveryStatus::Failed { .. } => {
                let (state, setup) = (DeliveryStatus::Waiting { until: now }, Some(setup.version));
                Ok(Self { state, setup, ..self.clone() })
            }
        }
    }
}

fn after(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    const SETUP: Setup = Setup { version: 1, at: NOW };

    fn first() -> Delivery {
        let event = NewEvent { id: EventId::NIL, occurrence: Occurrence::RuntimeStarted { generation: 1 }, at: NOW };
        Delivery::first(WorkspaceId::NIL, IntegrationType::Slack, SETUP, event, NOW)
    }

    fn answered(status: u16, retry_after: Option<u32>) -> DeliveryAttempt {
        let class = (!(200..300).contains(&status)).then_some(Class::Status);
        DeliveryAttempt { at: NOW, latency_ms: 1, status: Some(status), class, retry_after }
    }

    #[test]
    fn failed_attempts_are_repeated_with_growing_delays() {
        let (mut delivery, mut now, mut waits) = (first(), NOW, Vec::new());
        loop {
            delivery = delivery.attempted(answered(500, None), now);
            let DeliveryStatus::Waiting { until } = delivery.state else { break };
            waits.push(format!("{:#}", until.duration_since(now)));
            assert_eq!(delivery.begun(until - SignedDuration::from_millis(1)), None, "the attempt is not due yet");
            now = until;
            delivery = delivery.begun(now).unwrap();
        }
        expect!["5s, 5m, 30m, 2h, 5h, 10h, 10h"].assert_eq(&waits.join(", "));
        assert_eq!((delivery.attempts, delivery.state), (8, DeliveryStatus::Failed { at: now }));
        assert_eq!(delivery.begun(Timestamp::MAX), None);
    }

    #[test]
    fn a_success_ends_the_delivery() {
        let delivered = first().attempted(answered(204, Some(9)), NOW);
        assert_eq!((delivered.state, delivered.state.due()), (DeliveryStatus::Delivered { at: NOW }, None));
    }

    #[test]
    fn a_receiver_may_request_a_longer_delay_up_to_a_day() {
        let wait = |asked| first().attempted(answered(429, Some(asked)), NOW).state.due().unwrap().as_second();
        assert_eq!([0, 4, 60, 86_400, u32::MAX].map(wait), [5, 5, 60, 86_400, 86_400]);
    }

    #[test]
    fn a_receiver_that_is_gone_is_not_asked_again() {
        assert_eq!(first().attempted(answered(410, None), NOW).state, DeliveryStatus::Failed { at: NOW });
    }

    #[test]
    fn a_switched_off_address_is_not_asked_again() {
        let attempt = DeliveryAttempt { class: Some(Class::Retired), status: None, ..answered(500, None) };
        assert_eq!(first().attempted(attempt, NOW).state, DeliveryStatus::Failed { at: NOW });
        let message = attempt.message(IntegrationType::MicrosoftTeams).unwrap();
        assert!(message.contains("switched off") && message.contains("Send webhook alerts"), "{message}");
    }

    #[test]
    fn a_lost_attempt_is_repeated_after_its_lease() {
        let delivery = first();
        assert_eq!(delivery.begun(NOW + SignedDuration::from_secs(59)), None);
        assert_eq!(delivery.begun(NOW + LEASE).unwrap().attempts, 2);
    }

    #[test]
    fn a_delivery_with_only_lost_attempts_is_given_up() {
        let (mut delivery, mut now) = (first(), NOW);
        for _ in 1..8 {
            now += LEASE;
            assert_eq!(delivery.lost(now), None);
            delivery = delivery.begun(now).unwrap();
        }
        assert_eq!(delivery.lost(now), None, "its attempt is pending");
        assert_eq!(delivery.lost(now + LEASE).unwrap().state, DeliveryStatus::Failed { at: now + LEASE });
    }

    #[test]
    fn a_member_may_retry_unless_an_attempt_is_pending() {
        assert_eq!(first().retried(SETUP, NOW), Err(RetryError::UnderWay));
        let failed = first().attempted(answered(410, None), NOW).retried(SETUP, NOW).unwrap();
        assert_eq!((failed.state, failed.begun(NOW).unwrap().attempts), (DeliveryStatus::Waiting { until: NOW }, 2));
        assert!(first().retried(SETUP, NOW + LEASE).is_ok());
    }

    /// Invariant 36.
    #[test]
    fn a_delivery_is_for_the_receiver_that_it_was_made_for() {
        let moved = Setup { version: 7, at: NOW + LEASE };
        let delivery = first();
        assert!(delivery.is_for(SETUP) && !delivery.is_for(moved));
        let retried = delivery.retried(moved, NOW + LEASE).unwrap();
        assert!(retried.is_for(moved) && !retried.is_for(SETUP));
        // Before setups were stored, the time of the event decides.
        let old = Delivery { setup: None, ..delivery };
        assert!(old.is_for(SETUP) && !old.is_for(moved));
    }

    #[test]
    fn an_event_has_one_delivery_for_each_integration() {
        let id = |kind: IntegrationType| DeliveryId::of(EventId::NIL, kind.name());
        assert_eq!(id(IntegrationType::Slack), id(IntegrationType::Slack));
        assert_ne!(id(IntegrationType::Slack), id(IntegrationType::Sentry));
    }
}
