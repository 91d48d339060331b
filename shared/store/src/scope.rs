//! Proofs that somebody may act in a workspace: [`Scope`] and [`OperatorScope`]. Only a scope gives access to the items
//! of a workspace.
//!
//! Their fields and constructors are private: this crate has read the membership, the invitation or the launch on which
//! a scope depends.

use crate::{Store, audit::head::KnownHead};
use domain::{
    audit::operator::OperatedBy,
    identity::{
        access::{Action, Role, WhileSuspended},
        denied::Denied,
        origin::Origin,
        presence::Presence,
        profile::ChosenName,
    },
    ids::{KeyId, UserId, WorkspaceId},
    keys::record::{ApiKey, Basis, KeyTerms},
    runtime::token::Bearer,
    team::{invitation::Invitation, member::Member},
    text::{OperatorReason, PersonName},
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
    head: KnownHead,
    key: Option<Box<KeyProof>>,
}

/// The API key on which a scope depends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyProof {
    /// The key.
    pub id: KeyId,
    /// What its holder may do.
    pub terms: KeyTerms,
    /// What it rests on.
    pub basis: Basis,
    /// Version of what its holder may do.
    pub(crate) rights: u64,
}

impl KeyProof {
    /// True if the key rests on the workspace.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.basis == Basis::Workspace
    }

    fn of(key: &ApiKey) -> Self {
        Self { id: key.id, terms: key.terms.clone(), basis: key.basis, rights: key.rights }
    }
}

impl Store {
    /// Returns the scope of `caller`, with their chosen name, in a workspace that they are founding. Its id is
    /// generated here, so nobody else has it.
    #[must_use]
    pub fn scope_for_new_workspace(&self, caller: &Caller, chosen: &ChosenName) -> Scope {
        Scope { head: KnownHead::Founding, ..Scope::unproven(caller, chosen, self.ambient().fresh()) }
    }
}

impl Scope {
    /// Returns the scope of an active member, with their chosen name, if their role and the suspension allow `action`.
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

    /// Returns the scope of a program with the verified API key `key`, which acts with `role`, if the key and the
    /// suspension allow `action`. A program is not present in the workspace.
    pub(crate) fn of_key(
        caller: &Caller,
        (key, role): (&ApiKey, Role),
        maker: Option<&Member>,
        suspension: Option<&Suspension>,
        action: Action,
    ) -> Result<Self, Denied> {
        key.allows(action)?;
        Denied::unless_allowed(action, role, suspension)?;
        let unproven = Self::unproven(caller, &ChosenName::default(), key.workspace);
        let name = maker.filter(|_| !key.is_service()).and_then(|maker| maker.shown_name()).cloned();
        let key = Some(Box::new(KeyProof::of(key)));
        Ok(Self { name, role: Some(role), while_suspended: action.while_suspended(), key, ..unproven })
    }

    /// Returns the scope of a caller who was verified to be the addressee of `invitation`.
    pub(crate) fn of_invited(caller: &Caller, chosen: &ChosenName, invitation: &Invitation) -> Self {
        Self::unproven(caller, chosen, invitation.workspace)
    }

    /// Returns the scope of the container verified as `bearer`. A container is not a person, so its id is derived from
    /// its workspace.
    pub(crate) fn of_container(Bearer { workspace, .. }: Bearer) -> Self {
        let actor = UserId::of("runtime", &workspace.to_string());
        let origin = Origin { request_id: String::new(), ip_address: None };
        let while_suspended = WhileSuspended::Continues;
        let head = KnownHead::Unread;
        Self { workspace, actor, name: None, role: None, presence: None, while_suspended, origin, head, key: None }
    }

    /// Returns the scope of a caller who is not a member. Its users check themselves what a suspension stops.
    fn unproven(caller: &Caller, chosen: &ChosenName, workspace: WorkspaceId) -> Self {
        let (actor, origin) = (caller.user(), caller.origin().clone());
        let name = chosen.name.as_ref().or(caller.name()).cloned();
        let while_suspended = WhileSuspended::Continues;
        let head = KnownHead::Unread;
        Self { workspace, actor, name, role: None, presence: None, while_suspended, origin, head, key: None }
    }

    /// Returns the scope of a change that a worker makes on behalf of `person`, who requested it earlier. It depends on
    /// no membership: they may have lost theirs.
    #[must_use]
    pub fn on_behalf_of(system: &SystemScope, person: UserId, origin: Origin) -> Self {
        let while_suspended = WhileSuspended::Continues;
        let workspace = system.workspace();
        let head = KnownHead::Unread;
        let (name, role, presence, key) = (None, None, None, None);
        Self { workspace, actor: person, name, role, presence, while_suspended, origin, head, key }
    }

    /// Returns the same scope with the name of the actor.
    #[must_use]
    pub fn named(self, name: Option<PersonName>) -> Self {
        Self { name, ..self }
    }

    /// Returns the same scope with the head of the audit log, which was read with what the change depends on.
    #[must_use]
    pub fn with_head(self, head: KnownHead) -> Self {
        Self { head, ..self }
    }

    /// What is known of the head of the audit log.
    #[must_use]
    pub const fn known_head(&self) -> &KnownHead {
        &self.head
    }

    /// Returns the scope of the work that follows from the caller's action.
    #[must_use]
    pub const fn system(&self) -> SystemScope {
        SystemScope::of(self.workspace)
    }

    /// Workspace of the scope.
    #[must_use]
    pub const fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// User who acts.
    #[must_use]
    pub const fn actor(&self) -> UserId {
        self.actor
    }

    /// The API key on which the scope depends.
    #[must_use]
    pub fn key(&self) -> Option<&KeyProof> {
        self.key.as_deref()
    }

    /// Name of the actor; `None` if it is not known, and for workers and containers.
    #[must_use]
    pub const fn name(&self) -> Option<&PersonName> {
        self.name.as_ref()
    }

    /// Role of the actor, if the scope depends on a membership.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        self.role
    }

    /// Presence of the member who acts, if the scope depends on a membership.
    #[must_use]
    pub const fn presence(&self) -> Option<&Presence> {
        self.presence.as_ref()
    }

    /// Effect of a suspension of the workspace on the action.
    #[must_use]
    pub const fn while_suspended(&self) -> WhileSuspended {
        self.while_suspended
    }

    /// Origin of the request.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }
}

/// Proof that the operator acts in one workspace. Only the functions `operator` and `console` create one: IAM, or the
/// group of the staff, decides who reaches them.
#[derive(Debug, Clone)]
pub struct OperatorScope {
    workspace: WorkspaceId,
    id: UserId,
    operator: PersonName,
    reason: Option<OperatorReason>,
    origin: Origin,
}

impl OperatorScope {
    /// Creates the scope of `operator`, whose id is `id`, in the workspace of `system`. The function's entrance has authorized
    /// them.
    #[must_use]
    pub fn of(system: &SystemScope, (id, operator): (UserId, PersonName), request_id: String) -> Self {
        let origin = Origin { request_id, ip_address: None };
        Self { workspace: system.workspace(), id, operator, reason: None, origin }
    }

    /// Adds the reason of their changes.
    #[must_use]
    pub fn because(self, reason: Option<OperatorReason>) -> Self {
        Self { reason, ..self }
    }

    /// Name of the operator.
    #[must_use]
    pub const fn operator(&self) -> &PersonName {
        &self.operator
    }

    /// Returns the names for the audit records of their changes.
    #[must_use]
    pub const fn by(&self) -> OperatedBy<'_> {
        OperatedBy { operator: &self.operator, reason: self.reason.as_ref(), workspace: self.workspace }
    }

    /// Returns the scope of their changes. The operator is not a member, and neither is their id that of one.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let scope = Scope::on_behalf_of(&SystemScope::of(self.workspace), self.id, self.origin.clone());
        scope.named(Some(self.operator.clone()))
    }
}
