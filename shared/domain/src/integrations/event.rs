//! The events that an integration can receive.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Type of an event in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = EventType))]
pub enum Event {
    /// A member joined.
    #[serde(rename = "member.joined")]
    MemberJoined,
    /// A member was removed.
    #[serde(rename = "member.removed")]
    MemberRemoved,
    /// Another plan is in force.
    #[serde(rename = "plan.changed")]
    PlanChanged,
    /// A payment failed.
    #[serde(rename = "payment.failed")]
    PaymentFailed,
    /// The runtime started.
    #[serde(rename = "runtime.started")]
    RuntimeStarted,
    /// The runtime stopped.
    #[serde(rename = "runtime.stopped")]
    RuntimeStopped,
    /// The runtime could not be started or kept running.
    #[serde(rename = "runtime.failed")]
    RuntimeFailed,
    /// A limit of the plan was reached.
    #[serde(rename = "limit.reached")]
    LimitReached,
}

/// The text is not an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", Event::ALL.map(Event::name).join(", "))]
pub struct UnknownEvent;

impl Event {
    /// All events.
    pub const ALL: [Self; 8] = [
        Self::MemberJoined,
        Self::MemberRemoved,
        Self::PlanChanged,
        Self::PaymentFailed,
        Self::RuntimeStarted,
        Self::RuntimeStopped,
        Self::RuntimeFailed,
        Self::LimitReached,
    ];

    /// The name in requests, answers, deliveries and the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MemberJoined => "member.joined",
            Self::MemberRemoved => "member.removed",
            Self::PlanChanged => "plan.changed",
            Self::PaymentFailed => "payment.failed",
            Self::RuntimeStarted => "runtime.started",
            Self::RuntimeStopped => "runtime.stopped",
            Self::RuntimeFailed => "runtime.failed",
            Self::LimitReached => "limit.reached",
        }
    }
}

impl FromStr for Event {
    type Err = UnknownEvent;

    fn from_str(text: &str) -> Result<Self, UnknownEvent> {
        Self::ALL.into_iter().find(|event| event.name() == text).ok_or(UnknownEvent)
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
