//! Incidents: what does not work in a workspace until it is reported as over. A receiver that keeps alerts has one for each.
//!
//! Events may arrive late, twice and in another order. So what is sent about an incident is always its newest event: an old
//! failure that is retried reports the recovery that came after it, and an old recovery the failure that came after it.

use super::{
    event::Event,
    occurrence::{Occurrence, Subject},
};
use crate::{ids::EventId, named};
use jiff::Timestamp;

named! {
    /// A thing that may not work.
    pub enum Incident or UnknownIncident {
        /// A payment failed and is owed.
        Payment = "payment",
        /// The runtime could not be started or kept running.
        Runtime = "runtime",
    }
}

/// The effect of an event on an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The incident begins, or goes on.
    Opens,
    /// The incident is over, if there was one.
    Ends,
}

/// The newest event of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewestEvent {
    /// Its id.
    pub event: EventId,
    /// The event.
    pub occurrence: Occurrence,
    /// Its time.
    pub at: Timestamp,
}

impl Event {
    /// The incident that the event opens or ends, if any. A runtime that was stopped is not expected to run, so it does not
    /// fail any more.
    #[must_use]
    pub const fn incident(self) -> Option<(Incident, Turn)> {
        match self {
            Self::PaymentFailed => Some((Incident::Payment, Turn::Opens)),
            Self::PaymentRecovered => Some((Incident::Payment, Turn::Ends)),
            Self::RuntimeFailed => Some((Incident::Runtime, Turn::Opens)),
            Self::RuntimeStarted | Self::RuntimeStopped => Some((Incident::Runtime, Turn::Ends)),
            Self::MemberJoined
            | Self::MemberRemoved
            | Self::PlanChanged
            | Self::LimitReached
            | Self::AuditRecorded
            | Self::AuditCheckpoint => None,
        }
    }

    /// The event that opens the incident which this one ends.
    pub(super) fn opener(self) -> Option<Self> {
        let (incident, Turn::Ends) = self.incident()? else { return None };
        Self::ALL.into_iter().find(|event| event.incident() == Some((incident, Turn::Opens)))
    }
}

impl Subject {
    /// The incident that the subject opens or ends, if any.
    #[must_use]
    pub const fn incident(&self) -> Option<(Incident, Turn)> {
        match self {
            Self::Occurrence(occurrence) => occurrence.event().incident(),
            Self::Test => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_incident_is_opened_by_one_event_and_ended_by_others() {
        for incident in Incident::ALL {
            let of = |turn| Event::ALL.into_iter().filter(move |event| event.incident() == Some((incident, turn)));
            let openers: Vec<_> = of(Turn::Opens).collect();
            assert_eq!(openers.len(), 1, "{incident}");
            assert!(of(Turn::Ends).count() > 0, "{incident}");
            assert!(of(Turn::Ends).all(|event| event.opener() == openers.first().copied()), "{incident}");
        }
        assert_eq!(Event::RuntimeFailed.opener(), None);
        assert_eq!(Event::LimitReached.opener(), None);
    }
}
