//! A person's allowance: the free workspaces they hold, the free containers they run, and how fast they command runtimes.
//!
//! The lists are checked when a workspace is created, handed over or started, and at no other time. An entry that no longer counts,
//! because its workspace is paid for, deleted or somebody else's, stays in the list until its place is needed.

use crate::{
    billing::account::Billing,
    bounds::bucket::{Bucket, Empty, Rate},
    error::{Details, Kind, Refusal},
    identity::access::Role,
    ids::{UserId, WorkspaceId},
    plans::plan::Plan,
    runtime::record::{CommandError, Runtime},
    team::member::Member,
    workspace::head::Workspace,
};
use jiff::{SignedDuration, Timestamp};
use std::{num::ParseIntError, str::FromStr};

/// How fast a person commands runtimes and deletes workspaces, over all their workspaces: each takes a place in a queue that all
/// tenants share.
pub const COMMANDS: Rate = Rate { burst: 3, every: SignedDuration::from_secs(5) };

/// How many free workspaces a person holds at most. Personal ones do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeWorkspaceLimit(pub usize);

/// How many containers of free workspaces a person runs at once at most.
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

/// What a person has of what is free. A person who never had anything has the default, and no item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowance {
    /// Grows with every change; 0 is no item.
    pub version: u64,
    /// The workspaces that count among their free ones, if they still do.
    pub free_workspaces: Vec<WorkspaceId>,
    /// The workspaces whose containers count among their free ones, if they still do.
    pub free_containers: Vec<WorkspaceId>,
    /// What is left of [`COMMANDS`].
    pub commands: Bucket,
}

/// Why a person gets no more of what is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AllowanceError {
    /// The caller holds as many free workspaces as a person may.
    #[error(
        "you hold {used} of {limit} free workspaces; upgrade, delete or hand over one of them, then send the request again"
    )]
    FreeWorkspaces {
        /// How many a person may hold.
        limit: u64,
        /// How many they hold.
        used: u64,
    },
    /// The member who would receive a free workspace holds as many as a person may.
    #[error(
        "this member already holds as many free workspaces as a person may ({limit}); upgrade this workspace, or ask them to upgrade, delete or hand over one of theirs"
    )]
    FreeWorkspacesOfReceiver {
        /// How many a person may hold.
        limit: u64,
    },
    /// The caller runs as many containers of free workspaces as a person may.
    #[error(
        "you run {used} of {limit} containers of free workspaces; stop one of them or upgrade its workspace, then send the request again"
    )]
    FreeContainers {
        /// How many a person may run.
        limit: u64,
        /// How many they run.
        used: u64,
    },
}

impl AllowanceError {
    /// The same refusal, for somebody who hands a workspace over to the person it is about.
    #[must_use]
    pub const fn of_receiver(self) -> Self {
        match self {
            Self::FreeWorkspaces { limit, .. } => Self::FreeWorkspacesOfReceiver { limit },
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
        let (limit, used) = match *self {
            Self::FreeWorkspaces { limit, used } | Self::FreeContainers { limit, used } => (limit, Some(used)),
            // What somebody else holds in other workspaces is theirs to know.
            Self::FreeWorkspacesOfReceiver { limit } => (limit, None),
        };
        Details { limit: Some(limit), used, upgrade_to: Some(Plan::Starter), ..Details::default() }
    }
}

/// A workspace that a list names, as far as it decides whether the entry still counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Its head; `None` if it is gone.
    pub workspace: Option<Workspace>,
    /// What it pays for.
    pub billing: Billing,
    /// The person's seat in it.
    pub member: Option<Member>,
    /// Its runtime.
    pub runtime: Runtime,
}

impl Listed {
    /// Whether it counts among the free workspaces of `user`.
    #[must_use]
    pub fn is_free_workspace_of(&self, user: UserId, now: Timestamp) -> bool {
        let holds = |workspace: &&Workspace| !workspace.personal && is_or_unknown(workspace.held_by, user);
        let is_owner = self.member.as_ref().and_then(Member::active_role) == Some(Role::Owner);
        self.free(now).filter(holds).is_some() && is_owner
    }

    /// Whether its container counts among the free ones of `user`. Of somebody who lost their seat it does not: they could not stop it.
    #[must_use]
    pub fn is_free_container_of(&self, user: UserId, now: Timestamp) -> bool {
        let runs = self.runtime.state.has_container() && is_or_unknown(self.runtime.held_by, user);
        self.free(now).is_some() && runs && self.member.as_ref().is_some_and(Member::is_active)
    }

    /// The head of a live workspace that pays for nothing.
    fn free(&self, now: Timestamp) -> Option<&Workspace> {
        let is_free = self.billing.standing(now).is_free();
        self.workspace.as_ref().filter(|workspace| workspace.live && is_free)
    }
}

/// Workspaces and runtimes that were written before holders were do not name one.
fn is_or_unknown(holder: Option<UserId>, user: UserId) -> bool {
    holder.is_none_or(|holder| holder == user)
}

impl Allowance {
    /// The allowance after a command to a runtime, or a deletion.
    ///
    /// # Errors
    /// [`CommandError::TooManyOfPerson`].
    pub fn commanded(&self, now: Timestamp) -> Result<Self, CommandError> {
        let commands = self.commands.take(COMMANDS, now);
        let commands = commands.map_err(|Empty { refills_at, retry_after }| CommandError::TooManyOfPerson {
            resets_at: refills_at,
            retry_after,
        })?;
        Ok(Self { commands, ..self.clone() })
    }

    /// The allowance with `workspace` among the free workspaces.
    ///
    /// # Errors
    /// [`AllowanceError::FreeWorkspaces`].
    pub fn with_workspace(
        &self,
        workspace: WorkspaceId,
        FreeWorkspaceLimit(limit): FreeWorkspaceLimit,
    ) -> Result<Self, AllowanceError> {
        let free_workspaces = with(&self.free_workspaces, workspace, limit)
            .map_err(|(limit, used)| AllowanceError::FreeWorkspaces { limit, used })?;
        Ok(Self { free_workspaces, ..self.clone() })
    }

    /// The allowance with the container of `workspace` among the free ones.
    ///
    /// # Errors
    /// [`AllowanceError::FreeContainers`].
    pub fn with_container(
        &self,
        workspace: WorkspaceId,
        FreeContainerLimit(limit): FreeContainerLimit,
    ) -> Result<Self, AllowanceError> {
        let free_containers = with(&self.free_containers, workspace, limit)
            .map_err(|(limit, used)| AllowanceError::FreeContainers { limit, used })?;
        Ok(Self { free_containers, ..self.clone() })
    }

    /// The allowance without `workspace` among the free workspaces.
    #[must_use]
    pub fn without_workspace(&self, workspace: WorkspaceId) -> Self {
        let mut next = self.clone();
        next.free_workspaces.retain(|listed| *listed != workspace);
        next
    }

    /// Every workspace that a list names, once.
    #[must_use]
    pub fn listed(&self) -> Vec<WorkspaceId> {
        let mut listed = [self.free_workspaces.as_slice(), &self.free_containers].concat();
        listed.sort_unstable();
        listed.dedup();
        listed
    }

    /// The allowance of `user` without the entries that no longer count; `find` gives what is known of a workspace.
    #[must_use]
    pub fn recounted<'a>(
        &self,
        user: UserId,
        find: impl Fn(WorkspaceId) -> Option<&'a Listed>,
        now: Timestamp,
    ) -> Self {
        let mut next = self.clone();
        next.free_workspaces.retain(|id| find(*id).is_some_and(|listed| listed.is_free_workspace_of(user, now)));
        next.free_containers.retain(|id| find(*id).is_some_and(|listed| listed.is_free_container_of(user, now)));
        next
    }
}

/// `list` with `workspace` in it, or the limit and what is used of it.
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
