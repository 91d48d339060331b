//! When a member was last at work here, and what he is called by now: noted once an hour, without a record.

use crate::text::PersonName;
use jiff::{SignedDuration, Timestamp};

/// How long a note is good enough.
pub const STEP: SignedDuration = SignedDuration::from_hours(1);

/// A member who is at work, as his request shows him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// When that was last noted.
    pub noted_at: Timestamp,
    /// His name, as his identity provider has it now.
    pub name: Option<PersonName>,
}

impl Presence {
    /// Whether it is to be noted at `now`.
    #[must_use]
    pub fn is_news(&self, now: Timestamp) -> bool {
        self.noted_at < since(now)
    }
}

/// Notes from before this time are old at `now`.
#[must_use]
pub fn since(now: Timestamp) -> Timestamp {
    now.saturating_sub(STEP).unwrap_or(Timestamp::MIN)
}
