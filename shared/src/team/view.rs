//! How members, invitations and activity are shown. An invitation is shown without its token.

use domain::{
    audit::record::{AuditAction, Record},
    email::Email,
    identity::access::{Action, Obstacle, Role},
    ids::{AuditId, InvitationId, UserId, WorkspaceId},
    team::invitation::{Delivery, Invitation, Returned},
    team::member::{Member, MemberStatus},
    text::{PersonName, WorkspaceName},
    workspace::head::Workspace,
    workspace::suspension::Suspension,
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
    /// Their name: the one they set with `PATCH /me`, or else their identity provider's.
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
            full_name: member.shown_name().cloned(),
            email: member.email,
            role: member.role,
            status: member.status,
            invited_by: member.invited_by,
            created_at: member.created_at,
            accepted_at: member.accepted_at,
            last_active_at: member.last_active_at,
        }
    }
}

/// A member's own access to the workspace.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Access)]
pub struct AccessView {
    /// Your role here.
    pub role: Role,
    /// Every action, in a fixed order.
    pub actions: Vec<ActionView>,
}

/// An action, and whether a member may take it now.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ActionAccess)]
pub struct ActionView {
    /// The action.
    pub action: Action,
    /// True if you may take it now. What it is taken on can still have conditions of its own: nobody changes a role above their own.
    pub allowed: bool,
    /// The weakest role that may take it.
    pub required_role: Role,
    /// The reason why you may not, which is also the `code` of the refusal; null if you may.
    pub reason: Option<Obstacle>,
}

impl AccessView {
    /// The access of a member with `role` to a workspace with this suspension.
    #[must_use]
    pub fn new(role: Role, suspension: Option<&Suspension>) -> Self {
        let view = |action: Action| {
            let reason = action.obstacle(role, suspension);
            ActionView { action, allowed: reason.is_none(), required_role: action.required_role(), reason }
        };
        Self { role, actions: Action::ALL.map(view).to_vec() }
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
    /// Their name at that time; null if none was known.
    pub invited_by_name: Option<PersonName>,
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
        let Invitation { id, email, role, invited_by, invited_by_name, created_at, expires_at, .. } = invitation;
        Self { id, email, role, invited_by, invited_by_name, created_at, expires_at, delivery }
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
    /// The name of the member who offered it, at that time; null if none was known.
    pub invited_by_name: Option<PersonName>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it cannot be accepted.
    pub expires_at: Timestamp,
}

impl From<(Workspace, Invitation)> for OwnInvitationView {
    fn from((workspace, invitation): (Workspace, Invitation)) -> Self {
        let Invitation { id, role, invited_by_name, created_at, expires_at, .. } = invitation;
        let (workspace_id, workspace_name) = (workspace.id, workspace.name);
        Self { id, workspace_id, workspace_name, role, invited_by_name, created_at, expires_at }
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
    /// Their name at that time. The operator has one, too; null for what Berth does by itself, and if none was known.
    pub actor_name: Option<PersonName>,
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
    pub const COLUMNS: [&'static str; 10] =
        ["id", "at", "actor", "action", "target", "before", "after", "request_id", "ip_address", "actor_name"];

    /// Its cells.
    #[must_use]
    pub fn row(self) -> [String; 10] {
        let Self { id, at, actor, actor_name, action, target, before, after, request_id, ip_address } = self;
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
            actor_name.map(|name| name.to_string()).unwrap_or_default(),
        ]
    }
}

impl From<Record> for ActivityView {
    fn from(record: Record) -> Self {
        let Record { id, at, actor, actor_name, origin, entry } = record;
        Self {
            id,
            at,
            actor,
            actor_name,
            action: entry.action,
            target: entry.target,
            before: entry.before,
            after: entry.after,
            request_id: origin.request_id,
            ip_address: origin.ip_address,
        }
    }
}
