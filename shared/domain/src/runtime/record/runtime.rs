//! The record of a runtime, and its wanted state.

use super::{RuntimeState, RuntimeStatus, STOP, StopReason, TaskArn, state::after};
use crate::{
    billing::subscription::Standing,
    bounds::bucket::Bucket,
    ids::UserId,
    integrations::Occurrence,
    notifications::happening::Happening,
    plans::{catalogue::Plans, shape::Shape},
    runtime::reconcile::Launch,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The state that members asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Run, whenever the standing allows it.
    Running,
    /// Do not run.
    #[default]
    Stopped,
}

/// The wanted state: the wish, as far as the standing allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedState {
    /// Run one task of this shape.
    Running(Shape),
    /// Run no task, for this reason.
    Stopped(StopReason),
}

/// The record of a workspace's runtime. A workspace that never started one has the default, and no item is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runtime {
    /// Grows with every change; 0 means that no item is stored.
    pub version: u64,
    /// The state that members asked for.
    pub wish: Wish,
    /// Grows with every change of the wanted state.
    pub generation: u32,
    /// The known state.
    pub state: RuntimeState,
    /// The last launch of a task.
    pub launch: Option<Launch>,
    /// Number of tasks of this generation that ended soon after their launch.
    pub early_ends: u32,
    /// Reason why there is no task, or was none between two.
    pub last_stop_reason: Option<StopReason>,
    /// The member who gave the last command.
    pub requested_by: Option<UserId>,
    /// The user whose free containers include this one: the one who started it. `None` if the workspace was paid for
    /// then.
    pub held_by: Option<UserId>,
    /// Remaining rate limit, see [`COMMANDS`](super::COMMANDS).
    pub commands: Bucket,
    /// Time of the next comparison with ECS in a state without a deadline. `None` in records from before such
    /// comparisons, until ECS is observed again.
    pub check_at: Option<Timestamp>,
}

impl Runtime {
    /// The event to report to integrations when this runtime becomes `next`.
    #[must_use]
    pub fn occurrence(&self, next: &Self) -> Option<Occurrence> {
        let (generation, reason) = (next.generation, next.last_stop_reason);
        match (self.state.status(), next.state.status()) {
            (was, is) if was == is => None,
            // A resized runtime ran all the time.
            (RuntimeStatus::Resizing, RuntimeStatus::Running) => None,
            (_, RuntimeStatus::Running) => Some(Occurrence::RuntimeStarted { generation }),
            (_, RuntimeStatus::Stopped) => Some(Occurrence::RuntimeStopped { generation, reason }),
            (_, RuntimeStatus::Failed) => Some(Occurrence::RuntimeFailed { generation, reason }),
            (_, RuntimeStatus::Starting | RuntimeStatus::Stopping | RuntimeStatus::Resizing) => None,
        }
    }

    /// The event to report to members when this runtime becomes `next`.
    #[must_use]
    pub fn happening(&self, next: &Self) -> Option<Happening> {
        let reason = next.last_stop_reason;
        match (&self.state, &next.state) {
            (RuntimeState::Resizing { .. }, RuntimeState::Running { .. }) => Some(Happening::RuntimeResized {}),
            (RuntimeState::Resizing { .. }, RuntimeState::Kept { .. }) => {
                Some(Happening::RuntimeResizeFailed { reason })
            }
            (
                RuntimeState::Stopped
                | RuntimeState::Starting { .. }
                | RuntimeState::Running { .. }
                | RuntimeState::Stopping { .. }
                | RuntimeState::Resizing { .. }
                | RuntimeState::Kept { .. }
                | RuntimeState::Failed { .. },
                _,
            ) => self.occurrence(next).and_then(Happening::of),
        }
    }

    /// The wanted state in a live workspace with this standing. A failed runtime wants no task until a member sends
    /// another command.
    #[must_use]
    pub fn wanted(&self, standing: &Standing) -> WantedState {
        match (&self.state, self.wish) {
            (RuntimeState::Failed { .. }, _) => {
                WantedState::Stopped(self.last_stop_reason.unwrap_or(StopReason::Requested))
            }
            (_, Wish::Stopped) => WantedState::Stopped(StopReason::Requested),
            (_, Wish::Running) if !standing.may_run => WantedState::Stopped(StopReason::PastDue),
            (_, Wish::Running) => match standing.shape() {
                Some(shape) => WantedState::Running(shape),
                None => WantedState::Stopped(StopReason::NotIncluded),
            },
        }
    }

    /// Stops a runtime that was idle. No member requested it; a command starts it again.
    #[must_use]
    pub fn stopped_for_idling(&self, now: Timestamp) -> Self {
        Self {
            wish: Wish::Stopped,
            state: RuntimeState::Stopping { deadline: after(now, STOP) },
            generation: self.generation.saturating_add(1),
            early_ends: 0,
            last_stop_reason: Some(StopReason::Idle),
            ..self.next()
        }
    }

    /// Returns the same record with the next version.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { version: self.version.saturating_add(1), ..self.clone() }
    }

    /// The record with the sizes that it was written without.
    #[must_use]
    pub fn resolved(mut self, plans: Plans) -> Self {
        if let Some(launch) = &mut self.launch {
            launch.shape = launch.shape.resolved(plans);
        }
        if let RuntimeState::Kept { from, .. } = &mut self.state {
            from.shape = from.shape.resolved(plans);
        }
        self
    }

    /// The shape of the task that runs or is starting.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        match self.state {
            RuntimeState::Starting { .. }
            | RuntimeState::Running { .. }
            | RuntimeState::Stopping { .. }
            | RuntimeState::Resizing { .. } => self.launch.as_ref().map(|launch| launch.shape),
            RuntimeState::Kept { ref from, .. } => Some(from.shape),
            RuntimeState::Stopped | RuntimeState::Failed { .. } => None,
        }
    }

    /// The task that members see: the one that runs or is starting.
    #[must_use]
    pub fn container(&self) -> Option<&TaskArn> {
        match &self.state {
            RuntimeState::Kept { from, .. } => Some(&from.task),
            RuntimeState::Stopped
            | RuntimeState::Starting { .. }
            | RuntimeState::Running { .. }
            | RuntimeState::Stopping { .. }
            | RuntimeState::Resizing { .. }
            | RuntimeState::Failed { .. } => self.launch.as_ref().and_then(|launch| launch.outcome.task()),
        }
    }
}
