//! Tasks as ECS shows them.

use super::Attempt;
use crate::runtime::record::TaskArn;
use jiff::Timestamp;

/// A task, as ECS shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its name.
    pub arn: TaskArn,
    /// The launch that it carries in its environment.
    pub attempt: Option<Attempt>,
    /// How far it is.
    pub phase: Phase,
}

/// How far a task is. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Before it runs.
    Pending,
    /// It runs.
    Running {
        /// Since when.
        started_at: Timestamp,
    },
    /// It is being stopped.
    Stopping,
    /// It is no more.
    Stopped(Ending),
}

/// Why a task ended. <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// StopTask was called.
    Requested,
    /// Its container ended.
    Exited,
    /// Its host was retired or reclaimed.
    HostLost,
    /// ECS could not start it.
    Unstartable,
}

impl Task {
    /// Whether asking to stop it makes sense.
    pub(super) const fn can_be_stopped(&self) -> bool {
        match self.phase {
            Phase::Pending | Phase::Running { .. } => true,
            Phase::Stopping | Phase::Stopped(_) => false,
        }
    }

    /// Whether it is no more.
    pub(super) const fn is_stopped(&self) -> bool {
        match self.phase {
            Phase::Pending | Phase::Running { .. } | Phase::Stopping => false,
            Phase::Stopped(_) => true,
        }
    }
}
