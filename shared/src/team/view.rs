//! How members, invitations and activity are shown. An invitation is shown without its token.

use domain::{
    audit::record::{AuditAction, Record},
    email::Email,
    identity::access::Role,
    ids::{AuditId, InvitationId, UserId, WorkspaceId},
    team::invitation::{Delivery, Invitation, Returned},
    team::member::{Member, MemberStatus},
    text::{PersonName, WorkspaceName},
    workspace::head::Workspace,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

/// A member.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    /// The user's id: a user has one seat in a workspace.
    pub id: UserId,
    /// The same.
    pub user_id: UserId,
    /// The address under which he was seated.
    pub email: Option<Email>,
    /// His name, as his identity provider has it.
    pub full_name: Option<PersonName>,
    /// What he may do.
    pub role: Role,
    /// Whether he is still there.
    pub status: MemberStatus,
    /// Who invited him; null for the founder.
    pub invited_by: Option<UserId>,
    /// When he first had a seat here.
    pub created_at: Timestamp,
    /// When he last took the seat.
    pub accepted_at: Timestamp,
    /// When he was last known to be at work here.
    pub last_active_at: Timestamp,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            id: member.user,
            user_id: member.user,
            email: member.email,
            full_name: member.name,
            role: member.role,
            status: member.status,
            invited_by: member.invited_by,
            created_at: member.created_at,
            accepted_at: member.accepted_at,
            last_active_at: member.last_active_at,
        }
    }
}

/// An invitation that waits.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    /// Its id.
    pub id: InvitationId,
    /// Who may accept it.
    pub email: Email,
    /// The role he will have.
    pub role: Role,
    /// Who offered it.
    pub invited_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it cannot be accepted.
    pub expires_at: Timestamp,
    /// What became of its newest letter.
    pub delivery: InvitationDelivery,
}

/// What became of the newest letter of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationDelivery {
    /// It waits to be sent.
    Queued,
    /// It was handed to the mail service, and has not come back.
    Sent,
    /// The address has got as many letters today as it may, from all workspaces. It is sent when the next UTC day begins.
    Deferred,
    /// The address wants no letters, so none is sent. The invitation can still be accepted after signing in.
    Stopped,
    /// It came back: there is no such mailbox, or it takes nothing from us.
    Bounced,
    /// The mailbox's owner called it unwanted.
    Complained,
}

impl From<&Invitation> for InvitationDelivery {
    fn from(invitation: &Invitation) -> Self {
        match (invitation.returned, invitation.delivery) {
            (Some(Returned::Bounced), _) => Self::Bounced,
            (Some(Returned::Complained), _) => Self::Complained,
            (None, Delivery::Queued) => Self::Queued,
            (None, Delivery::Sent) => Self::Sent,
            (None, Delivery::Deferred) => Self::Deferred,
            (None, Delivery::Stopped) => Self::Stopped,
        }
    }
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        let delivery = InvitationDelivery::from(&invitation);
        let Invitation { id, email, role, invited_by, created_at, expires_at, .. } = invitation;
        Self { id, email, role, invited_by, created_at, expires_at, delivery }
    }
}

/// An invitation, to the one whom it is for.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = OwnInvitation)]
pub struct OwnInvitationView {
    /// Its id, by which he may accept or decline it.
    pub id: InvitationId,
    /// The workspace he would join; goes into the header beside the id.
    pub workspace_id: WorkspaceId,
    /// Its name.
    pub workspace_name: WorkspaceName,
    /// The role he would have.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it cannot be accepted.
    pub expires_at: Timestamp,
}

impl From<(Workspace, Invitation)> for OwnInvitationView {
    fn from((workspace, invitation): (Workspace, Invitation)) -> Self {
        let Invitation { id, role, created_at, expires_at, .. } = invitation;
        Self { id, workspace_id: workspace.id, workspace_name: workspace.name, role, created_at, expires_at }
    }
}

/// A change, as its audit record tells it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Activity)]
pub struct ActivityView {
    /// The record's id.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// On whose behalf.
    pub actor: UserId,
    /// What happened.
    pub action: AuditAction,
    /// The id of what was changed.
    pub target: String,
    /// The fields that changed, before.
    pub before: Map<String, Value>,
    /// The same fields after.
    pub after: Map<String, Value>,
    /// The gateway's id of the request.
    pub request_id: String,
    /// The IP address it came from.
    pub ip_address: Option<String>,
}

impl ActivityView {
    /// What its cells are called in a table.
    pub const COLUMNS: [&'static str; 9] =
        ["id", "at", "actor", "action", "target", "before", "after", "request_id", "ip_address"];

    /// Its cells.
    #[must_use]
    pub fn row(self) -> [String; 9] {
        let Self { id, at, actor, action, target, before, after, request_id, ip_address } = self;
        [
            id.to_string(),
            at.to_string(),
            actor.to_string(),
            action.name().to_owned(),
            target,
            Value::Object(before).to_string(),
            Value::Object(after).to_string(),
            request_id,
            ip_address.unwrap_or_default(),
        ]
    }
}

impl From<Record> for ActivityView {
    fn from(record: Record) -> Self {
        let Record { id, at, actor, origin, entry } = record;
        Self {
            id,
            at,
            actor,
            action: entry.action,
            target: entry.target,
            before: entry.before,
            after: entry.after,
            request_id: origin.request_id,
            ip_address: origin.ip_address,
        }
    }
}
