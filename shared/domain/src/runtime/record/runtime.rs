//! A runtime as it is recorded, and what is wanted of it.

use super::{RuntimeStatus, STOP, State, StopReason, TaskArn, state::after};
use crate::{
    billing::subscription::Standing, bounds::bucket::Bucket, ids::UserId, integrations::Occurrence,
    plans::shape::Shape, runtime::reconcile::Launch,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What people wish.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// That it runs, whenever it may.
    Running,
    /// That it does not.
    #[default]
    Stopped,
}

/// What is to be brought about: the wish, as far as the standing allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// One task of this shape.
    Running(Shape),
    /// No task.
    Stopped(StopReason),
}

/// A workspace's runtime, as it is recorded. A workspace that never started one has the default, and no item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runtime {
    /// Grows with every change; 0 is no item.
    pub version: u64,
    /// What people wish.
    pub wish: Wish,
    /// Grows with every change of what is wanted.
    pub generation: u32,
    /// What is known.
    pub state: State,
    /// The last launch of a task.
    pub launch: Option<Launch>,
    /// How many tasks of this generation ended soon after they were launched.
    pub early_ends: u32,
    /// Why there is no task, or was none between two.
    pub last_stop_reason: Option<StopReason>,
    /// Who gave the last command.
    pub requested_by: Option<UserId>,
    /// The person among whose free containers it counts: who started it. Nobody, if the workspace was paid for then.
    pub held_by: Option<UserId>,
    /// What is left of [`COMMANDS`](super::COMMANDS).
    pub commands: Bucket,
}

impl Runtime {
    /// What integrations are told when this one became `next`.
    #[must_use]
    pub fn occurrence(&self, next: &Self) -> Option<Occurrence> {
        let (generation, reason) = (next.generation, next.last_stop_reason);
        match (self.state.status(), next.state.status()) {
            (was, is) if was == is => None,
            // One that was resized ran all the time.
            (RuntimeStatus::Resizing, RuntimeStatus::Running) => None,
            (_, RuntimeStatus::Running) => Some(Occurrence::RuntimeStarted { generation }),
            (_, RuntimeStatus::Stopped) => Some(Occurrence::RuntimeStopped { generation, reason }),
            (_, RuntimeStatus::Failed) => Some(Occurrence::RuntimeFailed { generation, reason }),
            (_, RuntimeStatus::Starting | RuntimeStatus::Stopping | RuntimeStatus::Resizing) => None,
        }
    }

    /// What is to be brought about in a live workspace of this standing. A runtime that has failed wants no task until
    /// somebody commands it again.
    #[must_use]
    pub fn wanted(&self, standing: Standing) -> Wanted {
        match (&self.state, self.wish) {
            (State::Failed { .. }, _) => Wanted::Stopped(self.last_stop_reason.unwrap_or(StopReason::Requested)),
            (_, Wish::Stopped) => Wanted::Stopped(StopReason::Requested),
            (_, Wish::Running) if !standing.may_run => Wanted::Stopped(StopReason::PastDue),
            (_, Wish::Running) => Wanted::Running(standing.shape()),
        }
    }

    /// The runtime that is stopped because it had nothing to do. Nobody has commanded that; a command is what starts it again.
    #[must_use]
    pub fn rested(&self, now: Timestamp) -> Self {
        Self {
            wish: Wish::Stopped,
            state: State::Stopping { deadline: after(now, STOP) },
            generation: self.generation.saturating_add(1),
            early_ends: 0,
            last_stop_reason: Some(StopReason::Idle),
            ..self.next()
        }
    }

    /// The same under the next version.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { version: self.version.saturating_add(1), ..self.clone() }
    }

    /// What its task was made as, if there is one or one is on its way.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        match self.state {
            State::Starting { .. } | State::Running { .. } | State::Stopping { .. } | State::Resizing { .. } => {
                self.launch.as_ref().map(|launch| launch.shape)
            }
            State::Kept { ref from, .. } => Some(from.shape),
            State::Stopped | State::Failed { .. } => None,
        }
    }

    /// The task that people see: the one that runs or is on its way.
    #[must_use]
    pub fn container(&self) -> Option<&TaskArn> {
        match &self.state {
            State::Kept { from, .. } => Some(&from.task),
            State::Stopped
            | State::Starting { .. }
            | State::Running { .. }
            | State::Stopping { .. }
            | State::Resizing { .. }
            | State::Failed { .. } => self.launch.as_ref().and_then(|launch| launch.outcome.task()),
        }
    }
}
