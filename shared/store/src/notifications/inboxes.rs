//! Inboxes: reads and writes.
//!
//! Every write of an inbox requires the head that was read and replaces it, together with the notification that it is
//! about. It names no other item of the workspace, except that a delivery requires the recipient's seat: so inboxes
//! conflict with no other change, and nothing arrives after a member has left.

use crate::{
    Store,
    notifications::items::{deleted_item, head_item, notification_item, parse, parse_head},
    notifications::preferences,
    notifications::windows,
    scope::Scope,
    table::calls::{Query, TransactionOutcome},
    table::change::{Change, scope_conditions},
    table::condition::{Condition, is_still},
    table::error::{Corrupt, Error},
    table::idempotency,
    table::item::{Item, key_of, number, place, text},
    table::keys::{self, Key},
    table::slot::Slot,
    table::transaction::Transaction,
    team::profiles,
    workspace::entry::{Authorized, Entry},
    workspace::workspaces,
};
use domain::{
    command::{Fingerprint, Reply},
    identity::access::Action,
    identity::denied::Denied,
    ids::{NotificationId, UserId},
    notifications::{
        inbox::InboxHead,
        mailing::window::MailWindow,
        notification::{InboxItem, Notification},
        preferences::Preferences,
        week::Week,
    },
    team::member::{Member, MemberStatus},
    text::Timezone,
    workspace::head::Workspace,
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use system_scope::SystemScope;

/// Most items that one transaction deletes.
const DELETED_TOGETHER: usize = 100;

/// Facts on which a delivery to one member is decided.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboxFacts {
    /// Head of the inbox.
    pub head: InboxHead,
    /// The place of the notification, if it has one already.
    pub item: Option<InboxItem>,
    /// The member's preferences.
    pub preferences: Preferences,
    /// What waits to be mailed to them.
    pub window: MailWindow,
    /// The time zone of their profile.
    pub timezone: Option<Timezone>,
}

/// Result of a delivery to one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxDelivery {
    /// The notification is in the inbox.
    Done,
    /// It was there before, or the member has deleted it.
    Repeated,
    /// The recipient is no longer a member.
    NoMember,
    /// Another change of the inbox came first.
    ChangedMeanwhile,
}

/// A change of one notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemChange {
    /// It becomes this one, of the next version.
    Replaced(Notification),
    /// It is deleted.
    Deleted(Notification),
}

/// A part of an inbox, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// What was read.
    pub items: Vec<(NotificationId, InboxItem)>,
    /// True if more follows.
    pub has_more: bool,
}

/// A part of an inbox to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboxPart {
    /// It begins after this id; `None` begins with the newest.
    pub after: Option<NotificationId>,
    /// Number of items that are read.
    pub most: usize,
}

/// An inbox whose counts are wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miscounted {
    /// Owner of the inbox.
    pub user: UserId,
    /// Its head.
    pub before: InboxHead,
    /// The head with the right counts.
    pub next: InboxHead,
}

impl<'a> Entry<'a> {
    /// Reads the head of the caller's inbox; the slot is empty if nothing was ever in it.
    pub fn inbox(&mut self) -> Slot<InboxHead> {
        self.also_item(keys::inbox_head(self.workspace, self.caller.user()), parse_head)
    }

    /// Reads the place of the notification `id` in the caller's inbox.
    pub fn notification(&mut self, id: NotificationId) -> Slot<InboxItem> {
        let key = keys::notification(self.workspace, self.caller.user(), id);
        self.also_item(key, |item| parse(item).map(|(_, item)| item))
    }

    /// Reads the caller's preferences; the slot is empty if they never changed any.
    pub fn preferences(&mut self) -> Slot<Preferences> {
        self.also_item(keys::preferences(self.workspace, self.caller.user()), preferences::parse)
    }

    /// Reads, with a part of the caller's inbox in the same round trip; opened to members who may do `action`.
    pub async fn with_notifications<E>(self, action: Action, part: InboxPart) -> Result<(Authorized<'a>, Examined), E>
    where
        E: From<Error> + From<Denied>,
    {
        let (store, workspace, user) = (self.store(), self.workspace, self.caller.user());
        let oldest = Week::oldest_shown(store.ambient().now());
        let prefix = keys::notifications(user);
        // No id begins with a character as high as the tilde.
        let query =
            Query::table(keys::inbox_partition(workspace)).between(format!("{prefix}{oldest}"), format!("{prefix}~"));
        let start = part.after.map(|id| Item::from(place(&keys::notification(workspace, user, id))));
        let query = query.newest_first().after(start).limit(part.most);
        let (inside, found) = tokio::join!(self.authorize_read::<E>(action), store.query(query));
        let (inside, found) = (inside?, found?);
        let items = found.items().iter().map(parse).collect::<Result<Vec<_>, _>>().map_err(Error::from)?;
        Ok((inside, Examined { items, has_more: found.last_evaluated_key.is_some() }))
    }
}

impl<E: From<Error> + From<Denied>> Change<'_, E> {
    /// Replaces the head of an inbox by the one with the right counts; `changed` if another change came first.
    pub fn recount_inbox(
        &mut self,
        Miscounted { user, before, next }: &Miscounted,
        changed: impl Into<E>,
        now: Timestamp,
    ) -> Result<&mut Self, Error> {
        let key = keys::inbox_head(self.scope.workspace(), *user);
        let item = head_item(&key, next, now)?;
        Ok(self.require(&key, is_still(before.version), changed).put(&key, item))
    }
}

impl Store {
    /// Reads a workspace and its active members, for a worker; `None` if it does not exist or is being deleted.
    pub async fn members_to_notify(&self, scope: &SystemScope) -> Result<Option<(Workspace, Vec<Member>)>, Error> {
        let head = keys::workspace(scope.workspace());
        let (head, members) = tokio::try_join!(self.read_item(&head, workspaces::parse), self.active_members(scope))?;
        Ok(head.filter(|head| head.live).map(|head| (head, members)))
    }

    /// Reads the facts on which the delivery of the notification `id` to `users` is decided.
    pub async fn inbox_facts(
        &self,
        scope: &SystemScope,
        id: NotificationId,
        users: &[UserId],
    ) -> Result<BTreeMap<UserId, InboxFacts>, Error> {
        let workspace = scope.workspace();
        let keys_of = |user: UserId| {
            let head = keys::inbox_head(workspace, user);
            let [place, own] = [keys::notification(workspace, user, id), keys::preferences(workspace, user)];
            [head, place, own, keys::mail_window(workspace, user), keys::profile(user)]
        };
        let wanted: Vec<_> = users.iter().flat_map(|user| keys_of(*user)).collect();
        let found = self.batch_get(&wanted).await?;
        let facts = users.iter().map(|user| {
            let [head, item, own, window, profile] = keys_of(*user);
            let head = found.get(&head).map(parse_head).transpose()?.unwrap_or_default();
            let item = found.get(&item).map(parse).transpose()?.map(|(_, item)| item);
            let preferences = found.get(&own).map(preferences::parse).transpose()?.unwrap_or_default();
            let window = found.get(&window).map(windows::parse).transpose()?.unwrap_or_default();
            let timezone = found.get(&profile).map(profiles::parse).transpose()?.and_then(|profile| profile.timezone);
            Ok((*user, InboxFacts { head, item, preferences, window, timezone }))
        });
        Ok(facts.collect::<Result<_, Corrupt>>()?)
    }

    /// Reads the notification `id` in the inboxes of `users`. Those who do not have it, or not any more, are left out.
    pub async fn arrived(
        &self,
        scope: &SystemScope,
        id: NotificationId,
        users: &BTreeSet<UserId>,
    ) -> Result<BTreeMap<UserId, Notification>, Error> {
        let now = self.ambient().now();
        let key_of = |user: UserId| keys::notification(scope.workspace(), user, id);
        let found = self.batch_get(&users.iter().map(|user| key_of(*user)).collect::<Vec<_>>()).await?;
        let kept = users.iter().filter_map(|user| {
            let (_, item) = found.get(&key_of(*user)).map(parse)?.ok()?;
            Some((*user, item.shown(now)?))
        });
        Ok(kept.collect())
    }

    /// Puts `notification` into the inbox of `user`, whose head `before` becomes `next`, and into `window`, if it is to be
    /// mailed: the window before and afterwards, which may be the same.
    pub async fn deliver_notification(
        &self,
        scope: &SystemScope,
        user: UserId,
        (before, next): (&InboxHead, &InboxHead),
        notification: &Notification,
        window: Option<(&MailWindow, &MailWindow)>,
        now: Timestamp,
    ) -> Result<InboxDelivery, Error> {
        let (key, head) =
            (keys::notification(scope.workspace(), user, notification.id), keys::inbox_head(scope.workspace(), user));
        let mut transaction = Transaction::default();
        transaction
            .require(
                &keys::member(scope.workspace(), user),
                Condition::Equals("status", text(MemberStatus::Active.name())),
                InboxDelivery::NoMember,
            )
            .put_new(&key, notification_item(&key, notification)?, InboxDelivery::Repeated)
            .require(&head, is_still(before.version), InboxDelivery::ChangedMeanwhile)
            .put(&head, head_item(&head, next, now)?);
        if let Some(window) = window {
            transaction.wait_for_mail(self, scope, user, window, InboxDelivery::ChangedMeanwhile, now)?;
        }
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(InboxDelivery::Done),
            TransactionOutcome::Refused(outcome) => Ok(outcome),
        }
    }

    /// Replaces the head `before` of the caller's inbox by `next`, makes the change of a notification, and records `answer`
    /// as the answer to `command`. Returns `None` if another change of the inbox came first.
    pub async fn change_inbox<T: Serialize>(
        &self,
        scope: &Scope,
        (before, next): (&InboxHead, &InboxHead),
        change: Option<ItemChange>,
        command: Option<&Fingerprint>,
        answer: T,
    ) -> Result<Option<Reply<T>>, Error> {
        let (workspace, user, now) = (scope.workspace(), scope.actor(), self.ambient().now());
        let head = keys::inbox_head(workspace, user);
        let mut transaction = Transaction::default();
        transaction.require(&head, is_still(before.version), Lost::Changed).put(&head, head_item(&head, next, now)?);
        if let Some(change) = change {
            let key_of = |id| keys::notification(workspace, user, id);
            let (key, version, item) = match change {
                ItemChange::Replaced(after) => {
                    let key = key_of(after.id);
                    let item = notification_item(&key, &after)?;
                    (key, after.version.saturating_sub(1), item)
                }
                ItemChange::Deleted(before) => {
                    let key = key_of(before.id);
                    let item = deleted_item(&key, &before)?;
                    (key, before.version, item)
                }
            };
            transaction.require(&key, Condition::Equals("version", number(version)), Lost::Changed).put(&key, item);
        }
        self.commit_own(scope, transaction, command, answer, now).await
    }

    /// Replaces the caller's preferences `before` by `next`, as long as they are a member, and records `answer` as the
    /// answer to `command`. Returns `None` if another change came first.
    pub async fn write_preferences<T: Serialize>(
        &self,
        scope: &Scope,
        before: &Preferences,
        next: &Preferences,
        command: Option<&Fingerprint>,
        answer: T,
    ) -> Result<Option<Reply<T>>, Error> {
        let key = keys::preferences(scope.workspace(), scope.actor());
        let mut transaction = Transaction::default();
        // A person whose account was erased must leave nothing behind, and an owner's limits are those of the role.
        for (key, condition, _) in scope_conditions(scope) {
            transaction.require(&key, condition, Lost::Changed);
        }
        transaction.require(&key, is_still(before.version), Lost::Changed).put(&key, preferences::item(&key, next)?);
        self.commit_own(scope, transaction, command, answer, self.ambient().now()).await
    }

    async fn commit_own<T: Serialize>(
        &self,
        scope: &Scope,
        mut transaction: Transaction<Lost>,
        command: Option<&Fingerprint>,
        answer: T,
        now: Timestamp,
    ) -> Result<Option<Reply<T>>, Error> {
        if let Some(command) = command {
            let key = keys::idempotency(scope.actor(), &command.command);
            transaction.first(&key, idempotency::item(&key, command, &answer, now)?, Lost::Repeated, now);
        }
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(Some(Reply::First(answer))),
            TransactionOutcome::Refused(Lost::Changed) => Ok(None),
            TransactionOutcome::Refused(Lost::Repeated) => {
                self.earlier_answer(scope.actor(), command).await?.ok_or(Error::Contended).map(Some)
            }
        }
    }

    /// Counts the inboxes of the workspace and returns those whose head is wrong. An inbox that changes while it is read is
    /// left out, since its notifications are not of one moment.
    pub async fn miscounted_inboxes(&self, scope: &SystemScope) -> Result<Vec<Miscounted>, Error> {
        let now = self.ambient().now();
        let (mut found, mut open, mut start) = (Vec::new(), None::<OpenInbox>, None);
        loop {
            let query = Query::table(keys::inbox_partition(scope.workspace())).after(start);
            let page = self.query(query).await?;
            for item in page.items() {
                let Some(user) = keys::inbox_owner(item) else { continue };
                if open.as_ref().is_none_or(|open| open.user != user) {
                    found.extend(open.take().and_then(|open| open.miscounted(now)));
                    open = Some(OpenInbox { user, head: InboxHead::default(), kept: Vec::new() });
                }
                if let Some(open) = &mut open {
                    open.read(scope, item)?;
                }
            }
            start = page.last_evaluated_key.as_ref().and_then(key_of).map(|key| Item::from(place(&key)));
            if start.is_none() {
                break;
            }
        }
        found.extend(open.and_then(|open| open.miscounted(now)));
        let heads: Vec<Key> =
            found.iter().map(|Miscounted { user, .. }| keys::inbox_head(scope.workspace(), *user)).collect();
        let again = self.batch_get(&heads).await?;
        let mut same = Vec::new();
        for miscounted in found {
            let head = again.get(&keys::inbox_head(scope.workspace(), miscounted.user)).map(parse_head).transpose()?;
            if head.unwrap_or_default() == miscounted.before {
                same.push(miscounted);
            }
        }
        Ok(same)
    }

    /// Deletes a part of the inbox of `user`, who is no longer a member. Returns true if nothing was left.
    pub async fn erase_inbox(&self, scope: &SystemScope, user: UserId) -> Result<bool, Error> {
        let query = Query::table(keys::inbox_partition(scope.workspace())).starting_with(&keys::of_inbox(user));
        let page = self.query(query.limit(DELETED_TOGETHER)).await?;
        let found: Vec<_> = page.items().iter().filter_map(key_of).collect();
        if found.is_empty() {
            return Ok(true);
        }
        let mut transaction = Transaction::<()>::default();
        for key in &found {
            transaction.delete(key);
        }
        self.transact(transaction).await.map(|_| false)
    }
}

/// Reason for which a change of the caller's own was refused.
enum Lost {
    Repeated,
    Changed,
}

/// An inbox that is being counted.
struct OpenInbox {
    user: UserId,
    head: InboxHead,
    kept: Vec<Notification>,
}

impl OpenInbox {
    fn read(&mut self, scope: &SystemScope, item: &Item) -> Result<(), Corrupt> {
        let key = key_of(item);
        if key == Some(keys::inbox_head(scope.workspace(), self.user)) {
            self.head = parse_head(item)?;
        } else if keys::is_notification(item) {
            match parse(item)? {
                (_, InboxItem::Kept(notification)) => self.kept.push(notification),
                (_, InboxItem::Deleted) => {}
            }
        }
        Ok(())
    }

    fn miscounted(self, now: Timestamp) -> Option<Miscounted> {
        let next = self.head.recounted(&self.kept, now)?;
        Some(Miscounted { user: self.user, before: self.head, next })
    }
}
