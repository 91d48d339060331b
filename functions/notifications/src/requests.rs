//! The requests of the notification routes.

use api::{FieldErrors, Flag, json_body};
use deserr::Deserr;
use domain::{
    ids::NotificationId,
    notifications::{inbox::ReadState, shelf::NotificationType},
};
use shared::notifications::InboxFilter;
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

/// Types of notifications to turn on or off.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct PreferenceChanges {
    /// For each type that changes, true to have its notifications in your inbox, or false. The others stay as they are.
    #[schema(example = json!({"agent": false}))]
    in_app: InApp,
}

json_body!(PreferenceChanges);

impl PreferenceChanges {
    pub(crate) fn by_type(&self) -> BTreeMap<NotificationType, bool> {
        let InApp { system, billing, agent, workflow, team, kb } = self.in_app;
        let changes = [
            (NotificationType::System, system),
            (NotificationType::Billing, billing),
            (NotificationType::Agent, agent),
            (NotificationType::Workflow, workflow),
            (NotificationType::Team, team),
            (NotificationType::Kb, kb),
        ];
        changes.into_iter().filter_map(|(kind, is_on)| Some((kind, is_on?))).collect()
    }
}

/// Each type whose preference changes.
#[derive(Debug, Clone, Copy, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
struct InApp {
    /// Notifications about the workspace itself.
    #[deserr(default)]
    system: Option<bool>,
    /// Notifications about plan, payments and limits.
    #[deserr(default)]
    billing: Option<bool>,
    /// Notifications about agents and the runtime.
    #[deserr(default)]
    agent: Option<bool>,
    /// Notifications about workflows and integrations.
    #[deserr(default)]
    workflow: Option<bool>,
    /// Notifications about members and invitations.
    #[deserr(default)]
    team: Option<bool>,
    /// Notifications about the knowledge base.
    #[deserr(default)]
    kb: Option<bool>,
}
