//! The kinds of messages in the queue: those relayed by the outbox, those that a rule derives from ECS's events, and the hourly
//! one.

use domain::{ids::WorkspaceId, outbox::RuntimeMessage};
use lambda::{QueueMessage, Unreadable};
use serde::Deserialize;

/// The messages of the EventBridge rules. They pass on these parts of an event only, since it also carries the task's
/// environment.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum RuleMessage {
    /// ECS reports that a task has changed. It is a hint: events are repeated, late and out of order, so neither `version` nor
    /// `status` is trusted.
    TaskChanged {
        /// The task's ARN.
        task: String,
        /// The version of the task, which increases with every change.
        version: u64,
        /// The starter of the task; for Berth's own tasks, the workspace.
        started_by: String,
        /// The task's last status.
        status: String,
    },
    /// The hourly message to inspect the whole cluster.
    #[serde(rename = "look_around")]
    InspectCluster {},
}

/// The work that a message requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Reconcile this workspace.
    Workspace(WorkspaceId),
    /// Do nothing: the task is not Berth's.
    Nothing,
    /// Inspect the whole cluster.
    InspectCluster,
}

/// Parses `message`.
pub(crate) fn work(message: QueueMessage<'_>) -> Result<Work, Unreadable> {
    if let Ok(RuntimeMessage::Reconcile { workspace, .. }) = message.parse() {
        return Ok(Work::Workspace(workspace));
    }
    match message.parse()? {
        RuleMessage::TaskChanged { task, version, started_by, status } => {
            tracing::info!(function = "reconciler", task, version, status, "event from ECS");
            Ok(started_by.parse().map_or(Work::Nothing, Work::Workspace))
        }
        RuleMessage::InspectCluster {} => Ok(Work::InspectCluster),
    }
}
