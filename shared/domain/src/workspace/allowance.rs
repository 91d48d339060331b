//! A user's allowance: the free workspaces they hold, the free containers they run, and their rate limit for runtime
//! commands.
//!
//! The lists are checked only when a workspace is created, transferred or started. An entry that no longer counts,
//! because its workspace is paid for, deleted or held by another user, stays in the list until its place is needed.

use crate::{
    billing::account::Billing,
    bounds::bucket::{Bucket, Empty, Rate},
    error::{Details, Kind, Refusal},
    identity::access::Role,
    ids::{UserId, WorkspaceId},
    plans::{catalogue::Plans, names::PlanName},
    runtime::record::{CommandError, Runtime},
    team::member::Member,
    workspace::head::Workspace,
};
use jiff::{SignedDuration, Timestamp};
use std::{num::ParseIntError, str::FromStr};

/// Rate limit of a user's runtime commands and workspace deletions, over all their workspaces: each takes a place in a
/// queue that all tenants share.
pub const USER_COMMANDS: Rate = Rate { burst: 3, every: SignedDuration::from_secs(5) };

/// Maximum number of free workspaces that a user holds. Personal ones do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeWorkspaceLimit(pub usize);

/// Maximum number of containers of free workspaces that a user runs at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeContainerLimit(pub usize);

impl FromStr for FreeWorkspaceLimit {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

impl FromStr for FreeContainerLimit {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

/// A user's free resources. A user who never had any has the default, and no item is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowance {
    /// Grows with every change; 0 means that no item is stored.
    pub version: u64,
    /// Workspaces that are listed as the user's free ones. Entries may be outdated.
    pub free_workspaces: Vec<WorkspaceId>,
    /// Workspaces whose containers are listed as the user's free ones. Entries may be outdated.
    pub free_containers: Vec<WorkspaceId>,
    /// Remaining rate limit, see [`USER_COMMANDS`].
    pub commands: Bucket,
}

/// Reasons to refuse a further free resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AllowanceError {
    /// The caller holds the maximum number of free workspaces.
    #[error(
        "you hold {used} of {limit} free workspaces; upgrade, delete or transfer one of them, then send the request again"
    )]
    FreeWorkspaces {
        /// Maximum number of free workspaces.
        limit: u64,
        /// Number of free workspaces that the caller holds.
        used: u64,
        /// The smallest plan that is sold.
        upgrade_to: Option<PlanName>,
    },
    /// The member who would receive the free workspace holds the maximum number.
    #[error(
        "this member already holds as many free workspaces as a person may ({limit}); upgrade this workspace, or ask them to upgrade, delete or transfer one of theirs"
    )]
    FreeWorkspacesOfReceiver {
        /// Maximum number of free workspaces.
        limit: u64,
        /// The smallest plan that is sold.
        upgrade_to: Option<PlanName>,
    },
    /// The caller runs the maximum number of containers of free workspaces.
    #[error(
        "you run {used} of {limit} containers of free workspaces; stop one of them or upgrade its workspace, then send the request again"
    )]
    FreeContainers {
        /// Maximum number of free containers.
        limit: u64,
        /// Number of free containers that the caller runs.
        used: u64,
        /// The smallest plan that is sold.
        upgrade_to: Option<PlanName>,
    },
}

impl AllowanceError {
    /// Rewords the refusal for a caller who transfers a workspace to the user it is about.
    #[must_use]
    pub const fn for_new_owner(self) -> Self {
        match self {
            Self::FreeWorkspaces { limit, upgrade_to, .. } => Self::FreeWorkspacesOfReceiver { limit, upgrade_to },
            Self::FreeWorkspacesOfReceiver { .. } | Self::FreeContainers { .. } => self,
        }
    }
}

impl Refusal for AllowanceError {
    fn kind(&self) -> Kind {
        match self {
            Self::FreeWorkspaces { .. } | Self::FreeWorkspacesOfReceiver { .. } | Self::FreeContainers { .. } => {
                Kind::OverPlan
            }
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::FreeWorkspaces { .. } | Self::FreeWorkspacesOfReceiver { .. } => "free_workspace_limit_reached",
            Self::FreeContainers { .. } => "free_container_limit_reached",
        }
    }

    fn details(&self) -> Details {
        let (limit, used, upgrade_to) = match *self {
            Self::FreeWorkspaces { limit, used, upgrade_to } | Self::FreeContainers { limit, used, upgrade_to } => {
                (limit, Some(used), upgrade_to)
            }
            // The number of another user's workspaces is not disclosed.
            Self::FreeWorkspacesOfReceiver { limit, upgrade_to } => (limit, None, upgrade_to),
        };
        Details { limit: Some(limit), used, upgrade_to, ..Details::default() }
    }
}

/// Facts about a listed workspace that decide if its entry still counts.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedWorkspace {
    /// The workspace's head; `None` if it was deleted.
    pub workspace: Option<Workspace>,
    /// The workspace's billing.
    pub billing: Billing,
    /// The user's seat in the workspace.
    pub member: Option<Member>,
    /// The workspace's runtime.
    pub runtime: Runtime,
}

impl ListedWorkspace {
    /// True if the workspace counts as a free workspace of `user`.
    #[must_use]
    pub fn is_free_workspace_of(&self, user: UserId, plans: Plans, now: Timestamp) -> bool {
        let holds = |workspace: &&Workspace| !workspace.personal && is_or_unknown(workspace.held_by, user);
        let is_owner = self.member.as_ref().and_then(Member::active_role) == Some(Role::Owner);
        self.free(plans, now).filter(holds).is_some() && is_owner
    }

    /// True if the container counts as a free container of `user`. It does not if the user lost their seat, because
    /// they could not stop it.
    #[must_use]
    pub fn is_free_container_of(&self, user: UserId, plans: Plans, now: Timestamp) -> bool {
        let runs = self.runtime.state.has_container() && is_or_unknown(self.runtime.held_by, user);
        self.free(plans, now).is_some() && runs && self.member.as_ref().is_some_and(Member::is_active)
    }

    /// The head of a live workspace on the free plan.
    fn free(&self, plans: Plans, now: Timestamp) -> Option<&Workspace> {
        let is_free = self.billing.standing(plans, now).is_free();
        self.workspace.as_ref().filter(|workspace| workspace.live && is_free)
    }
}

/// True if `holder` is `user` or unknown. Workspaces and runtimes written before holders were recorded name none.
fn is_or_unknown(holder: Option<UserId>, user: UserId) -> bool {
    holder.is_none_or(|holder| holder == user)
}

impl Allowance {
    /// Takes a token for a runtime command or a deletion.
    ///
    /// # Errors
    /// [`CommandError::TooManyOfPerson`] if the rate limit is exceeded.
    pub fn take_command_token(&self, now: Timestamp) -> Result<Self, CommandError> {
        let commands = self.commands.take(USER_COMMANDS, now);
        let commands = commands.map_err(|Empty { refills_at, retry_after }| CommandError::TooManyOfPerson {
            resets_at: refills_at,
            retry_after,
        })?;
        Ok(Self { commands, ..self.clone() })
    }

    /// Adds `workspace` to the free workspaces.
    ///
    /// # Errors
    /// [`AllowanceError::FreeWorkspaces`] if the limit is reached.
    pub fn with_workspace(
        &self,
        plans: Plans,
        workspace: WorkspaceId,
        FreeWorkspaceLimit(limit): FreeWorkspaceLimit,
    ) -> Result<Self, AllowanceError> {
        let free_workspaces = with(&self.free_workspaces, workspace, limit).map_err(|(limit, used)| {
            AllowanceError::FreeWorkspaces { limit, used, upgrade_to: plans.smallest_sold() }
        })?;
        Ok(Self { free_workspaces, ..self.clone() })
    }

    /// Adds the container of `workspace` to the free containers.
    ///
    /// # Errors
    /// [`AllowanceError::FreeContainers`] if the limit is reached.
    pub fn with_container(
        &self,
        plans: Plans,
        workspace: WorkspaceId,
        FreeContainerLimit(limit): FreeContainerLimit,
    ) -> Result<Self, AllowanceError> {
        let free_containers = with(&self.free_containers, workspace, limit).map_err(|(limit, used)| {
            AllowanceError::FreeContainers { limit, used, upgrade_to: plans.smallest_sold() }
        })?;
        Ok(Self { free_containers, ..self.clone() })
    }

    /// Removes `workspace` from the free workspaces.
    #[must_use]
    pub fn without_workspace(&self, workspace: WorkspaceId) -> Self {
        let mut next = self.clone();
        next.free_workspaces.retain(|listed| *listed != workspace);
        next
    }

    /// Every listed workspace, once.
    #[must_use]
    pub fn listed(&self) -> Vec<WorkspaceId> {
        let mut listed = [self.free_workspaces.as_slice(), &self.free_containers].concat();
        listed.sort_unstable();
        listed.dedup();
        listed
    }

    /// Removes the entries that no longer count for `user`; `find` returns the facts about a workspace.
    #[must_use]
    pub fn recounted<'a>(
        &self,
        user: UserId,
        plans: Plans,
        find: impl Fn(WorkspaceId) -> Option<&'a ListedWorkspace>,
        now: Timestamp,
    ) -> Self {
        let mut next = self.clone();
        next.free_workspaces.retain(|id| find(*id).is_some_and(|listed| listed.is_free_workspace_of(user, plans, now)));
        next.free_containers.retain(|id| find(*id).is_some_and(|listed| listed.is_free_container_of(user, plans, now)));
        next
    }
}

/// Adds `workspace` to `list`, or returns the limit and the number of entries.
fn with(list: &[WorkspaceId], workspace: WorkspaceId, limit: usize) -> Result<Vec<WorkspaceId>, (u64, u64)> {
    if list.contains(&workspace) {
        return Ok(list.to_vec());
    }
    if list.len() >= limit {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        return Err((number(limit), number(list.len())));
    }
    Ok([list, &[workspace]].concat())
}
