//! Tasks as ECS shows them.

use super::LaunchNumber;
use crate::runtime::record::TaskArn;
use jiff::Timestamp;

/// A task, as ECS shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The ARN of the task.
    pub arn: TaskArn,
    /// The launch named in the task's environment.
    pub attempt: Option<LaunchNumber>,
    /// The phase of its life cycle.
    pub phase: Phase,
}

/// Phase of a task's life cycle.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The task does not run yet.
    Pending,
    /// The task runs.
    Running {
        /// Time at which the task began to run.
        started_at: Timestamp,
    },
    /// The task is being stopped.
    Stopping,
    /// The task has stopped.
    Stopped(TaskEnd),
}

/// Reason why a task ended. <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskEnd {
    /// StopTask was called.
    Requested,
    /// The container ended.
    Exited,
    /// The host was retired or reclaimed.
    HostLost,
    /// ECS could not start it.
    Unstartable,
}

impl Task {
    /// True if a request to stop the task would have an effect.
    pub(super) const fn can_be_stopped(&self) -> bool {
        match self.phase {
            Phase::Pending | Phase::Running { .. } => true,
            Phase::Stopping | Phase::Stopped(_) => false,
        }
    }

    /// True if the task has stopped.
    pub(super) const fn is_stopped(&self) -> bool {
        match self.phase {
            Phase::Pending | Phase::Running { .. } | Phase::Stopping => false,
            Phase::Stopped(_) => true,
        }
    }
}
