//! Notifies the members of a workspace of one event.
//!
//! The process may end before any step, and the notice is then handled again: a notification has the id of its event, and
//! its place stays taken after it was deleted, so nobody gets it twice.

use crate::decisions::{MAX_COUNTER_DECISIONS, decide_again};
use domain::{
    notifications::{
        mailing::schedule::Schedule, notification::Notification, row::Addressee, shelf::Shelf, week::Week,
    },
    team::member::Member,
    text::Timezone,
};
use futures::future::join_all;
use store::{
    Store,
    notifications::inboxes::{InboxDelivery, InboxFacts},
    notifications::notices::NoticeItem,
};
use system_scope::SystemScope;

/// Number of inboxes that are written at once.
const TOGETHER: usize = 25;

/// The reason members were not notified. A retry notifies those who are missing.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// The table failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Concurrent changes of an inbox exhausted the attempts.
    #[error("an inbox is being changed by other requests")]
    Busy,
}

/// Member to be notified.
#[derive(Debug, Clone, Copy)]
struct Recipient {
    member: Addressee,
    shelf: Shelf,
}

/// Puts the notification of `item` into the inbox of each member whom it concerns, then deletes the notice.
///
/// # Errors
/// [`NoticeError`] if the inbox of any member could not be written. The others were.
pub async fn deliver_notice(store: &Store, item: &NoticeItem) -> Result<(), NoticeError> {
    let scope = SystemScope::of(item.notice.workspace);
    let found = store.members_to_notify(&scope).await?;
    let is_shown = Week::of(item.id.made_at()).is_shown(store.ambient().now());
    if let Some((workspace, members)) = found.filter(|_| is_shown) {
        let recipients: Vec<_> = members.iter().filter_map(|member| recipient(item, member)).collect();
        Delivery { store, scope: &scope, item, timezone: &workspace.timezone }.reach_all(&recipients).await?;
    }
    Ok(store.delete_notice(item.id).await?)
}

/// Returns the member as a recipient, if the event concerns them. What happened before they joined does not.
fn recipient(item: &NoticeItem, member: &Member) -> Option<Recipient> {
    let to = Addressee { user: member.user, role: member.role };
    let shelf = item.notice.happening.shelf_for(to, item.notice.actor)?;
    (member.accepted_at <= item.id.made_at()).then_some(Recipient { member: to, shelf })
}

/// The delivery of one notice.
#[derive(Debug, Clone, Copy)]
struct Delivery<'a> {
    store: &'a Store,
    scope: &'a SystemScope,
    item: &'a NoticeItem,
    /// The time zone of members who have chosen none: the workspace's.
    timezone: &'a Timezone,
}

impl Delivery<'_> {
    async fn reach_all(&self, recipients: &[Recipient]) -> Result<(), NoticeError> {
        let users: Vec<_> = recipients.iter().map(|to| to.member.user).collect();
        let known = self.store.inbox_facts(self.scope, self.item.id, &users).await?;
        let mut failed = None;
        for part in recipients.chunks(TOGETHER) {
            let deliveries = part.iter().map(|to| self.reach(*to, known.get(&to.member.user).cloned()));
            // Each recipient is notified, even if another one could not be.
            failed = join_all(deliveries).await.into_iter().filter_map(Result::err).next().or(failed);
        }
        failed.map_or(Ok(()), Err)
    }

    /// Delivers to one member, whose inbox was read as `facts`. After a lost race it is read again.
    async fn reach(&self, to: Recipient, facts: Option<InboxFacts>) -> Result<(), NoticeError> {
        let (user, mut read) = (to.member.user, facts);
        decide_again(
            MAX_COUNTER_DECISIONS,
            |error| matches!(error, NoticeError::Busy),
            NoticeError::Busy,
            || {
                let first = read.take();
                async move {
                    let facts = match first {
                        Some(facts) => facts,
                        None => {
                            let mut again = self.store.inbox_facts(self.scope, self.item.id, &[user]).await?;
                            again.remove(&user).unwrap_or_default()
                        }
                    };
                    self.reach_once(to, facts).await
                }
            },
        )
        .await
    }

    async fn reach_once(&self, to: Recipient, facts: InboxFacts) -> Result<(), NoticeError> {
        let InboxFacts { head: before, item: known, preferences, window, timezone } = facts;
        let (kind, role) = (to.shelf.kind, to.member.role);
        if known.is_some() || !preferences.allow(kind, role) {
            return Ok(());
        }
        let Self { store, scope, item, .. } = *self;
        let (now, happening) = (store.ambient().now(), item.notice.happening.clone());
        let next = before.received(item.id, to.shelf, now);
        let zone = timezone.as_ref().unwrap_or(self.timezone).rules();
        let schedule = Schedule { zone, quiet: preferences.quiet, sent_at: window.sent_at };
        let due = schedule.due(happening.row().letter, preferences.email(kind, role), now);
        let waiting = due.map(|due| window.arrived(next.seq, due).unwrap_or(window));
        let seq = next.seq;
        let notification =
            Notification { id: item.id, version: 1, seq, arrived: seq, shelf: to.shelf, happening, read_at: None };
        let waiting = waiting.as_ref().map(|next| (&window, next));
        let heads = (&before, &next);
        match store.deliver_notification(scope, to.member.user, heads, &notification, waiting, now).await? {
            InboxDelivery::Done | InboxDelivery::Repeated | InboxDelivery::NoMember => Ok(()),
            InboxDelivery::ChangedMeanwhile => Err(NoticeError::Busy),
        }
    }
}
