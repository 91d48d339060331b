//! Windows: what waits to be mailed to a member. A window is due in the table until its letter was sent.

use crate::{
    Store,
    notifications::items::{self, parse_head},
    notifications::preferences,
    outbox::PATIENCE,
    partitions::ItemKind,
    table::calls::{Query, TransactionOutcome},
    table::condition::is_still,
    table::error::{Corrupt, Error},
    table::item::{Item, Stored, decode, encode},
    table::keys::{self, Key},
    table::transaction::Transaction,
    team::{members, profiles},
    workspace::workspaces,
};
use domain::{
    identity::profile::Profile,
    ids::{UserId, WorkspaceId},
    notifications::{
        inbox::InboxHead, mailing::window::MailWindow, notification::Notification, preferences::Preferences, week::Week,
    },
    outbox::MailMessage,
    team::member::Member,
    workspace::head::Workspace,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use system_scope::SystemScope;

/// Number of notifications that are read for a letter. Older ones are left out of it.
const MOST: usize = 200;

#[derive(Serialize, Deserialize)]
pub(crate) struct StoredWindow {
    version: u64,
    after: u64,
    sealed: Option<u64>,
    closes_at: Option<Timestamp>,
    next_closes_at: Option<Timestamp>,
    sent_at: Option<Timestamp>,
}

impl Stored for StoredWindow {
    const KIND: ItemKind = ItemKind::MailWindow;
}

pub(crate) const TYPE: &str = StoredWindow::TYPE;

/// Time after which a letter that was requested, and was not sent, is requested again.
const REQUESTED: SignedDuration = SignedDuration::from_mins(10);

/// A window whose letter is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueWindow {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The member.
    pub member: UserId,
    window: MailWindow,
}

impl DueWindow {
    /// Returns the message that sends the letter, if the window still has this version.
    #[must_use]
    pub const fn message(self) -> MailMessage {
        let Self { workspace, member, window } = self;
        MailMessage::NotificationMail { workspace, member, version: window.version }
    }
}

/// Returns a due window.
pub(crate) fn due(item: &Item) -> Result<DueWindow, Corrupt> {
    let corrupt = || Corrupt { wanted: StoredWindow::TYPE, version: StoredWindow::VERSION };
    let workspace = keys::workspace_of(item).ok_or_else(corrupt)?;
    Ok(DueWindow { workspace, member: keys::inbox_owner(item).ok_or_else(corrupt)?, window: parse(item)? })
}

pub(crate) fn parse(item: &Item) -> Result<MailWindow, Corrupt> {
    let StoredWindow { version, after, sealed, closes_at, next_closes_at, sent_at } = decode(item)?;
    Ok(MailWindow { version, after, due_at: closes_at, sealed, next_due_at: next_closes_at, sent_at })
}

/// Returns the item of the window of `member`, which is due `later` than `now` at the earliest.
fn item(key: &Key, member: UserId, window: &MailWindow, now: Timestamp, later: SignedDuration) -> Result<Item, Error> {
    let MailWindow { version, after, due_at, sealed, next_due_at, sent_at } = *window;
    let stored = StoredWindow { version, after, sealed, closes_at: due_at, next_closes_at: next_due_at, sent_at };
    let mut item = encode(key, &stored)?;
    let earliest = now.saturating_add(later).unwrap_or(Timestamp::MAX);
    item.extend(due_at.into_iter().flat_map(|due| keys::due(member.ulid(), due.max(earliest))));
    Ok(item)
}

/// Facts on which a letter with notifications is decided.
#[derive(Debug, Clone)]
pub struct LetterOfInbox {
    /// The workspace; `None` if it does not exist or is being deleted.
    pub workspace: Option<Workspace>,
    /// The member; `None` if they are none, or no longer active.
    pub member: Option<Member>,
    /// Their profile.
    pub profile: Profile,
    /// The head of their inbox.
    pub head: InboxHead,
    /// Their preferences.
    pub preferences: Preferences,
    /// The window.
    pub window: MailWindow,
}

impl<E> Transaction<E> {
    /// Lets a notification wait in the window `before` of `member`, which becomes `next`. Even if that changes nothing, the
    /// window must not be sealed meanwhile: the notification would be in no letter. `changed` if it
    /// was. A letter that is due is requested.
    pub(super) fn wait_for_mail(
        &mut self,
        store: &Store,
        scope: &SystemScope,
        member: UserId,
        (before, next): (&MailWindow, &MailWindow),
        changed: E,
        now: Timestamp,
    ) -> Result<&mut Self, Error> {
        let workspace = scope.workspace();
        let key = keys::mail_window(workspace, member);
        self.require(&key, is_still(before.version), changed);
        if next == before {
            return Ok(self);
        }
        self.put(&key, item(&key, member, next, now, PATIENCE)?);
        if next.is_due(now) && next.sealed.is_none() {
            let message = MailMessage::NotificationMail { workspace, member, version: next.version };
            let (key, item) = store.outbox_item(message, now)?;
            self.put(&key, item);
        }
        Ok(self)
    }
}

impl Store {
    /// Reads the facts on which the letter to `member` is decided.
    pub async fn letter_of_inbox(&self, scope: &SystemScope, member: UserId) -> Result<LetterOfInbox, Error> {
        let workspace = scope.workspace();
        let keys = [
            keys::workspace(workspace),
            keys::member(workspace, member),
            keys::profile(member),
            keys::inbox_head(workspace, member),
            keys::preferences(workspace, member),
            keys::mail_window(workspace, member),
        ];
        let found = self.batch_get(&keys).await?;
        let [place, seat, profile, head, own, window] = keys.each_ref().map(|key| found.get(key));
        Ok(LetterOfInbox {
            workspace: place.map(workspaces::parse).transpose()?.filter(|workspace| workspace.live),
            member: seat.map(members::parse).transpose()?.filter(Member::is_active),
            profile: profile.map(profiles::parse).transpose()?.unwrap_or_default(),
            head: head.map(parse_head).transpose()?.unwrap_or_default(),
            preferences: own.map(preferences::parse).transpose()?.unwrap_or_default(),
            window: window.map(parse).transpose()?.unwrap_or_default(),
        })
    }

    /// Reads the newest notifications of `member`, newest first.
    pub async fn newest_notifications(
        &self,
        scope: &SystemScope,
        member: UserId,
        now: Timestamp,
    ) -> Result<Vec<Notification>, Error> {
        let (prefix, oldest) = (keys::notifications(member), Week::oldest_shown(now));
        let query = Query::table(keys::inbox_partition(scope.workspace()));
        let query = query.between(format!("{prefix}{oldest}"), format!("{prefix}~")).newest_first().limit(MOST);
        let found = self.query(query).await?;
        let items = found.items().iter().map(items::parse).collect::<Result<Vec<_>, _>>()?;
        Ok(items.into_iter().filter_map(|(_, item)| item.shown(now)).collect())
    }

    /// Replaces the window `before` of `member` by the sealed one, whose letter ends with the last notification in the inbox
    /// with this head. Returns false if the window changed, or anything arrived, since they were read.
    pub async fn seal_window(
        &self,
        scope: &SystemScope,
        member: UserId,
        (before, sealed): (&MailWindow, &MailWindow),
        head: &InboxHead,
    ) -> Result<bool, Error> {
        let mut transaction = Transaction::default();
        transaction.require(&keys::inbox_head(scope.workspace(), member), is_still(head.version), ());
        self.write_window(scope, member, (before, sealed), transaction, PATIENCE).await
    }

    /// Replaces the window `before` of `member` by the one after its letter. Returns false if another change came first.
    pub async fn close_window(
        &self,
        scope: &SystemScope,
        member: UserId,
        (before, closed): (&MailWindow, &MailWindow),
    ) -> Result<bool, Error> {
        self.write_window(scope, member, (before, closed), Transaction::default(), PATIENCE).await
    }

    /// Has the letter of `due`, which was requested, requested again later, unless the window changed.
    pub async fn postpone_window(&self, due: &DueWindow) -> Result<(), Error> {
        let (scope, window) = (SystemScope::of(due.workspace), &due.window);
        self.write_window(&scope, due.member, (window, window), Transaction::default(), REQUESTED).await.map(drop)
    }

    async fn write_window(
        &self,
        scope: &SystemScope,
        member: UserId,
        (before, next): (&MailWindow, &MailWindow),
        mut transaction: Transaction<()>,
        later: SignedDuration,
    ) -> Result<bool, Error> {
        let (key, now) = (keys::mail_window(scope.workspace(), member), self.ambient().now());
        let item = item(&key, member, next, now, later)?;
        transaction.require(&key, is_still(before.version), ()).put(&key, item);
        match self.transact(transaction).await? {
            TransactionOutcome::Done => Ok(true),
            TransactionOutcome::Refused(()) => Ok(false),
        }
    }
}
