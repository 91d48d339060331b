//! Answers about inboxes.

use domain::{
    identity::access::Role,
    identity::profile::Language,
    ids::{NotificationId, WorkspaceId},
    notifications::{
        happening::Happening,
        inbox::InboxHead,
        mailing::mode::EmailMode,
        notification::Notification,
        preferences::Preferences,
        shelf::{Category, NotificationType},
    },
    plans::catalogue::Plans,
    text::Timezone,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A notification.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Notification)]
pub struct NotificationView {
    /// Id of the notification. All members who are notified of the same event have the same id.
    pub id: NotificationId,
    /// Type, for which preferences are set.
    #[serde(rename = "type")]
    pub kind: NotificationType,
    /// Severity.
    pub category: Category,
    /// Name of the event, such as `payment.failed`.
    pub event: String,
    /// Title in the language of your profile, or in English.
    pub title: String,
    /// One or two sentences in the same language.
    pub body: String,
    /// Path of the dashboard's page that shows more.
    pub link: String,
    /// The facts of the event.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
    /// Time of the event.
    pub created_at: Timestamp,
    /// Time at which you read it; null if it is unread.
    pub read_at: Option<Timestamp>,
}

/// Number of unread notifications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = InboxCounts)]
pub struct InboxCountsView {
    /// All unread notifications that you may see.
    pub unread_count: u64,
    /// The same for each type.
    #[schema(value_type = BTreeMap<String, u64>, example = json!({"system": 0, "billing": 1, "agent": 2, "workflow": 0, "team": 0, "kb": 0}))]
    pub by_type: BTreeMap<NotificationType, u64>,
    /// Number of the last notification that became unread.
    pub seq: u64,
    /// Version of your inbox. Of two answers, the one with the higher number is newer.
    pub rev: u64,
}

/// A notification that was marked, and the counts afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = MarkedNotification)]
pub struct MarkedView {
    /// The notification.
    pub notification: NotificationView,
    /// The counts afterwards.
    #[serde(flatten)]
    pub counts: InboxCountsView,
}

/// Preferences for notifications in this workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NotificationPreferences)]
pub struct PreferencesView {
    /// Each type of notifications.
    pub types: Vec<TypePreferenceView>,
    /// Hours of each day without mail that can wait, in your time zone; null if there are none.
    pub quiet_hours: Option<QuietHoursView>,
    /// Your time zone, as set in your profile, or else the workspace's. Digests are sent at 08:00 in it.
    pub timezone: Timezone,
}

/// Hours of each day without mail that can wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = QuietHours)]
pub struct QuietHoursView {
    /// Time of day at which they begin.
    #[schema(example = "22:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub from: String,
    /// Time of day at which they end, on the next day if it is not later.
    #[schema(example = "07:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub to: String,
}

/// Preference for one type of notifications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NotificationPreference)]
pub struct TypePreferenceView {
    /// The type.
    #[serde(rename = "type")]
    pub kind: NotificationType,
    /// True if notifications of this type are put into your inbox.
    pub in_app: bool,
    /// When notifications of this type that are still unread are mailed. Only what is in your inbox is mailed.
    pub email: EmailMode,
    /// True if your role cannot turn the type off, neither in the inbox nor by mail.
    pub locked: bool,
}

/// The reader of an inbox.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub(super) workspace: WorkspaceId,
    pub(super) role: Role,
    pub(super) language: Language,
    pub(super) plans: Plans,
}

impl Reader {
    pub(super) fn notification(&self, head: &InboxHead, notification: &Notification) -> NotificationView {
        let happening = &notification.happening;
        let text = happening.text(self.language, self.plans);
        let (event, facts) = named(serde_json::to_value(happening).unwrap_or_default());
        let data =
            if let Happening::Published(published) = happening { published.data.object().clone() } else { facts };
        NotificationView {
            id: notification.id,
            kind: notification.shelf.kind,
            category: happening.row().category,
            event,
            title: text.title,
            body: text.body,
            link: happening.page(self.workspace).to_string(),
            data,
            created_at: notification.id.made_at(),
            read_at: head.read_at(notification),
        }
    }

    pub(super) fn counts(&self, head: &InboxHead, now: Timestamp) -> InboxCountsView {
        let badge = head.badge(self.role, now);
        let of = |kind: NotificationType| (kind, badge.by_type.get(&kind).copied().unwrap_or_default());
        let by_type = NotificationType::ALL.map(of).into_iter().collect();
        InboxCountsView { unread_count: badge.unread, by_type, seq: head.seq, rev: head.version }
    }
}

/// Returns the name and the facts of a happening that was written as JSON.
fn named(written: Value) -> (String, Map<String, Value>) {
    let Value::Object(mut fields) = written else { return Default::default() };
    let event = fields.get("event").and_then(Value::as_str).unwrap_or_default().to_owned();
    match fields.remove("facts") {
        Some(Value::Object(facts)) => (event, facts),
        Some(_) | None => (event, Map::new()),
    }
}

impl PreferencesView {
    pub(super) fn new(preferences: &Preferences, role: Role, timezone: &Timezone) -> Self {
        let types = NotificationType::ALL.map(|kind| TypePreferenceView {
            kind,
            in_app: preferences.allow(kind, role),
            email: preferences.email(kind, role),
            locked: kind.is_locked_for(role),
        });
        let quiet_hours = preferences
            .quiet
            .map(|hours| QuietHoursView { from: hours.from().to_string(), to: hours.to().to_string() });
        Self { types: types.into(), quiet_hours, timezone: timezone.clone() }
    }
}
