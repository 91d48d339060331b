//! Notifications as their readers see them.

use domain::{
    identity::access::Role,
    identity::profile::{Language, Profile},
    ids::{NotificationId, WorkspaceId},
    notifications::{
        happening::Happening,
        inbox::InboxHead,
        notification::Notification,
        shelf::{Category, NotificationType},
    },
    plans::catalogue::Plans,
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
    /// Number with which it became unread last. The counts have the highest one.
    pub seq: u64,
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

/// The reader of an inbox.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Their present role.
    pub role: Role,
    /// Their language.
    pub language: Language,
    /// The company's plans.
    pub plans: Plans,
}

impl Reader {
    /// The member of this role and profile as a reader.
    #[must_use]
    pub fn new(workspace: WorkspaceId, role: Role, profile: &Profile, plans: Plans) -> Self {
        Self { workspace, role, language: profile.language.unwrap_or(Language::En), plans }
    }

    /// Returns a notification of the inbox with this head as the reader sees it.
    #[must_use]
    pub fn notification(&self, head: &InboxHead, notification: &Notification) -> NotificationView {
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
            seq: notification.seq,
            created_at: notification.id.made_at(),
            read_at: head.read_at(notification),
        }
    }

    /// Returns the counts of the inbox with this head.
    #[must_use]
    pub fn counts(&self, head: &InboxHead, now: Timestamp) -> InboxCountsView {
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
