//! Notices to integrations: an event in the workspace, or a test.
//!
//! A notice refers to people and items by their ids, never by an address, because it is stored in queues and in the
//! table.

use super::event::Event;
use crate::{
    identity::access::Role,
    ids::{AuditId, EventId, UserId, WorkspaceId},
    plans::{
        catalogue::Plans,
        names::{MeterName, PlanName},
    },
    runtime::record::StopReason,
    text::{WorkspaceName, grouped},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// An event, with its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "facts")]
pub enum Occurrence {
    /// A member joined.
    #[serde(rename = "member.joined")]
    MemberJoined {
        /// The member.
        user_id: UserId,
        /// The member's role.
        role: Role,
    },
    /// A member was removed.
    #[serde(rename = "member.removed")]
    MemberRemoved {
        /// The former member.
        user_id: UserId,
    },
    /// Another plan is in force.
    #[serde(rename = "plan.changed")]
    PlanChanged {
        /// The previous plan.
        from: PlanName,
        /// The current plan.
        to: PlanName,
    },
    /// A payment failed.
    #[serde(rename = "payment.failed")]
    PaymentFailed {
        /// Time until which the plan stays in force.
        grace_until: Option<Timestamp>,
    },
    /// A failed payment was made, or is no longer owed.
    #[serde(rename = "payment.recovered")]
    PaymentRecovered {},
    /// The runtime started.
    #[serde(rename = "runtime.started")]
    RuntimeStarted {
        /// The generation of the runtime.
        generation: u32,
    },
    /// The runtime stopped.
    #[serde(rename = "runtime.stopped")]
    RuntimeStopped {
        /// The generation of the runtime.
        generation: u32,
        /// Reason for the stop.
        reason: Option<StopReason>,
    },
    /// The runtime could not be started or kept running.
    #[serde(rename = "runtime.failed")]
    RuntimeFailed {
        /// The generation of the runtime.
        generation: u32,
        /// Reason for the failure.
        reason: Option<StopReason>,
    },
    /// A limit of the plan was reached.
    #[serde(rename = "limit.reached")]
    LimitReached {
        /// The meter.
        resource: MeterName,
        /// The limit.
        limit: u64,
    },
    /// A record was added to the audit log.
    #[serde(rename = "audit.recorded")]
    AuditRecorded {
        /// The record.
        record: AuditId,
    },
    /// A checkpoint of the audit log was signed.
    #[serde(rename = "audit.checkpoint")]
    AuditCheckpoint {
        /// Number of the record that it ends with.
        number: u64,
    },
}

/// Severity of a notice, for receivers that distinguish severities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Information only.
    Info,
    /// Needs attention.
    Warning,
    /// Something does not work.
    Error,
}

/// The content of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegrationNotice {
    /// The id of the event; the same in each attempt, so that a receiver can detect duplicates.
    pub id: EventId,
    /// Time of the event.
    pub at: Timestamp,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The workspace's current name.
    pub workspace_name: WorkspaceName,
    /// The subject of the notice.
    pub subject: Subject,
    /// The plans of the company, which give meters their words.
    pub plans: Plans,
    /// Further facts, which are read when the notice is sent: the record or the checkpoint that it is about.
    pub attached: Map<String, Value>,
}

/// The subject of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An event.
    Occurrence(Occurrence),
    /// A test at a member's request; nothing happened.
    Test,
}

impl Occurrence {
    /// The event.
    #[must_use]
    pub const fn event(&self) -> Event {
        match self {
            Self::MemberJoined { .. } => Event::MemberJoined,
            Self::MemberRemoved { .. } => Event::MemberRemoved,
            Self::PlanChanged { .. } => Event::PlanChanged,
            Self::PaymentFailed { .. } => Event::PaymentFailed,
            Self::PaymentRecovered {} => Event::PaymentRecovered,
            Self::RuntimeStarted { .. } => Event::RuntimeStarted,
            Self::RuntimeStopped { .. } => Event::RuntimeStopped,
            Self::RuntimeFailed { .. } => Event::RuntimeFailed,
            Self::LimitReached { .. } => Event::LimitReached,
            Self::AuditRecorded { .. } => Event::AuditRecorded,
            Self::AuditCheckpoint { .. } => Event::AuditCheckpoint,
        }
    }

    fn words(&self, plans: Plans) -> String {
        match self {
            Self::MemberJoined { role, .. } => format!("a member joined as {role}"),
            Self::MemberRemoved { .. } => "a member was removed".to_owned(),
            Self::PlanChanged { from, to } => format!("the plan changed from {from} to {to}"),
            Self::PaymentFailed { .. } => "a payment failed".to_owned(),
            Self::PaymentRecovered {} => "no failed payment is owed any more".to_owned(),
            Self::RuntimeStarted { .. } => "the runtime started".to_owned(),
            Self::RuntimeStopped { .. } => "the runtime stopped".to_owned(),
            Self::RuntimeFailed { .. } => "the runtime could not be started or kept running".to_owned(),
            Self::LimitReached { resource, limit } => {
                let words = plans.meter(*resource).map_or_else(|| resource.to_string(), |meter| meter.unit.to_owned());
                format!("the plan's limit of {} {words} was reached", grouped(*limit, ','))
            }
            Self::AuditRecorded { .. } => "a record was added to the audit log".to_owned(),
            Self::AuditCheckpoint { number } => format!("a checkpoint of the audit log was signed at record {number}"),
        }
    }

    const fn severity(&self) -> Severity {
        match self {
            Self::MemberJoined { .. }
            | Self::MemberRemoved { .. }
            | Self::PlanChanged { .. }
            | Self::PaymentRecovered {}
            | Self::RuntimeStarted { .. }
            | Self::RuntimeStopped { .. }
            | Self::AuditRecorded { .. }
            | Self::AuditCheckpoint { .. } => Severity::Info,
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

impl IntegrationNotice {
    /// The kind of the notice: an event's name, or `test`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match &self.subject {
            Subject::Occurrence(occurrence) => occurrence.event().name(),
            Subject::Test => "test",
        }
    }

    /// One sentence for people, in which `escape` has escaped the name for the receiver's grammar. The name is shortened and
    /// cleaned as a new one would be, because an old one may be neither.
    #[must_use]
    pub fn sentence(&self, escape: fn(&str) -> String) -> String {
        let name = escape(&self.workspace_name.for_one_line());
        let words = match &self.subject {
            Subject::Occurrence(occurrence) => occurrence.words(self.plans),
            Subject::Test => "this is a test; nothing has happened".to_owned(),
        };
        format!("{name}: {words}.")
    }

    /// The severity of the notice.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match &self.subject {
            Subject::Occurrence(occurrence) => occurrence.severity(),
            Subject::Test => Severity::Info,
        }
    }

    /// The facts of the notice.
    #[must_use]
    pub fn facts(&self) -> Map<String, Value> {
        let mut facts = match &self.subject {
            Subject::Occurrence(occurrence) => occurrence.facts(),
            Subject::Test => Map::new(),
        };
        facts.extend(self.attached.clone());
        facts.insert("workspace_id".to_owned(), json!(self.workspace));
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_occurrences_parse_back_under_their_event_name() {
        let all = [
            Occurrence::MemberJoined { user_id: UserId::NIL, role: Role::Viewer },
            Occurrence::MemberRemoved { user_id: UserId::NIL },
            Occurrence::PlanChanged { from: PlanName::literal("free"), to: PlanName::literal("pro") },
            Occurrence::PaymentFailed { grace_until: None },
            Occurrence::PaymentRecovered {},
            Occurrence::RuntimeStarted { generation: 1 },
            Occurrence::RuntimeStopped { generation: 1, reason: Some(StopReason::Requested) },
            Occurrence::RuntimeFailed { generation: 1, reason: None },
            Occurrence::LimitReached { resource: MeterName::literal("api_keys"), limit: 5 },
            Occurrence::AuditRecorded { record: AuditId::NIL },
            Occurrence::AuditCheckpoint { number: 7 },
        ];
        assert_eq!(all.map(|occurrence| occurrence.event()), Event::ALL);
        for occurrence in all {
            let written = serde_json::to_value(occurrence).unwrap();
            assert_eq!(written["type"], occurrence.event().name());
            assert_eq!(serde_json::from_value::<Occurrence>(written).unwrap(), occurrence);
        }
    }
}
