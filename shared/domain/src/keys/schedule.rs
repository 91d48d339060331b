//! What happens to a key without a request: people are reminded before it ends, an unused one is mentioned, and an expired
//! one is deleted in the end.

use super::{
    record::{ApiKey, KEPT_AFTER_EXPIRY, KeyNotices, REMINDER, UNUSED, after},
    usage::KeyUse,
};
use crate::notifications::happening::Happening;
use jiff::Timestamp;

/// The next step of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyStep {
    /// The key is marked, and members are notified.
    Mark(Box<ApiKey>, Option<Happening>),
    /// The key is deleted.
    Delete,
    /// Nothing yet.
    Wait,
}

impl ApiKey {
    /// The step that is due at `now`, given the key's use.
    #[must_use]
    pub fn step(&self, usage: Option<&KeyUse>, now: Timestamp) -> KeyStep {
        if self.end_of_listing() <= now {
            return KeyStep::Delete;
        }
        if self.reminder().is_some_and(|at| at <= now) {
            let happening = Happening::ApiKeyExpiring { key_id: self.id, expires_at: self.expires_at };
            // After an outage it is too late to remind anybody.
            let happening = (!self.is_expired(now)).then_some(happening);
            return self.marked(KeyNotices { expiring: true, ..self.notices }, happening);
        }
        if self.mention(usage).is_some_and(|at| at <= now) {
            let happening = Happening::ApiKeyUnused { key_id: self.id };
            return self.marked(KeyNotices { unused: true, ..self.notices }, Some(happening));
        }
        KeyStep::Wait
    }

    /// Time at which the next step is due.
    #[must_use]
    pub fn due_at(&self, usage: Option<&KeyUse>) -> Timestamp {
        [self.reminder(), self.mention(usage)].into_iter().flatten().fold(self.end_of_listing(), Timestamp::min)
    }

    fn marked(&self, notices: KeyNotices, happening: Option<Happening>) -> KeyStep {
        let next = Self { notices, version: self.version.saturating_add(1), ..self.clone() };
        KeyStep::Mark(Box::new(next), happening)
    }

    fn end_of_listing(&self) -> Timestamp {
        after(self.expires_at, KEPT_AFTER_EXPIRY)
    }

    /// Time of the reminder; `None` if it was sent, or the key is valid for no longer than that.
    fn reminder(&self) -> Option<Timestamp> {
        let at = self.expires_at.saturating_sub(REMINDER).unwrap_or(Timestamp::MIN);
        (!self.notices.expiring && at > self.rotated_at).then_some(at)
    }

    /// Time at which the key is unused for long; `None` if that was mentioned, or the key ends before.
    fn mention(&self, usage: Option<&KeyUse>) -> Option<Timestamp> {
        let used = usage.and_then(|usage| usage.last_used_at);
        let at = after(used.map_or(self.rotated_at, |used| used.max(self.rotated_at)), UNUSED);
        // The reminder that it ends says enough.
        let ends = self.expires_at.saturating_sub(REMINDER).unwrap_or(Timestamp::MIN);
        (!self.notices.unused && at < ends).then_some(at)
    }
}
