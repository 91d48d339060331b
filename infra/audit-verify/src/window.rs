//! Times that decide which records must be in an export.

use jiff::Timestamp;

/// Times of a verification.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// Current time. A record whose `kept_until` has passed counts as absent.
    pub now: Timestamp,
    /// Time from which the export was asked for, if it was not asked for from the beginning.
    pub from: Option<Timestamp>,
}

impl Window {
    /// True if a record that is kept until `until` counts as absent.
    #[must_use]
    pub fn is_over(&self, until: Timestamp) -> bool {
        until <= self.now
    }
}
