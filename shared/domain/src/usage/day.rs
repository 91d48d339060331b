//! A day, as somebody names one who asks for the usage of then.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use std::str::FromStr;

/// A day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(Timestamp);

/// A text that is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a day, such as 2026-11-21")]
pub struct InvalidDay;

impl Day {
    /// The last millisecond of it.
    #[must_use]
    pub fn last_moment(self) -> Timestamp {
        self.0
    }
}

impl FromStr for Day {
    type Err = InvalidDay;

    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        let digits = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let date = text.parse::<Date>().ok().filter(|_| digits).ok_or(InvalidDay)?;
        let next = date.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC)).map_err(|_| InvalidDay)?;
        next.timestamp().checked_sub(SignedDuration::from_millis(1)).map(Self).map_err(|_| InvalidDay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        let day = "2026-02-28".parse::<Day>().map(|day| day.last_moment().to_string());
        assert_eq!(day.unwrap(), "2026-02-28T23:59:59.999Z");
        for text in
            ["", "2026-02-29", "2026-2-1", "20260201", "2026-02-01T00:00:00Z", "previous", "-02026-1-1", "9999-12-31"]
        {
            assert_eq!(text.parse::<Day>(), Err(InvalidDay), "{text:?}");
        }
    }
}
