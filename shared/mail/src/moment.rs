//! Times in the reader's zone.

use domain::text::Timezone;
use jiff::{Timestamp, Zoned};

/// A time as a clock in a zone shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalTime {
    /// Year, month and day.
    pub(crate) date: jiff::civil::Date,
    /// Hours and minutes, such as `09:30`.
    pub(crate) clock: String,
    /// Zone of the clock, such as `Europe/Berlin`.
    pub(crate) zone: String,
    /// Difference between the clock and UTC, such as `UTC+1`.
    pub(crate) offset: String,
}

impl LocalTime {
    /// Returns `at` in `zone`, or in UTC if the zone is no longer known.
    pub(crate) fn of(at: Timestamp, zone: &Timezone) -> Self {
        let zoned = at.to_zoned(zone.rules());
        Self {
            date: zoned.date(),
            clock: zoned.strftime("%H:%M").to_string(),
            zone: zoned.time_zone().iana_name().unwrap_or("UTC").to_owned(),
            offset: offset(&zoned),
        }
    }
}

fn offset(zoned: &Zoned) -> String {
    let minutes = zoned.offset().seconds() / 60;
    let (hours, rest) = ((minutes / 60).unsigned_abs(), (minutes % 60).unsigned_abs());
    match (minutes.signum(), rest) {
        (0, _) => "UTC".to_owned(),
        (1, 0) => format!("UTC+{hours}"),
        (1, _) => format!("UTC+{hours}:{rest:02}"),
        (_, 0) => format!("UTC-{hours}"),
        (_, _) => format!("UTC-{hours}:{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_follow_the_zone_and_its_summer_time() {
        let shown = |at: &str, zone: &str| {
            let LocalTime { date, clock, zone, offset } = LocalTime::of(at.parse().unwrap(), &zone.parse().unwrap());
            format!("{date} {clock} {zone} {offset}")
        };
        assert_eq!(shown("2026-11-08T09:30:00Z", "UTC"), "2026-11-08 09:30 UTC UTC");
        assert_eq!(shown("2026-11-08T09:30:00Z", "Europe/Berlin"), "2026-11-08 10:30 Europe/Berlin UTC+1");
        assert_eq!(shown("2026-11-08T09:30:00Z", "Asia/Kolkata"), "2026-11-08 15:00 Asia/Kolkata UTC+5:30");
        assert_eq!(shown("2026-11-08T02:30:00Z", "America/St_Johns"), "2026-11-07 23:00 America/St_Johns UTC-3:30");
        // Clocks show this hour twice.
        assert_eq!(shown("2026-10-25T00:30:00Z", "Europe/Berlin"), "2026-10-25 02:30 Europe/Berlin UTC+2");
        assert_eq!(shown("2026-10-25T01:30:00Z", "Europe/Berlin"), "2026-10-25 02:30 Europe/Berlin UTC+1");
    }
}
