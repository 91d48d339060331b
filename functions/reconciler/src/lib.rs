//! Makes runtimes what is wanted of them, when a command asks for it or ECS says that a task has changed; looks through the whole
//! cluster each hour.
//!
//! A message names the workspace; what is true is read. One whose workspace waits for ECS comes again by itself, so that a
//! transition is looked at until it ends or its deadline has passed, even if ECS never says a word.

mod message;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use message::{Asked, Unreadable};
use platform::telemetry;
use workers::runtime::{Outcome, Patrolled, ReconcileError, Reconciling, patrol, reconcile};

/// Why a message is not done.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Reconcile(#[from] ReconcileError),
}

/// Looks after the workspaces that the messages of `event` name.
pub async fn tend(with: &Reconciling, event: SqsEvent) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let id = message.message_id.unwrap_or_default();
        match tend_one(with, message.body.as_deref().unwrap_or_default()).await {
            Ok(Outcome::Settled) => tracing::info!(function = "reconciler", message = id, "settled"),
            Ok(Outcome::Waiting) => {
                tracing::info!(function = "reconciler", message = id, "waits for ECS; it will come again");
                response.add_failure(id);
            }
            Err(failure) => {
                let cause = std::error::Error::source(&failure).map(ToString::to_string);
                tracing::warn!(function = "reconciler", message = id, error = %failure, cause, "not done");
                response.add_failure(id);
            }
        }
    }
    response
}

async fn tend_one(with: &Reconciling, body: &str) -> Result<Outcome, Failure> {
    match message::asked(body)? {
        // In a box: the state machine of all its calls is too deep for the compiler to lay out in one.
        Asked::Workspace(workspace) => Ok(Box::pin(reconcile(with, workspace)).await?),
        // A task that others started in this cluster.
        Asked::Nothing => Ok(Outcome::Settled),
        Asked::LookAround => {
            let Patrolled { seen, unwanted, failed } = Box::pin(patrol(with)).await?;
            tracing::info!(function = "reconciler", seen, unwanted, failed, "looked through the cluster");
            telemetry::count("reconciler", "TasksUnwanted", unwanted, with.store.ambient().now());
            // What is left is found in the next hour, and by every message about its workspace.
            Ok(Outcome::Settled)
        }
    }
}
