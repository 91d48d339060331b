//! Hours in which a member gets no mail of notifications that can wait.

use jiff::{Timestamp, civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A time of day in hours and minutes, such as 22:30.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime(Time);

/// The text is not a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a time of day in hours and minutes, such as 22:30")]
pub struct InvalidClockTime;

impl FromStr for ClockTime {
    type Err = InvalidClockTime;

    fn from_str(text: &str) -> Result<Self, InvalidClockTime> {
        let (hours, minutes) = text.split_once(':').ok_or(InvalidClockTime)?;
        let part = |digits: &str| {
            let fits = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<i8>().ok().filter(|_| fits).ok_or(InvalidClockTime)
        };
        Time::new(part(hours)?, part(minutes)?, 0, 0).map(Self).map_err(|_| InvalidClockTime)
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl Serialize for ClockTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Hours of each day, in the member's time zone. They may span midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    from: ClockTime,
    to: ClockTime,
}

/// The hours have no length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must begin and end at different times")]
pub struct EmptyQuietHours;

impl QuietHours {
    /// The hours between two different times of day.
    ///
    /// # Errors
    /// [`EmptyQuietHours`] if the times are the same.
    pub fn new(from: ClockTime, to: ClockTime) -> Result<Self, EmptyQuietHours> {
        if from == to { Err(EmptyQuietHours) } else { Ok(Self { from, to }) }
    }

    /// Beginning of the hours.
    #[must_use]
    pub const fn from(self) -> ClockTime {
        self.from
    }

    /// End of the hours.
    #[must_use]
    pub const fn to(self) -> ClockTime {
        self.to
    }

    /// End of the quiet hours that `at` is in; `None` if it is in none.
    #[must_use]
    pub fn end(self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = at.to_zoned(zone.clone());
        let (date, time) = (local.date(), ClockTime(local.time()));
        let Self { from, to } = self;
        let is_quiet = if from < to { from <= time && time < to } else { from <= time || time < to };
        let day = if time < to { date } else { date.tomorrow().ok()? };
        // A time that a change of the clocks leaves out is taken as the one after it.
        let end = zone.to_zoned(day.to_datetime(to.0)).ok()?.timestamp();
        Some(end).filter(|end| is_quiet && at < *end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Timezone;
    use jiff::SignedDuration;
    use proptest::prelude::*;

    fn hours(from: &str, to: &str) -> QuietHours {
        QuietHours::new(from.parse().unwrap(), to.parse().unwrap()).unwrap()
    }

    fn zone(name: &str) -> TimeZone {
        name.parse::<Timezone>().unwrap().rules()
    }

    #[test]
    fn times_of_day_are_hours_and_minutes() {
        for text in ["00:00", "07:05", "23:59"] {
            assert_eq!(text.parse::<ClockTime>().unwrap().to_string(), text);
        }
        for text in ["", "7:05", "24:00", "12:60", "12:3", "12:30:00", "+1:30", "ab:cd", "1230"] {
            assert_eq!(text.parse::<ClockTime>(), Err(InvalidClockTime), "{text:?}");
        }
        let noon = "12:00".parse().unwrap();
        assert_eq!(QuietHours::new(noon, noon), Err(EmptyQuietHours));
    }

    #[test]
    fn hours_may_span_midnight_and_follow_the_zone() {
        let night = hours("22:00", "07:00");
        let berlin = zone("Europe/Berlin");
        let end = |at: &str| night.end(at.parse().unwrap(), &berlin).map(|end| end.to_string());
        // One hour ahead of UTC in winter.
        assert_eq!(end("2026-11-21T20:59:59Z"), None);
        assert_eq!(end("2026-11-21T21:00:00Z").as_deref(), Some("2026-11-22T06:00:00Z"));
        assert_eq!(end("2026-11-22T05:59:59Z").as_deref(), Some("2026-11-22T06:00:00Z"));
        assert_eq!(end("2026-11-22T06:00:00Z"), None);
        // Summer time begins on 29 March at 02:00, and the night is an hour shorter.
        assert_eq!(end("2026-03-28T23:00:00Z").as_deref(), Some("2026-03-29T05:00:00Z"));
        let noon = hours("12:00", "13:30");
        assert_eq!(
            noon.end("2026-11-21T11:15:00Z".parse().unwrap(), &berlin).unwrap().to_string(),
            "2026-11-21T12:30:00Z"
        );
        assert_eq!(noon.end("2026-11-21T12:30:00Z".parse().unwrap(), &berlin), None);
    }

    proptest! {
        /// In any zone and at any time, quiet hours end later, and within a day and an hour.
        #[test]
        fn quiet_hours_end_within_a_day(
            second in 1_700_000_000_i64..1_900_000_000,
            (from, to) in (0_i8..48, 0_i8..48),
            name in proptest::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"]),
        ) {
            prop_assume!(from != to);
            let time = |half: i8| ClockTime(Time::new(half / 2, half % 2 * 30, 0, 0).unwrap());
            let quiet = QuietHours::new(time(from), time(to)).unwrap();
            let (at, zone) = (Timestamp::from_second(second).unwrap(), zone(name));
            if let Some(end) = quiet.end(at, &zone) {
                prop_assert!(at < end && end.duration_since(at) <= SignedDuration::from_hours(25));
                prop_assert!(quiet.end(end, &zone).is_none_or(|again| again.duration_since(end) < SignedDuration::from_hours(2)));
            }
        }
    }
}
