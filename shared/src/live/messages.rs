//! Answers the messages of a connection's client.

use crate::notifications::{self, InboxFilter, list_notifications, mark_notification};
use domain::{
    error::Refusal,
    ids::NotificationId,
    live::connection::{Connection, MESSAGE_BYTES},
    notifications::inbox::ReadState,
    page::{Limit, PageRequest},
};
use identity::Caller;
use serde::Deserialize;
use store::live::connections::ConnectionPlace;
use utoipa::ToSchema;
use workers::live::{self, LiveDeps, LiveMessage};

/// A message of a client. It has at most 8 KB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "camelCase", deny_unknown_fields)]
pub enum ClientMessage {
    /// From now on, send what happens. It is answered with `state`.
    Subscribe {
        /// Number of the newest notification that the client knows (`seq`): the answer has those that became unread after it.
        #[serde(default)]
        since: u64,
    },
    /// Send nothing more. It is answered with `unsubscribed`.
    Unsubscribe {},
    /// Mark a notification as read. It is answered with `marked`.
    MarkAsRead {
        /// The notification.
        id: NotificationId,
    },
    /// Keeps the connection from being idle, which would end it after ten minutes. It has no answer.
    Ping {},
}

/// Answers the message `text` of the client of `connection`, on behalf of `caller`, whom its ticket named. The answer goes to
/// the same connection; if it cannot be sent, the client asks again.
///
/// # Errors
/// [`store::Error`] if the table fails. Refusals are answers.
pub async fn answer_message(
    deps: &LiveDeps,
    caller: &Caller,
    place: ConnectionPlace,
    text: &str,
) -> Result<(), store::Error> {
    let Some(connection) = live::admit(deps, place).await? else { return Ok(()) };
    let answer = match parse(text) {
        Ok(message) => answer(deps, caller, place, message).await?,
        Err(Unreadable { code, detail }) => Some(LiveMessage::Refused { code: code.to_owned(), detail }),
    };
    if let Some(answer) = answer {
        reply(deps, place, &connection, &answer).await;
    }
    Ok(())
}

/// A text that is no message.
struct Unreadable {
    code: &'static str,
    detail: String,
}

fn parse(text: &str) -> Result<ClientMessage, Unreadable> {
    if text.len() > MESSAGE_BYTES {
        let detail = format!("a message has at most {MESSAGE_BYTES} bytes");
        return Err(Unreadable { code: "message_too_large", detail });
    }
    serde_json::from_str(text).map_err(|_| {
        let detail = "send an object with the action subscribe, unsubscribe, markAsRead or ping, and nothing else";
        Unreadable { code: "invalid_message", detail: detail.to_owned() }
    })
}

async fn reply(deps: &LiveDeps, place: ConnectionPlace, connection: &Connection, answer: &LiveMessage) {
    let marked = matches!(answer, LiveMessage::Marked { .. });
    live::send(deps, place.workspace(), connection, answer).await;
    if marked {
        live::push_inbox(deps, place.workspace(), place.user(), Some(place)).await;
    }
}

async fn answer(
    deps: &LiveDeps,
    caller: &Caller,
    place: ConnectionPlace,
    message: ClientMessage,
) -> Result<Option<LiveMessage>, store::Error> {
    let (store, workspace) = (&deps.store, place.workspace());
    let answered = match message {
        ClientMessage::Subscribe { since } => {
            // Listens before it reads, so that nothing is lost in between.
            store.set_subscribed(place, true).await?;
            let newest = PageRequest { limit: Limit::MOST, after: None };
            list_notifications(store, caller, workspace, InboxFilter::default(), newest).await.map(|(page, counts)| {
                let complete = page.next.is_none() || page.items.iter().any(|one| one.seq <= since);
                let notifications = page.items.into_iter().filter(|one| one.seq > since).collect();
                LiveMessage::State { counts, notifications, complete }
            })
        }
        // API Gateway's route takes it, if its text is as that route expects.
        ClientMessage::Ping {} => return Ok(None),
        ClientMessage::Unsubscribe {} => {
            store.set_subscribed(place, false).await?;
            Ok(LiveMessage::Unsubscribed {})
        }
        ClientMessage::MarkAsRead { id } => mark_notification(store, caller, workspace, id, ReadState::Read)
            .await
            .map(|marked| LiveMessage::Marked { notification: marked.notification, counts: marked.counts }),
    };
    match answered {
        Ok(answer) => Ok(Some(answer)),
        Err(notifications::Error::Store(error)) => Err(error),
        Err(error) => Ok(Some(refusal(&error))),
    }
}

fn refusal(error: &notifications::Error) -> LiveMessage {
    LiveMessage::Refused { code: error.code().to_owned(), detail: error.to_string() }
}
