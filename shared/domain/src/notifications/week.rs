//! Weeks by which unread notifications are counted. Notifications of one week expire together, so neither a list nor a
//! count needs a clock that deletes: both leave out the weeks that are over.
//!
//! A week begins on Monday at 00:00 UTC.

use crate::ids::NotificationId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// Number of full weeks after its own for which a notification is shown.
pub const SHOWN_WEEKS: i64 = 13;

/// Number of weeks after the last one in which it is shown, for which a notification is stored. Clocks of two processes
/// differ by less.
const KEPT_LONGER: i64 = 1;

const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;

/// Time from the first Monday to the beginning of 1970, a Thursday, in milliseconds.
const MONDAY: i64 = 3 * 24 * 60 * 60 * 1000;

/// A week, by its number since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Week(i64);

impl Week {
    /// The week of `at`.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        Self(at.as_millisecond().saturating_add(MONDAY).div_euclid(WEEK))
    }

    /// The week of number `number`.
    #[must_use]
    pub const fn numbered(number: i64) -> Self {
        Self(number)
    }

    /// Number of the week.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    fn start(self) -> Timestamp {
        let milliseconds = self.0.saturating_mul(WEEK).saturating_sub(MONDAY);
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
    }

    /// True if notifications of this week are shown at `now`.
    #[must_use]
    pub fn is_shown(self, now: Timestamp) -> bool {
        Self::of(now).0 - self.0 <= SHOWN_WEEKS
    }

    /// True if counts of this week are stored at `now`. They are stored longer than shown, so that a process whose clock
    /// is ahead removes no count that another one still shows.
    #[must_use]
    pub fn is_kept(self, now: Timestamp) -> bool {
        Self::of(now).0 - self.0 <= SHOWN_WEEKS + KEPT_LONGER
    }

    /// Time from which notifications of this week are no longer stored.
    #[must_use]
    pub fn kept_until(self) -> Timestamp {
        Self(self.0.saturating_add(SHOWN_WEEKS + KEPT_LONGER + 1)).start()
    }

    /// The smallest id of a notification that is shown at `now`.
    #[must_use]
    pub fn oldest_shown(now: Timestamp) -> NotificationId {
        let start = Self(Self::of(now).0 - SHOWN_WEEKS).start();
        let milliseconds = u64::try_from(start.as_millisecond()).unwrap_or_default();
        crate::ids::Fresh::fresh(Ulid::from_parts(milliseconds, 0))
    }
}

/// Longest time for which a notification is shown: [`SHOWN_WEEKS`] and the rest of its own week.
pub const LONGEST_SHOWN: SignedDuration = SignedDuration::from_hours((SHOWN_WEEKS + 1) * 7 * 24);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn weeks_begin_on_monday() {
        let weeks =
            ["2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00Z", "2026-11-29T23:59:59Z", "2026-11-30T00:00:00Z"]
                .map(|text| Week::of(at(text)).number());
        assert_eq!(weeks, [2968, 2969, 2969, 2970]);
        assert_eq!(Week::numbered(2969).start(), at("2026-11-23T00:00:00Z"));
        assert_eq!(Week::of(at("1969-12-29T00:00:00Z")).number(), 0);
    }

    proptest! {
        /// A notification is shown for at least thirteen weeks, at most fourteen, and stored longer.
        #[test]
        fn shown_for_thirteen_full_weeks(made in 0_i64..4_000_000_000_000, later in 0_i64..20 * WEEK) {
            let time = |ms| Timestamp::from_millisecond(ms).unwrap();
            let (made, now) = (time(made), time(made + later));
            let week = Week::of(made);
            prop_assert!(week.is_shown(made));
            if later < SHOWN_WEEKS * WEEK {
                prop_assert!(week.is_shown(now));
            }
            if later >= LONGEST_SHOWN.as_hours() * 60 * 60 * 1000 {
                prop_assert!(!week.is_shown(now));
            }
            if week.is_shown(now) {
                prop_assert!(week.is_kept(now) && week.kept_until() > now);
                prop_assert!(now < time(week.kept_until().as_millisecond() - WEEK));
            }
            prop_assert_eq!(week.is_kept(now), now < week.kept_until());
            let id = |at: Timestamp| -> NotificationId {
                crate::ids::Fresh::fresh(Ulid::from_parts(u64::try_from(at.as_millisecond()).unwrap(), 1))
            };
            prop_assert_eq!(id(made) > Week::oldest_shown(now), week.is_shown(now));
        }
    }
}
