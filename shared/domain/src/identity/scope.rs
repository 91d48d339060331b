//! Who asks, and the proof that he may: `Caller`, `Scope`, `SystemScope` and `OperatorScope`.
//!
//! Their fields are private and their makers are closed to other crates: a scope comes from the store, which has read
//! the membership behind it. What the table holds of a workspace is reached only through a scope.

use crate::{
    email::Email,
    error::{Details, Kind, Refusal},
    identity::access::{Action, Role, WhileSuspended},
    identity::presence::Presence,
    ids::{UserId, WorkspaceId},
    runtime::token::Bearer,
    team::invitation::Invitation,
    team::member::Member,
    text::PersonName,
};

/// Where a request came from; kept with what it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The gateway's id of the request.
    pub request_id: String,
    /// The IP address that the gateway saw.
    pub ip_address: Option<String>,
}

/// The person behind a verified ID token.
#[derive(Debug, Clone)]
pub struct Caller {
    user: UserId,
    email: Option<Email>,
    email_verified: bool,
    name: Option<PersonName>,
    origin: Origin,
}

impl Caller {
    /// A caller as his claims and his request describe him.
    #[must_use]
    pub fn new(
        user: UserId,
        email: Option<Email>,
        email_verified: bool,
        name: Option<PersonName>,
        origin: Origin,
    ) -> Self {
        Self { user, email, email_verified, name, origin }
    }

    /// His id.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// The address that his identity provider names, verified or not.
    #[must_use]
    pub const fn email(&self) -> Option<&Email> {
        self.email.as_ref()
    }

    /// The address, if his identity provider vouches that it is his.
    #[must_use]
    pub fn verified_email(&self) -> Option<&Email> {
        self.email.as_ref().filter(|_| self.email_verified)
    }

    /// His name.
    #[must_use]
    pub const fn name(&self) -> Option<&PersonName> {
        self.name.as_ref()
    }
}

/// Proof that one person may act in one workspace.
#[derive(Debug, Clone)]
pub struct Scope {
    workspace: WorkspaceId,
    actor: UserId,
    role: Option<Role>,
    presence: Option<Presence>,
    while_suspended: WhileSuspended,
    origin: Origin,
}

/// Why somebody gets no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// He has no seat here, or there is no such workspace; which of the two is not told.
    #[error("there is no such workspace, or you are not a member of it")]
    Stranger,
    /// His role is too weak.
    #[error("this takes the role {required} or a higher one")]
    RoleTooWeak {
        /// The weakest role that may do it.
        required: Role,
    },
    /// His role was changed while he asked.
    #[error("your role was changed in the meantime; look again, and ask again if you still may")]
    RoleChanged,
    /// The operator has suspended the workspace.
    #[error(
        "this workspace is suspended: reading, paying, leaving and deleting it still work, other changes do not; \
         GET /workspace has the reason, and support can lift the suspension"
    )]
    Suspended,
}

impl Refusal for Denied {
    fn kind(&self) -> Kind {
        match self {
            Self::Stranger => Kind::Absent,
            Self::RoleTooWeak { .. } | Self::Suspended => Kind::Forbidden,
            Self::RoleChanged => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Stranger => "workspace_not_found",
            Self::RoleTooWeak { .. } => "role_required",
            Self::RoleChanged => "role_changed",
            Self::Suspended => "workspace_suspended",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Stranger | Self::RoleChanged | Self::Suspended => Details::default(),
            Self::RoleTooWeak { required } => Details { required_role: Some(*required), ..Details::default() },
        }
    }
}

impl Scope {
    /// The scope of an active member whose role allows `action`.
    pub fn of_member(caller: &Caller, member: Option<&Member>, action: Action) -> Result<Self, Denied> {
        let member = member.filter(|member| member.is_active()).ok_or(Denied::Stranger)?;
        let required = action.required_role();
        if member.role < required {
            return Err(Denied::RoleTooWeak { required });
        }
        let presence = Presence { noted_at: member.last_active_at, name: caller.name.clone() };
        let while_suspended = action.while_suspended();
        let unproven = Self::unproven(caller, member.workspace);
        Ok(Self { role: Some(member.role), presence: Some(presence), while_suspended, ..unproven })
    }

    /// The scope of somebody who founds the workspace `fresh`, which nobody can be a member of yet.
    pub fn of_founder(caller: &Caller, fresh: WorkspaceId) -> Self {
        Self::unproven(caller, fresh)
    }

    /// The scope of somebody who was found to be the one whom `invitation` is for.
    pub fn of_invited(caller: &Caller, invitation: &Invitation) -> Self {
        Self::unproven(caller, invitation.workspace)
    }

    /// The scope of the container that `bearer` was found to be. It is nobody, so its id is made of its workspace.
    pub fn of_container(Bearer { workspace, .. }: Bearer) -> Self {
        let actor = UserId::of("runtime", &workspace.to_string());
        let origin = Origin { request_id: String::new(), ip_address: None };
        Self { workspace, actor, role: None, presence: None, while_suspended: WhileSuspended::Continues, origin }
    }

    /// The scope of somebody who is no member: what it may do while the workspace is suspended, its users require themselves.
    fn unproven(caller: &Caller, workspace: WorkspaceId) -> Self {
        let (actor, origin) = (caller.user, caller.origin.clone());
        Self { workspace, actor, role: None, presence: None, while_suspended: WhileSuspended::Continues, origin }
    }

    /// The workspace it holds for.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// Who acts.
    #[must_use]
    pub const fn actor(&self) -> UserId {
        self.actor
    }

    /// The role it rests on, where it rests on a membership.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        self.role
    }

    /// The member who is at work, where it rests on a membership.
    #[must_use]
    pub const fn presence(&self) -> Option<&Presence> {
        self.presence.as_ref()
    }

    /// Whether the action it was made for continues while the workspace is suspended.
    #[must_use]
    pub const fn while_suspended(&self) -> WhileSuspended {
        self.while_suspended
    }

    /// Where the request came from.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }
}

/// Proof that whoever runs the service acts in one workspace. Only the function `operator` makes one, which nobody reaches over
/// HTTP; the layers test holds it.
#[derive(Debug, Clone)]
pub struct OperatorScope {
    workspace: WorkspaceId,
    operator: PersonName,
    origin: Origin,
}

impl OperatorScope {
    /// The scope of `operator`, whom the identity in front of the function vouches for, in `workspace`.
    #[must_use]
    pub const fn of(workspace: WorkspaceId, operator: PersonName, request_id: String) -> Self {
        Self { workspace, operator, origin: Origin { request_id, ip_address: None } }
    }

    /// Who acts.
    #[must_use]
    pub const fn operator(&self) -> &PersonName {
        &self.operator
    }

    /// The scope of what he changes. He is no member, so his id is made of his name.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let actor = UserId::of("operator", self.operator.as_str());
        SystemScope::of(self.workspace).on_behalf_of(actor, self.origin.clone())
    }
}

/// Proof that a worker, not a person, acts in one workspace. HTTP functions never make one; the layers test holds it.
#[derive(Debug, Clone)]
pub struct SystemScope {
    workspace: WorkspaceId,
}

impl SystemScope {
    /// The scope of a worker that was told of `workspace` by a queue, a stream, the due index, or a
    /// runtime's token.
    #[must_use]
    pub const fn of(workspace: WorkspaceId) -> Self {
        Self { workspace }
    }

    /// The scope of a change that a worker makes on behalf of `person`, who set it off earlier. It rests on no membership:
    /// he may have lost his.
    #[must_use]
    pub const fn on_behalf_of(&self, person: UserId, origin: Origin) -> Scope {
        let while_suspended = WhileSuspended::Continues;
        Scope { workspace: self.workspace, actor: person, role: None, presence: None, while_suspended, origin }
    }

    /// The workspace it holds for.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        self.workspace
    }
}
