//! Lists the caller's notifications and counts the unread ones.

use super::error::Error;
use domain::{
    identity::access::Action,
    identity::denied::Denied,
    ids::{NotificationId, WorkspaceId},
    notifications::{
        inbox::{InboxHead, Selection},
        notification::Notification,
        shelf::NotificationType,
    },
    page::{Page, PageRequest},
};
use identity::Caller;
use jiff::Timestamp;
use store::{
    Authorized, Store,
    notifications::inboxes::{Examined, InboxPart},
};
use workers::notifications::{InboxCountsView, NotificationView, Reader};

/// Maximum number of notifications that are read for a filtered page.
pub const MAX_EXAMINED: usize = 200;

/// Filter of a list of notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InboxFilter {
    /// Only notifications of this type.
    pub kind: Option<NotificationType>,
    /// Only unread ones, or only read ones.
    pub unread: Option<bool>,
}

/// Returns a page of the caller's notifications, newest first, and the counts of the whole inbox. Items that a page leaves
/// out were examined, so a page may be short although more follow.
///
/// # Errors
/// [`Error`] if the caller is not a member or the table fails.
pub async fn list_notifications(
    store: &Store,
    caller: &Caller,
    workspace: WorkspaceId,
    filter: InboxFilter,
    page: PageRequest<NotificationId>,
) -> Result<(Page<NotificationView, NotificationId>, InboxCountsView), Error> {
    let mut entry = store.enter(caller, workspace, None);
    let slot = entry.inbox();
    let most = if filter == InboxFilter::default() { page.limit.get().saturating_add(1) } else { MAX_EXAMINED };
    let part = InboxPart { after: page.after, most };
    let (inside, examined) = entry.with_notifications::<Error>(Action::ReadNotifications, part).await?;
    let (head, reader) = (inside.take(&slot)?.unwrap_or_default(), reader(&inside)?);
    let now = store.ambient().now();
    let wanted = Wanted { filter, selection: Selection { role: reader.role, kind: filter.kind }, head: &head, now };
    let (found, next) = wanted.page(&examined, page.limit.get());
    let items = found.iter().map(|notification| reader.notification(&head, notification)).collect();
    Ok((Page { items, next }, reader.counts(&head, now)))
}

/// Returns the number of the caller's unread notifications.
///
/// # Errors
/// [`Error`] if the caller is not a member or the table fails.
pub async fn read_counts(store: &Store, caller: &Caller, workspace: WorkspaceId) -> Result<InboxCountsView, Error> {
    let mut entry = store.enter(caller, workspace, None);
    let slot = entry.inbox();
    let inside = entry.authorize_read::<Error>(Action::ReadNotifications).await?;
    Ok(reader(&inside)?.counts(&inside.take(&slot)?.unwrap_or_default(), store.ambient().now()))
}

/// Returns the caller as the reader of their inbox.
pub(super) fn reader(inside: &Authorized<'_>) -> Result<Reader, Denied> {
    let role = inside.scope.role().ok_or(Denied::Stranger)?;
    Ok(Reader::new(inside.workspace.id, role, inside.profile(), inside.plans))
}

/// The notifications that a list shows.
struct Wanted<'a> {
    filter: InboxFilter,
    selection: Selection,
    head: &'a InboxHead,
    now: Timestamp,
}

impl Wanted<'_> {
    fn has(&self, notification: &Notification) -> bool {
        let is_unread = self.head.read_at(notification).is_none();
        self.selection.has(notification.shelf) && self.filter.unread.is_none_or(|wanted| wanted == is_unread)
    }

    /// Returns up to `limit` of the examined notifications, and the id after which the next page begins.
    fn page(&self, examined: &Examined, limit: usize) -> (Vec<Notification>, Option<NotificationId>) {
        let (mut found, mut last) = (Vec::new(), None);
        for (id, item) in &examined.items {
            if found.len() == limit {
                return (found, last);
            }
            found.extend(item.clone().shown(self.now).filter(|notification| self.has(notification)));
            last = Some(*id);
        }
        (found, last.filter(|_| examined.has_more))
    }
}
