//! Events of the WebSocket API, as far as they are used, and their answers.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html>

use domain::{
    ids::{LiveTicketId, UserId, WorkspaceId},
    live::{connection::ConnectionId, ticket::LiveTicket},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An event: the question whether a client may connect, or a step of a connection.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveEvent {
    /// `REQUEST` if the authorizer is asked.
    #[serde(rename = "type")]
    kind: Option<String>,
    method_arn: Option<String>,
    query_string_parameters: Option<Query>,
    request_context: Context,
    body: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Query {
    ticket: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    connection_id: ConnectionId,
    #[serde(default)]
    event_type: String,
    #[serde(default)]
    request_id: String,
    authorizer: Option<Verified>,
}

/// What the authorizer has verified. API Gateway passes on texts only.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Verified {
    workspace: WorkspaceId,
    user: UserId,
    ticket: LiveTicketId,
    until: String,
}

/// A step, as the function handles it.
#[derive(Debug)]
pub(crate) enum Step {
    /// May the holder of this ticket connect to the stage?
    Ask { ticket: String, stage: String },
    /// The client has connected.
    Connect { ticket: LiveTicket, id: ConnectionId },
    /// The client is gone.
    Disconnect { ticket: LiveTicket },
    /// The client has sent a message.
    Message { ticket: LiveTicket, text: String, request_id: String },
    /// The event is none of these.
    Unknown,
}

/// An answer to API Gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum LiveAnswer {
    /// Of the authorizer.
    Policy(Value),
    /// Of a route, without a body: what clients get is posted to their connection.
    #[serde(rename_all = "camelCase")]
    Status {
        /// The status.
        status_code: u16,
    },
}

impl LiveEvent {
    pub(crate) fn step(self) -> Step {
        let Context { connection_id: id, event_type, request_id, authorizer } = self.request_context;
        if self.kind.as_deref() == Some("REQUEST") {
            let ticket = self.query_string_parameters.and_then(|query| query.ticket).unwrap_or_default();
            return Step::Ask { ticket, stage: self.method_arn.unwrap_or_default() };
        }
        let Some(ticket) = authorizer.and_then(|verified| verified.ticket()) else { return Step::Unknown };
        match event_type.as_str() {
            "CONNECT" => Step::Connect { ticket, id },
            "DISCONNECT" => Step::Disconnect { ticket },
            "MESSAGE" => Step::Message { ticket, text: self.body.unwrap_or_default(), request_id },
            _ => Step::Unknown,
        }
    }
}

impl Verified {
    fn of(ticket: &LiveTicket) -> Self {
        let LiveTicket { workspace, user, id, until } = *ticket;
        Self { workspace, user, ticket: id, until: until.as_second().to_string() }
    }

    fn ticket(self) -> Option<LiveTicket> {
        let Self { workspace, user, ticket: id, until } = self;
        LiveTicket::restored(workspace, user, id, until.parse().ok()?)
    }
}

impl LiveAnswer {
    /// Lets the holder of `ticket` connect, or nobody.
    pub(crate) fn policy(ticket: Option<&LiveTicket>, stage: &str) -> Self {
        let effect = if ticket.is_some() { "Allow" } else { "Deny" };
        let statement = json!({"Action": "execute-api:Invoke", "Effect": effect, "Resource": stage});
        let mut policy = json!({
            "principalId": ticket.map_or_else(|| "nobody".to_owned(), |ticket| ticket.user.to_string()),
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        });
        if let (Some(ticket), Some(fields)) = (ticket, policy.as_object_mut()) {
            fields.insert("context".to_owned(), serde_json::to_value(Verified::of(ticket)).unwrap_or_default());
        }
        Self::Policy(policy)
    }

    pub(crate) const fn status(status_code: u16) -> Self {
        Self::Status { status_code }
    }
}
