//! Live connections of browsers: the authorizer of the WebSocket API, and its routes.
//!
//! The authorizer verifies a ticket without reading anything but the key, and API Gateway passes what it says with every later
//! event of the connection. Connecting is one transaction, in which the ticket is used. What clients get is posted to their
//! connection, the answers to their messages as well.

mod event;

pub use event::{LiveAnswer, LiveEvent};

use domain::{identity::origin::Origin, live::ticket::LiveTicket};
use event::Step;
use identity::Caller;
use secrets::LiveKey;
use shared::live::answer_message;
use store::live::connections::ConnectionPlace;
use workers::live::{self, LiveDeps, OpenError};

/// The dependencies of the function.
#[derive(Debug, Clone)]
pub struct Live {
    /// The table and the connections.
    pub deps: LiveDeps,
    /// The key of tickets.
    pub key: LiveKey,
}

impl Live {
    /// Handles an event.
    pub async fn handle(&self, event: LiveEvent) -> LiveAnswer {
        match event.step() {
            Step::Ask { ticket, stage } => LiveAnswer::policy(self.verified(&ticket).await.as_ref(), &stage),
            Step::Connect { ticket, id } => match live::open(&self.deps, &ticket, &id).await {
                Ok(()) => LiveAnswer::status(200),
                Err(OpenError::Ticket(_)) => LiveAnswer::status(401),
                Err(OpenError::Store(error)) => unavailable(&error),
            },
            Step::Disconnect { ticket } => match live::close(&self.deps, place(&ticket)).await {
                Ok(()) => LiveAnswer::status(200),
                Err(error) => unavailable(&error),
            },
            Step::Message { ticket, text, request_id } => {
                let caller = Caller::by_ticket(ticket.user, Origin { request_id, ip_address: None });
                match answer_message(&self.deps, &caller, place(&ticket), &text).await {
                    Ok(()) => LiveAnswer::status(200),
                    Err(error) => unavailable(&error),
                }
            }
            Step::Unknown => LiveAnswer::status(400),
        }
    }

    /// Returns the ticket that `text` says, if it opens a connection now.
    async fn verified(&self, text: &str) -> Option<LiveTicket> {
        let now = self.deps.store.ambient().now();
        match self.key.read(text, now).await {
            Ok(ticket) => ticket.filter(|ticket| ticket.is_valid(now)),
            Err(error) => {
                tracing::warn!(function = "live", %error, "a ticket could not be verified");
                None
            }
        }
    }
}

const fn place(ticket: &LiveTicket) -> ConnectionPlace {
    live::listener(ticket.workspace, ticket.user, ticket.id)
}

fn unavailable(error: &store::Error) -> LiveAnswer {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::warn!(function = "live", %error, cause, "an event of a live connection was not handled");
    LiveAnswer::status(503)
}
