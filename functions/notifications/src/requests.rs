//! The requests of the notification routes.

use api::{FieldErrors, Flag, json_body};
use deserr::Deserr;
use domain::{
    identity::profile::Edit,
    ids::NotificationId,
    notifications::{
        inbox::ReadState,
        mailing::{
            mode::EmailMode,
            quiet_hours::{ClockTime, QuietHours},
        },
        preferences::PreferenceChanges,
        shelf::NotificationType,
    },
};
use shared::notifications::{InboxFilter, QuietHoursView};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// The filters of a list of notifications.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NotificationFilter {
    /// Return only notifications of this type.
    #[deserr(rename = "type", default)]
    #[param(rename = "type")]
    kind: Option<NotificationType>,
    /// Return only unread notifications (true), or only read ones (false).
    #[deserr(default)]
    #[param(value_type = Option<bool>)]
    unread: Option<Flag>,
}

impl From<&NotificationFilter> for InboxFilter {
    fn from(filter: &NotificationFilter) -> Self {
        Self { kind: filter.kind, unread: filter.unread.map(|flag| flag == Flag::Yes) }
    }
}

/// The path to a notification.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct NotificationPath {
    /// The notification's id.
    pub(crate) id: NotificationId,
}

/// The state to give to a notification.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct Marking {
    /// False to mark it as unread again. If it is omitted, the notification is marked as read.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    read: bool,
}

json_body!(Marking);

impl Marking {
    pub(crate) const fn state(&self) -> ReadState {
        if self.read { ReadState::Read } else { ReadState::Unread }
    }
}

/// The notifications to mark as read.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct ReadSelection {
    /// Mark only notifications of this type. If it is omitted, all are marked.
    #[deserr(rename = "type", default)]
    #[schema(rename = "type")]
    pub(crate) kind: Option<NotificationType>,
}

json_body!(ReadSelection);

/// Preferences to change. What is omitted stays as it is.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = PreferenceChanges)]
pub(crate) struct PreferencesBody {
    /// For each type that changes, true to have its notifications in your inbox, or false.
    #[deserr(default)]
    #[schema(required = false, example = json!({"agent": false}))]
    in_app: InboxChanges,
    /// For each type that changes, when unread notifications are mailed.
    #[deserr(default)]
    #[schema(required = false, example = json!({"team": "instant"}))]
    email: EmailChanges,
    /// Hours of each day without mail that can wait, in your time zone; null for none.
    #[deserr(default)]
    #[schema(required = false, value_type = Option<QuietHoursView>)]
    quiet_hours: Edit<QuietHoursBody>,
}

json_body!(PreferencesBody);

/// Declares a value for each type that changes. Generic structs have no descriptions of their fields in openapi.json.
macro_rules! by_type {
    ($(#[$about:meta])* $name:ident of $value:ty) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, Default, Deserr, ToSchema)]
        #[deserr(error = FieldErrors, deny_unknown_fields)]
        struct $name {
            /// Notifications about the workspace itself.
            #[deserr(default)]
            system: Option<$value>,
            /// Notifications about plan, payments and limits.
            #[deserr(default)]
            billing: Option<$value>,
            /// Notifications about agents and the runtime.
            #[deserr(default)]
            agent: Option<$value>,
            /// Notifications about workflows and integrations.
            #[deserr(default)]
            workflow: Option<$value>,
            /// Notifications about members and invitations.
            #[deserr(default)]
            team: Option<$value>,
            /// Notifications about the knowledge base.
            #[deserr(default)]
            kb: Option<$value>,
        }

        impl $name {
            fn changes(self) -> BTreeMap<NotificationType, $value> {
                let Self { system, billing, agent, workflow, team, kb } = self;
                let changes = [
                    (NotificationType::System, system),
                    (NotificationType::Billing, billing),
                    (NotificationType::Agent, agent),
                    (NotificationType::Workflow, workflow),
                    (NotificationType::Team, team),
                    (NotificationType::Kb, kb),
                ];
                changes.into_iter().filter_map(|(kind, value)| Some((kind, value?))).collect()
            }
        }
    };
}

by_type! {
    /// For each type that changes, true to have its notifications in your inbox, or false.
    InboxChanges of bool
}
by_type! {
    /// For each type that changes, when unread notifications are mailed.
    EmailChanges of EmailMode
}

/// Hours of each day, as [`QuietHoursView`] describes them.
#[derive(Debug, Clone, Copy, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
struct QuietHoursBody {
    from: ClockTime,
    to: ClockTime,
}

impl PreferencesBody {
    /// Returns the changes, if the quiet hours have a length.
    pub(crate) fn checked(self) -> Result<PreferenceChanges, FieldErrors> {
        let Self { in_app, email, quiet_hours } = self;
        let quiet = match quiet_hours {
            Edit::Keep => Edit::Keep,
            Edit::Clear => Edit::Clear,
            Edit::Set(QuietHoursBody { from, to }) => Edit::Set(
                QuietHours::new(from, to)
                    .map_err(|error| FieldErrors::default().with("quiet_hours", error.to_string()))?,
            ),
        };
        Ok(PreferenceChanges { in_app: in_app.changes(), email: email.changes(), quiet })
    }
}
