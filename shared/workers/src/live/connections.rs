//! Opens and closes connections.

use super::{
    deps::LiveDeps,
    message::{EndReason, LiveMessage},
    push::send,
};
use domain::{
    ids::{LiveTicketId, UserId, WorkspaceId},
    live::{
        connection::{Connection, ConnectionId},
        ticket::{InvalidTicket, LiveTicket},
    },
};
use futures::future::join_all;
use store::live::connections::{ConnectionPlace, Opening};
use system_scope::SystemScope;

/// The reason a connection was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The ticket has expired or was used, or its holder is not a member any more.
    #[error(transparent)]
    Ticket(#[from] InvalidTicket),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Returns the place of the connection that `ticket` opened, as the authorizer has verified.
#[must_use]
pub const fn listener(workspace: WorkspaceId, user: UserId, ticket: LiveTicketId) -> ConnectionPlace {
    ConnectionPlace::new(&SystemScope::of(workspace), user, ticket)
}

/// Opens the connection `id` with a ticket whose signature was verified. Connections that it replaces are ended.
///
/// # Errors
/// [`OpenError`] if the ticket opens none, or the table fails.
pub async fn open(deps: &LiveDeps, ticket: &LiveTicket, id: &ConnectionId) -> Result<(), OpenError> {
    let now = deps.store.ambient().now();
    if !ticket.is_valid(now) {
        return Err(InvalidTicket.into());
    }
    let scope = SystemScope::of(ticket.workspace);
    match deps.store.open_connection(&scope, ticket, id, now).await? {
        Opening::Done(replaced) => {
            join_all(replaced.iter().map(|old| deps.end(ticket.workspace, old))).await;
            Ok(())
        }
        Opening::Used | Opening::NoMember => Err(InvalidTicket.into()),
    }
}

/// Forgets a connection that its client or API Gateway has closed.
///
/// # Errors
/// [`store::Error`] if the table fails.
pub async fn close(deps: &LiveDeps, place: ConnectionPlace) -> Result<(), store::Error> {
    match deps.store.connection(place).await? {
        Some(connection) => deps.store.close_connection(&SystemScope::of(place.workspace()), &connection).await,
        None => Ok(()),
    }
}

/// Counts a message of a connection's client, and returns the connection; `None` if it is not open. A client that sends too
/// many is ended.
///
/// # Errors
/// [`store::Error`] if the table fails.
pub async fn admit(deps: &LiveDeps, place: ConnectionPlace) -> Result<Option<Connection>, store::Error> {
    let now = deps.store.ambient().now();
    let (allowed, connection) =
        tokio::try_join!(deps.store.count_client_message(place, now), deps.store.connection(place))?;
    let Some(connection) = connection.filter(|connection| now < connection.until) else { return Ok(None) };
    if allowed {
        return Ok(Some(connection));
    }
    send(deps, place.workspace(), &connection, &LiveMessage::Ended { reason: EndReason::TooManyMessages }).await;
    deps.end(place.workspace(), &connection).await;
    Ok(None)
}
