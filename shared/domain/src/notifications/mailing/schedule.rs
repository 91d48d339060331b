//! The time at which a letter with notifications is due.

use super::{mode::EmailMode, quiet_hours::QuietHours};
use crate::notifications::row::LetterRule;
use jiff::{SignedDuration, Timestamp, civil::time, tz::TimeZone};

/// Least time between two letters of what is mailed soon. What arrives within it is in one letter.
const GAP: SignedDuration = SignedDuration::from_mins(10);

/// Time of day of digests, in the member's time zone.
const DIGEST: jiff::civil::Time = time(8, 0, 0, 0);

/// What the time of a letter to a member depends on.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The member's time zone.
    pub zone: TimeZone,
    /// Their quiet hours.
    pub quiet: Option<QuietHours>,
    /// Time of the last letter with notifications.
    pub sent_at: Option<Timestamp>,
}

impl Schedule {
    /// Time at which a letter is due about a notification that arrives at `now`, for a member who has chosen `mode` for its
    /// type; `None` if there is no letter about it.
    #[must_use]
    pub fn due(&self, rule: LetterRule, mode: EmailMode, now: Timestamp) -> Option<Timestamp> {
        let wanted = match (rule, mode) {
            (LetterRule::Own, _) | (_, EmailMode::Off) => return None,
            (LetterRule::AtOnce, EmailMode::Instant | EmailMode::Digest) => return Some(now),
            (LetterRule::Preferred, EmailMode::Instant) => {
                let earliest = self.sent_at.map(|sent| sent.saturating_add(GAP).unwrap_or(Timestamp::MAX));
                earliest.map_or(now, |earliest| earliest.max(now))
            }
            (LetterRule::Preferred | LetterRule::Digest, EmailMode::Digest)
            | (LetterRule::Digest, EmailMode::Instant) => self.next_digest(now),
        };
        Some(self.quiet.and_then(|quiet| quiet.end(wanted, &self.zone)).unwrap_or(wanted))
    }

    fn next_digest(&self, now: Timestamp) -> Timestamp {
        let local = now.to_zoned(self.zone.clone());
        let day = if local.time() < DIGEST { Ok(local.date()) } else { local.date().tomorrow() };
        let at = day.and_then(|day| self.zone.to_zoned(day.to_datetime(DIGEST)));
        at.map_or(Timestamp::MAX, |at| at.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Timezone;

    fn schedule() -> Schedule {
        Schedule { zone: "Europe/Berlin".parse::<Timezone>().unwrap().rules(), quiet: None, sent_at: None }
    }

    #[track_caller]
    fn check(schedule: &Schedule, rule: LetterRule, mode: EmailMode, now: &str, due: Option<&str>) {
        let found = schedule.due(rule, mode, now.parse().unwrap()).map(|due| due.to_string());
        assert_eq!(found.as_deref(), due);
    }

    #[test]
    fn digests_are_due_at_eight_in_the_members_zone() {
        let (rule, mode) = (LetterRule::Preferred, EmailMode::Digest);
        check(&schedule(), rule, mode, "2026-11-21T06:59:59Z", Some("2026-11-21T07:00:00Z"));
        check(&schedule(), rule, mode, "2026-11-21T07:00:00Z", Some("2026-11-22T07:00:00Z"));
        // Summer time begins on 29 March, and ends on 25 October.
        check(&schedule(), rule, mode, "2026-03-28T12:00:00Z", Some("2026-03-29T06:00:00Z"));
        check(&schedule(), rule, mode, "2026-10-24T12:00:00Z", Some("2026-10-25T07:00:00Z"));
        check(
            &schedule(),
            LetterRule::Digest,
            EmailMode::Instant,
            "2026-11-21T12:00:00Z",
            Some("2026-11-22T07:00:00Z"),
        );
    }

    #[test]
    fn letters_that_are_soon_due_have_a_gap() {
        let (rule, mode, now) = (LetterRule::Preferred, EmailMode::Instant, "2026-11-21T12:00:00Z");
        check(&schedule(), rule, mode, now, Some(now));
        let sent = |at: &str| Schedule { sent_at: Some(at.parse().unwrap()), ..schedule() };
        check(&sent("2026-11-21T11:55:00Z"), rule, mode, now, Some("2026-11-21T12:05:00Z"));
        check(&sent("2026-11-21T11:50:00Z"), rule, mode, now, Some(now));
    }

    #[test]
    fn quiet_hours_defer_all_but_what_is_due_at_once() {
        let quiet = QuietHours::new("22:00".parse().unwrap(), "09:30".parse().unwrap()).ok();
        let night = Schedule { quiet, ..schedule() };
        let (now, morning) = ("2026-11-21T23:00:00Z", Some("2026-11-22T08:30:00Z"));
        for mode in [EmailMode::Instant, EmailMode::Digest] {
            check(&night, LetterRule::Preferred, mode, now, morning);
            check(&night, LetterRule::AtOnce, mode, now, Some(now));
        }
        for rule in [LetterRule::Own, LetterRule::AtOnce, LetterRule::Preferred, LetterRule::Digest] {
            check(&night, rule, EmailMode::Off, now, None);
        }
        check(&night, LetterRule::Own, EmailMode::Instant, now, None);
    }
}
