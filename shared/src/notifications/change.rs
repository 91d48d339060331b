//! Marks and deletes notifications of the caller.

use super::{error::Error, list::reader, view::MarkedView};
use domain::{
    command::{Fingerprint, Reply},
    identity::access::Action,
    ids::{NotificationId, WorkspaceId},
    notifications::{
        inbox::{InboxError, ReadState, Selection},
        shelf::NotificationType,
    },
};
use identity::Caller;
use store::{Store, notifications::inboxes::ItemChange};
use workers::{
    decisions::{MAX_DECISIONS, decide_again},
    notifications::InboxCountsView,
};

/// Marks the notification `id` as read or unread. One that is as wanted stays as it is.
///
/// # Errors
/// [`InboxError`] if the caller has no such notification, or concurrent changes exhaust the attempts. Any other [`Error`] if
/// the caller is not a member or the table fails.
pub async fn mark_notification(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    id: NotificationId,
    wanted: ReadState,
) -> Result<MarkedView, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, InboxError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, None);
        let (head, item) = (entry.inbox(), entry.notification(id));
        let inside = entry.unaudited().load().await?.authorize(Action::UpdateNotifications)?;
        let (before, reader) = (inside.take(&head)?.unwrap_or_default(), reader(&inside)?);
        let now = store.ambient().now();
        let shown = inside.take(&item)?.and_then(|item| item.shown(now));
        let found = shown.filter(|found| found.shelf.is_visible_to(reader.role));
        let notification = found.ok_or(InboxError::NoSuchNotification)?;
        let Some((next, after)) = before.marked(&notification, wanted, now) else {
            let (notification, counts) = (reader.notification(&before, &notification), reader.counts(&before, now));
            return Ok(MarkedView { notification, counts });
        };
        let change = Some(ItemChange::Replaced(after.clone()));
        let done = store.change_inbox(&inside.scope, (&before, &next), change, None, ()).await?;
        done.ok_or(InboxError::ChangedMeanwhile)?;
        Ok(MarkedView { notification: reader.notification(&next, &after), counts: reader.counts(&next, now) })
    })
    .await
}

/// Marks all of the caller's notifications as read, or those of one type, with one write.
///
/// # Errors
/// [`InboxError`] if concurrent changes exhaust the attempts. Any other [`Error`] if the caller is not a member or the table
/// fails.
pub async fn mark_all_read(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    kind: Option<NotificationType>,
    command: Option<&Fingerprint>,
) -> Result<Reply<InboxCountsView>, Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, InboxError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, command);
        let head = entry.inbox();
        let inside = entry.unaudited().load().await?.authorize(Action::UpdateNotifications)?;
        if let Some(answer) = inside.earlier_answer()? {
            return Ok(answer);
        }
        let (before, reader) = (inside.take(&head)?.unwrap_or_default(), reader(&inside)?);
        let now = store.ambient().now();
        let Some(next) = before.all_read(Selection { role: reader.role, kind }, now) else {
            let counts = reader.counts(&before, now);
            return Ok(store.record_answer(inside.scope.actor(), command, counts).await?);
        };
        let counts = reader.counts(&next, now);
        let done = store.change_inbox(&inside.scope, (&before, &next), None, command, counts).await?;
        Ok(done.ok_or(InboxError::ChangedMeanwhile)?)
    })
    .await
}

/// Deletes the notification `id`. One that was deleted before, or never existed, changes nothing.
///
/// # Errors
/// [`InboxError::ChangedMeanwhile`] if concurrent changes exhaust the attempts. Any other [`Error`] if the caller is not a
/// member or the table fails.
pub async fn delete_notification(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    id: NotificationId,
) -> Result<(), Error> {
    decide_again(MAX_DECISIONS, Error::is_lost, InboxError::ChangedMeanwhile, || async {
        let mut entry = store.enter(caller, workspace, None);
        let (head, item) = (entry.inbox(), entry.notification(id));
        let inside = entry.unaudited().load().await?.authorize(Action::UpdateNotifications)?;
        let (before, reader) = (inside.take(&head)?.unwrap_or_default(), reader(&inside)?);
        let now = store.ambient().now();
        let shown = inside.take(&item)?.and_then(|item| item.shown(now));
        let Some(notification) = shown.filter(|found| found.shelf.is_visible_to(reader.role)) else { return Ok(()) };
        let next = before.without(&notification, now);
        let change = Some(ItemChange::Deleted(notification));
        let done = store.change_inbox(&inside.scope, (&before, &next), change, None, ()).await?;
        done.map(|_| ()).ok_or(InboxError::ChangedMeanwhile.into())
    })
    .await
}
