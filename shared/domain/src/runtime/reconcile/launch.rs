//! Launches of tasks, and their outcomes.

use crate::{plans::shape::Shape, runtime::record::TaskArn};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Number of a launch within a workspace. The container's environment carries both parts, so that the task can be
/// identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LaunchNumber {
    /// The generation that the launch is for.
    pub generation: u32,
    /// Position among all launches of the generation, from 1.
    pub number: u32,
}

/// Task definition and subnet of a launch. Recorded, so that a repeated request is identical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchTarget {
    /// The ARN of its task definition.
    pub task_definition: String,
    /// The subnet of the task.
    pub subnet: String,
}

/// A launch of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The number of the launch.
    pub attempt: LaunchNumber,
    /// The shape of the task.
    pub shape: Shape,
    /// Task definition and subnet.
    pub placement: LaunchTarget,
    /// Outcome of the launch.
    pub outcome: LaunchOutcome,
    /// Number of consecutive launches that found no capacity, including this one.
    pub refusals: u32,
}

/// Outcome of a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum LaunchOutcome {
    /// Unknown: the request was not sent yet, or its answer was lost.
    Unknown,
    /// ECS has no capacity there; no task runs.
    NoCapacity {
        /// Time from which the next attempt may be made.
        retry_at: Timestamp,
    },
    /// ECS refused the request for good; no task runs.
    Refused,
    /// The launch started this task.
    Task {
        /// The ARN of the task.
        task: TaskArn,
    },
    /// The launch's task was seen stopped.
    Ended {
        /// The ARN of the task.
        task: TaskArn,
    },
}

/// Reasons why ECS started no task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaunchRefusal {
    /// There is no capacity.
    NoCapacity,
    /// ECS will never accept the request.
    Permanent,
}

impl Launch {
    /// True if the launch may have started a task that was not seen stopped.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self.outcome {
            LaunchOutcome::Unknown | LaunchOutcome::Task { .. } => true,
            LaunchOutcome::NoCapacity { .. } | LaunchOutcome::Refused | LaunchOutcome::Ended { .. } => false,
        }
    }
}

impl LaunchOutcome {
    /// The task that the launch started, even if it was seen stopped.
    #[must_use]
    pub const fn started_task(&self) -> Option<&TaskArn> {
        match self {
            Self::Task { task } | Self::Ended { task } => Some(task),
            Self::Unknown | Self::NoCapacity { .. } | Self::Refused => None,
        }
    }

    /// The task that the launch started, unless it was seen stopped.
    #[must_use]
    pub const fn task(&self) -> Option<&TaskArn> {
        match self {
            Self::Task { task } => Some(task),
            Self::Unknown | Self::NoCapacity { .. } | Self::Refused | Self::Ended { .. } => None,
        }
    }
}
