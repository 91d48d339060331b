//! Reconciles runtimes with their wanted state, after a command or an ECS event. Inspects the whole cluster each hour.
//!
//! A message only names the workspace; its state is read. A message whose workspace waits for ECS is retried, so that a
//! transition is observed until it ends or its deadline passes, even without any event from ECS.

mod message;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda::{Batch, Handled, QueueMessage, Unreadable};
use message::Work;
use platform::telemetry;
use workers::runtime::{
    PatrolSummary, ReconcileError, ReconcileOutcome, ReconcilerDeps, patrol_cluster, reconcile_runtime,
};

/// The reasons why a message was not handled.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Reconcile(#[from] ReconcileError),
}

/// Reconciles the workspaces named by the messages of `event`.
pub async fn handle(with: &ReconcilerDeps, event: SqsEvent) -> SqsBatchResponse {
    let reconcile = async |message: QueueMessage<'_>| match reconcile_one(with, message).await? {
        ReconcileOutcome::Settled => {
            tracing::info!(function = "reconciler", message_id = message.id, "runtime settled");
            Ok::<_, Failure>(Handled::Done)
        }
        ReconcileOutcome::Waiting => {
            tracing::info!(
                function = "reconciler",
                message_id = message.id,
                "runtime waits for ECS; the message will be retried"
            );
            Ok(Handled::Again)
        }
    };
    Batch::sequential("reconciler", event).handle(reconcile).await
}

async fn reconcile_one(with: &ReconcilerDeps, message: QueueMessage<'_>) -> Result<ReconcileOutcome, Failure> {
    match message::work(message)? {
        // Boxed: the future of all its calls is too deep for the compiler to lay out in one.
        Work::Workspace(workspace) => Ok(Box::pin(reconcile_runtime(with, workspace)).await?),
        // A task in this cluster that Berth did not start.
        Work::Nothing => Ok(ReconcileOutcome::Settled),
        Work::InspectCluster => {
            let PatrolSummary { seen, unwanted, failed } = Box::pin(patrol_cluster(with)).await?;
            tracing::info!(function = "reconciler", seen, unwanted, failed, "cluster inspected");
            telemetry::emit_count("reconciler", "TasksUnwanted", unwanted, with.store.ambient().now());
            // The rest is found in the next hour, and by every message about its workspace.
            Ok(ReconcileOutcome::Settled)
        }
    }
}
