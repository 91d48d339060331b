//! Views of members, invitations and activity. Views of invitations do not contain the token.

use domain::{
    email::Email,
    identity::access::{Action, Obstacle, Role},
    ids::{InvitationId, UserId, WorkspaceId},
    team::invitation::{Invitation, LetterRefusal, LetterState, Returned},
    team::member::{Member, MemberStatus},
    text::{PersonName, WorkspaceName},
    workspace::head::Workspace,
};
use jiff::Timestamp;
use serde::Serialize;

/// Member of a workspace.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    /// Id of the user, which also identifies the member in the workspace.
    pub id: UserId,
    /// Id of the user; the same as `id`.
    pub user_id: UserId,
    /// E-mail address of the member. It follows the verified address at their identity provider.
    pub email: Option<Email>,
    /// Verified address that the member has at their identity provider now, but cannot have in this workspace, because
    /// another member has it; null otherwise. The member keeps `email` until the other one is free.
    pub blocked_email: Option<Email>,
    /// Name that the member set with `PATCH /me`, or else the name from their identity provider.
    pub full_name: Option<PersonName>,
    /// Role of the member.
    pub role: Role,
    /// Status of the member.
    pub status: MemberStatus,
    /// Id of the user who invited the member; null for the founder.
    pub invited_by: Option<UserId>,
    /// Time at which the member first joined (RFC 3339, UTC).
    pub created_at: Timestamp,
    /// Time at which the member last joined (RFC 3339, UTC).
    pub accepted_at: Timestamp,
    /// Time of the member's last known activity (RFC 3339, UTC).
    pub last_active_at: Timestamp,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            id: member.user,
            user_id: member.user,
            full_name: member.shown_name().cloned(),
            email: member.email,
            blocked_email: member.blocked.map(|blocked| blocked.email),
            role: member.role,
            status: member.status,
            invited_by: member.invited_by,
            created_at: member.created_at,
            accepted_at: member.accepted_at,
            last_active_at: member.last_active_at,
        }
    }
}

/// The caller's access to the workspace.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Access)]
pub struct AccessView {
    /// Your role in the workspace.
    pub role: Role,
    /// All actions, in a fixed order.
    pub actions: Vec<ActionView>,
}

/// An action, and the caller's permission to take it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = ActionAccess)]
pub struct ActionView {
    /// The action.
    pub action: Action,
    /// True if you may take the action now. Further conditions can apply to its target: nobody can change a role above
    /// their own.
    pub allowed: bool,
    /// Lowest role that may take the action.
    pub required_role: Role,
    /// Reason for the missing permission, which is also the `code` of the refusal; null if you may take the action.
    pub reason: Option<Obstacle>,
}

impl AccessView {
    /// Returns the access of a caller with `role` and these obstacles.
    #[must_use]
    pub fn new(role: Role, obstacle: impl Fn(Action) -> Option<Obstacle>) -> Self {
        let view = |action: Action| {
            let reason = obstacle(action);
            ActionView { action, allowed: reason.is_none(), required_role: action.required_role(), reason }
        };
        Self { role, actions: Action::ALL.map(view).to_vec() }
    }
}

/// Pending invitation.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    /// Id of the invitation.
    pub id: InvitationId,
    /// E-mail address of the recipient, who alone can accept the invitation.
    pub email: Email,
    /// Role that the recipient will have.
    pub role: Role,
    /// Id of the member who made the invitation.
    pub invited_by: UserId,
    /// Name of that member at the time; null if none was known.
    pub invited_by_name: Option<PersonName>,
    /// Time at which the invitation was made (RFC 3339, UTC).
    pub created_at: Timestamp,
    /// Time after which the invitation cannot be accepted (RFC 3339, UTC).
    pub expires_at: Timestamp,
    /// State of the newest letter about the invitation.
    pub delivery: InvitationDelivery,
    /// Why the mail service refuses the letter; null unless `delivery` is `failed`.
    pub refusal: Option<LetterRefusal>,
}

/// State of the newest letter about an invitation: `queued`; `sent`; `deferred` to the next UTC day, because the address has
/// received the maximum number of letters today; `stopped`, because the recipient has unsubscribed; `bounced`, because the
/// mailbox does not exist or refuses letters; `complained`, because the recipient reported the letter as spam; `failed`,
/// because the mail service refuses to send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationDelivery {
    /// The letter waits to be sent.
    Queued,
    /// The mail service has accepted the letter, and it was not returned.
    Sent,
    /// The address has received the maximum number of letters today, from all workspaces. The letter is sent when the
    /// next UTC day begins.
    Deferred,
    /// The recipient has unsubscribed, so no letter is sent. The invitation can still be accepted after signing in.
    Stopped,
    /// The letter was returned: the mailbox does not exist or refuses our mail.
    Bounced,
    /// The recipient reported the letter as spam.
    Complained,
    /// The mail service refuses to send the letter. Check the address.
    Failed,
}

impl From<&Invitation> for InvitationDelivery {
    fn from(invitation: &Invitation) -> Self {
        match (invitation.returned, invitation.delivery) {
            (Some(Returned::Bounced), _) => Self::Bounced,
            (Some(Returned::Complained), _) => Self::Complained,
            (None, LetterState::Queued) => Self::Queued,
            (None, LetterState::Sent) => Self::Sent,
            (None, LetterState::Deferred) => Self::Deferred,
            (None, LetterState::Stopped) => Self::Stopped,
            (None, LetterState::Failed) => Self::Failed,
        }
    }
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        let delivery = InvitationDelivery::from(&invitation);
        let Invitation { id, email, role, invited_by, invited_by_name, created_at, expires_at, refusal, .. } =
            invitation;
        Self { id, email, role, invited_by, invited_by_name, created_at, expires_at, delivery, refusal }
    }
}

/// An invitation, as shown to its recipient.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = OwnInvitation)]
pub struct OwnInvitationView {
    /// Id of the invitation, with which it can be accepted or declined.
    pub id: InvitationId,
    /// Id of the workspace. Send it in the header `X-Workspace-ID` when you accept or decline by id.
    pub workspace_id: WorkspaceId,
    /// Name of the workspace.
    pub workspace_name: WorkspaceName,
    /// Role that the recipient would have.
    pub role: Role,
    /// Name of the member who made the invitation, at the time; null if none was known.
    pub invited_by_name: Option<PersonName>,
    /// Time at which the invitation was made (RFC 3339, UTC).
    pub created_at: Timestamp,
    /// Time after which the invitation cannot be accepted (RFC 3339, UTC).
    pub expires_at: Timestamp,
}

impl From<(Workspace, Invitation)> for OwnInvitationView {
    fn from((workspace, invitation): (Workspace, Invitation)) -> Self {
        let Invitation { id, role, invited_by_name, created_at, expires_at, .. } = invitation;
        let (workspace_id, workspace_name) = (workspace.id, workspace.name);
        Self { id, workspace_id, workspace_name, role, invited_by_name, created_at, expires_at }
    }
}
