//! Plans the next steps from the wanted and the known state.

use super::{Launch, LaunchOutcome, Task};
use crate::{
    plans::shape::Shape,
    runtime::record::{RESIZE, Runtime, RuntimeState, START, STOP, Serving, StopReason, TaskArn, WantedState, after},
};
use jiff::Timestamp;

/// A step of the reconciler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Ask ECS to stop a task.
    Stop(TaskArn),
    /// Ask ECS for the task of the recorded launch.
    Run,
    /// Record the next launch, of a task of this shape.
    Launch(Shape),
    /// Record this state.
    Record(Box<Runtime>),
}

impl Task {
    fn stop(&self) -> Step {
        Step::Stop(self.arn.clone())
    }
}

/// Returns the next steps. Empty if the wanted state is reached, or if ECS must act first: see [`Runtime::is_settled`].
#[must_use]
pub fn steps(wanted: WantedState, runtime: &Runtime, tasks: &[Task], now: Timestamp) -> Vec<Step> {
    if let Some(known) = runtime.learn(tasks, now) {
        return vec![record(known)];
    }
    if let Some(late) = runtime.overdue(now) {
        return vec![record(late)];
    }
    match wanted {
        WantedState::Stopped(reason) => stop(runtime, tasks, reason, now),
        WantedState::Running(shape) => run(runtime, tasks, shape, now),
    }
}

fn record(runtime: Runtime) -> Step {
    Step::Record(Box::new(runtime))
}

/// Steps towards no task.
fn stop(runtime: &Runtime, tasks: &[Task], reason: StopReason, now: Timestamp) -> Vec<Step> {
    let state = |state| vec![record(Runtime { state, last_stop_reason: Some(reason), ..runtime.next() })];
    match runtime.state {
        RuntimeState::Starting { .. }
        | RuntimeState::Running { .. }
        | RuntimeState::Resizing { .. }
        | RuntimeState::Kept { .. } => {
            return state(RuntimeState::Stopping { deadline: after(now, STOP) });
        }
        RuntimeState::Stopping { .. } | RuntimeState::Stopped | RuntimeState::Failed { .. } => {}
    }
    let mut steps: Vec<_> = tasks.iter().filter(|task| task.can_be_stopped()).map(Task::stop).collect();
    match runtime.launch.as_ref().map(|launch| &launch.outcome) {
        // The task to stop is only known once the launch is answered.
        Some(LaunchOutcome::Unknown) => steps.push(Step::Run),
        // ECS does not show the task yet, or no longer; stopping it does no harm.
        Some(LaunchOutcome::Task { task }) if !tasks.iter().any(|shown| shown.arn == *task) => {
            steps.push(Step::Stop(task.clone()));
        }
        Some(LaunchOutcome::Task { .. }) => {}
        Some(LaunchOutcome::NoCapacity { .. } | LaunchOutcome::Refused | LaunchOutcome::Ended { .. }) | None => {
            let gone = tasks.iter().all(Task::is_stopped);
            if gone && matches!(runtime.state, RuntimeState::Stopping { .. }) {
                return vec![record(Runtime { state: RuntimeState::Stopped, ..runtime.next() })];
            }
        }
    }
    steps
}

/// Steps from a kept task towards a task of `shape`, as soon as the abandoned launch is gone.
fn keep(
    runtime: &Runtime,
    tasks: &[Task],
    shape: Shape,
    now: Timestamp,
    from: &Serving,
    retry_at: Option<Timestamp>,
) -> Vec<Step> {
    let others = tasks.iter().filter(|task| task.can_be_stopped() && task.arn != from.task);
    let mut steps: Vec<_> = others.map(Task::stop).collect();
    let abandoned = runtime.abandoned(from);
    match abandoned.map(|launch| &launch.outcome) {
        Some(LaunchOutcome::Unknown) => steps.push(Step::Run),
        // ECS does not show the task yet, or no longer; stopping it does no harm.
        Some(LaunchOutcome::Task { task }) if !tasks.iter().any(|shown| shown.arn == *task) => {
            steps.push(Step::Stop(task.clone()));
        }
        Some(
            LaunchOutcome::Task { .. }
            | LaunchOutcome::NoCapacity { .. }
            | LaunchOutcome::Refused
            | LaunchOutcome::Ended { .. },
        )
        | None => {}
    }
    if !steps.is_empty() || abandoned.is_some_and(Launch::is_open) {
        return steps;
    }
    let (from, since) = (Box::new(from.clone()), now);
    if from.shape == shape {
        // The other size is no longer wanted.
        let state = RuntimeState::Kept { from, since, retry_at: None };
        return retry_at
            .map(|_| record(Runtime { state, last_stop_reason: None, ..runtime.next() }))
            .into_iter()
            .collect();
    }
    // The failure of one size does not delay a third size.
    let another = abandoned.is_some_and(|launch| launch.shape != shape);
    if !another && retry_at.is_some_and(|at| now < at) {
        return Vec::new();
    }
    let state = RuntimeState::Resizing { deadline: after(now, RESIZE), from };
    let generation = runtime.generation.saturating_add(1);
    vec![record(Runtime { state, generation, early_ends: 0, ..runtime.next() })]
}

/// Steps towards one task of `shape`.
fn run(runtime: &Runtime, tasks: &[Task], shape: Shape, now: Timestamp) -> Vec<Step> {
    let begin = |state, generation| vec![record(Runtime { state, generation, early_ends: 0, ..runtime.next() })];
    let current = runtime.launch.as_ref().filter(|launch| launch.attempt.generation == runtime.generation);
    match &runtime.state {
        RuntimeState::Stopped | RuntimeState::Stopping { .. } => {
            let deadline = after(now, START);
            return begin(RuntimeState::Starting { deadline }, runtime.generation.saturating_add(1));
        }
        RuntimeState::Running { started_at } => {
            if let Some(Launch { shape: present, attempt, outcome: LaunchOutcome::Task { task }, .. }) = current
                && *present != shape
            {
                let (task, attempt, started_at) = (task.clone(), *attempt, *started_at);
                let from = Box::new(Serving { task, attempt, shape: *present, started_at });
                let state = RuntimeState::Resizing { deadline: after(now, RESIZE), from };
                return begin(state, runtime.generation.saturating_add(1));
            }
        }
        RuntimeState::Kept { from, retry_at, .. } => return keep(runtime, tasks, shape, now, from, *retry_at),
        RuntimeState::Starting { .. } | RuntimeState::Resizing { .. } | RuntimeState::Failed { .. } => {}
    }
    let handing_over = runtime.state.serving().map(|serving| &serving.task);
    let chosen = current.and_then(|launch| launch.outcome.task());
    let mut steps: Vec<_> = tasks
        .iter()
        .filter(|task| task.can_be_stopped() && Some(&task.arn) != chosen && Some(&task.arn) != handing_over)
        .map(Task::stop)
        .collect();
    let others = tasks.iter().any(|task| !task.is_stopped() && Some(&task.arn) != handing_over);
    match runtime.launch.as_ref().map(|launch| &launch.outcome) {
        Some(LaunchOutcome::Unknown) => steps.push(Step::Run),
        Some(LaunchOutcome::Task { task }) if current.is_none() && Some(task) != handing_over => {
            // The task of an older generation must be seen stopped before the next launch.
            if !tasks.iter().any(|shown| shown.arn == *task) {
                steps.push(Step::Stop(task.clone()));
            }
        }
        Some(LaunchOutcome::Task { .. }) if current.is_some() => {}
        Some(LaunchOutcome::NoCapacity { retry_at }) if current.is_some() && now < *retry_at => {}
        Some(
            LaunchOutcome::Task { .. }
            | LaunchOutcome::NoCapacity { .. }
            | LaunchOutcome::Refused
            | LaunchOutcome::Ended { .. },
        )
        | None => {
            if !others {
                steps.push(Step::Launch(shape));
            }
        }
    }
    steps
}
