//! The requests of the console.

use api::{Extensions, FieldErrors, FromBody, FromQuery, from_json, from_texts, json_body};
use commands::{Command, CommandRefusal};
use deserr::Deserr;
use domain::{email::Email, ids::WorkspaceId, operator::dead_letters::DeadLetterQueue, text::OperatorReason};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A command with its reason.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = OperatorCommand)]
pub(crate) struct CommandBody {
    /// Reason of the command, 1 to 500 characters. Required of a command that changes something; the owners of the workspace
    /// read it in their audit log, and the members that of a suspension. Lookups have none.
    #[deserr(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    reason: Option<OperatorReason>,
    /// The command, named by its field `command`: the same object that the function `operator` takes.
    #[schema(value_type = Object, example = json!({"command": "facts", "workspace": "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y"}))]
    command: BTreeMap<String, Value>,
}

/// A command with the reason that it needs, or the refusal of what is none.
#[derive(Debug)]
pub(crate) struct CommandRequest(pub(crate) Result<Command, CommandRefusal>);

impl FromBody for CommandRequest {
    fn from_body(bytes: &[u8], _: &[(String, String)], _: &Extensions) -> Result<Self, FieldErrors> {
        let CommandBody { reason, command } = from_json(bytes)?;
        let command = Command::read(Value::Object(Map::from_iter(command)));
        match (command, reason) {
            (Ok(command), Some(reason)) => Ok(Self(Ok(command.because(reason)))),
            (Ok(command), None) if command.changes() => {
                Err(FieldErrors::one("reason", "is missing; a command that changes something needs one"))
            }
            (command, _) => Ok(Self(command)),
        }
    }
}

/// The path to a dead-letter queue.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct QueuePath {
    /// Name of the queue.
    pub(crate) queue: DeadLetterQueue,
}

/// The reason for sending messages back.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = RedriveRequest)]
pub(crate) struct RedriveBody {
    /// Reason, 1 to 500 characters, for the log.
    #[schema(value_type = String, min_length = 1, max_length = 500, example = "The mail service works again.")]
    pub(crate) reason: OperatorReason,
}

json_body!(RedriveBody);

#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
struct LetterParams {
    #[deserr(default)]
    workspace: Option<WorkspaceId>,
    #[deserr(default)]
    email: Option<String>,
}

/// What the letters have in common that are asked for.
#[derive(Debug)]
pub(crate) enum LetterFilter {
    /// The workspace that they are about.
    Workspace(WorkspaceId),
    /// The address that they were sent to.
    Email(Email),
}

impl FromQuery for LetterFilter {
    fn from_query(pairs: Vec<(String, String)>, _: &str, _: &str) -> Result<Self, FieldErrors> {
        let one = "name exactly one of workspace and email";
        match from_texts(pairs)? {
            LetterParams { workspace: Some(workspace), email: None } => Ok(Self::Workspace(workspace)),
            // As it was in a token or an invitation, which may be no address that would be accepted today.
            LetterParams { workspace: None, email: Some(email) } => {
                Email::known(&email).map(Self::Email).map_err(|error| FieldErrors::one("email", error.to_string()))
            }
            LetterParams { .. } => Err(FieldErrors::one("workspace", one).with("email", one)),
        }
    }
}
