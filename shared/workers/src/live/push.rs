//! Pushes to the clients of a workspace.

use super::{
    deps::LiveDeps,
    message::{EndReason, LiveMessage},
};
use crate::notifications::{NoticeError, Reader, deliver_notice};
use domain::{
    identity::access::{Action, Role},
    identity::denied::Denied,
    ids::{UserId, WorkspaceId},
    live::connection::Connection,
    notifications::{happening::Happening, notification::Notification, shelf::NotificationType},
    workspace::head::Workspace,
};
use futures::future::join_all;
use jiff::Timestamp;
use sockets::Posted;
use std::collections::{BTreeMap, BTreeSet};
use store::{
    live::connections::{ConnectionPlace, ListenerFacts},
    notifications::notices::NoticeItem,
};
use system_scope::SystemScope;

/// Number of messages that are sent at once.
const TOGETHER: usize = 100;

/// Notifies members of an event, and pushes it to those who listen: those whose inbox has it see it at once, even if it could
/// not be delivered to somebody else.
///
/// # Errors
/// [`NoticeError`] if the inbox of any member could not be written.
pub async fn notify(deps: &LiveDeps, item: &NoticeItem) -> Result<(), NoticeError> {
    let delivered = deliver_notice(&deps.store, item).await;
    push_notice(deps, item).await;
    delivered
}

/// Pushes an event of which members were notified to those who listen, and ends the connections of people who are not members
/// any more. Failures are logged: clients catch up by themselves.
pub async fn push_notice(deps: &LiveDeps, item: &NoticeItem) {
    let workspace = item.notice.workspace;
    if let Err(error) = try_push_notice(deps, item).await {
        tracing::warn!(%error, %workspace, notification = %item.id, "nothing was pushed");
    }
}

async fn try_push_notice(deps: &LiveDeps, item: &NoticeItem) -> Result<(), store::Error> {
    let scope = SystemScope::of(item.notice.workspace);
    let connections = listening(deps, &scope, None).await?;
    if connections.is_empty() {
        return Ok(());
    }
    let users = users(&connections);
    let (facts, arrived) =
        tokio::try_join!(deps.store.listener_facts(&scope, &users), deps.store.arrived(&scope, item.id, &users))?;
    let audience = Audience::new(deps, scope, connections, facts);
    let happening = &item.notice.happening;
    audience
        .push(deps, |user, listener, now| {
            let found = arrived.get(&user).cloned();
            let new = found.filter(|one| one.shelf.is_visible_to(listener.reader.role));
            let new = new.map(|one| listener.arrived(&one, now));
            new.into_iter().chain(hint(happening, listener.reader.role)).collect()
        })
        .await;
    Ok(())
}

/// Pushes the counts of the inbox of `user`, in which they have marked or deleted something, to their connections except the
/// one on which they did it. Failures are logged.
pub async fn push_inbox(deps: &LiveDeps, workspace: WorkspaceId, user: UserId, except: Option<ConnectionPlace>) {
    let scope = SystemScope::of(workspace);
    let pushed = async {
        let mut connections = listening(deps, &scope, Some(user)).await?;
        connections.retain(|one| Some(ConnectionPlace::new(&scope, one.user, one.ticket)) != except);
        if connections.is_empty() {
            return Ok(());
        }
        let facts = deps.store.listener_facts(&scope, &users(&connections)).await?;
        let audience = Audience::new(deps, scope, connections, facts);
        audience.push(deps, |_, listener, now| vec![listener.unread(now)]).await;
        Ok::<_, store::Error>(())
    };
    if let Err(error) = pushed.await {
        tracing::warn!(%error, %workspace, "nothing was pushed");
    }
}

/// What an event changes besides inboxes, for a member of this role.
fn hint(happening: &Happening, role: Role) -> Option<LiveMessage> {
    match happening.row().kind {
        NotificationType::Agent if !matches!(happening, Happening::Published(_)) => {
            (role >= Action::ReadRuntime.required_role()).then_some(LiveMessage::Status {})
        }
        NotificationType::Billing | NotificationType::System => {
            (role >= Action::ReadBilling.required_role()).then_some(LiveMessage::Standing {})
        }
        NotificationType::Agent | NotificationType::Workflow | NotificationType::Team | NotificationType::Kb => None,
    }
}

/// A member who listens, at the time of the push.
struct Listener {
    reader: Reader,
    facts: ListenerFacts,
}

impl Listener {
    fn arrived(&self, notification: &Notification, now: Timestamp) -> LiveMessage {
        let Self { reader, facts } = self;
        let notification = reader.notification(&facts.head, notification);
        LiveMessage::Notification { notification, counts: reader.counts(&facts.head, now) }
    }

    fn unread(&self, now: Timestamp) -> LiveMessage {
        LiveMessage::Unread { counts: self.reader.counts(&self.facts.head, now) }
    }
}

/// Reads the connections that listen in a workspace, or those of one of its members.
async fn listening(
    deps: &LiveDeps,
    scope: &SystemScope,
    user: Option<UserId>,
) -> Result<Vec<Connection>, store::Error> {
    let now = deps.store.ambient().now();
    let mut connections = deps.store.connections(scope, user).await?;
    connections.retain(|connection| connection.listens(now));
    Ok(connections)
}

fn users(connections: &[Connection]) -> BTreeSet<UserId> {
    connections.iter().map(|connection| connection.user).collect()
}

/// Those who listen, and what a push to them depends on.
struct Audience {
    workspace: Option<Workspace>,
    scope: SystemScope,
    connections: Vec<Connection>,
    facts: BTreeMap<UserId, ListenerFacts>,
    now: Timestamp,
}

impl Audience {
    fn new(
        deps: &LiveDeps,
        scope: SystemScope,
        connections: Vec<Connection>,
        (workspace, facts): (Option<Workspace>, BTreeMap<UserId, ListenerFacts>),
    ) -> Self {
        Self { workspace, scope, connections, facts, now: deps.store.ambient().now() }
    }

    /// Sends each connection what `messages` says for its member. Connections of people who are not members are ended.
    async fn push(&self, deps: &LiveDeps, messages: impl Fn(UserId, &Listener, Timestamp) -> Vec<LiveMessage>) {
        for part in self.connections.chunks(TOGETHER) {
            join_all(part.iter().map(|connection| self.push_to(deps, connection, &messages))).await;
        }
    }

    async fn push_to(
        &self,
        deps: &LiveDeps,
        connection: &Connection,
        messages: &impl Fn(UserId, &Listener, Timestamp) -> Vec<LiveMessage>,
    ) {
        let workspace = self.scope.workspace();
        let facts = self.facts.get(&connection.user).cloned();
        let seated = facts.and_then(|facts| Some((facts.member.as_ref()?.role, facts)));
        let Some((head, (role, facts))) = self.workspace.as_ref().zip(seated) else {
            send(deps, workspace, connection, &LiveMessage::Ended { reason: EndReason::NoMember }).await;
            return deps.end(workspace, connection).await;
        };
        if Denied::unless_allowed(Action::ReadNotifications, role, head.suspended.as_ref()).is_err() {
            return;
        }
        let reader = Reader::new(workspace, role, &facts.profile, deps.store.plans());
        for message in messages(connection.user, &Listener { reader, facts }, self.now) {
            if !send(deps, workspace, connection, &message).await {
                return;
            }
        }
    }
}

/// Sends `message` to a connection. Returns false if it was not sent; a connection that has ended is forgotten.
pub async fn send(deps: &LiveDeps, workspace: WorkspaceId, connection: &Connection, message: &LiveMessage) -> bool {
    match deps.sockets.post(&connection.id, message.text()).await {
        Ok(Posted::Sent) => true,
        Ok(Posted::Gone) => {
            if let Err(error) = deps.store.close_connection(&SystemScope::of(workspace), connection).await {
                tracing::warn!(%error, %workspace, "a live connection was not forgotten");
            }
            false
        }
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(%error, cause, %workspace, "a live connection got no message");
            false
        }
    }
}
