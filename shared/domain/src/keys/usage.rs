//! How much a key is used: its rate, one window for each minute, and its monthly budgets.

use super::refusal::KeyRefusal;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

/// Requests that a key may send in a minute where the plan says nothing.
pub const DEFAULT_REQUESTS_PER_MINUTE: u32 = 60;

const MINUTE: i64 = 60;

/// A minute, counted from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RateWindow(i64);

impl RateWindow {
    /// The window of `now`.
    #[must_use]
    pub fn of(now: Timestamp) -> Self {
        Self(now.as_second().div_euclid(MINUTE))
    }

    /// Number of the window, which grows.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// Seconds from `now` to the end of the window, at least 1.
    #[must_use]
    pub fn seconds_left(self, now: Timestamp) -> u64 {
        let end = self.0.saturating_add(1).saturating_mul(MINUTE);
        u64::try_from(end.saturating_sub(now.as_second())).unwrap_or_default().max(1)
    }
}

/// State of the rate after a request, which the answer reports in the headers `RateLimit-*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateState {
    /// Requests that the plan allows in a minute.
    pub limit: u32,
    /// Requests that are left in this minute.
    pub remaining: u32,
    /// Seconds until the next minute.
    pub resets_in: u64,
}

impl RateState {
    /// The state after `requests` requests in the window of `now`.
    #[must_use]
    pub fn after(requests: u64, limit: u32, now: Timestamp) -> Self {
        let used = u32::try_from(requests).unwrap_or(u32::MAX);
        Self { limit, remaining: limit.saturating_sub(used), resets_in: RateWindow::of(now).seconds_left(now) }
    }

    /// Checks that the last of `requests` requests is within the limit.
    ///
    /// # Errors
    /// [`KeyRefusal::OverRate`] if it is not.
    pub fn check(self, requests: u64) -> Result<(), KeyRefusal> {
        if requests <= u64::from(self.limit) {
            return Ok(());
        }
        Err(KeyRefusal::OverRate { limit: self.limit, retry_after: self.resets_in })
    }
}

/// The count and the state of the rate of one request, from where they are read to where the answer is written. Clones
/// share them.
#[derive(Debug, Clone, Default)]
pub struct RateReport(Arc<RateCells>);

#[derive(Debug, Default)]
struct RateCells {
    requests: OnceLock<u64>,
    state: OnceLock<RateState>,
}

impl RateReport {
    /// Notes that the request was counted as the last of `requests` in its minute. It is counted once, also if it is decided
    /// again.
    pub fn count(&self, requests: u64) {
        let _ = self.0.requests.set(requests);
    }

    /// Returns the number of requests in the minute, if the request was counted.
    #[must_use]
    pub fn counted(&self) -> Option<u64> {
        self.0.requests.get().copied()
    }

    /// Reports `state`; the first report stays.
    pub fn set(&self, state: RateState) {
        let _ = self.0.state.set(state);
    }

    /// Returns the state, if it was reported.
    #[must_use]
    pub fn get(&self) -> Option<RateState> {
        self.0.state.get().copied()
    }
}

/// The last use of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// Time of the last use; `None` if it was never used.
    pub last_used_at: Option<Timestamp>,
    /// The address from which it was last used.
    pub last_address: Option<String>,
    /// Number of uses.
    pub uses: u64,
}

/// A month of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyMonth(Date);

impl KeyMonth {
    /// The month of `now`.
    #[must_use]
    pub fn of(now: Timestamp) -> Self {
        Self(now.to_zoned(TimeZone::UTC).date().first_of_month())
    }

    /// Beginning of the next month.
    #[must_use]
    pub fn end(self) -> Timestamp {
        let next = self.0.saturating_add(1.month());
        next.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }
}

impl fmt::Display for KeyMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_with_its_minute() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let window = RateWindow::of(at("2026-11-01T12:00:59.999Z"));
        assert_eq!(window, RateWindow::of(at("2026-11-01T12:00:00Z")));
        assert!(window < RateWindow::of(at("2026-11-01T12:01:00Z")));
        assert_eq!(window.seconds_left(at("2026-11-01T12:00:00Z")), 60);
        assert_eq!(window.seconds_left(at("2026-11-01T12:00:59.999Z")), 1);
    }

    #[test]
    fn the_request_after_the_last_is_refused() {
        let now: Timestamp = "2026-11-01T12:00:40Z".parse().unwrap();
        let state = RateState::after(60, 60, now);
        assert_eq!((state.remaining, state.check(60)), (0, Ok(())));
        let over = KeyRefusal::OverRate { limit: 60, retry_after: 20 };
        assert_eq!(RateState::after(61, 60, now).check(61), Err(over));
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let of = |text: &str| KeyMonth::of(text.parse().unwrap());
        let november = of("2026-11-30T23:59:59Z");
        assert_eq!((november, november.to_string()), (of("2026-11-01T00:00:00Z"), "2026-11".to_owned()));
        assert_eq!(november.end().to_string(), "2026-12-01T00:00:00Z");
        assert_eq!(of("2026-12-31T12:00:00Z").end().to_string(), "2027-01-01T00:00:00Z");
    }
}
