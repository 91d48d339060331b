//! Issues tickets.

use super::Error;
use domain::{identity::access::Action, ids::WorkspaceId, live::ticket::LiveTicket};
use identity::Caller;
use jiff::Timestamp;
use secrets::LiveKey;
use serde::Serialize;
use store::Store;
use utoipa::ToSchema;

/// A ticket for a live connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LiveTicket)]
pub struct TicketView {
    /// The ticket, to be sent as the query parameter `ticket`. It opens one connection.
    pub ticket: String,
    /// Address of the WebSocket, without the ticket.
    #[schema(example = "wss://abcdef1234.execute-api.eu-central-1.amazonaws.com/live")]
    pub url: String,
    /// Time until which it opens a connection: half a minute after it was issued.
    pub expires_at: Timestamp,
}

/// Issues a ticket with which the caller opens a connection to `workspace` at `url`.
///
/// # Errors
/// [`Error`] if the caller is not a member, or the key or the table fails.
pub async fn issue_ticket(
    store: &Store,
    key: &LiveKey,
    url: &str,
    caller: &Caller,
    workspace: WorkspaceId,
) -> Result<TicketView, Error> {
    let entry = store.enter(caller, workspace, None);
    entry.authorize_read::<Error>(Action::ReadNotifications).await?;
    let now = store.ambient().now();
    // A connection outlives the request, and a key may not outlive its revocation.
    caller.require_person()?;
    let token_expires_at = caller.expires_at().unwrap_or(now);
    let ticket = LiveTicket::new(workspace, caller.user(), store.ambient().fresh(), token_expires_at);
    let signed = key.sign(&ticket, now).await?;
    Ok(TicketView { ticket: signed, url: url.to_owned(), expires_at: ticket.expires_at() })
}
