//! The two kinds of messages in the queue: what the outbox relays, and what the rule makes of ECS's events.

use serde::Deserialize;
use shared::domain::{ids::WorkspaceId, outbox::Message};

/// A message that is none of ours.
#[derive(Debug, thiserror::Error)]
#[error("the message is none of ours")]
pub(crate) struct Unreadable;

/// What the rule passes on of an event, and no more: an event carries the task's environment, too.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum TaskEvent {
    /// ECS says that a task has changed. It is a hint: events are repeated, late, and out of order, so that neither
    /// `version` nor `status` is believed.
    TaskChanged {
        /// Its ARN.
        task: String,
        /// Grows with every change of the task.
        version: u64,
        /// Whoever started it: of our own, the workspace.
        started_by: String,
        /// How far it was.
        status: String,
    },
}

/// The workspace that a message is about; `None` if it is about a task of somebody else.
pub(crate) fn workspace(body: &str) -> Result<Option<WorkspaceId>, Unreadable> {
    if let Ok(message) = serde_json::from_str(body) {
        return match message {
            Message::Reconcile { workspace, .. } => Ok(Some(workspace)),
            Message::InvitationMail { .. }
            | Message::IntegrationMail { .. }
            | Message::Event { .. }
            | Message::Delivery { .. } => Err(Unreadable),
        };
    }
    let TaskEvent::TaskChanged { task, version, started_by, status } =
        serde_json::from_str(body).map_err(|_| Unreadable)?;
    tracing::info!(function = "reconciler", task, version, status, "ECS says");
    Ok(started_by.parse().ok())
}
