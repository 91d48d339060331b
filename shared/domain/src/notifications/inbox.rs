//! The head of an inbox: the number of unread notifications for each week and shelf, and the marks up to which shelves were
//! read as a whole.
//!
//! Every change of an inbox replaces the head that was read, so its counts equal the notifications: a change that lost to
//! another one is decided again. Nothing is counted by a clock: counts stand by week, and the weeks that are over are left
//! out.

use super::{
    notification::Notification,
    shelf::{NotificationType, Shelf},
    week::Week,
};
use crate::{
    error::{Kind, Refusal},
    identity::access::Role,
    ids::NotificationId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Unread notifications of an inbox, by week and shelf.
pub type UnreadCounts = BTreeMap<Week, BTreeMap<Shelf, u64>>;

/// The head of an inbox. One that never had a notification has version 0, and nothing is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboxHead {
    /// Grows with every change of the inbox.
    pub version: u64,
    /// Number of the last notification that became unread.
    pub seq: u64,
    /// Marks of the shelves that were read as a whole.
    pub marks: BTreeMap<Shelf, ReadMark>,
    /// Unread notifications.
    pub unread: UnreadCounts,
}

/// Mark of a shelf that was read as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// Notifications up to this number are read.
    pub seq: u64,
    /// Time at which they were.
    pub at: Timestamp,
}

/// A state that a member gives to a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadState {
    /// It is read.
    Read,
    /// It is unread again.
    Unread,
}

/// Notifications of an inbox that a member of a role means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// Role of the member, who sees no others.
    pub role: Role,
    /// Only this type.
    pub kind: Option<NotificationType>,
}

/// Unread notifications that a member sees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Badge {
    /// All of them.
    pub unread: u64,
    /// By type. Types without any are left out.
    pub by_type: BTreeMap<NotificationType, u64>,
}

/// A notification cannot be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InboxError {
    /// There is no such notification in the caller's inbox, or not any more.
    #[error("you have no such notification; it was deleted, or is older than three months")]
    NoSuchNotification,
    /// Concurrent changes of the inbox exhausted the attempts.
    #[error("your notifications are being changed by other requests; send the same request again")]
    ChangedMeanwhile,
}

impl Refusal for InboxError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoSuchNotification => Kind::Absent,
            Self::ChangedMeanwhile => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchNotification => "notification_not_found",
            Self::ChangedMeanwhile => "inbox_changed",
        }
    }
}

impl Selection {
    /// True if the notifications of `shelf` are meant.
    #[must_use]
    pub fn has(&self, shelf: Shelf) -> bool {
        shelf.is_visible_to(self.role) && self.kind.is_none_or(|kind| kind == shelf.kind)
    }
}

impl InboxHead {
    /// The head after the notification `id` arrived on `shelf`. Its number is the head's [`Self::seq`].
    #[must_use]
    pub fn received(&self, id: NotificationId, shelf: Shelf, now: Timestamp) -> Self {
        let mut next = self.next(now);
        next.seq = next.seq.saturating_add(1);
        next.add(Week::of(id.made_at()), shelf);
        next
    }

    /// Time at which `notification` was read; `None` if it is unread.
    #[must_use]
    pub fn read_at(&self, notification: &Notification) -> Option<Timestamp> {
        let mark = self.marks.get(&notification.shelf).filter(|mark| notification.seq <= mark.seq);
        notification.read_at.or_else(|| mark.map(|mark| mark.at))
    }

    /// The head and the notification after it was marked as read or unread; `None` if it is as wanted.
    ///
    /// A notification that is unread again gets a number of its own, because the mark of its shelf may be above the former
    /// one.
    #[must_use]
    pub fn marked(&self, before: &Notification, wanted: ReadState, now: Timestamp) -> Option<(Self, Notification)> {
        let mut next = self.next(now);
        let mut after = Notification { version: before.version.saturating_add(1), ..before.clone() };
        match (wanted, self.read_at(before)) {
            (ReadState::Read, Some(_)) | (ReadState::Unread, None) => return None,
            (ReadState::Read, None) => {
                next.subtract(before.week(), before.shelf);
                after.read_at = Some(now);
            }
            (ReadState::Unread, Some(_)) => {
                next.seq = next.seq.saturating_add(1);
                next.add(before.week(), before.shelf);
                after.seq = next.seq;
                after.read_at = None;
            }
        }
        Some((next, after))
    }

    /// The head after `notification` was deleted.
    #[must_use]
    pub fn without(&self, notification: &Notification, now: Timestamp) -> Self {
        let mut next = self.next(now);
        if self.read_at(notification).is_none() {
            next.subtract(notification.week(), notification.shelf);
        }
        next
    }

    /// The head after all notifications of `selection` were marked as read; `None` if none is unread.
    #[must_use]
    pub fn all_read(&self, selection: Selection, now: Timestamp) -> Option<Self> {
        let mut next = self.next(now);
        let mark = ReadMark { seq: self.seq, at: now };
        let mut is_changed = false;
        for counts in next.unread.values_mut() {
            counts.retain(|shelf, _| {
                let is_read = selection.has(*shelf);
                if is_read {
                    next.marks.insert(*shelf, mark);
                    is_changed = true;
                }
                !is_read
            });
        }
        next.unread.retain(|_, counts| !counts.is_empty());
        is_changed.then_some(next)
    }

    /// The unread notifications that a member of `role` sees at `now`.
    #[must_use]
    pub fn badge(&self, role: Role, now: Timestamp) -> Badge {
        let mut badge = Badge::default();
        let shown = self.unread.iter().filter(|(week, _)| week.is_shown(now));
        for (shelf, count) in shown.flat_map(|(_, counts)| counts).filter(|(shelf, _)| shelf.is_visible_to(role)) {
            badge.unread = badge.unread.saturating_add(*count);
            let of_type = badge.by_type.entry(shelf.kind).or_default();
            *of_type = of_type.saturating_add(*count);
        }
        badge
    }

    /// The head with the counts of `notifications`, which are all of the inbox; `None` if they are right at `now`. Weeks
    /// that are no longer shown are not compared, because the table may have deleted their notifications.
    #[must_use]
    pub fn recounted<'a>(
        &self,
        notifications: impl IntoIterator<Item = &'a Notification>,
        now: Timestamp,
    ) -> Option<Self> {
        let mut next = Self { unread: UnreadCounts::new(), ..self.next(now) };
        for notification in notifications {
            if notification.week().is_shown(now) && self.read_at(notification).is_none() {
                next.add(notification.week(), notification.shelf);
            }
        }
        let shown = |head: &Self| -> UnreadCounts {
            let shown = head.unread.iter().filter(|(week, _)| week.is_shown(now));
            shown.map(|(week, counts)| (*week, counts.clone())).collect()
        };
        (shown(self) != next.unread).then_some(next)
    }

    /// The next version, without the counts of weeks that are over for good.
    fn next(&self, now: Timestamp) -> Self {
        let kept = self.unread.iter().filter(|(week, _)| week.is_kept(now));
        let unread = kept.map(|(week, counts)| (*week, counts.clone())).collect();
        Self { version: self.version.saturating_add(1), seq: self.seq, marks: self.marks.clone(), unread }
    }

    fn add(&mut self, week: Week, shelf: Shelf) {
        let count = self.unread.entry(week).or_default().entry(shelf).or_default();
        *count = count.saturating_add(1);
    }

    fn subtract(&mut self, week: Week, shelf: Shelf) {
        let Some(counts) = self.unread.get_mut(&week) else { return };
        if let Some(count) = counts.get_mut(&shelf) {
            *count = count.saturating_sub(1);
        }
        counts.retain(|_, count| *count > 0);
        self.unread.retain(|_, counts| !counts.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::Fresh, notifications::happening::Happening};
    use jiff::SignedDuration;
    use proptest::prelude::*;
    use ulid::Ulid;

    const KINDS: [NotificationType; 3] = [NotificationType::Billing, NotificationType::Team, NotificationType::System];

    /// An inbox with everything in it, as the table would have both.
    #[derive(Debug, Default)]
    struct Inbox {
        head: InboxHead,
        items: BTreeMap<NotificationId, Option<Notification>>,
        model: BTreeMap<NotificationId, bool>,
    }

    #[derive(Debug, Clone, Copy)]
    enum Act {
        Receive(u8, usize, usize),
        Mark(usize, bool),
        Delete(usize),
        ReadAll(usize, Option<usize>),
        Wait(u16),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            4 => (0_u8..12, 0_usize..3, 0_usize..4).prop_map(|(n, kind, role)| Act::Receive(n, kind, role)),
            3 => (0_usize..12, any::<bool>()).prop_map(|(at, read)| Act::Mark(at, read)),
            2 => (0_usize..12).prop_map(Act::Delete),
            1 => (0_usize..4, proptest::option::of(0_usize..3)).prop_map(|(role, kind)| Act::ReadAll(role, kind)),
            1 => (0_u16..24 * 7 * 5).prop_map(Act::Wait),
        ]
    }

    impl Inbox {
        fn notification(&self, at: usize) -> Option<Notification> {
            self.items.values().nth(at)?.clone()
        }

        fn act(&mut self, act: Act, now: &mut Timestamp) {
            match act {
                Act::Receive(n, kind, role) => {
                    let milliseconds = u64::try_from(now.as_millisecond()).unwrap();
                    let id = NotificationId::fresh(Ulid::from_parts(milliseconds, u128::from(n)));
                    // The table refuses an event that is in the inbox, or was.
                    if self.items.contains_key(&id) {
                        return;
                    }
                    let shelf = Shelf { kind: KINDS[kind], audience: Role::ALL[role] };
                    self.head = self.head.received(id, shelf, *now);
                    let (seq, happening) = (self.head.seq, Happening::PlanLapsed {});
                    let received = Notification { id, version: 1, seq, arrived: seq, shelf, happening, read_at: None };
                    self.items.insert(id, Some(received));
                    self.model.insert(id, false);
                }
                Act::Mark(at, read) => {
                    let Some(before) = self.notification(at) else { return };
                    let wanted = if read { ReadState::Read } else { ReadState::Unread };
                    if let Some((head, after)) = self.head.marked(&before, wanted, *now) {
                        self.head = head;
                        self.items.insert(after.id, Some(after));
                    }
                    self.model.insert(before.id, read);
                }
                Act::Delete(at) => {
                    let Some(before) = self.notification(at) else { return };
                    self.head = self.head.without(&before, *now);
                    self.items.insert(before.id, None);
                    self.model.insert(before.id, true);
                }
                Act::ReadAll(role, kind) => {
                    let selection = Selection { role: Role::ALL[role], kind: kind.map(|kind| KINDS[kind]) };
                    if let Some(head) = self.head.all_read(selection, *now) {
                        self.head = head;
                    }
                    for held in self.items.values().flatten().filter(|held| selection.has(held.shelf)) {
                        self.model.insert(held.id, true);
                    }
                }
                Act::Wait(hours) => *now += SignedDuration::from_hours(i64::from(hours)),
            }
        }
    }

    proptest! {
        /// After any acts, the badge of each role is the number of notifications that it sees unread.
        /// Invariant 49.
        #[test]
        fn badge_counts_what_a_list_shows(acts in proptest::collection::vec(act(), 0..120)) {
            let (mut inbox, mut now) = (Inbox::default(), "2026-11-21T12:00:00Z".parse::<Timestamp>().unwrap());
            for act in acts {
                inbox.act(act, &mut now);
                for role in Role::ALL {
                    let listed = inbox.items.values().flatten().filter(|held| {
                        held.week().is_shown(now) && held.shelf.is_visible_to(role)
                    });
                    let unread: Vec<_> = listed.filter(|held| inbox.head.read_at(held).is_none()).collect();
                    let badge = inbox.head.badge(role, now);
                    prop_assert_eq!(badge.unread, unread.len() as u64);
                    for kind in NotificationType::ALL {
                        let of_kind = unread.iter().filter(|held| held.shelf.kind == kind).count() as u64;
                        prop_assert_eq!(badge.by_type.get(&kind).copied().unwrap_or_default(), of_kind);
                    }
                }
                for held in inbox.items.values().flatten().filter(|held| held.week().is_shown(now)) {
                    prop_assert_eq!(inbox.head.read_at(held).is_some(), inbox.model[&held.id]);
                }
                prop_assert_eq!(inbox.head.recounted(inbox.items.values().flatten(), now), None);
            }
        }

        /// A count that was tampered with is found, and the recounted head is right.
        #[test]
        fn recount_repairs_any_counts(acts in proptest::collection::vec(act(), 1..60), count in 1_u64..9) {
            let (mut inbox, mut now) = (Inbox::default(), "2026-11-21T12:00:00Z".parse::<Timestamp>().unwrap());
            acts.into_iter().for_each(|act| inbox.act(act, &mut now));
            let shelf = Shelf { kind: NotificationType::Kb, audience: Role::Owner };
            let right = inbox.head.clone();
            inbox.head.unread.entry(Week::of(now)).or_default().insert(shelf, count);
            let repaired = inbox.head.recounted(inbox.items.values().flatten(), now).unwrap();
            prop_assert_eq!(repaired.badge(Role::Owner, now), right.badge(Role::Owner, now));
            prop_assert_eq!((repaired.version, repaired.seq), (right.version + 1, right.seq));
        }
    }

    #[test]
    fn unread_again_is_above_the_mark_of_its_shelf() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let id = NotificationId::fresh(Ulid::from_parts(u64::try_from(now.as_millisecond()).unwrap(), 1));
        let shelf = Shelf { kind: NotificationType::Team, audience: Role::Viewer };
        let head = InboxHead::default().received(id, shelf, now);
        let happening = Happening::PlanLapsed {};
        let received =
            Notification { id, version: 1, seq: head.seq, arrived: head.seq, shelf, happening, read_at: None };
        let read = head.all_read(Selection { role: Role::Viewer, kind: None }, now).unwrap();
        assert_eq!((read.read_at(&received), read.badge(Role::Viewer, now).unread), (Some(now), 0));
        assert_eq!(read.all_read(Selection { role: Role::Viewer, kind: None }, now), None);
        assert_eq!(read.marked(&received, ReadState::Read, now), None);
        let (unread, again) = read.marked(&received, ReadState::Unread, now).unwrap();
        assert_eq!((again.seq, unread.read_at(&again), unread.badge(Role::Viewer, now).unread), (2, None, 1));
        let (read, again) = unread.marked(&again, ReadState::Read, now).unwrap();
        assert_eq!((read.read_at(&again), read.badge(Role::Viewer, now).unread), (Some(now), 0));
    }

    #[test]
    fn counts_of_former_weeks_are_dropped() {
        let first: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let shelf = Shelf { kind: NotificationType::Team, audience: Role::Viewer };
        let (mut head, mut most) = (InboxHead::default(), 0);
        for day in 0..400_i64 {
            let now = first + SignedDuration::from_hours(24 * day);
            let id = NotificationId::fresh(Ulid::from_parts(u64::try_from(now.as_millisecond()).unwrap(), 1));
            head = head.received(id, shelf, now);
            most = most.max(head.unread.len());
        }
        assert_eq!((head.seq, most), (400, 15));
    }
}
