//! Converts answers of ECS to domain types.

use super::names::{ATTEMPT, CONTAINER, GENERATION};
use aws_sdk_ecs::types::{self, Failure, TaskStopCode};
use domain::{
    runtime::reconcile::{LaunchNumber, LaunchRefusal, Phase, Task, TaskEnd},
    runtime::record::TaskArn,
};
use jiff::Timestamp;
use platform::ambient::Ambient;

/// Converts a task, if it has an ARN. Its times become those of `ambient`.
pub(super) fn task(task: &types::Task, ambient: &Ambient) -> Option<Task> {
    let arn = TaskArn(task.task_arn()?.to_owned());
    let phase = match task.last_status().unwrap_or_default() {
        "RUNNING" if task.desired_status() == Some("STOPPED") => Phase::Stopping,
        "RUNNING" => Phase::Running { started_at: ambient.of_observation(started_at(task)) },
        "DEACTIVATING" | "STOPPING" | "DEPROVISIONING" => Phase::Stopping,
        "STOPPED" | "DELETED" => Phase::Stopped(ending(task)),
        // PROVISIONING, PENDING, ACTIVATING, and future states before RUNNING.
        _ if task.desired_status() == Some("STOPPED") => Phase::Stopping,
        _ => Phase::Pending,
    };
    Some(Task { arn, attempt: attempt(task), phase })
}

/// Returns the time at which the task started, with its fraction of a second: a clock that is moved within that second places
/// the start before or after the move.
fn started_at(task: &types::Task) -> Timestamp {
    let given = task.started_at().or_else(|| task.created_at());
    given.and_then(|at| Timestamp::from_nanosecond(at.as_nanos()).ok()).unwrap_or_default()
}

/// Reads the launch from the task's environment.
fn attempt(task: &types::Task) -> Option<LaunchNumber> {
    let own = |container: &&types::ContainerOverride| container.name() == Some(CONTAINER);
    let environment = || Some(task.overrides()?.container_overrides().iter().find(own)?.environment());
    let number = |name: &str| -> Option<u32> {
        environment()?.iter().find(|pair| pair.name() == Some(name))?.value()?.parse().ok()
    };
    Some(LaunchNumber { generation: number(GENERATION)?, number: number(ATTEMPT)? })
}

/// Converts the stop code. <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html>
fn ending(task: &types::Task) -> TaskEnd {
    match task.stop_code() {
        Some(TaskStopCode::UserInitiated) => TaskEnd::Requested,
        Some(TaskStopCode::TaskFailedToStart) => TaskEnd::Unstartable,
        Some(
            TaskStopCode::SpotInterruption
            | TaskStopCode::TerminationNotice
            | TaskStopCode::InfrastructureHealth
            | TaskStopCode::ServiceSchedulerInitiated,
        ) => TaskEnd::HostLost,
        Some(_) | None => TaskEnd::Exited,
    }
}

/// Returns the reason an answer has no task.
pub(super) fn refusal(failures: &[Failure]) -> LaunchRefusal {
    let words = |failure: &Failure| {
        is_capacity(failure.reason().unwrap_or_default()) || is_capacity(failure.detail().unwrap_or_default())
    };
    if failures.is_empty() || failures.iter().any(words) { LaunchRefusal::NoCapacity } else { LaunchRefusal::Permanent }
}

/// Returns true if a message of ECS reports a temporary shortage: of capacity, of addresses in a subnet, or of the
/// account's quota.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html>
pub(super) fn is_capacity(words: &str) -> bool {
    let words = words.to_lowercase();
    ["capacity", "resource:", "limit", "insufficient", "free addresses"].iter().any(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::primitives::DateTime;

    #[test]
    fn start_keeps_its_fraction_of_a_second() {
        let ambient = Ambient::from_sources(|| Timestamp::UNIX_EPOCH, || 0);
        let started = DateTime::from_millis(1_250);
        let answer = types::Task::builder().task_arn("arn").last_status("RUNNING").started_at(started).build();
        let running = Phase::Running { started_at: Timestamp::from_millisecond(1_250).unwrap_or_default() };
        assert_eq!(task(&answer, &ambient).map(|task| task.phase), Some(running));
    }
}
