//! What clients send.

use api::{FieldErrors, json_body};
use deserr::Deserr;
use domain::{
    audit::record as audit,
    email::Email,
    identity::access::Role,
    ids::{InvitationId, UserId},
    team::invitation_token::PresentedToken,
    team::member::MemberStatus,
};
use store::team::members::MemberFilter;
use utoipa::{IntoParams, ToSchema};

/// A seat to offer.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// Whose it will be.
    pub(crate) email: Email,
    /// What he may do then; not more than you may.
    pub(crate) role: Role,
}

json_body!(NewInvitation);

/// What a list of members is narrowed to.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Members {
    /// Only members with this status.
    #[deserr(default)]
    status: Option<MemberStatus>,
    /// Only members with this role.
    #[deserr(default)]
    role: Option<Role>,
}

impl From<&Members> for MemberFilter {
    fn from(members: &Members) -> Self {
        Self { status: members.status, role: members.role }
    }
}

/// What the activity is narrowed to.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Activity {
    /// Only what this user did.
    #[deserr(default)]
    actor: Option<UserId>,
    /// Only changes of this kind.
    #[deserr(default)]
    action: Option<audit::AuditAction>,
}

impl From<&Activity> for audit::Filter {
    fn from(activity: &Activity) -> Self {
        Self { actor: activity.actor, action: activity.action }
    }
}

/// The path to an invitation.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct InvitationPath {
    /// The token from the mail, or the invitation's id.
    pub(crate) token: PresentedToken,
}

/// The path to an invitation, for those who made it.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct WaitingPath {
    /// Its id.
    pub(crate) id: InvitationId,
}

/// The path in a letter's link.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct LetterPath {
    /// Its token.
    pub(crate) token: PresentedToken,
}

/// The path to a member.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors)]
pub(crate) struct MemberPath {
    /// The user's id.
    pub(crate) id: UserId,
}

/// The role that a member is to have.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct NewRole {
    /// The role; not above yours.
    pub(crate) role: Role,
}

json_body!(NewRole);

/// Who is to be an owner.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct Heir {
    /// A member's id.
    pub(crate) member_id: UserId,
}

json_body!(Heir);
