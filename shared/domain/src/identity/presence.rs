//! A member's last activity and current name, noted at most once an hour without an audit record.

use crate::text::PersonName;
use jiff::{SignedDuration, Timestamp};

/// Age from which a note is outdated.
pub const STEP: SignedDuration = SignedDuration::from_hours(1);

/// An active member, as their request shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// Time of the last note.
    pub noted_at: Timestamp,
    /// The name that the identity provider has now.
    pub name: Option<PersonName>,
}

impl Presence {
    /// True if the activity must be noted at `now`.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.noted_at < outdated_before(now)
    }
}

/// Notes from before this time are outdated at `now`.
#[must_use]
pub fn outdated_before(now: Timestamp) -> Timestamp {
    now.saturating_sub(STEP).unwrap_or(Timestamp::MIN)
}
