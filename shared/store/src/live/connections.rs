//! Live connections of members: reads and writes.
//!
//! A connection is stored under its ticket, so a ticket opens one. If it is closed before the ticket has expired, its place
//! stays taken until then. Nothing depends on API Gateway saying that a connection has ended: its item is due when the
//! connection cannot be open any more, and is deleted when a message to it cannot be delivered.

use crate::{
    Store,
    notifications::items::parse_head,
    partitions::ItemKind,
    table::calls::{Query, TransactionOutcome, Updated},
    table::change::is_live,
    table::condition::{Condition, Terms},
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, TTL, decode, encode, key_of, number, place as placed, text},
    table::keys::{self, Key},
    table::transaction::Transaction,
    team::{members, profiles},
    workspace::workspaces,
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    identity::profile::Profile,
    ids::{LiveTicketId, UserId, WorkspaceId},
    live::{
        connection::{Connection, ConnectionId, MESSAGES_A_MINUTE, MOST_CONNECTIONS},
        ticket::LiveTicket,
    },
    notifications::inbox::InboxHead,
    team::member::{Member, MemberStatus},
    workspace::head::Workspace,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use system_scope::SystemScope;

/// Time after the end of a connection at which its item is deleted by its TTL, if the sweeper has not done so before.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredConnection {
    /// `None` once the connection was closed before its ticket expired.
    connection: Option<ConnectionId>,
    until: Timestamp,
    opened_at: Timestamp,
    subscribed: bool,
    minute: i64,
    messages: u32,
}

impl Stored for StoredConnection {
    const KIND: ItemKind = ItemKind::Connection;
}

pub(crate) const TYPE: &str = StoredConnection::TYPE;

/// A connection of a workspace by the member and the ticket that opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConnectionPlace {
    workspace: WorkspaceId,
    user: UserId,
    ticket: LiveTicketId,
}

impl ConnectionPlace {
    /// The place of the connection that `ticket` opened for `user`.
    #[must_use]
    pub const fn new(scope: &SystemScope, user: UserId, ticket: LiveTicketId) -> Self {
        Self { workspace: scope.workspace(), user, ticket }
    }

    /// The workspace.
    #[must_use]
    pub const fn workspace(self) -> WorkspaceId {
        self.workspace
    }

    /// The member.
    #[must_use]
    pub const fn user(self) -> UserId {
        self.user
    }

    fn key(self) -> Key {
        keys::connection(self.workspace, self.user, self.ticket)
    }
}

/// Result of opening a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// It is open. Holds those that it replaces, because the member has too many.
    Done(Vec<Connection>),
    /// The ticket was used.
    Used,
    /// The holder of the ticket is not a member any more.
    NoMember,
}

/// Facts on which a push to a member, or a message of theirs, is decided.
#[derive(Debug, Clone)]
pub struct ListenerFacts {
    /// The member; `None` if they are none, or no longer active.
    pub member: Option<Member>,
    /// Their profile.
    pub profile: Profile,
    /// The head of their inbox.
    pub head: InboxHead,
}

/// Returns the place of a connection that cannot be open any more.
pub(crate) fn ended(item: &Item) -> Result<ConnectionPlace, Corrupt> {
    let corrupt = || Corrupt { wanted: StoredConnection::TYPE, version: StoredConnection::VERSION };
    let workspace = keys::workspace_of(item).ok_or_else(corrupt)?;
    let (user, ticket) = keys::connection_of(item).ok_or_else(corrupt)?;
    Ok(ConnectionPlace { workspace, user, ticket })
}

/// Returns the connection; `None` if it was closed.
pub(crate) fn parse(item: &Item) -> Result<Option<Connection>, Corrupt> {
    let StoredConnection { connection, until, opened_at, subscribed, minute: _, messages: _ } = decode(item)?;
    let ConnectionPlace { user, ticket, .. } = ended(item)?;
    Ok(connection.map(|id| Connection { user, ticket, id, until, opened_at, subscribed }))
}

fn item(key: &Key, connection: &Connection, open: bool, ends_at: Timestamp) -> Result<Item, Error> {
    let Connection { ticket, id, until, opened_at, subscribed, .. } = connection;
    let stored = StoredConnection {
        connection: open.then(|| id.clone()),
        until: *until,
        opened_at: *opened_at,
        subscribed: *subscribed,
        minute: 0,
        messages: 0,
    };
    let mut item = encode(key, &stored)?;
    item.extend(keys::due(ticket.ulid(), ends_at));
    let ttl = ends_at.saturating_add(FORGOTTEN).unwrap_or(Timestamp::MAX);
    item.insert(TTL.to_owned(), number(ttl.as_second()));
    Ok(item)
}

/// Returns what is left of a connection that has ended: the place of its ticket, until that could not open another one.
fn left_of(key: &Key, workspace: WorkspaceId, connection: &Connection, now: Timestamp) -> Result<Option<Item>, Error> {
    let Connection { user, ticket, until, .. } = connection;
    let expires_at = LiveTicket { workspace, user: *user, id: *ticket, until: *until }.expires_at();
    (now < expires_at).then(|| item(key, connection, false, expires_at)).transpose()
}

impl Store {
    /// Opens the connection `id` with `ticket`, if its holder is an active member of a live workspace and the ticket was not
    /// used. The oldest connections of a member who has too many are replaced.
    pub async fn open_connection(
        &self,
        scope: &SystemScope,
        ticket: &LiveTicket,
        id: &ConnectionId,
        now: Timestamp,
    ) -> Result<Opening, Error> {
        let LiveTicket { workspace, user, id: number, until } = *ticket;
        let mut open = self.connections(scope, Some(user)).await?;
        open.sort_by_key(|connection| std::cmp::Reverse(connection.opened_at));
        let replaced = open.split_off(open.len().min(MOST_CONNECTIONS.saturating_sub(1)));
        let key = keys::connection(workspace, user, number);
        let connection = Connection { user, ticket: number, id: id.clone(), until, opened_at: now, subscribed: false };
        let mut transaction = Transaction::default();
        transaction
            .put_new(&key, item(&key, &connection, true, connection.ends_at())?, Refused::Used)
            .require(
                &keys::member(workspace, user),
                Condition::Equals("status", text(MemberStatus::Active.name())),
                Refused::NoMember,
            )
            .require(&keys::workspace(workspace), is_live(), Refused::NoMember);
        for old in replaced.iter().take(MOST_CONNECTIONS) {
            let key = keys::connection(workspace, user, old.ticket);
            match left_of(&key, workspace, old, now)? {
                Some(left) => transaction.put(&key, left),
                None => transaction.delete(&key),
            };
        }
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Opening::Done(replaced)),
            TransactionOutcome::Refused(Refused::Used) => Ok(Opening::Used),
            TransactionOutcome::Refused(Refused::NoMember) => Ok(Opening::NoMember),
        }
    }

    /// Closes a connection. Its ticket stays used for as long as it could open another one.
    pub async fn close_connection(&self, scope: &SystemScope, connection: &Connection) -> Result<(), Error> {
        let (workspace, now) = (scope.workspace(), self.ambient().now());
        let key = keys::connection(workspace, connection.user, connection.ticket);
        let Some(left) = left_of(&key, workspace, connection, now)? else { return self.delete(&key).await };
        let mut transaction = Transaction::default();
        transaction.require(&key, Condition::Equals("connection", text(connection.id.as_str())), ()).put(&key, left);
        self.transact(transaction).await.map(drop)
    }

    /// Deletes a connection that has ended.
    pub async fn forget_connection(&self, at: ConnectionPlace) -> Result<(), Error> {
        self.delete(&at.key()).await
    }

    /// Reads one connection; `None` if it is not open.
    pub async fn connection(&self, at: ConnectionPlace) -> Result<Option<Connection>, Error> {
        Ok(self.read_item(&at.key(), parse).await?.flatten())
    }

    /// Reads the open connections of a workspace, or of one member of it.
    pub async fn connections(&self, scope: &SystemScope, user: Option<UserId>) -> Result<Vec<Connection>, Error> {
        let (mut found, mut start) = (Vec::new(), None);
        loop {
            let query = Query::table(keys::live_partition(scope.workspace())).after(start);
            let query = match user {
                Some(user) => query.starting_with(&keys::connections_of(user)),
                None => query,
            };
            let page = self.query(query).await?;
            for item in page.items() {
                found.extend(parse(item)?);
            }
            start = page.last_evaluated_key.as_ref().and_then(key_of).map(|key| Item::from(placed(&key)));
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    /// Records whether the client of a connection has subscribed. Returns false if the connection is not open.
    pub async fn set_subscribed(&self, at: ConnectionPlace, subscribed: bool) -> Result<bool, Error> {
        let mut terms = Terms::default();
        let (name, value) = (terms.name("subscribed"), terms.value(AttributeValue::Bool(subscribed)));
        let (open, string) = (terms.name("connection"), terms.value(text("S")));
        let updated = self.update_if(|update| {
            update
                .set_key(Some(HashMap::from(placed(&at.key()))))
                .update_expression(format!("SET {name} = {value}"))
                .condition_expression(format!("attribute_type({open}, {string})"))
                .set_expression_attribute_names(terms.names())
                .set_expression_attribute_values(terms.values())
        });
        Ok(matches!(updated.await?, Updated::Done(_)))
    }

    /// Counts a message of a connection's client. Returns false if it is one too many in this minute, or the connection is
    /// not open.
    pub async fn count_client_message(&self, at: ConnectionPlace, now: Timestamp) -> Result<bool, Error> {
        let this = now.as_second().div_euclid(60);
        // The first message of a minute begins the count; the second attempt is for one that came just before.
        for _ in 0..2 {
            match self.count_in(at, this).await? {
                Counted::Done => return Ok(true),
                Counted::TooMany => return Ok(false),
                Counted::Another => {}
            }
            if self.begin_minute(at, this).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn count_in(&self, at: ConnectionPlace, this: i64) -> Result<Counted, Error> {
        let mut terms = Terms::default();
        let (minute, messages) = (terms.name("minute"), terms.name("messages"));
        let (one, this_minute) = (terms.value(number(1)), terms.value(number(this)));
        let most = terms.value(number(MESSAGES_A_MINUTE));
        let updated = self.update_if(|update| {
            update
                .set_key(Some(HashMap::from(placed(&at.key()))))
                .update_expression(format!("ADD {messages} {one}"))
                .condition_expression(format!("{minute} = {this_minute} AND {messages} < {most}"))
                .set_expression_attribute_names(terms.names())
                .set_expression_attribute_values(terms.values())
        });
        Ok(match updated.await? {
            Updated::Done(_) => Counted::Done,
            Updated::Refused(None) => Counted::TooMany,
            Updated::Refused(Some(old)) if old.get("minute") == Some(&number(this)) => Counted::TooMany,
            Updated::Refused(Some(_)) => Counted::Another,
        })
    }

    async fn begin_minute(&self, at: ConnectionPlace, this: i64) -> Result<bool, Error> {
        let mut terms = Terms::default();
        let (minute, messages) = (terms.name("minute"), terms.name("messages"));
        let (one, this_minute) = (terms.value(number(1)), terms.value(number(this)));
        let updated = self.update_if(|update| {
            update
                .set_key(Some(HashMap::from(placed(&at.key()))))
                .update_expression(format!("SET {minute} = {this_minute}, {messages} = {one}"))
                .condition_expression(format!("{minute} < {this_minute}"))
                .set_expression_attribute_names(terms.names())
                .set_expression_attribute_values(terms.values())
        });
        Ok(matches!(updated.await?, Updated::Done(_)))
    }

    /// Reads what a push to `users` depends on: the workspace, `None` if it does not exist or is being deleted, and each
    /// user's seat, profile and inbox.
    pub async fn listener_facts(
        &self,
        scope: &SystemScope,
        users: &BTreeSet<UserId>,
    ) -> Result<(Option<Workspace>, BTreeMap<UserId, ListenerFacts>), Error> {
        let (workspace, head) = (scope.workspace(), keys::workspace(scope.workspace()));
        let keys_of =
            |user: UserId| [keys::member(workspace, user), keys::profile(user), keys::inbox_head(workspace, user)];
        let wanted: Vec<_> = [head.clone()].into_iter().chain(users.iter().flat_map(|user| keys_of(*user))).collect();
        let found = self.batch_get(&wanted).await?;
        let facts = users.iter().map(|user| {
            let [member, profile, inbox] = keys_of(*user).map(|key| found.get(&key));
            let member = member.map(members::parse).transpose()?.filter(Member::is_active);
            let profile = profile.map(profiles::parse).transpose()?.unwrap_or_default();
            let head = inbox.map(parse_head).transpose()?.unwrap_or_default();
            Ok((*user, ListenerFacts { member, profile, head }))
        });
        let workspace = found.get(&head).map(workspaces::parse).transpose()?.filter(|workspace| workspace.live);
        Ok((workspace, facts.collect::<Result<_, Corrupt>>()?))
    }
}

enum Refused {
    Used,
    NoMember,
}

enum Counted {
    Done,
    TooMany,
    Another,
}
