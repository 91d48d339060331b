//! Finds workspaces by an e-mail address, a name, a Stripe customer or an ECS task.

use super::{actor::ActingOperator, error::Error};
use domain::{
    identity::access::Role,
    ids::{InvitationId, UserId, WorkspaceId},
    plans::version::PlanVersion,
    team::member::MemberStatus,
    text::WorkspaceName,
    workspace::search::SearchCriterion,
    workspace::suspension::Suspension,
};
use ecs::Cluster;
use jiff::Timestamp;
use serde::Serialize;
use store::{
    Store,
    operator::WorkspaceFacts,
    workspace::find::{Criterion, Match, MatchKind, Matches},
};

/// Maximum number of workspaces per answer.
pub const MAX_FOUND: usize = 100;

/// One page of the workspaces found.
#[derive(Debug, Default, Serialize)]
pub struct FoundView {
    found: Vec<FoundWorkspace>,
    /// Workspace after which the next page begins; null if this page is the last.
    next: Option<WorkspaceId>,
}

/// A workspace that was found, and the member or invitation that matched.
#[derive(Debug, Serialize)]
struct FoundWorkspace {
    workspace: WorkspaceId,
    name: WorkspaceName,
    plan: PlanVersion,
    live: bool,
    suspended: Option<Suspension>,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<FoundMember>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<FoundInvitation>,
}

#[derive(Debug, Serialize)]
struct FoundMember {
    user_id: UserId,
    role: Role,
    status: MemberStatus,
}

#[derive(Debug, Serialize)]
struct FoundInvitation {
    id: InvitationId,
    role: Role,
}

/// Finds the workspaces that match `criterion`. E-mail addresses, names, and tasks that ECS no longer knows are
/// searched for in the whole table, after the workspace `after`, until the time `until` or until [`MAX_FOUND`]
/// workspaces are found.
///
/// # Errors
/// [`Error`] if the table or ECS fails.
pub async fn find_workspaces(
    store: &Store,
    cluster: &Cluster,
    operator: &ActingOperator,
    criterion: &SearchCriterion,
    after: Option<WorkspaceId>,
    until: Timestamp,
) -> Result<FoundView, Error> {
    let trace = match criterion {
        SearchCriterion::Email(email) => Criterion::Email(email),
        SearchCriterion::Name(part) => Criterion::Name(part),
        SearchCriterion::Customer(customer) => {
            let named = store.workspaces_of_customer(customer.as_str()).await?;
            return known(store, operator, named).await;
        }
        SearchCriterion::Task(task) => {
            let started_by = cluster.started_by(task).await?;
            if let Some(workspace) = started_by.and_then(|name| name.parse().ok()) {
                return known(store, operator, vec![workspace]).await;
            }
            Criterion::Task(task)
        }
    };
    look_through(store, operator, trace, after, until).await
}

/// Returns the workspaces that an index or ECS has named.
async fn known(store: &Store, operator: &ActingOperator, named: Vec<WorkspaceId>) -> Result<FoundView, Error> {
    let mut view = FoundView::default();
    for workspace in named {
        view.add(store, operator, Match { workspace, kind: MatchKind::Itself }).await?;
    }
    Ok(view)
}

async fn look_through(
    store: &Store,
    operator: &ActingOperator,
    trace: Criterion<'_>,
    mut after: Option<WorkspaceId>,
    until: Timestamp,
) -> Result<FoundView, Error> {
    let mut view = FoundView::default();
    loop {
        let Matches { found, next } = store.find_workspaces(trace, after).await?;
        let mut found = found.into_iter().peekable();
        while let Some(sighting) = found.next() {
            let workspace = sighting.workspace;
            view.add(store, operator, sighting).await?;
            // Matches in one workspace are never split between two pages.
            let complete = found.peek().is_none_or(|following| following.workspace != workspace);
            let enough = view.found.len() >= MAX_FOUND || until <= store.ambient().now();
            if complete && enough {
                return Ok(FoundView { next: Some(workspace), ..view });
            }
        }
        match next {
            None => return Ok(view),
            Some(next) if until <= store.ambient().now() => return Ok(FoundView { next: Some(next), ..view }),
            Some(next) => after = Some(next),
        }
    }
}

impl FoundView {
    /// Adds the current state of a workspace, if it still exists.
    async fn add(
        &mut self,
        store: &Store,
        operator: &ActingOperator,
        Match { workspace, kind: what }: Match,
    ) -> Result<(), Error> {
        let WorkspaceFacts { workspace: head, billing, .. } = store.workspace_facts(&operator.scope(workspace)).await?;
        let Some(head) = head else { return Ok(()) };
        let (member, invitation) = match what {
            MatchKind::Itself => (None, None),
            MatchKind::Member(member) => {
                let (user_id, role, status) = (member.user, member.role, member.status);
                (Some(FoundMember { user_id, role, status }), None)
            }
            MatchKind::Invitation(invitation) => {
                (None, Some(FoundInvitation { id: invitation.id, role: invitation.role }))
            }
        };
        self.found.push(FoundWorkspace {
            workspace,
            name: head.name,
            plan: billing.standing(store.plans(), store.ambient().now()).plan.reference(),
            live: head.live,
            suspended: head.suspended,
            member,
            invitation,
        });
        Ok(())
    }
}
