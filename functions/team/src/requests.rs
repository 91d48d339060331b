//! The requests of the team routes.

use api::{FieldErrors, json_body};
use deserr::Deserr;
use domain::{
    audit::range::{AuditRefusal, Range},
    audit::record as audit,
    email::Email,
    identity::access::Role,
    ids::{InvitationId, UserId},
    team::invitation_token::InvitationReference,
    team::member::MemberStatus,
    text::AuditTarget,
};
use jiff::Timestamp;
use store::team::members::MemberFilter;
use utoipa::{IntoParams, ToSchema};

/// An invitation to send.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// The e-mail address of the invitee.
    pub(crate) email: Email,
    /// The role of the invitee; at most the caller's own.
    pub(crate) role: Role,
}

json_body!(NewInvitation);

/// The filters of a list of members.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Members {
    /// Return only members with this status.
    #[deserr(default)]
    status: Option<MemberStatus>,
    /// Return only members with this role.
    #[deserr(default)]
    role: Option<Role>,
}

impl From<&Members> for MemberFilter {
    fn from(members: &Members) -> Self {
        Self { status: members.status, role: members.role }
    }
}

/// The filters of the activity.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Activity {
    /// Return only actions of this user.
    #[deserr(default)]
    actor: Option<UserId>,
    /// Return only this kind of action.
    #[deserr(default)]
    action: Option<audit::AuditAction>,
}

impl From<&Activity> for audit::Filter {
    fn from(activity: &Activity) -> Self {
        Self { actor: activity.actor, action: activity.action, ..Self::default() }
    }
}

/// The filters of the audit log.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Log {
    /// Return only changes by this user.
    #[deserr(default)]
    actor: Option<UserId>,
    /// Return only this kind of change.
    #[deserr(default)]
    action: Option<audit::AuditAction>,
    /// Return only changes of the object with this id.
    #[deserr(default)]
    #[param(value_type = Option<String>, max_length = 200)]
    target: Option<AuditTarget>,
    /// Return only changes from this time on (RFC 3339).
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "2026-11-01T00:00:00Z")]
    from: Option<Timestamp>,
    /// Return only changes before this time (RFC 3339).
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "2026-12-01T00:00:00Z")]
    to: Option<Timestamp>,
}

impl Log {
    /// # Errors
    /// [`AuditRefusal`] if the range ends before it begins.
    pub(crate) fn filter(&self) -> Result<audit::Filter, AuditRefusal> {
        let given = self.from.is_some() || self.to.is_some();
        let range = Range::new(self.from, self.to)?;
        let range = given.then_some(range);
        Ok(audit::Filter { actor: self.actor, action: self.action, target: self.target.clone(), range })
    }
}

/// A part of the audit log.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogRange {
    /// Begin with changes of this time (RFC 3339).
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "2026-11-01T00:00:00Z")]
    from: Option<Timestamp>,
    /// End before changes of this time (RFC 3339).
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "2026-12-01T00:00:00Z")]
    to: Option<Timestamp>,
}

impl LogRange {
    /// # Errors
    /// [`AuditRefusal`] if the range ends before it begins.
    pub(crate) fn range(&self) -> Result<Range, AuditRefusal> {
        Range::new(self.from, self.to)
    }
}

/// The path to an invitation.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct InvitationPath {
    /// The token from the e-mail, or the invitation's id.
    pub(crate) token: InvitationReference,
}

/// The path to a pending invitation of the workspace.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct PendingInvitationPath {
    /// The invitation's id.
    pub(crate) id: InvitationId,
}

/// The path of the unsubscribe link in an e-mail.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct LetterPath {
    /// The token in the link.
    pub(crate) token: InvitationReference,
}

/// The path to a member.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct MemberPath {
    /// The user's id.
    pub(crate) id: UserId,
}

/// The new role of a member.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct NewRole {
    /// The role; at most the caller's own.
    pub(crate) role: Role,
}

json_body!(NewRole);

/// The member who becomes an owner.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct NewOwner {
    /// The member's user id.
    pub(crate) member_id: UserId,
}

json_body!(NewOwner);
