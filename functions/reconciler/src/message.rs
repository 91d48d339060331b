//! The kinds of messages in the queue: what the outbox relays, what a rule makes of ECS's events, and the hourly one.

use domain::{ids::WorkspaceId, outbox::Message};
use serde::Deserialize;

/// A message that is none of ours.
#[derive(Debug, thiserror::Error)]
#[error("the message is none of ours")]
pub(crate) struct Unreadable;

/// What the rules send. Of an event they pass on this and no more: it carries the task's environment, too.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum RuleSays {
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
    /// An hour has passed: the whole cluster is to be looked through.
    LookAround {},
}

/// What a message asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To look after this workspace.
    Workspace(WorkspaceId),
    /// Nothing: it is about a task of somebody else.
    Nothing,
    /// To look through the cluster.
    LookAround,
}

/// What a message asks for.
pub(crate) fn asked(body: &str) -> Result<Asked, Unreadable> {
    if let Ok(message) = serde_json::from_str(body) {
        return match message {
            Message::Reconcile { workspace, .. } => Ok(Asked::Workspace(workspace)),
            Message::InvitationMail { .. }
            | Message::IntegrationMail { .. }
            | Message::BillingMail { .. }
            | Message::SuspensionMail { .. }
            | Message::Event { .. }
            | Message::Delivery { .. } => Err(Unreadable),
        };
    }
    match serde_json::from_str(body).map_err(|_| Unreadable)? {
        RuleSays::TaskChanged { task, version, started_by, status } => {
            tracing::info!(function = "reconciler", task, version, status, "ECS says");
            Ok(started_by.parse().map_or(Asked::Nothing, Asked::Workspace))
        }
        RuleSays::LookAround {} => Ok(Asked::LookAround),
    }
}
