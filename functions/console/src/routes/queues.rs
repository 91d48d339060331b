//! The dead-letter queues.

use crate::{
    acting::acting,
    deps::ConsoleDeps,
    requests::{QueuePath, RedriveBody},
};
use api::{Input, Nothing, PersonInput, Problem, StaffCaller, operations};
use axum::{Json, extract::State};
use domain::operator::dead_letters::DeadLetterQueue;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use workers::operator::{
    self, DeadLetterQueueView, DeadMessageView, RedriveView, list_dead_letters, look_at_dead_letters,
};

operations!(ConsoleDeps: list, messages, redrive);

/// The dead-letter queues.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadLetterQueues)]
struct QueuesView {
    /// All of them.
    queues: Vec<DeadLetterQueueView>,
}

/// Messages of a dead-letter queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadMessages)]
struct MessagesView {
    /// Some of the messages, at most 10.
    messages: Vec<DeadMessageView>,
}

/// List dead-letter queues
///
/// Returns the dead-letter queues with the numbers of their messages.
#[utoipa::path(get, path = "/operator/queues", operation_id = "list_dead_letter_queues", tag = "operator",
    responses((status = OK, body = QueuesView)))]
async fn list(
    State(ConsoleDeps { queues, .. }): State<ConsoleDeps>,
    _: StaffCaller,
    _: PersonInput,
) -> Result<Json<QueuesView>, Problem> {
    Ok(Json(QueuesView { queues: list_dead_letters(&queues).await? }))
}

/// Look at dead letters
///
/// Returns some of the messages of a dead-letter queue, at most 10. They stay in the queue and are not hidden from anybody. Of
/// their bodies, only kinds, ids, numbers and times are shown.
#[utoipa::path(get, path = "/operator/queues/{queue}/messages", operation_id = "list_dead_letters", tag = "operator",
    params(("queue" = DeadLetterQueue, Path, description = "Name of the queue.")),
    responses((status = OK, body = MessagesView)))]
async fn messages(
    State(ConsoleDeps { queues, .. }): State<ConsoleDeps>,
    _: StaffCaller,
    input: PersonInput<QueuePath>,
) -> Result<Json<MessagesView>, Problem> {
    Ok(Json(MessagesView { messages: look_at_dead_letters(&queues, input.path.queue).await? }))
}

/// Send dead letters back
///
/// Begins to send all messages of a dead-letter queue back to the queue from which they came, where they are handled again. It
/// concerns all workspaces, so it is recorded in the function's log, with the person and the reason.
///
/// Refused with 409 `queue_not_redrivable` if the queue holds descriptions of stream records, and `redrive_under_way` if its
/// messages are being sent back.
#[utoipa::path(post, path = "/operator/queues/{queue}/redrive", operation_id = "redrive_dead_letters", tag = "operator",
    params(("queue" = DeadLetterQueue, Path, description = "Name of the queue.")),
    request_body = RedriveBody,
    responses((status = ACCEPTED, body = RedriveView)))]
async fn redrive(
    State(ConsoleDeps { queues, .. }): State<ConsoleDeps>,
    staff: StaffCaller,
    input: Input<Nothing, QueuePath, Nothing, RedriveBody>,
) -> Result<(StatusCode, Json<RedriveView>), Problem> {
    let operator = acting(&staff);
    let begun = operator::redrive(&queues, &operator, input.path.queue, &input.body.reason).await?;
    Ok((StatusCode::ACCEPTED, Json(begun)))
}
