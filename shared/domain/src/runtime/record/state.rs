//! The known state of a runtime, and the deadlines of its transitions.

use super::TaskArn;
use crate::{plans::shape::Shape, runtime::reconcile::LaunchNumber};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Maximum time of a start.
pub const START: SignedDuration = SignedDuration::from_mins(10);

/// Maximum time of a stop.
pub const STOP: SignedDuration = SignedDuration::from_mins(3);

/// Maximum time of a change of size.
pub const RESIZE: SignedDuration = SignedDuration::from_mins(15);

/// The known state of a runtime.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum RuntimeState {
    /// No task runs.
    #[default]
    Stopped,
    /// A task is starting.
    Starting {
        /// Time at which the start has failed.
        deadline: Timestamp,
    },
    /// A task runs.
    Running {
        /// Time at which the task began to run.
        started_at: Timestamp,
    },
    /// A task is being stopped.
    Stopping {
        /// Time at which the stop has failed.
        deadline: Timestamp,
    },
    /// A task of another size is starting; the current one runs until then.
    Resizing {
        /// Time at which the change of size has failed.
        deadline: Timestamp,
        /// The task that is being replaced.
        from: Box<Serving>,
    },
    /// A task of another size could not be started; the task that it should have replaced keeps running.
    Kept {
        /// The task that keeps running.
        from: Box<Serving>,
        /// Time at which the other size was given up.
        since: Timestamp,
        /// Time of the next attempt; `None` if the other size is no longer wanted.
        retry_at: Option<Timestamp>,
    },
    /// The wanted state could not be reached. Only a command leaves this state.
    Failed {
        /// Time of the failure.
        at: Timestamp,
    },
}

/// A task that serves until another one takes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// The ARN of the task.
    pub task: TaskArn,
    /// The launch that started the task.
    pub attempt: LaunchNumber,
    /// The shape of the task.
    #[serde(flatten)]
    pub shape: Shape,
    /// Time at which the task began to run.
    pub started_at: Timestamp,
}

/// Status of a runtime: `stopped` has no container, `resizing` replaces the container by one of another size, and `failed`
/// could not start or keep running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RuntimeStatus {
    /// No task runs.
    Stopped,
    /// A task is starting.
    Starting,
    /// A task runs.
    Running,
    /// A task is being stopped.
    Stopping,
    /// A task of another size is starting; the current one runs until then.
    Resizing,
    /// The wanted state could not be reached.
    Failed,
}

impl RuntimeState {
    /// The name of the state.
    #[must_use]
    pub const fn status(&self) -> RuntimeStatus {
        match self {
            Self::Stopped => RuntimeStatus::Stopped,
            Self::Starting { .. } => RuntimeStatus::Starting,
            Self::Running { .. } | Self::Kept { .. } => RuntimeStatus::Running,
            Self::Stopping { .. } => RuntimeStatus::Stopping,
            Self::Resizing { .. } => RuntimeStatus::Resizing,
            Self::Failed { .. } => RuntimeStatus::Failed,
        }
    }

    /// Deadline of the transition; `None` if the state is not a transition.
    #[must_use]
    pub const fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Starting { deadline } | Self::Stopping { deadline } | Self::Resizing { deadline, .. } => {
                Some(*deadline)
            }
            Self::Stopped | Self::Running { .. } | Self::Kept { .. } | Self::Failed { .. } => None,
        }
    }

    /// Time by which the transition has to end, or at which another size is tried again.
    #[must_use]
    pub const fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Kept { retry_at, .. } => *retry_at,
            Self::Starting { .. } | Self::Stopping { .. } | Self::Resizing { .. } => self.deadline(),
            Self::Stopped | Self::Running { .. } | Self::Failed { .. } => None,
        }
    }

    /// True if a container runs, is starting, or has not been seen stopped yet.
    #[must_use]
    pub const fn has_container(&self) -> bool {
        match self {
            Self::Starting { .. }
            | Self::Running { .. }
            | Self::Stopping { .. }
            | Self::Resizing { .. }
            | Self::Kept { .. } => true,
            Self::Stopped | Self::Failed { .. } => false,
        }
    }

    /// The task that serves until another one takes over.
    #[must_use]
    pub fn serving(&self) -> Option<&Serving> {
        match self {
            Self::Resizing { from, .. } | Self::Kept { from, .. } => Some(from),
            Self::Stopped
            | Self::Starting { .. }
            | Self::Running { .. }
            | Self::Stopping { .. }
            | Self::Failed { .. } => None,
        }
    }
}

/// Adds `time` to `moment`, without overflow.
pub(crate) fn after(moment: Timestamp, time: SignedDuration) -> Timestamp {
    moment.saturating_add(time).unwrap_or(Timestamp::MAX)
}
