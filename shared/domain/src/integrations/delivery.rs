//! The delivery of one event to one integration: its attempts, how each went, and when the next is.

use crate::{
    error::{Kind, Refusal},
    ids::{DeliveryId, EventId, WorkspaceId},
    integrations::{IntegrationType, Occurrence},
    outbox::Message,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long after each attempt that failed the next one is. After the last of these, none follows.
const WAITS: [SignedDuration; 7] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
];

/// The longest that a receiver may ask us to wait.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// How long an attempt may be under way: far longer than one takes, so that nothing of it is when the next begins.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// For how long a delivery that has ended is shown.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// For how long an integration may fail without a single success before it is taken off work.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(5 * 24);

/// The delivery of one event to one integration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Whose integration it is for.
    pub workspace: WorkspaceId,
    /// Which integration.
    pub integration: IntegrationType,
    /// The event's id.
    pub event: EventId,
    /// What happened.
    pub occurrence: Occurrence,
    /// When.
    pub at: Timestamp,
    /// How many attempts were begun.
    pub attempts: u32,
    /// How far it is.
    pub state: State,
    /// How the last attempt that ended went.
    pub last: Option<Attempt>,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// An attempt is under way, or ended without a word.
    UnderWay {
        /// From when on it is taken for the latter.
        until: Timestamp,
    },
    /// The next attempt is to come.
    Waiting {
        /// When.
        until: Timestamp,
    },
    /// It has arrived.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// It has not arrived, and no further attempt is made by itself.
    Failed {
        /// When the last one ended.
        at: Timestamp,
    },
}

/// How an attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub latency_ms: u64,
    /// The HTTP status that the receiver answered, if it did.
    pub status: Option<u16>,
    /// Why it failed; `None` if it did not.
    pub class: Option<Class>,
    /// How long the receiver asks us to wait, in seconds.
    pub retry_after: Option<u32>,
}

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", schema(title = "FailureClass"))]
pub enum Class {
    /// The host's name leads nowhere.
    Dns,
    /// Nobody takes the connection, or it breaks off without an answer that is one.
    Refused,
    /// No encrypted connection comes about.
    Tls,
    /// There is no answer in time.
    Timeout,
    /// The answer is no success.
    Status,
    /// The host is no place that Berth may be sent to.
    Blocked,
}

/// Why a delivery is not retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RetryError {
    /// There is none of this id.
    #[error("there is no such delivery")]
    Absent,
    /// Its integration is not at work.
    #[error("this integration is not enabled; enable it, then try the delivery again")]
    Disabled,
    /// An attempt is under way.
    #[error("an attempt is under way; look again in a minute")]
    UnderWay,
}

impl Refusal for RetryError {
    fn kind(&self) -> Kind {
        match self {
            Self::Absent => Kind::Absent,
            Self::Disabled | Self::UnderWay => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Absent => "delivery_not_found",
            Self::Disabled => "integration_disabled",
            Self::UnderWay => "delivery_under_way",
        }
    }
}

impl Class {
    /// What a customer is told, so that he can act on it. Nothing of what his receiver answered is repeated.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Dns => "the host's name could not be resolved; check the name and its DNS records",
            Self::Refused => "no connection came about, or it broke off; check that the receiver runs and takes HTTPS",
            Self::Tls => "no encrypted connection came about; check the receiver's certificate and its chain",
            Self::Timeout => "there was no whole answer within 5 seconds; answer first and work afterwards",
            Self::Status => "the receiver did not answer with a status from 200 to 299",
            Self::Blocked => "the host is no place on the public Internet; use one that is",
        }
    }
}

impl Attempt {
    /// Whether it arrived.
    #[must_use]
    pub const fn succeeded(&self) -> bool {
        self.class.is_none()
    }

    /// Whether the receiver says that it is gone for good: 410.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.status == Some(410)
    }

    /// How it failed, for people.
    #[must_use]
    pub fn message(&self) -> Option<String> {
        let words = self.class?.words();
        Some(self.status.map_or_else(|| words.to_owned(), |status| format!("{words}; it answered {status}")))
    }
}

impl State {
    /// When something must happen.
    #[must_use]
    pub const fn due(&self) -> Option<Timestamp> {
        match self {
            Self::UnderWay { until } | Self::Waiting { until } => Some(*until),
            Self::Delivered { .. } | Self::Failed { .. } => None,
        }
    }
}

impl Delivery {
    /// The delivery of an event that has just been heard of, its first attempt begun at `now`.
    #[must_use]
    pub fn first(
        (workspace, integration): (WorkspaceId, IntegrationType),
        (event, occurrence): (EventId, Occurrence),
        at: Timestamp,
        now: Timestamp,
    ) -> Self {
        let state = State::UnderWay { until: after(now, LEASE) };
        let id = DeliveryId::of(event, integration.name());
        Self { id, workspace, integration, event, occurrence, at, attempts: 1, state, last: None }
    }

    /// Its next attempt, begun at `now`; `None` if none is to be made yet, or any more.
    #[must_use]
    pub fn begun(&self, now: Timestamp) -> Option<Self> {
        self.state.due().filter(|due| *due <= now)?;
        let state = State::UnderWay { until: after(now, LEASE) };
        Some(Self { attempts: self.attempts.saturating_add(1), state, ..self.clone() })
    }

    /// What it is once its attempt went like `attempt`, at `now`.
    #[must_use]
    pub fn attempted(&self, attempt: Attempt, now: Timestamp) -> Self {
        let wait = usize::try_from(self.attempts).ok().and_then(|attempts| WAITS.get(attempts.checked_sub(1)?));
        let state = match wait {
            _ if attempt.succeeded() => State::Delivered { at: now },
            Some(wait) if !attempt.is_gone() => {
                let asked = SignedDuration::from_secs(attempt.retry_after.unwrap_or_default().into());
                State::Waiting { until: after(now, asked.min(LONGEST_WAIT).max(*wait)) }
            }
            Some(_) | None => State::Failed { at: now },
        };
        Self { state, last: Some(attempt), ..self.clone() }
    }

    /// The same given up at `now`, if its last attempt ended without a word and none is left; `None` if there is more to do.
    #[must_use]
    pub fn lost(&self, now: Timestamp) -> Option<Self> {
        let used_up = usize::try_from(self.attempts).is_ok_and(|attempts| attempts > WAITS.len());
        match self.state {
            State::UnderWay { until } if until <= now && used_up => Some(self.abandoned(now)),
            State::UnderWay { .. } | State::Waiting { .. } | State::Delivered { .. } | State::Failed { .. } => None,
        }
    }

    /// The same, given up at `now`, because its integration is not at work any more or no attempt is left.
    #[must_use]
    pub fn abandoned(&self, now: Timestamp) -> Self {
        Self { state: State::Failed { at: now }, ..self.clone() }
    }

    /// The message that has its next attempt made.
    #[must_use]
    pub const fn message(&self) -> Message {
        Message::Delivery { workspace: self.workspace, integration: self.integration, delivery: self.id }
    }

    /// The same, not due before `until`.
    #[must_use]
    pub fn put_off(&self, until: Timestamp) -> Self {
        let state = match self.state {
            State::UnderWay { .. } => State::UnderWay { until },
            State::Waiting { .. } => State::Waiting { until },
            State::Delivered { .. } | State::Failed { .. } => self.state,
        };
        Self { state, ..self.clone() }
    }

    /// The same, to be tried again at `now` because somebody asks for it.
    ///
    /// # Errors
    /// [`RetryError::UnderWay`].
    pub fn retried(&self, now: Timestamp) -> Result<Self, RetryError> {
        match self.state {
            State::UnderWay { until } if now < until => Err(RetryError::UnderWay),
            State::UnderWay { .. } | State::Waiting { .. } | State::Delivered { .. } | State::Failed { .. } => {
                Ok(Self { state: State::Waiting { until: now }, ..self.clone() })
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

    fn first() -> Delivery {
        let occurrence = Occurrence::RuntimeStarted { generation: 1 };
        Delivery::first((WorkspaceId::NIL, IntegrationType::Slack), (EventId::NIL, occurrence), NOW, NOW)
    }

    fn answered(status: u16, retry_after: Option<u32>) -> Attempt {
        let class = (!(200..300).contains(&status)).then_some(Class::Status);
        Attempt { at: NOW, latency_ms: 1, status: Some(status), class, retry_after }
    }

    #[test]
    fn attempts_that_fail_are_repeated_at_growing_distances_and_then_no_more() {
        let (mut delivery, mut now, mut waits) = (first(), NOW, Vec::new());
        loop {
            delivery = delivery.attempted(answered(500, None), now);
            let State::Waiting { until } = delivery.state else { break };
            waits.push(format!("{:#}", until.duration_since(now)));
            assert_eq!(delivery.begun(until - SignedDuration::from_millis(1)), None, "it is not time yet");
            now = until;
            delivery = delivery.begun(now).unwrap();
        }
        expect!["5s, 5m, 30m, 2h, 5h, 10h, 10h"].assert_eq(&waits.join(", "));
        assert_eq!((delivery.attempts, delivery.state), (8, State::Failed { at: now }));
        assert_eq!(delivery.begun(Timestamp::MAX), None);
    }

    #[test]
    fn a_success_ends_it() {
        let delivered = first().attempted(answered(204, Some(9)), NOW);
        assert_eq!((delivered.state, delivered.state.due()), (State::Delivered { at: NOW }, None));
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_but_not_for_less_and_not_for_ever() {
        let wait = |asked| first().attempted(answered(429, Some(asked)), NOW).state.due().unwrap().as_second();
        assert_eq!([0, 4, 60, 86_400, u32::MAX].map(wait), [5, 5, 60, 86_400, 86_400]);
    }

    #[test]
    fn a_receiver_that_is_gone_is_not_asked_again() {
        assert_eq!(first().attempted(answered(410, None), NOW).state, State::Failed { at: NOW });
    }

    #[test]
    fn one_that_ended_without_a_word_is_begun_again_after_its_lease() {
        let delivery = first();
        assert_eq!(delivery.begun(NOW + SignedDuration::from_secs(59)), None);
        assert_eq!(delivery.begun(NOW + LEASE).unwrap().attempts, 2);
    }

    #[test]
    fn one_that_always_ends_without_a_word_is_given_up() {
        let (mut delivery, mut now) = (first(), NOW);
        for _ in 1..8 {
            now += LEASE;
            assert_eq!(delivery.lost(now), None);
            delivery = delivery.begun(now).unwrap();
        }
        assert_eq!(delivery.lost(now), None, "its attempt is under way");
        assert_eq!(delivery.lost(now + LEASE).unwrap().state, State::Failed { at: now + LEASE });
    }

    #[test]
    fn a_person_may_have_it_tried_again_unless_it_is_being_tried() {
        assert_eq!(first().retried(NOW), Err(RetryError::UnderWay));
        let failed = first().attempted(answered(410, None), NOW).retried(NOW).unwrap();
        assert_eq!((failed.state, failed.begun(NOW).unwrap().attempts), (State::Waiting { until: NOW }, 2));
        assert!(first().retried(NOW + LEASE).is_ok());
    }

    #[test]
    fn an_event_has_one_delivery_for_each_integration() {
        let id = |kind: IntegrationType| DeliveryId::of(EventId::NIL, kind.name());
        assert_eq!(id(IntegrationType::Slack), id(IntegrationType::Slack));
        assert_ne!(id(IntegrationType::Slack), id(IntegrationType::Sentry));
    }
}
