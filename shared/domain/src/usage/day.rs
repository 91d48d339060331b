//! Calendar days and months by which a client requests usage.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use std::str::FromStr;

/// A day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageDay(Timestamp);

/// The text is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a day, such as 2026-11-21")]
pub struct InvalidDay;

impl UsageDay {
    /// The last millisecond of the day.
    #[must_use]
    pub fn last_moment(self) -> Timestamp {
        self.0
    }
}

impl FromStr for UsageDay {
    type Err = InvalidDay;

    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        let digits = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let date = text.parse::<Date>().ok().filter(|_| digits).ok_or(InvalidDay)?;
        let next = date.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC)).map_err(|_| InvalidDay)?;
        next.timestamp().checked_sub(SignedDuration::from_millis(1)).map(Self).map_err(|_| InvalidDay)
    }
}

/// A calendar month in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarMonth(Timestamp);

/// The text is not a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a month, such as 2026-11")]
pub struct InvalidMonth;

impl CalendarMonth {
    /// The last millisecond of the month.
    #[must_use]
    pub const fn last_moment(self) -> Timestamp {
        self.0
    }
}

impl FromStr for CalendarMonth {
    type Err = InvalidMonth;

    fn from_str(text: &str) -> Result<Self, InvalidMonth> {
        let digits = text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let first = format!("{text}-01").parse::<Date>().ok().filter(|_| digits).ok_or(InvalidMonth)?;
        let UsageDay(last) = first.last_of_month().to_string().parse().map_err(|InvalidDay| InvalidMonth)?;
        Ok(Self(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_with_its_last_day() {
        for (text, last) in [("2026-11", "2026-11-30T23:59:59.999Z"), ("2028-02", "2028-02-29T23:59:59.999Z")] {
            assert_eq!(text.parse::<CalendarMonth>().unwrap().last_moment().to_string(), last);
        }
        for text in ["", "2026-13", "2026-1", "202611", "2026-11-21", "previous", "-026-11", "9999-12"] {
            assert_eq!(text.parse::<CalendarMonth>(), Err(InvalidMonth), "{text:?}");
        }
    }

    #[test]
    fn days() {
        let day = "2026-02-28".parse::<UsageDay>().map(|day| day.last_moment().to_string());
        assert_eq!(day.unwrap(), "2026-02-28T23:59:59.999Z");
        for text in
            ["", "2026-02-29", "2026-2-1", "20260201", "2026-02-01T00:00:00Z", "previous", "-02026-1-1", "9999-12-31"]
        {
            assert_eq!(text.parse::<UsageDay>(), Err(InvalidDay), "{text:?}");
        }
    }
}
