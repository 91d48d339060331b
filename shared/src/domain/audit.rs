//! The audit record: who changed what, on whose behalf, and how it was before and after.

use super::{
    access::Role,
    billing::{Billing, PendingCheckout},
    email::Email,
    ids::{AuditId, InvitationId, UserId, WorkspaceId},
    integration::Integration,
    invitation::Invitation,
    member::Member,
    runtime::{Command, Runtime},
    scope::Origin,
    subscription::Subscription,
    workspace::Workspace,
};
use jiff::Timestamp;
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
    /// Where the request came from.
    pub origin: Origin,
    /// What happened.
    pub entry: Entry,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
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
}

/// A text that names no action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", AuditAction::ALL.map(AuditAction::name).join(", "))]
pub struct UnknownAction;

impl AuditAction {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::WorkspaceCreated,
        Self::WorkspaceUpdated,
        Self::WorkspaceDeleted,
        Self::InvitationCreated,
        Self::MemberJoined,
        Self::RuntimeStarted,
        Self::RuntimeStopped,
        Self::RuntimeRestarted,
        Self::InvitationReleased,
        Self::IntegrationConfigured,
        Self::IntegrationRemoved,
        Self::CheckoutOpened,
        Self::BillingChanged,
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
            Self::RuntimeStarted => "runtime.started",
            Self::RuntimeStopped => "runtime.stopped",
            Self::RuntimeRestarted => "runtime.restarted",
            Self::InvitationReleased => "invitation.released",
            Self::IntegrationConfigured => "integration.configured",
            Self::IntegrationRemoved => "integration.removed",
            Self::CheckoutOpened => "checkout.opened",
            Self::BillingChanged => "billing.changed",
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

    /// A seat was offered.
    #[must_use]
    pub fn invited(invitation: &Invitation) -> Self {
        let after = seat(Some(&invitation.email), invitation.role);
        Self::new(AuditAction::InvitationCreated, invitation.id, Map::new(), after)
    }

    /// The holder of `invitation` took his seat.
    #[must_use]
    pub fn joined(member: &Member, invitation: InvitationId) -> Self {
        let mut after = seat(member.email.as_ref(), member.role);
        after.insert("invitation_id".to_owned(), json!(invitation));
        Self::new(AuditAction::MemberJoined, member.user, Map::new(), after)
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

    /// The same, by which `released` invitations that had expired lost their seats.
    #[must_use]
    pub fn releasing(mut self, released: &[Invitation]) -> Self {
        if !released.is_empty() {
            let ids: Vec<_> = released.iter().map(|invitation| invitation.id).collect();
            self.after.insert("released_invitations".to_owned(), json!(ids));
        }
        self
    }

    /// Nobody accepted `invitation` in time.
    #[must_use]
    pub fn released(invitation: &Invitation) -> Self {
        let before = seat(Some(&invitation.email), invitation.role);
        Self::new(AuditAction::InvitationReleased, invitation.id, before, Map::new())
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
        let enabled = |is: bool| Map::from_iter([("is_enabled".to_owned(), is.into())]);
        Self::new(AuditAction::IntegrationRemoved, before.config.kind(), enabled(true), enabled(false))
    }

    /// A page was opened on which a plan can be paid.
    #[must_use]
    pub fn checkout_opened(checkout: &PendingCheckout) -> Self {
        let after = Map::from_iter([
            ("plan".to_owned(), json!(checkout.plan)),
            ("interval".to_owned(), json!(checkout.interval)),
        ]);
        Self::new(AuditAction::CheckoutOpened, &checkout.session, Map::new(), after)
    }

    /// What the workspace pays for, or how that stands, changed.
    #[must_use]
    pub fn billing_changed(workspace: WorkspaceId, before: &Billing, after: &Billing) -> Self {
        let (mut old, mut new) = (payment(before), payment(after));
        let same: Vec<_> = old.keys().filter(|name| old.get(*name) == new.get(*name)).cloned().collect();
        for name in same {
            old.remove(&name);
            new.remove(&name);
        }
        Self::new(AuditAction::BillingChanged, workspace, old, new)
    }

    fn new(action: AuditAction, target: impl ToString, before: Map<String, Value>, after: Map<String, Value>) -> Self {
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

/// What a person sees of a billing.
fn payment(billing: &Billing) -> Map<String, Value> {
    let subscription = billing.subscription.as_ref();
    Map::from_iter([
        ("plan".to_owned(), json!(subscription.map(|paid| paid.paid_plan))),
        ("interval".to_owned(), json!(subscription.map(|paid| paid.interval))),
        ("status".to_owned(), json!(subscription.map(|paid| paid.status))),
        ("period_end".to_owned(), json!(subscription.map(|paid| paid.period.end))),
        ("cancel_at".to_owned(), json!(subscription.and_then(Subscription::ends))),
        ("trial_end".to_owned(), json!(subscription.and_then(|paid| paid.trial_end))),
        ("grace_until".to_owned(), json!(subscription.and_then(|paid| paid.grace_until))),
        ("scheduled_plan".to_owned(), json!(subscription.and_then(|paid| paid.scheduled_plan))),
        ("pending_checkout".to_owned(), json!(billing.pending_checkout.as_ref().map(|pending| &pending.session))),
        ("last_error".to_owned(), json!(billing.last_error)),
    ])
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

fn seat(email: Option<&Email>, role: Role) -> Map<String, Value> {
    Map::from_iter([("email".to_owned(), json!(email)), ("role".to_owned(), json!(role))])
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
