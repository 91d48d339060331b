//! The audit record: the actor of a change, its target, and the values before and after.

use crate::{
    audit::range::Range,
    doctor::Difference,
    identity::origin::Origin,
    ids::{AuditId, KeyId, UserId, WorkspaceId},
    integrations::delivery::Delivery,
    integrations::{self, Cause, Integration},
    named,
    plans::{catalogue::Plans, limits::Limits},
    runtime::record::{Runtime, RuntimeCommand},
    text::{AuditTarget, PersonName},
    workspace::head::Workspace,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

/// A record of a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Id of the record.
    pub id: AuditId,
    /// Time of the change.
    pub at: Timestamp,
    /// The user on whose behalf the change was made.
    pub actor: UserId,
    /// The actor's name at that time; `None` for records of workers, and for those stored before names were recorded.
    pub actor_name: Option<PersonName>,
    /// The API key that the actor's program presented.
    pub key: Option<KeyId>,
    /// Origin of the request.
    pub origin: Origin,
    /// The change.
    pub entry: Entry,
}

/// Time before which records are not shown at `now` within `limits`.
#[must_use]
pub fn shown_since(limits: &Limits, now: Timestamp) -> Timestamp {
    now.saturating_sub(days_of(limits.retention_days())).unwrap_or(Timestamp::MIN)
}

/// Time until which a record of `at` is kept, in whole seconds: as long as any plan shows one, because a workspace may change
/// to any plan.
#[must_use]
pub fn kept_until(plans: Plans, at: Timestamp) -> Timestamp {
    let until = at.saturating_add(days_of(plans.longest_retention_days())).unwrap_or(Timestamp::MAX);
    Timestamp::from_second(until.as_second()).unwrap_or(until)
}

fn days_of(days: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(days) * 24)
}

/// A change and its target.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The kind of change.
    pub action: AuditAction,
    /// The id of the changed item.
    pub target: String,
    /// The changed fields before the change. Empty for a new item.
    pub before: Map<String, Value>,
    /// The changed fields after the change. Empty for a removed item.
    pub after: Map<String, Value>,
}

named! {
    /// Kind of change.
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum AuditAction or UnknownAction {
        /// A workspace was created.
        WorkspaceCreated = "workspace.created",
        /// The workspace's name, description, time zone or settings were changed.
        WorkspaceUpdated = "workspace.updated",
        /// The workspace was deleted.
        WorkspaceDeleted = "workspace.deleted",
        /// A member was invited.
        InvitationCreated = "invitation.created",
        /// An invitation was accepted.
        MemberJoined = "member.joined",
        /// A member's role was changed.
        MemberRoleChanged = "member.role_changed",
        /// A member was removed.
        MemberRemoved = "member.removed",
        /// A member left.
        MemberLeft = "member.left",
        /// A former member was reactivated.
        MemberReactivated = "member.reactivated",
        /// A member's e-mail address was changed at their identity provider.
        MemberAddressChanged = "member.address_changed",
        /// An owner transferred ownership to another member.
        OwnershipTransferred = "ownership.transferred",
        /// An invitation was resent; earlier links are invalid.
        InvitationResent = "invitation.resent",
        /// An invitation was revoked.
        InvitationRevoked = "invitation.revoked",
        /// The recipient of an invitation declined it.
        InvitationDeclined = "invitation.declined",
        /// A member started the runtime.
        RuntimeStarted = "runtime.started",
        /// A member stopped the runtime.
        RuntimeStopped = "runtime.stopped",
        /// A member restarted the runtime.
        RuntimeRestarted = "runtime.restarted",
        /// An invitation expired, and its seat was released.
        InvitationReleased = "invitation.released",
        /// An integration was set up or changed.
        IntegrationConfigured = "integration.configured",
        /// An integration was removed, and its secret deleted.
        IntegrationRemoved = "integration.removed",
        /// A checkout page for a plan was opened.
        CheckoutOpened = "checkout.opened",
        /// The subscription or its payment state was changed at Stripe.
        BillingChanged = "billing.changed",
        /// A member enabled an integration.
        IntegrationEnabled = "integration.enabled",
        /// Berth disabled an integration.
        IntegrationDisabled = "integration.disabled",
        /// A member retried a delivery.
        DeliveryRetried = "delivery.retried",
        /// The operator set a contract.
        ContractSet = "contract.set",
        /// The operator removed a contract.
        ContractRemoved = "contract.removed",
        /// The operator granted trial days.
        TrialGranted = "trial.granted",
        /// Differences in the stored data of the workspace were repaired.
        WorkspaceRepaired = "workspace.repaired",
        /// The operator suspended the workspace, or changed the reason of its suspension.
        WorkspaceSuspended = "workspace.suspended",
        /// The operator ended the suspension of the workspace.
        WorkspaceUnsuspended = "workspace.unsuspended",
        /// The operator returned usage of a meter.
        UsageReturned = "usage.returned",
        /// The operator ordered another version of the workspace's plan.
        PlanMigrated = "plan.migrated",
        /// A member made an API key.
        ApiKeyCreated = "api_key.created",
        /// The name, scopes or networks of an API key were changed.
        ApiKeyUpdated = "api_key.updated",
        /// The secret of an API key was replaced.
        ApiKeyRotated = "api_key.rotated",
        /// An API key was revoked.
        ApiKeyRevoked = "api_key.revoked",
        /// An API key was deleted some time after it had expired.
        ApiKeyExpired = "api_key.expired",
        /// Berth chained the records from before the log began.
        AuditBegan = "audit.began",
    }
}

impl AuditAction {
    /// True if it is about an API key.
    #[must_use]
    pub const fn is_of_keys(self) -> bool {
        matches!(
            self,
            Self::ApiKeyCreated | Self::ApiKeyUpdated | Self::ApiKeyRotated | Self::ApiKeyRevoked | Self::ApiKeyExpired
        )
    }
}

impl Entry {
    /// The entry for a new workspace.
    #[must_use]
    pub fn created(workspace: &Workspace) -> Self {
        Self::new(AuditAction::WorkspaceCreated, workspace.id, Map::new(), face(workspace))
    }

    /// The entry for a deleted workspace.
    #[must_use]
    pub fn deleted(workspace: &Workspace) -> Self {
        Self::new(AuditAction::WorkspaceDeleted, workspace.id, face(workspace), Map::new())
    }

    /// The entry for an updated workspace. It contains only the settings that changed.
    #[must_use]
    pub fn updated(before: &Workspace, after: &Workspace) -> Self {
        let (mut old, mut new) = (face(before), face(after));
        old.retain(|field, value| new.get(field) != Some(value));
        new.retain(|field, _| old.contains_key(field));
        if before.settings != after.settings {
            old.insert("settings".to_owned(), differing(before, after).into());
            new.insert("settings".to_owned(), differing(after, before).into());
        }
        Self::new(AuditAction::WorkspaceUpdated, before.id, old, new)
    }

    /// The entry for a member's `command`, which changed the runtime of `workspace` from `before` to `after`.
    #[must_use]
    pub fn commanded(workspace: WorkspaceId, command: RuntimeCommand, before: &Runtime, after: &Runtime) -> Self {
        let action = match command {
            RuntimeCommand::Start => AuditAction::RuntimeStarted,
            RuntimeCommand::Stop => AuditAction::RuntimeStopped,
            RuntimeCommand::Restart => AuditAction::RuntimeRestarted,
        };
        Self::new(action, workspace, run(before), run(after))
    }

    /// The entry for an integration that was set up or changed. A changed secret is recorded as changed, without its
    /// value.
    #[must_use]
    pub fn configured(before: Option<&Integration>, after: &Integration) -> Self {
        let (mut old, mut new) = (before.map(connection).unwrap_or_default(), connection(after));
        let same: Vec<_> =
            old.iter().filter(|(name, value)| new.get(*name) == Some(value)).map(|(name, _)| name.clone()).collect();
        for name in same {
            old.remove(&name);
            new.remove(&name);
        }
        let rolled = before.and_then(Integration::kept).map(|kept| kept.id) != after.kept().map(|kept| kept.id);
        new.insert("secret_changed".to_owned(), rolled.into());
        Self::new(AuditAction::IntegrationConfigured, after.config.kind(), old, new)
    }

    /// The entry for a removed integration.
    #[must_use]
    pub fn disconnected(before: &Integration) -> Self {
        let (old, new) = (enablement(before.is_enabled()), enablement(false));
        Self::new(AuditAction::IntegrationRemoved, before.config.kind(), old, new)
    }

    /// The entry for an integration that a member enabled.
    #[must_use]
    pub fn enabled(integration: &Integration) -> Self {
        Self::new(AuditAction::IntegrationEnabled, integration.config.kind(), enablement(false), enablement(true))
    }

    /// The entry for an integration that Berth disabled.
    #[must_use]
    pub fn disabled(integration: &Integration, cause: Cause) -> Self {
        let mut after = enablement(false);
        after.insert("cause".to_owned(), json!(cause));
        Self::new(AuditAction::IntegrationDisabled, integration.config.kind(), enablement(true), after)
    }

    /// The entry for a delivery that a member retried.
    #[must_use]
    pub fn retried(delivery: &Delivery) -> Self {
        let after = Map::from_iter([
            ("integration".to_owned(), json!(delivery.integration)),
            ("event".to_owned(), json!(delivery.occurrence.event())),
        ]);
        Self::new(AuditAction::DeliveryRetried, delivery.id, Map::new(), after)
    }

    /// The entry for repaired differences.
    #[must_use]
    pub fn repaired(workspace: WorkspaceId, differences: &[Difference]) -> Self {
        let values = |value: fn(&Difference) -> &Value| {
            let repaired = differences.iter().filter(|difference| difference.is_repaired());
            repaired.map(|difference| (difference.name(), value(difference).clone())).collect::<Map<_, _>>()
        };
        let (before, after) = (values(|difference| &difference.recorded), values(|difference| &difference.found));
        Self::new(AuditAction::WorkspaceRepaired, workspace, before, after)
    }

    /// The entry as it is shown: records that were stored with the whole URL of a receiver are shown with its scheme and
    /// host.
    #[must_use]
    pub fn shown(self) -> Self {
        let shown = |fields| shown_fields(self.action, fields);
        Self { before: shown(self.before), after: shown(self.after), ..self }
    }

    pub(crate) fn new(
        action: AuditAction,
        target: impl ToString,
        before: Map<String, Value>,
        after: Map<String, Value>,
    ) -> Self {
        Self { action, target: target.to_string(), before, after }
    }
}

/// The fields of a workspace's head that members see.
fn face(workspace: &Workspace) -> Map<String, Value> {
    Map::from_iter([
        ("name".to_owned(), json!(workspace.name)),
        ("description".to_owned(), json!(workspace.description)),
        ("timezone".to_owned(), json!(workspace.timezone)),
    ])
}

fn enablement(is: bool) -> Map<String, Value> {
    Map::from_iter([("is_enabled".to_owned(), is.into())])
}

/// The fields of an `action` as they are shown; see [`Entry::shown`].
#[must_use]
pub fn shown_fields(action: AuditAction, mut fields: Map<String, Value>) -> Map<String, Value> {
    if let (AuditAction::IntegrationConfigured, Some(Value::Object(config))) = (action, fields.get_mut("config")) {
        *config = integrations::recorded(std::mem::take(config));
    }
    fields
}

/// The fields of an integration that admins see in its audit record.
fn connection(integration: &Integration) -> Map<String, Value> {
    Map::from_iter([
        ("name".to_owned(), json!(integration.name)),
        ("config".to_owned(), integration.config.recorded().into()),
        ("events".to_owned(), json!(integration.events)),
        ("is_enabled".to_owned(), json!(integration.is_enabled())),
    ])
}

/// The settings of `one` that are missing or different in `other`.
fn differing(one: &Workspace, other: &Workspace) -> Map<String, Value> {
    let mut settings = one.settings.as_object().clone();
    settings.retain(|name, value| other.settings.as_object().get(name) != Some(value));
    settings
}

/// The fields of a runtime that members see.
fn run(runtime: &Runtime) -> Map<String, Value> {
    Map::from_iter([
        ("status".to_owned(), json!(runtime.state.status())),
        ("generation".to_owned(), json!(runtime.generation)),
    ])
}

/// Filter for audit records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only changes by this user.
    pub actor: Option<UserId>,
    /// Only changes of this kind.
    pub action: Option<AuditAction>,
    /// Only changes of the object with this id.
    pub target: Option<AuditTarget>,
    /// Only changes in this part of the log.
    pub range: Option<Range>,
}
