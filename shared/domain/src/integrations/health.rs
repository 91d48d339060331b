//! The health of an integration: its successes, its failures, and their times.

use crate::integrations::delivery::{DeliveryAttempt, FAILURES, PATIENCE};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Delivery counters of an integration, and the result of its last test.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Number of delivered events.
    pub sent: u64,
    /// Number of failed attempts.
    pub errors: u64,
    /// Time of the last success.
    pub last_sync_at: Option<Timestamp>,
    /// The last failed attempt.
    pub last_error: Option<DeliveryAttempt>,
    /// The result of the last test.
    pub last_check: Option<DeliveryAttempt>,
}

/// Health of an integration, by its last attempt or test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// The integration was not tested, and nothing was delivered yet.
    Unknown,
    /// The last attempt succeeded.
    Healthy,
    /// The last attempt failed.
    Failing,
}

/// The failed attempts of deliveries since the last success of a delivery or a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failing {
    /// Time of the first.
    pub since: Timestamp,
    /// Their number. It is not counted further than [`FAILURES`].
    pub failures: u32,
}

impl Failing {
    /// Adds an attempt that failed at `now` to those that were `seen`.
    #[must_use]
    pub fn and_one_at(seen: Option<Self>, now: Timestamp) -> Self {
        let Self { since, failures } = seen.unwrap_or(Self { since: now, failures: 0 });
        Self { since, failures: failures.saturating_add(1) }
    }

    /// True if the integration is to be disabled at `now`: its receiver has failed often enough, for long enough.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.failures >= FAILURES && now.duration_since(self.since) >= PATIENCE
    }
}

impl Health {
    /// Combines two parts: the sum of the counters, and the latest of each result.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            sent: self.sent.saturating_add(other.sent),
            errors: self.errors.saturating_add(other.errors),
            last_sync_at: self.last_sync_at.max(other.last_sync_at),
            last_error: later(self.last_error, other.last_error),
            last_check: later(self.last_check, other.last_check),
        }
    }

    /// The last failed attempt or test.
    #[must_use]
    pub fn last_failure(&self) -> Option<DeliveryAttempt> {
        later(self.last_error, self.last_check.filter(|check| !check.succeeded()))
    }

    /// Health by the last attempt or test.
    #[must_use]
    pub fn status(&self) -> HealthStatus {
        let success = self.last_sync_at.max(self.last_check.filter(DeliveryAttempt::succeeded).map(|check| check.at));
        match (success, self.last_failure().map(|failure| failure.at)) {
            (None, None) => HealthStatus::Unknown,
            (success, failure) if success >= failure => HealthStatus::Healthy,
            (_, _) => HealthStatus::Failing,
        }
    }
}

fn later(one: Option<DeliveryAttempt>, other: Option<DeliveryAttempt>) -> Option<DeliveryAttempt> {
    one.into_iter().chain(other).max_by_key(|attempt| attempt.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integrations::delivery::Class;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn attempt(second: i64, class: Option<Class>) -> DeliveryAttempt {
        DeliveryAttempt { at: at(second), latency_ms: 0, status: None, class, retry_after: None }
    }

    #[test]
    fn the_last_attempt_or_test_decides() {
        let status = |sync: Option<i64>, error: Option<i64>, check: Option<DeliveryAttempt>| {
            let last_error = error.map(|second| attempt(second, Some(Class::Dns)));
            Health { last_sync_at: sync.map(at), last_error, last_check: check, ..Health::default() }.status()
        };
        assert_eq!(status(None, None, None), HealthStatus::Unknown);
        assert_eq!(status(Some(2), Some(1), None), HealthStatus::Healthy);
        assert_eq!(status(Some(1), Some(2), None), HealthStatus::Failing);
        assert_eq!(status(None, Some(2), Some(attempt(3, None))), HealthStatus::Healthy);
        assert_eq!(status(Some(2), None, Some(attempt(3, Some(Class::Tls)))), HealthStatus::Failing);
    }

    /// Invariant 37.
    #[test]
    fn only_many_failures_over_days_end_the_patience() {
        let days = |failures, time| Failing { since: at(0), failures }.is_over(at(0) + time);
        assert!(days(FAILURES, PATIENCE));
        assert!(!days(FAILURES - 1, PATIENCE + PATIENCE));
        assert!(!days(FAILURES + 1, PATIENCE - jiff::SignedDuration::from_secs(1)));
        let first = Failing::and_one_at(None, at(5));
        assert_eq!(first, Failing { since: at(5), failures: 1 });
        assert_eq!(Failing::and_one_at(Some(first), at(9)), Failing { since: at(5), failures: 2 });
    }

    #[test]
    fn parts_add_up() {
        let part = |sent, second| Health {
            sent,
            errors: 1,
            last_sync_at: Some(at(second)),
            last_error: Some(attempt(second, Some(Class::Dns))),
            last_check: None,
        };
        let whole = part(2, 5).and(part(3, 4)).and(Health::default());
        assert_eq!(whole, Health { sent: 5, errors: 2, ..part(0, 5) });
    }
}
