//! Happenings: everything that members are notified of, with its facts. `row` says who is notified of which, and in which
//! words.
//!
//! A happening names people and items by their ids, never by an address, because it is stored in inboxes.

use super::published::Published;
use crate::{
    identity::access::Role,
    ids::{InvitationId, KeyId, UserId, WorkspaceId},
    integrations::{IntegrationType, Occurrence},
    plans::names::{MeterName, PlanName},
    runtime::record::StopReason,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something of which members are notified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "facts")]
pub enum Happening {
    /// The operator suspended the workspace.
    #[serde(rename = "workspace.suspended")]
    WorkspaceSuspended {},
    /// The operator ended the suspension of the workspace.
    #[serde(rename = "workspace.unsuspended")]
    WorkspaceUnsuspended {},
    /// Another plan is in force.
    #[serde(rename = "plan.changed")]
    PlanChanged {
        /// The previous plan.
        from: PlanName,
        /// The current plan.
        to: PlanName,
    },
    /// The payment was not made in time, and the plan is no longer in force.
    #[serde(rename = "plan.lapsed")]
    PlanLapsed {},
    /// The operator moves the workspace to another version of its plan.
    #[serde(rename = "plan.migrated")]
    PlanMigrated {},
    /// The trial ends soon.
    #[serde(rename = "trial.ending")]
    TrialEnding {},
    /// A payment failed.
    #[serde(rename = "payment.failed")]
    PaymentFailed {
        /// Time until which the plan stays in force.
        grace_until: Option<Timestamp>,
    },
    /// A failed payment was made, or is no longer owed.
    #[serde(rename = "payment.recovered")]
    PaymentRecovered {},
    /// A payment was refunded, in part or as a whole.
    #[serde(rename = "payment.refunded")]
    PaymentRefunded {},
    /// The payer's bank disputes a payment.
    #[serde(rename = "payment.disputed")]
    PaymentDisputed {},
    /// Usage is near a limit of the plan.
    #[serde(rename = "limit.near")]
    LimitNear {
        /// The meter.
        resource: MeterName,
        /// The limit.
        limit: u64,
    },
    /// A limit of the plan was reached.
    #[serde(rename = "limit.reached")]
    LimitReached {
        /// The meter.
        resource: MeterName,
        /// The limit.
        limit: u64,
    },
    /// The runtime started.
    #[serde(rename = "runtime.started")]
    RuntimeStarted {},
    /// The runtime stopped.
    #[serde(rename = "runtime.stopped")]
    RuntimeStopped {
        /// Reason for the stop.
        reason: Option<StopReason>,
    },
    /// The runtime could not be started or kept running.
    #[serde(rename = "runtime.failed")]
    RuntimeFailed {
        /// Reason for the failure.
        reason: Option<StopReason>,
    },
    /// The runtime has the size of the plan.
    #[serde(rename = "runtime.resized")]
    RuntimeResized {},
    /// The runtime could not be resized and keeps its size.
    #[serde(rename = "runtime.resize_failed")]
    RuntimeResizeFailed {
        /// Reason for the failure.
        reason: Option<StopReason>,
    },
    /// Berth disabled an integration, because its receiver is gone or failed for days.
    #[serde(rename = "integration.disabled")]
    IntegrationDisabled {
        /// Type of the integration.
        integration: IntegrationType,
    },
    /// A member joined.
    #[serde(rename = "member.joined")]
    MemberJoined {
        /// The member.
        user_id: UserId,
        /// The member's role.
        role: Role,
    },
    /// A member was removed, or left.
    #[serde(rename = "member.removed")]
    MemberRemoved {
        /// The former member.
        user_id: UserId,
    },
    /// A member has another role.
    #[serde(rename = "member.role_changed")]
    RoleChanged {
        /// The member.
        user_id: UserId,
        /// The previous role.
        from: Role,
        /// The current role.
        to: Role,
    },
    /// The letter of an invitation was returned.
    #[serde(rename = "invitation.returned")]
    InvitationReturned {
        /// The invitation.
        invitation_id: InvitationId,
    },
    /// E-mail to a member came back, and members with that address get none for 90 days.
    #[serde(rename = "mail.returned")]
    MailReturned {
        /// The member.
        user_id: UserId,
    },
    /// An API key expires in a week.
    #[serde(rename = "api_key.expiring")]
    ApiKeyExpiring {
        /// The key.
        key_id: KeyId,
        /// Time from which it is no longer valid.
        expires_at: Timestamp,
    },
    /// An API key was not used for 90 days.
    #[serde(rename = "api_key.unused")]
    ApiKeyUnused {
        /// The key.
        key_id: KeyId,
    },
    /// A member left, and their API keys were revoked.
    #[serde(rename = "api_key.maker_left")]
    ApiKeyMakerLeft {
        /// The former member.
        user_id: UserId,
        /// Number of their keys.
        keys: u64,
    },
    /// The workspace's container published a notification.
    #[serde(rename = "published")]
    Published(Box<Published>),
}

impl Happening {
    /// What members are notified of when integrations are of `occurrence`. A failed payment is a notice of the billing, of
    /// which members also get a letter, so that both are about the same invoice. What happens to the audit log concerns programs
    /// only.
    #[must_use]
    pub const fn of(occurrence: Occurrence) -> Option<Self> {
        Some(match occurrence {
            Occurrence::PaymentFailed { .. }
            | Occurrence::AuditRecorded { .. }
            | Occurrence::AuditCheckpoint { .. } => return None,
            Occurrence::MemberJoined { user_id, role } => Self::MemberJoined { user_id, role },
            Occurrence::MemberRemoved { user_id } => Self::MemberRemoved { user_id },
            Occurrence::PlanChanged { from, to } => Self::PlanChanged { from, to },
            Occurrence::PaymentRecovered {} => Self::PaymentRecovered {},
            Occurrence::RuntimeStarted { .. } => Self::RuntimeStarted {},
            Occurrence::RuntimeStopped { reason, .. } => Self::RuntimeStopped { reason },
            Occurrence::RuntimeFailed { reason, .. } => Self::RuntimeFailed { reason },
            Occurrence::LimitReached { resource, limit } => Self::LimitReached { resource, limit },
        })
    }
}

/// A happening in a workspace, as its members are notified of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The happening.
    pub happening: Happening,
    /// The user who caused it; `None` if nobody did.
    pub actor: Option<UserId>,
}

#[cfg(test)]
use super::{
    published::{Addressed, PublishedData},
    shelf::{Category, NotificationType},
};

#[cfg(test)]
impl Happening {
    /// One of each variant.
    pub(super) fn samples() -> [Self; 27] {
        let (user_id, reason) = (UserId::NIL, Some(StopReason::Idle));
        let (free, pro) = (PlanName::literal("free"), PlanName::literal("pro"));
        let grace_until = Some(Timestamp::UNIX_EPOCH);
        [
            Self::WorkspaceSuspended {},
            Self::WorkspaceUnsuspended {},
            Self::PlanChanged { from: free, to: pro },
            Self::PlanLapsed {},
            Self::PlanMigrated {},
            Self::TrialEnding {},
            Self::PaymentFailed { grace_until },
            Self::PaymentRecovered {},
            Self::PaymentRefunded {},
            Self::PaymentDisputed {},
            Self::LimitNear { resource: MeterName::literal("executions"), limit: 1_000 },
            Self::LimitReached { resource: MeterName::literal("api_keys"), limit: 5 },
            Self::RuntimeStarted {},
            Self::RuntimeStopped { reason },
            Self::RuntimeFailed { reason: Some(StopReason::NoCapacity) },
            Self::RuntimeResized {},
            Self::RuntimeResizeFailed { reason: Some(StopReason::SizeUnavailable) },
            Self::IntegrationDisabled { integration: IntegrationType::ALL[0] },
            Self::MemberJoined { user_id, role: Role::Member },
            Self::MemberRemoved { user_id },
            Self::RoleChanged { user_id, from: Role::Viewer, to: Role::Admin },
            Self::InvitationReturned { invitation_id: InvitationId::NIL },
            Self::MailReturned { user_id },
            Self::ApiKeyExpiring { key_id: KeyId::NIL, expires_at: Timestamp::UNIX_EPOCH },
            Self::ApiKeyUnused { key_id: KeyId::NIL },
            Self::ApiKeyMakerLeft { user_id, keys: 2 },
            Self::Published(Box::new(Published {
                kind: NotificationType::Agent,
                category: Category::Success,
                title: "Report ready".parse().unwrap(),
                body: "The weekly report was written.".parse().unwrap(),
                link: Some("/reports/7".parse().unwrap()),
                data: PublishedData::default(),
                to: Addressed::everybody(),
            })),
        ]
    }
}
