//! The steps from what ECS shows to what is wanted of a runtime: pure, for every world that can be observed.
//!
//! A launch is recorded before it is asked for, and asked for again under the same attempt until its outcome is known;
//! the next attempt begins only when the last was refused or its task was seen stopped. A state that is recorded never
//! follows an older observation: nothing moves back from running because a task is still shown as pending.

mod facts;
mod steps;
#[cfg(test)]
mod tests;

pub use steps::steps;

use crate::{
    plans::shape::Shape,
    runtime::record::{Runtime, State, TaskArn},
};
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

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Ask ECS to stop a task.
    Stop(TaskArn),
    /// Ask ECS for the task of the recorded launch.
    Run,
    /// Record the next launch, of a task of this shape.
    Launch(Shape),
    /// Record this.
    Record(Box<Runtime>),
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

impl Task {
    /// Whether asking to stop it makes sense.
    const fn can_be_stopped(&self) -> bool {
        match self.phase {
            Phase::Pending | Phase::Running { .. } => true,
            Phase::Stopping | Phase::Stopped(_) => false,
        }
    }

    /// Whether it is no more.
    const fn is_stopped(&self) -> bool {
        match self.phase {
            Phase::Pending | Phase::Running { .. } | Phase::Stopping => false,
            Phase::Stopped(_) => true,
        }
    }

    fn stop(&self) -> Step {
        Step::Stop(self.arn.clone())
    }
}

impl Runtime {
    /// The tasks that it names.
    #[must_use]
    pub fn tasks(&self) -> Vec<&TaskArn> {
        let launched = self.launch.as_ref().and_then(|launch| launch.outcome.task());
        launched.into_iter().chain(self.state.serving().map(|serving| &serving.task)).collect()
    }

    /// Whether `attempt` is the launch that it runs by: the last one, if that may have made a task which has not been seen
    /// stopped, or the one that was kept.
    #[must_use]
    pub fn is_launch(&self, attempt: Attempt) -> bool {
        if let State::Kept { from, .. } = &self.state {
            return from.attempt == attempt;
        }
        let current = |launch: &Launch| launch.attempt == attempt && attempt.generation == self.generation;
        self.launch.as_ref().is_some_and(|launch| launch.is_open() && current(launch))
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
