//! The events that an integration can receive.

use crate::named;
use std::collections::BTreeSet;

named! {
    /// Type of an event in a workspace.
    #[derive(PartialOrd, Ord, Hash)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = EventType))]
    pub enum Event or UnknownEvent {
        /// A member joined.
        MemberJoined = "member.joined",
        /// A member was removed.
        MemberRemoved = "member.removed",
        /// Another plan is in force.
        PlanChanged = "plan.changed",
        /// A payment failed.
        PaymentFailed = "payment.failed",
        /// A failed payment was made, or is no longer owed.
        PaymentRecovered = "payment.recovered",
        /// The runtime started.
        RuntimeStarted = "runtime.started",
        /// The runtime stopped.
        RuntimeStopped = "runtime.stopped",
        /// The runtime could not be started or kept running.
        RuntimeFailed = "runtime.failed",
        /// A limit of the plan was reached.
        LimitReached = "limit.reached",
        /// A record was added to the audit log.
        AuditRecorded = "audit.recorded",
        /// A checkpoint of the audit log was signed.
        AuditCheckpoint = "audit.checkpoint",
    }
}

impl Event {
    /// The events that a new integration gets unless it selects others: all but those of the audit log.
    #[must_use]
    pub fn usual() -> BTreeSet<Self> {
        Self::ALL.into_iter().filter(|event| !event.is_of_audit()).collect()
    }

    /// True for the events of the audit log. They are made only where an integration has selected them.
    #[must_use]
    pub const fn is_of_audit(self) -> bool {
        match self {
            Self::AuditRecorded | Self::AuditCheckpoint => true,
            Self::MemberJoined
            | Self::MemberRemoved
            | Self::PlanChanged
            | Self::PaymentFailed
            | Self::PaymentRecovered
            | Self::RuntimeStarted
            | Self::RuntimeStopped
            | Self::RuntimeFailed
            | Self::LimitReached => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_events_parse_back() {
        for event in Event::ALL {
            assert_eq!(event.name().parse(), Ok(event));
            assert_eq!(serde_json::to_value(event).unwrap(), event.name());
        }
        for text in ["", "member", "Member.joined", "member.joined "] {
            assert_eq!(text.parse::<Event>(), Err(UnknownEvent));
        }
    }
}
