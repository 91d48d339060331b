//! How many mails a workspace sets off in an hour, so that it cannot be used to flood strangers.

use jiff::{SignedDuration, Timestamp};

/// How many invitations a workspace makes or sends again in an hour, at most.
pub const AN_HOUR: u64 = 100;

/// An hour by the clock, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour(i64);

impl Hour {
    /// The hour in which `now` is.
    #[must_use]
    pub fn of(now: Timestamp) -> Self {
        Self(now.as_second().div_euclid(3600))
    }

    /// How many hours have passed since 1970: its name in the table.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// When it is over.
    #[must_use]
    pub fn end(self) -> Timestamp {
        let seconds = self.0.saturating_add(1).saturating_mul(3600);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    }

    /// For how many seconds it still lasts at `now`; at least one.
    #[must_use]
    pub fn left(self, now: Timestamp) -> u64 {
        let left: SignedDuration = self.end().duration_since(now);
        u64::try_from(left.as_secs()).unwrap_or_default().max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_ends_where_the_next_begins() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let hour = Hour::of(at("2026-11-21T12:59:59.999Z"));
        assert_eq!((hour.end(), hour.left(at("2026-11-21T12:00:00Z"))), (at("2026-11-21T13:00:00Z"), 3600));
        assert_eq!(hour.left(at("2026-11-21T12:59:59.999Z")), 1);
        assert_ne!(Hour::of(hour.end()), hour);
    }
}
