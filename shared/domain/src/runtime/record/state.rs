//! The state that is known of a runtime, and how long its transitions may take.

use super::TaskArn;
use crate::{plans::shape::Shape, runtime::reconcile::Attempt};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a start may take.
pub const START: SignedDuration = SignedDuration::from_mins(10);

/// How long a stop may take.
pub const STOP: SignedDuration = SignedDuration::from_mins(3);

/// How long a change of size may take.
pub const RESIZE: SignedDuration = SignedDuration::from_mins(15);

/// The state that is known, with what belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// No task runs.
    #[default]
    Stopped,
    /// A task is on its way.
    Starting {
        /// When that has failed.
        deadline: Timestamp,
    },
    /// A task runs.
    Running {
        /// Since when.
        started_at: Timestamp,
    },
    /// A task is being stopped.
    Stopping {
        /// When that has failed.
        deadline: Timestamp,
    },
    /// A task of another size is on its way; the present one runs until then.
    Resizing {
        /// When that has failed.
        deadline: Timestamp,
        /// The present one.
        from: Box<Serving>,
    },
    /// A task of another size could not be had; the one that was to be replaced runs on.
    Kept {
        /// It.
        from: Box<Serving>,
        /// Since when the other size was given up.
        since: Timestamp,
        /// When that is tried again; `None` if nobody wants it any more.
        retry_at: Option<Timestamp>,
    },
    /// It could not be brought about. A command is the way out.
    Failed {
        /// When.
        at: Timestamp,
    },
}

/// A task that serves while another one is to take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// Its name.
    pub task: TaskArn,
    /// The launch that made it.
    pub attempt: Attempt,
    /// What it was made as.
    #[serde(flatten)]
    pub shape: Shape,
    /// Since when it runs.
    pub started_at: Timestamp,
}

/// The state's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RuntimeStatus {
    /// No task runs.
    Stopped,
    /// A task is on its way.
    Starting,
    /// A task runs.
    Running,
    /// A task is being stopped.
    Stopping,
    /// A task of another size is on its way.
    Resizing,
    /// It could not be brought about.
    Failed,
}

impl State {
    /// Its name.
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

    /// By when it must have ended, if it is a transition.
    #[must_use]
    pub const fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Starting { deadline } | Self::Stopping { deadline } | Self::Resizing { deadline, .. } => {
                Some(*deadline)
            }
            Self::Stopped | Self::Running { .. } | Self::Kept { .. } | Self::Failed { .. } => None,
        }
    }

    /// When it is to be looked at, if nothing is heard before.
    #[must_use]
    pub const fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Kept { retry_at, .. } => *retry_at,
            Self::Starting { .. } | Self::Stopping { .. } | Self::Resizing { .. } => self.deadline(),
            Self::Stopped | Self::Running { .. } | Self::Failed { .. } => None,
        }
    }

    /// Whether a container runs, is on its way, or has not been seen stopped yet.
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

    /// The task that serves while another one is to take over.
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

/// `moment` and `time` more.
pub(crate) fn after(moment: Timestamp, time: SignedDuration) -> Timestamp {
    moment.saturating_add(time).unwrap_or(Timestamp::MAX)
}
