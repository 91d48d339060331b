//! What an integration is told: something that happened in its workspace, or that this is a test.
//!
//! It names people and things by their ids, never by an address: it stands in queues and in the table on its way.

use super::event::Event;
use crate::{
    identity::access::Role,
    ids::{EventId, UserId, WorkspaceId},
    plans::plan::Plan,
    runtime::record::StopReason,
    text::WorkspaceName,
    usage::Meter,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Something that happened, with its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "facts")]
pub enum Occurrence {
    /// Somebody took a seat.
    #[serde(rename = "member.joined")]
    MemberJoined {
        /// Who.
        user_id: UserId,
        /// As what.
        role: Role,
    },
    /// Somebody lost his seat.
    #[serde(rename = "member.removed")]
    MemberRemoved {
        /// Who.
        user_id: UserId,
    },
    /// Another plan is in force.
    #[serde(rename = "plan.changed")]
    PlanChanged {
        /// Which was before.
        from: Plan,
        /// Which is now.
        to: Plan,
    },
    /// A payment did not succeed.
    #[serde(rename = "payment.failed")]
    PaymentFailed {
        /// Until when the plan stays in force all the same.
        grace_until: Option<Timestamp>,
    },
    /// The runtime runs.
    #[serde(rename = "runtime.started")]
    RuntimeStarted {
        /// Which wish it follows.
        generation: u32,
    },
    /// The runtime runs no more.
    #[serde(rename = "runtime.stopped")]
    RuntimeStopped {
        /// Which wish it follows.
        generation: u32,
        /// Why.
        reason: Option<StopReason>,
    },
    /// The runtime could not be started or kept running.
    #[serde(rename = "runtime.failed")]
    RuntimeFailed {
        /// Which wish it follows.
        generation: u32,
        /// Why.
        reason: Option<StopReason>,
    },
    /// A limit of the plan was met.
    #[serde(rename = "limit.reached")]
    LimitReached {
        /// Of what.
        resource: Resource,
        /// How many there may be.
        limit: u64,
    },
}

/// What a plan limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = LimitedResource))]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Seats.
    Members,
    /// Integrations at work.
    Integrations,
    /// API keys.
    ApiKeys,
    /// Gateways.
    Gateways,
    /// Plugins.
    Plugins,
    /// Executions a month.
    Executions,
    /// Traces a month.
    Traces,
    /// Storage, in megabytes.
    StorageMb,
    /// AI credits a month.
    AiCredits,
}

/// How loud a receiver that knows loudness should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Somebody should look at it.
    Warning,
    /// Something does not work.
    Error,
}

/// What is told in one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id: the same in each attempt, so that a receiver can tell that it has it.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// Where.
    pub workspace: WorkspaceId,
    /// What that is called by now.
    pub workspace_name: WorkspaceName,
    /// What it is about.
    pub subject: Subject,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Something that happened.
    Occurrence(Occurrence),
    /// Nothing: somebody wants to see whether it arrives.
    Test,
}

impl Occurrence {
    /// Which event it is.
    #[must_use]
    pub const fn event(&self) -> Event {
        match self {
            Self::MemberJoined { .. } => Event::MemberJoined,
            Self::MemberRemoved { .. } => Event::MemberRemoved,
            Self::PlanChanged { .. } => Event::PlanChanged,
            Self::PaymentFailed { .. } => Event::PaymentFailed,
            Self::RuntimeStarted { .. } => Event::RuntimeStarted,
            Self::RuntimeStopped { .. } => Event::RuntimeStopped,
            Self::RuntimeFailed { .. } => Event::RuntimeFailed,
            Self::LimitReached { .. } => Event::LimitReached,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::MemberJoined { role, .. } => format!("a member joined as {role}"),
            Self::MemberRemoved { .. } => "a member lost the seat".to_owned(),
            Self::PlanChanged { from, to } => format!("the plan changed from {} to {}", from.name(), to.name()),
            Self::PaymentFailed { .. } => "a payment did not succeed".to_owned(),
            Self::RuntimeStarted { .. } => "the runtime runs".to_owned(),
            Self::RuntimeStopped { .. } => "the runtime was stopped".to_owned(),
            Self::RuntimeFailed { .. } => "the runtime could not be started or kept running".to_owned(),
            Self::LimitReached { resource, limit } => {
                format!("the plan's limit of {limit} {} was met", resource.words())
            }
        }
    }

    const fn severity(&self) -> Severity {
        match self {
            Self::MemberJoined { .. }
            | Self::MemberRemoved { .. }
            | Self::PlanChanged { .. }
            | Self::RuntimeStarted { .. }
            | Self::RuntimeStopped { .. } => Severity::Info,
            Self::LimitReached { .. } => Severity::Warning,
            Self::PaymentFailed { .. } | Self::RuntimeFailed { .. } => Severity::Error,
        }
    }

    fn facts(&self) -> Map<String, Value> {
        match serde_json::to_value(self).ok().and_then(|mut value| value.get_mut("facts").map(Value::take)) {
            Some(Value::Object(facts)) => facts,
            _ => Map::new(),
        }
    }
}

impl From<Meter> for Resource {
    fn from(meter: Meter) -> Self {
        match meter {
            Meter::Executions => Self::Executions,
            Meter::Traces => Self::Traces,
            Meter::AiCredits => Self::AiCredits,
            Meter::Gateways => Self::Gateways,
            Meter::Plugins => Self::Plugins,
            Meter::ApiKeys => Self::ApiKeys,
            Meter::StorageMb => Self::StorageMb,
        }
    }
}

impl Resource {
    const fn words(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Integrations => "integrations",
            Self::ApiKeys => "API keys",
            Self::Gateways => "gateways",
            Self::Plugins => "plugins",
            Self::Executions => "executions a month",
            Self::Traces => "traces a month",
            Self::StorageMb => "megabytes of storage",
            Self::AiCredits => "AI credits a month",
        }
    }
}

impl Notice {
    /// What kind of notice it is: an event's name, or `test`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match &self.subject {
            Subject::Occurrence(occurrence) => occurrence.event().name(),
            Subject::Test => "test",
        }
    }

    /// One sentence for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        let words = match &self.subject {
            Subject::Occurrence(occurrence) => occurrence.words(),
            Subject::Test => "this is a test, nothing has happened".to_owned(),
        };
        format!("{}: {words}.", self.workspace_name)
    }

    /// How loud it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match &self.subject {
            Subject::Occurrence(occurrence) => occurrence.severity(),
            Subject::Test => Severity::Info,
        }
    }

    /// Its facts.
    #[must_use]
    pub fn facts(&self) -> Map<String, Value> {
        let mut facts = match &self.subject {
            Subject::Occurrence(occurrence) => occurrence.facts(),
            Subject::Test => Map::new(),
        };
        facts.insert("workspace_id".to_owned(), json!(self.workspace));
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occurrence_is_read_as_it_is_written_and_goes_by_its_events_name() {
        let all = [
            Occurrence::MemberJoined { user_id: UserId::NIL, role: Role::Viewer },
            Occurrence::MemberRemoved { user_id: UserId::NIL },
            Occurrence::PlanChanged { from: Plan::Free, to: Plan::Pro },
            Occurrence::PaymentFailed { grace_until: None },
            Occurrence::RuntimeStarted { generation: 1 },
            Occurrence::RuntimeStopped { generation: 1, reason: Some(StopReason::Requested) },
            Occurrence::RuntimeFailed { generation: 1, reason: None },
            Occurrence::LimitReached { resource: Resource::ApiKeys, limit: 5 },
        ];
        assert_eq!(all.map(|occurrence| occurrence.event()), Event::ALL);
        for occurrence in all {
            let written = serde_json::to_value(occurrence).unwrap();
            assert_eq!(written["type"], occurrence.event().name());
            assert_eq!(serde_json::from_value::<Occurrence>(written).unwrap(), occurrence);
        }
    }
}
