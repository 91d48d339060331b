//! Reasons why a runtime has no task.

use crate::runtime::reconcile::TaskEnd;
use serde::{Deserialize, Serialize};

/// Reason why the last task was stopped, or could not be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// A member stopped it.
    Requested,
    /// A member restarted it.
    Restarted,
    /// The plan has another size.
    Resized,
    /// The standing does not allow it to run.
    PastDue,
    /// The plan has no container.
    NotIncluded,
    /// The runtime was idle for as long as the plan allows.
    Idle,
    /// The workspace was deleted.
    Deleted,
    /// The operator suspended its workspace.
    Suspended,
    /// The container's process ended.
    Exited,
    /// The task's host was retired or reclaimed.
    HostLost,
    /// ECS could not start it, for example because its image cannot be pulled.
    Unstartable,
    /// There was no capacity until the deadline.
    NoCapacity,
    /// There was no capacity for another size; the task of the current size keeps running.
    SizeUnavailable,
    /// A task of another size did not start; the task of the current size keeps running.
    SizeFailed,
    /// The task did not start by the deadline.
    StartTimedOut,
    /// The task did not stop by the deadline.
    StopTimedOut,
    /// ECS refused the request.
    Misconfigured,
}

impl StopReason {
    /// Description for customers.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Requested => "stopped by a member",
            Self::Restarted => "restarted by a member",
            Self::Resized => "restarted in another size",
            Self::PastDue => "stopped because an invoice is unpaid; it starts again once that is paid",
            Self::NotIncluded => "stopped because the plan has no container; upgrade to a plan with one",
            Self::Idle => "stopped because it was idle; start it again when you need it",
            Self::Deleted => "stopped because the workspace was deleted",
            Self::Suspended => "stopped because the workspace is suspended; contact support",
            Self::Exited => "its process ended by itself",
            Self::HostLost => "its host was taken out of service",
            Self::Unstartable => "its container could not be started; start it again, or contact support",
            Self::SizeUnavailable => {
                "there was no free capacity for the new size; it keeps running in its current size, and the change is retried soon"
            }
            Self::SizeFailed => {
                "a container of the new size did not start; it keeps running in its current size, and the change is retried soon"
            }
            Self::NoCapacity => "there was no free capacity; start it again later",
            Self::StartTimedOut => "it did not start in time; start it again",
            Self::StopTimedOut => "it did not stop in time; stop it again",
            Self::Misconfigured => "it cannot be started because of an error on our side; contact support",
        }
    }
}

impl From<TaskEnd> for StopReason {
    fn from(ending: TaskEnd) -> Self {
        match ending {
            TaskEnd::Requested => Self::Requested,
            TaskEnd::Exited => Self::Exited,
            TaskEnd::HostLost => Self::HostLost,
            TaskEnd::Unstartable => Self::Unstartable,
        }
    }
}
