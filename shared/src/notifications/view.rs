//! Answers about inboxes.

use domain::{
    identity::access::Role,
    notifications::{mailing::mode::EmailMode, preferences::Preferences, shelf::NotificationType},
    text::Timezone,
};
use serde::Serialize;
use utoipa::ToSchema;
use workers::notifications::{InboxCountsView, NotificationView};

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
