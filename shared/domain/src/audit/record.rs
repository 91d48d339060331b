//! The audit record: who changed what, on whose behalf, and how it was before and after.

use crate::{
    doctor::Difference,
    identity::origin::Origin,
    ids::{AuditId, UserId, WorkspaceId},
    integrations::delivery::Delivery,
    integrations::{Cause, Integration},
    plans::plan::{Limits, Plan},
    runtime::record::{Command, Runtime},
    text::PersonName,
    workspace::head::Workspace,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::str::FromStr;

/// A change, as its record tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// On whose behalf.
    pub actor: UserId,
    /// Their name at that time; `None` for records of workers, and for those stored before names were.
    pub actor_name: Option<PersonName>,
    /// Where the request came from.
    pub origin: Origin,
    /// What happened.
    pub entry: Entry,
}

/// Records from before this time are not shown at `now` within `limits`.
#[must_use]
pub fn shown_since(limits: &Limits, now: Timestamp) -> Timestamp {
    limits.retention_days.map_or(Timestamp::MIN, |days| now.saturating_sub(days_of(days)).unwrap_or(Timestamp::MIN))
}

/// Until when a record of `at` is kept: as long as any plan shows one, since a workspace may change to any.
#[must_use]
pub fn kept_until(at: Timestamp) -> Option<Timestamp> {
    let longest =
        Plan::ALL.into_iter().map(|plan| plan.limits().retention_days).max_by_key(|days| days.unwrap_or(u64::MAX))?;
    longest.and_then(|days| at.saturating_add(days_of(days)).ok())
}

fn days_of(days: u64) -> SignedDuration {
    SignedDuration::from_hours(i64::try_from(days).unwrap_or(i64::MAX).saturating_mul(24))
}

/// What happened, to what.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The kind of change.
    pub action: AuditAction,
    /// The id of what was changed.
    pub target: String,
    /// What was changed, before: only the fields that differ. Empty for what is new.
    pub before: Map<String, Value>,
    /// The same fields after. Empty for what is gone.
    pub after: Map<String, Value>,
}

/// The kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AuditAction {
    /// A workspace was founded.
    #[serde(rename = "workspace.created")]
    WorkspaceCreated,
    /// Its name, description, time zone or settings were changed.
    #[serde(rename = "workspace.updated")]
    WorkspaceUpdated,
    /// It was deleted.
    #[serde(rename = "workspace.deleted")]
    WorkspaceDeleted,
    /// A seat was offered.
    #[serde(rename = "invitation.created")]
    InvitationCreated,
    /// An invitation was accepted.
    #[serde(rename = "member.joined")]
    MemberJoined,
    /// A member was given another role.
    #[serde(rename = "member.role_changed")]
    MemberRoleChanged,
    /// A member lost his seat.
    #[serde(rename = "member.removed")]
    MemberRemoved,
    /// A member gave his seat up.
    #[serde(rename = "member.left")]
    MemberLeft,
    /// A former member got a seat back.
    #[serde(rename = "member.reactivated")]
    MemberReactivated,
    /// An owner made somebody else one in his place.
    #[serde(rename = "ownership.transferred")]
    OwnershipTransferred,
    /// An invitation was sent again; earlier links are dead.
    #[serde(rename = "invitation.resent")]
    InvitationResent,
    /// An invitation was taken back.
    #[serde(rename = "invitation.revoked")]
    InvitationRevoked,
    /// Whom an invitation was for did not want it.
    #[serde(rename = "invitation.declined")]
    InvitationDeclined,
    /// Somebody started the runtime.
    #[serde(rename = "runtime.started")]
    RuntimeStarted,
    /// Somebody stopped the runtime.
    #[serde(rename = "runtime.stopped")]
    RuntimeStopped,
    /// Somebody restarted the runtime.
    #[serde(rename = "runtime.restarted")]
    RuntimeRestarted,
    /// Nobody accepted an invitation in time, and its seat was freed.
    #[serde(rename = "invitation.released")]
    InvitationReleased,
    /// An integration was set up, or what it was told was changed.
    #[serde(rename = "integration.configured")]
    IntegrationConfigured,
    /// An integration lost its secret.
    #[serde(rename = "integration.removed")]
    IntegrationRemoved,
    /// A page was opened on which a plan can be paid.
    #[serde(rename = "checkout.opened")]
    CheckoutOpened,
    /// What the workspace pays for, or how it stands, was changed at Stripe.
    #[serde(rename = "billing.changed")]
    BillingChanged,
    /// Somebody put an integration back to work.
    #[serde(rename = "integration.enabled")]
    IntegrationEnabled,
    /// Berth took an integration off work.
    #[serde(rename = "integration.disabled")]
    IntegrationDisabled,
    /// Somebody had a delivery tried again.
    #[serde(rename = "delivery.retried")]
    DeliveryRetried,
    /// Whoever runs the service set a contract.
    #[serde(rename = "contract.set")]
    ContractSet,
    /// Whoever runs the service ended a contract.
    #[serde(rename = "contract.removed")]
    ContractRemoved,
    /// Whoever runs the service granted days on trial.
    #[serde(rename = "trial.granted")]
    TrialGranted,
    /// What differed between what is kept of a workspace was put right.
    #[serde(rename = "workspace.repaired")]
    WorkspaceRepaired,
    /// The operator suspended the workspace, or gave another reason for its suspension.
    #[serde(rename = "workspace.suspended")]
    WorkspaceSuspended,
    /// The operator ended the suspension of the workspace.
    #[serde(rename = "workspace.unsuspended")]
    WorkspaceUnsuspended,
    /// The operator returned usage of a meter.
    #[serde(rename = "usage.returned")]
    UsageReturned,
}

/// A text that names no action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", AuditAction::ALL.map(AuditAction::name).join(", "))]
pub struct UnknownAction;

impl AuditAction {
    /// All kinds.
    pub const ALL: [Self; 31] = [
        Self::WorkspaceCreated,
        Self::WorkspaceUpdated,
        Self::WorkspaceDeleted,
        Self::InvitationCreated,
        Self::MemberJoined,
        Self::MemberRoleChanged,
        Self::MemberRemoved,
        Self::MemberLeft,
        Self::MemberReactivated,
        Self::OwnershipTransferred,
        Self::InvitationResent,
        Self::InvitationRevoked,
        Self::InvitationDeclined,
        Self::RuntimeStarted,
        Self::RuntimeStopped,
        Self::RuntimeRestarted,
        Self::InvitationReleased,
        Self::IntegrationConfigured,
        Self::IntegrationRemoved,
        Self::CheckoutOpened,
        Self::BillingChanged,
        Self::IntegrationEnabled,
        Self::IntegrationDisabled,
        Self::DeliveryRetried,
        Self::ContractSet,
        Self::ContractRemoved,
        Self::TrialGranted,
        Self::WorkspaceRepaired,
        Self::WorkspaceSuspended,
        Self::WorkspaceUnsuspended,
        Self::UsageReturned,
    ];

    /// The name in requests, answers and the table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WorkspaceCreated => "workspace.created",
            Self::WorkspaceUpdated => "workspace.updated",
            Self::WorkspaceDeleted => "workspace.deleted",
            Self::InvitationCreated => "invitation.created",
            Self::MemberJoined => "member.joined",
            Self::MemberRoleChanged => "member.role_changed",
            Self::MemberRemoved => "member.removed",
            Self::MemberLeft => "member.left",
            Self::MemberReactivated => "member.reactivated",
            Self::OwnershipTransferred => "ownership.transferred",
            Self::InvitationResent => "invitation.resent",
            Self::InvitationRevoked => "invitation.revoked",
            Self::InvitationDeclined => "invitation.declined",
            Self::RuntimeStarted => "runtime.started",
            Self::RuntimeStopped => "runtime.stopped",
            Self::RuntimeRestarted => "runtime.restarted",
            Self::InvitationReleased => "invitation.released",
            Self::IntegrationConfigured => "integration.configured",
            Self::IntegrationRemoved => "integration.removed",
            Self::CheckoutOpened => "checkout.opened",
            Self::BillingChanged => "billing.changed",
            Self::IntegrationEnabled => "integration.enabled",
            Self::IntegrationDisabled => "integration.disabled",
            Self::DeliveryRetried => "delivery.retried",
            Self::ContractSet => "contract.set",
            Self::ContractRemoved => "contract.removed",
            Self::TrialGranted => "trial.granted",
            Self::WorkspaceRepaired => "workspace.repaired",
            Self::WorkspaceSuspended => "workspace.suspended",
            Self::WorkspaceUnsuspended => "workspace.unsuspended",
            Self::UsageReturned => "usage.returned",
        }
    }
}

impl FromStr for AuditAction {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, UnknownAction> {
        Self::ALL.into_iter().find(|action| action.name() == text).ok_or(UnknownAction)
    }
}

impl Entry {
    /// A workspace was founded.
    #[must_use]
    pub fn founded(workspace: &Workspace) -> Self {
        Self::new(AuditAction::WorkspaceCreated, workspace.id, Map::new(), face(workspace))
    }

    /// A workspace was deleted.
    #[must_use]
    pub fn deleted(workspace: &Workspace) -> Self {
        Self::new(AuditAction::WorkspaceDeleted, workspace.id, face(workspace), Map::new())
    }

    /// `before` became `after`. Of settings, only those that changed are told.
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

    /// Somebody's `command` made `after` of the runtime of `workspace`.
    #[must_use]
    pub fn commanded(workspace: WorkspaceId, command: Command, before: &Runtime, after: &Runtime) -> Self {
        let action = match command {
            Command::Start => AuditAction::RuntimeStarted,
            Command::Stop => AuditAction::RuntimeStopped,
            Command::Restart => AuditAction::RuntimeRestarted,
        };
        Self::new(action, workspace, run(before), run(after))
    }

    /// `before`, if there was one, became `after`. Of a secret only that it is another one is told.
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

    /// An integration lost its secret.
    #[must_use]
    pub fn disconnected(before: &Integration) -> Self {
        let (old, new) = (at_work(before.is_enabled()), at_work(false));
        Self::new(AuditAction::IntegrationRemoved, before.config.kind(), old, new)
    }

    /// Somebody put an integration back to work.
    #[must_use]
    pub fn enabled(integration: &Integration) -> Self {
        Self::new(AuditAction::IntegrationEnabled, integration.config.kind(), at_work(false), at_work(true))
    }

    /// Berth took an integration off work.
    #[must_use]
    pub fn disabled(integration: &Integration, cause: Cause) -> Self {
        let mut after = at_work(false);
        after.insert("cause".to_owned(), json!(cause));
        Self::new(AuditAction::IntegrationDisabled, integration.config.kind(), at_work(true), after)
    }

    /// Somebody had a delivery tried again.
    #[must_use]
    pub fn retried(delivery: &Delivery) -> Self {
        let after = Map::from_iter([
            ("integration".to_owned(), json!(delivery.integration)),
            ("event".to_owned(), json!(delivery.occurrence.event())),
        ]);
        Self::new(AuditAction::DeliveryRetried, delivery.id, Map::new(), after)
    }

    /// What differed in `workspace` was put right; by whom, if that is somebody who runs the service.
    #[must_use]
    pub fn repaired(workspace: WorkspaceId, differences: &[Difference], operator: Option<&PersonName>) -> Self {
        let told = |value: fn(&Difference) -> &Value| {
            let mended = differences.iter().filter(|difference| difference.is_mended());
            mended.map(|difference| (difference.name(), value(difference).clone())).collect::<Map<_, _>>()
        };
        let (before, mut after) = (told(|difference| &difference.recorded), told(|difference| &difference.found));
        after.extend(operator.map(|operator| ("operator".to_owned(), json!(operator))));
        Self::new(AuditAction::WorkspaceRepaired, workspace, before, after)
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

/// What a person sees of a workspace's head.
fn face(workspace: &Workspace) -> Map<String, Value> {
    Map::from_iter([
        ("name".to_owned(), json!(workspace.name)),
        ("description".to_owned(), json!(workspace.description)),
        ("timezone".to_owned(), json!(workspace.timezone)),
    ])
}

fn at_work(is: bool) -> Map<String, Value> {
    Map::from_iter([("is_enabled".to_owned(), is.into())])
}

/// What a person sees of an integration.
fn connection(integration: &Integration) -> Map<String, Value> {
    Map::from_iter([
        ("name".to_owned(), json!(integration.name)),
        ("config".to_owned(), json!(integration.config)),
        ("events".to_owned(), json!(integration.events)),
        ("is_enabled".to_owned(), json!(integration.is_enabled())),
    ])
}

/// The settings of `one` that `other` does not have, or has otherwise.
fn differing(one: &Workspace, other: &Workspace) -> Map<String, Value> {
    let mut settings = one.settings.as_object().clone();
    settings.retain(|name, value| other.settings.as_object().get(name) != Some(value));
    settings
}

/// What a person sees of a runtime.
fn run(runtime: &Runtime) -> Map<String, Value> {
    Map::from_iter([
        ("status".to_owned(), json!(runtime.state.status())),
        ("generation".to_owned(), json!(runtime.generation)),
    ])
}

/// Which of a workspace's records are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only what this user did.
    pub actor: Option<UserId>,
    /// Only changes of this kind.
    pub action: Option<AuditAction>,
}
