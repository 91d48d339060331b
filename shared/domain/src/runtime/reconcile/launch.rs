//! Launches of tasks, and what became of them.

use crate::{plans::shape::Shape, runtime::record::TaskArn};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which launch of a workspace: ECS is told both numbers, so that the task can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Attempt {
    /// The generation it is for.
    pub generation: u32,
    /// The how-manieth launch of that generation it is.
    pub number: u32,
}

/// Where and as what a task is launched. Recorded, so that a repetition asks for the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// The ARN of its task definition.
    pub task_definition: String,
    /// Its subnet.
    pub subnet: String,
}

/// A launch of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// Which it is.
    pub attempt: Attempt,
    /// What the task is made as.
    pub shape: Shape,
    /// Where and as what.
    pub placement: Placement,
    /// What became of it.
    pub outcome: Outcome,
    /// How many launches in a row found no capacity, this one counted.
    pub refusals: u32,
}

/// What became of a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    /// Not known: it may not have been asked for yet, or the answer was lost.
    Unknown,
    /// ECS has no capacity there; nothing runs.
    NoCapacity {
        /// When the next attempt may be made.
        retry_at: Timestamp,
    },
    /// ECS will never do this; nothing runs.
    Refused,
    /// It made this task.
    Task {
        /// Its name.
        task: TaskArn,
    },
    /// Its task was seen stopped.
    Ended {
        /// Its name.
        task: TaskArn,
    },
}

/// Why ECS started nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is no capacity.
    NoCapacity,
    /// The request is one that ECS will never do.
    Forever,
}

impl Launch {
    /// Whether it may have made a task that was not seen stopped.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self.outcome {
            Outcome::Unknown | Outcome::Task { .. } => true,
            Outcome::NoCapacity { .. } | Outcome::Refused | Outcome::Ended { .. } => false,
        }
    }
}

impl Outcome {
    /// The task that it made, also if that was seen stopped.
    #[must_use]
    pub const fn made(&self) -> Option<&TaskArn> {
        match self {
            Self::Task { task } | Self::Ended { task } => Some(task),
            Self::Unknown | Self::NoCapacity { .. } | Self::Refused => None,
        }
    }

    /// The task that it made and that was not seen stopped.
    #[must_use]
    pub const fn task(&self) -> Option<&TaskArn> {
        match self {
            Self::Task { task } => Some(task),
            Self::Unknown | Self::NoCapacity { .. } | Self::Refused | Self::Ended { .. } => None,
        }
    }
}
