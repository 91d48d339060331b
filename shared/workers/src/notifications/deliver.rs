//! Notifies the members of a workspace of one event.
//!
//! The process may end before any step, and the notice is then handled again: a notification has the id of its event, and
//! its place stays taken after it was deleted, so nobody gets it twice.

use crate::decisions::{MAX_COUNTER_DECISIONS, decide_again};
use domain::{
    notifications::{notification::Notification, row::Addressee, shelf::Shelf, week::Week},
    team::member::Member,
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
    let members = store.members_to_notify(&scope).await?.unwrap_or_default();
    let recipients: Vec<_> = members.iter().filter_map(|member| recipient(item, member)).collect();
    if Week::of(item.id.made_at()).is_shown(store.ambient().now()) {
        deliver_all(store, &scope, item, &recipients).await?;
    }
    Ok(store.delete_notice(item.id).await?)
}

/// Returns the member as a recipient, if the event concerns them. What happened before they joined does not.
fn recipient(item: &NoticeItem, member: &Member) -> Option<Recipient> {
    let to = Addressee { user: member.user, role: member.role };
    let shelf = item.notice.happening.shelf_for(to, item.notice.actor)?;
    (member.accepted_at <= item.id.made_at()).then_some(Recipient { member: to, shelf })
}

async fn deliver_all(
    store: &Store,
    scope: &SystemScope,
    item: &NoticeItem,
    recipients: &[Recipient],
) -> Result<(), NoticeError> {
    let users: Vec<_> = recipients.iter().map(|to| to.member.user).collect();
    let known = store.inbox_facts(scope, item.id, &users).await?;
    let mut failed = None;
    for part in recipients.chunks(TOGETHER) {
        let deliveries = part.iter().map(|to| {
            let facts = known.get(&to.member.user).cloned();
            deliver(store, scope, item, *to, facts)
        });
        // Each recipient is notified, even if another one could not be.
        failed = join_all(deliveries).await.into_iter().filter_map(Result::err).next().or(failed);
    }
    failed.map_or(Ok(()), Err)
}

/// Delivers to one member, whose inbox was read as `facts`. After a lost race it is read again.
async fn deliver(
    store: &Store,
    scope: &SystemScope,
    item: &NoticeItem,
    to: Recipient,
    facts: Option<InboxFacts>,
) -> Result<(), NoticeError> {
    let mut read = facts;
    decide_again(
        MAX_COUNTER_DECISIONS,
        |error| matches!(error, NoticeError::Busy),
        NoticeError::Busy,
        || {
            let first = read.take();
            async move {
                let facts = match first {
                    Some(facts) => facts,
                    None => store
                        .inbox_facts(scope, item.id, &[to.member.user])
                        .await?
                        .remove(&to.member.user)
                        .unwrap_or_default(),
                };
                deliver_once(store, scope, item, to, facts).await
            }
        },
    )
    .await
}

async fn deliver_once(
    store: &Store,
    scope: &SystemScope,
    item: &NoticeItem,
    to: Recipient,
    facts: InboxFacts,
) -> Result<(), NoticeError> {
    let InboxFacts { head: before, item: known, preferences } = facts;
    if known.is_some() || !preferences.allow(to.shelf.kind, to.member.role) {
        return Ok(());
    }
    let now = store.ambient().now();
    let next = before.received(item.id, to.shelf, now);
    let (seq, happening) = (next.seq, item.notice.happening.clone());
    let notification = Notification { id: item.id, version: 1, seq, shelf: to.shelf, happening, read_at: None };
    match store.deliver_notification(scope, to.member.user, (&before, &next), &notification, now).await? {
        InboxDelivery::Done | InboxDelivery::Repeated | InboxDelivery::NoMember => Ok(()),
        InboxDelivery::ChangedMeanwhile => Err(NoticeError::Busy),
    }
}
