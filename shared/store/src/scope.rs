//! Proofs that somebody may act in a workspace: [`Scope`] and [`OperatorScope`]. Only a scope opens what the table holds of a workspace.
//!
//! Their fields are private, and so are the constructors: this crate has read the membership, the invitation or the launch that a
//! scope rests on.

use crate::Store;
use domain::{
    audit::operator::OperatedBy,
    identity::{
        access::{Action, Role, WhileSuspended},
        denied::Denied,
        origin::Origin,
        presence::Presence,
        profile::ChosenName,
    },
    ids::{UserId, WorkspaceId},
    runtime::token::Bearer,
    team::{invitation::Invitation, member::Member},
    text::PersonName,
    workspace::suspension::Suspension,
};
use identity::Caller;
use system_scope::SystemScope;

/// Proof that one person may act in one workspace.
#[derive(Debug, Clone)]
pub struct Scope {
    workspace: WorkspaceId,
    actor: UserId,
    name: Option<PersonName>,
    role: Option<Role>,
    presence: Option<Presence>,
    while_suspended: WhileSuspended,
    origin: Origin,
}

impl Store {
    /// The scope of `caller`, who chose this name, in a workspace that they found now. Its id is drawn here, so it is nobody's yet.
    #[must_use]
    pub fn founding(&self, caller: &Caller, chosen: &ChosenName) -> Scope {
        Scope::unproven(caller, chosen, self.ambient().fresh())
    }
}

impl Scope {
    /// The scope of an active member, who chose this name, for an `action` that nothing stands in the way of.
    pub(crate) fn of_member(
        caller: &Caller,
        chosen: &ChosenName,
        member: Option<&Member>,
        suspension: Option<&Suspension>,
        action: Action,
    ) -> Result<Self, Denied> {
        let member = member.filter(|member| member.is_active()).ok_or(Denied::Stranger)?;
        Denied::unless_allowed(action, member.role, suspension)?;
        let presence = Presence { noted_at: member.last_active_at, name: caller.name().cloned() };
        let while_suspended = action.while_suspended();
        let unproven = Self::unproven(caller, chosen, member.workspace);
        let name = unproven.name.clone().or_else(|| member.name.clone());
        Ok(Self { name, role: Some(member.role), presence: Some(presence), while_suspended, ..unproven })
    }

    /// The scope of somebody who was found to be the one whom `invitation` is for.
    pub(crate) fn of_invited(caller: &Caller, chosen: &ChosenName, invitation: &Invitation) -> Self {
        Self::unproven(caller, chosen, invitation.workspace)
    }

    /// The scope of the container that `bearer` was found to be. It is nobody, so its id is made of its workspace.
    pub(crate) fn of_container(Bearer { workspace, .. }: Bearer) -> Self {
        let actor = UserId::of("runtime", &workspace.to_string());
        let origin = Origin { request_id: String::new(), ip_address: None };
        let while_suspended = WhileSuspended::Continues;
        Self { workspace, actor, name: None, role: None, presence: None, while_suspended, origin }
    }

    /// The scope of somebody who is no member: what it may do while the workspace is suspended, its users require themselves.
    fn unproven(caller: &Caller, chosen: &ChosenName, workspace: WorkspaceId) -> Self {
        let (actor, origin) = (caller.user(), caller.origin().clone());
        let name = chosen.name.as_ref().or(caller.name()).cloned();
        let while_suspended = WhileSuspended::Continues;
        Self { workspace, actor, name, role: None, presence: None, while_suspended, origin }
    }

    /// The scope of a change that a worker makes on behalf of `person`, who asked for it earlier. It rests on no membership: they may
    /// have lost theirs.
    #[must_use]
    pub fn on_behalf_of(system: &SystemScope, person: UserId, origin: Origin) -> Self {
        let while_suspended = WhileSuspended::Continues;
        let workspace = system.workspace();
        Self { workspace, actor: person, name: None, role: None, presence: None, while_suspended, origin }
    }

    /// The same scope, of an actor whose name is known.
    #[must_use]
    pub fn named(self, name: Option<PersonName>) -> Self {
        Self { name, ..self }
    }

    /// The scope of the work that follows from what this caller may do.
    #[must_use]
    pub const fn system(&self) -> SystemScope {
        SystemScope::of(self.workspace)
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

    /// The actor's name; `None` if nobody knows it, and for workers and containers.
    #[must_use]
    pub const fn name(&self) -> Option<&PersonName> {
        self.name.as_ref()
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

/// Proof that the operator acts in one workspace. Only the function `operator` makes one, which is not reachable over HTTP.
#[derive(Debug, Clone)]
pub struct OperatorScope {
    workspace: WorkspaceId,
    operator: PersonName,
    origin: Origin,
}

impl OperatorScope {
    /// The scope of `operator` in the workspace of `system`. IAM has let them invoke the function.
    #[must_use]
    pub fn of(system: &SystemScope, operator: PersonName, request_id: String) -> Self {
        Self { workspace: system.workspace(), operator, origin: Origin { request_id, ip_address: None } }
    }

    /// Who acts.
    #[must_use]
    pub const fn operator(&self) -> &PersonName {
        &self.operator
    }

    /// The names in the audit entries of what they change.
    #[must_use]
    pub const fn by(&self) -> OperatedBy<'_> {
        OperatedBy { operator: &self.operator, workspace: self.workspace }
    }

    /// The scope of what they change. The operator is no member, so their id is made of their name.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let actor = UserId::of("operator", self.operator.as_str());
        let scope = Scope::on_behalf_of(&SystemScope::of(self.workspace), actor, self.origin.clone());
        scope.named(Some(self.operator.clone()))
    }
}
