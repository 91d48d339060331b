//! Updates of the record: answers of ECS, observed tasks, and passed deadlines.

use super::{Launch, LaunchNumber, LaunchOutcome, LaunchRefusal, LaunchTarget, Phase, Task, TaskEnd};
use crate::{
    plans::shape::Shape,
    runtime::record::{Runtime, RuntimeState, START, STOP, Serving, StopReason, TaskArn, after},
};
use jiff::{SignedDuration, Timestamp};

/// Time to wait before another size is tried again.
const ANOTHER_SIZE: SignedDuration = SignedDuration::from_mins(15);

/// Minimum run time of a task whose end is not attributed to its start.
const SETTLED: SignedDuration = SignedDuration::from_mins(5);

/// Number of early ends in one generation after which the runtime fails.
const EARLY_ENDS: u32 = 3;

/// Time to wait when no subnet has capacity.
const NO_CAPACITY: SignedDuration = SignedDuration::from_secs(60);

/// Time after a launch in which ECS may not show its task yet; in practice a few seconds.
const SHOWN: SignedDuration = SignedDuration::from_mins(1);

impl Runtime {
    /// The tasks that the record names.
    #[must_use]
    pub fn tasks(&self) -> Vec<&TaskArn> {
        let launched = self.launch.as_ref().and_then(|launch| launch.outcome.task());
        launched.into_iter().chain(self.state.serving().map(|serving| &serving.task)).collect()
    }

    /// True if `attempt` is the launch that the runtime runs by: the last one, if it may have started a task that was
    /// not seen stopped, or the one that was kept.
    #[must_use]
    pub fn is_launch(&self, attempt: LaunchNumber) -> bool {
        if let RuntimeState::Kept { from, .. } = &self.state {
            return from.attempt == attempt;
        }
        let current = |launch: &Launch| launch.attempt == attempt && attempt.generation == self.generation;
        self.launch.as_ref().is_some_and(|launch| launch.is_open() && current(launch))
    }

    /// True if nothing more happens until something changes: no transition is pending, and no launch is open.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        match &self.state {
            RuntimeState::Running { .. } => true,
            RuntimeState::Stopped | RuntimeState::Failed { .. } => {
                self.launch.as_ref().is_none_or(|launch| !launch.is_open())
            }
            RuntimeState::Kept { from, .. } => self.abandoned(from).is_none_or(|launch| !launch.is_open()),
            RuntimeState::Starting { .. } | RuntimeState::Stopping { .. } | RuntimeState::Resizing { .. } => false,
        }
    }

    /// The launch of another size that was given up in favour of `from`.
    pub(super) fn abandoned(&self, from: &Serving) -> Option<&Launch> {
        self.launch.as_ref().filter(|launch| launch.outcome.task() != Some(&from.task))
    }

    /// Adds the next launch, not requested from ECS yet.
    #[must_use]
    pub fn launching(&self, shape: Shape, placement: LaunchTarget) -> Self {
        let last = self.launch.as_ref().filter(|launch| launch.attempt.generation == self.generation);
        let number = last.map_or(0, |launch| launch.attempt.number).saturating_add(1);
        let attempt = LaunchNumber { generation: self.generation, number };
        let refusals = last.map_or(0, |launch| launch.refusals);
        let launch = Launch { attempt, shape, placement, outcome: LaunchOutcome::Unknown, refusals };
        Self { launch: Some(launch), ..self.next() }
    }

    /// Records that the launch started `task`. The task may have ended: a repeated client token returns the same task
    /// even after its end.
    #[must_use]
    pub fn launched(&self, task: TaskArn) -> Self {
        self.with_outcome(LaunchOutcome::Task { task }, 0)
    }

    /// Records that ECS refused the launch. Once every one of the `subnets` has refused for lack of capacity, the next
    /// attempt waits.
    #[must_use]
    pub fn refused(&self, refused: LaunchRefusal, subnets: u32, now: Timestamp) -> Self {
        let refusals = self.launch.as_ref().map_or(0, |launch| launch.refusals).saturating_add(1);
        match refused {
            LaunchRefusal::NoCapacity => {
                let all_tried = refusals.checked_rem(subnets).is_none_or(|rest| rest == 0);
                let retry_at = if all_tried { after(now, NO_CAPACITY) } else { now };
                self.with_outcome(LaunchOutcome::NoCapacity { retry_at }, refusals)
            }
            LaunchRefusal::Permanent => {
                self.with_outcome(LaunchOutcome::Refused, refusals).failed(StopReason::Misconfigured, now)
            }
        }
    }

    fn with_outcome(&self, outcome: LaunchOutcome, refusals: u32) -> Self {
        let launch = self.launch.clone().map(|launch| Launch { outcome, refusals, ..launch });
        Self { launch, ..self.next() }
    }

    /// Fails the transition. A failed change of size keeps the current task, and a stop does not fail because of how
    /// its task ended.
    fn failed(self, reason: StopReason, now: Timestamp) -> Self {
        match self.state {
            RuntimeState::Starting { .. } | RuntimeState::Running { .. } => {
                Self { state: RuntimeState::Failed { at: now }, last_stop_reason: Some(reason), ..self }
            }
            RuntimeState::Resizing { from, .. } => {
                let no_capacity = reason == StopReason::NoCapacity;
                let reason = if no_capacity { StopReason::SizeUnavailable } else { StopReason::SizeFailed };
                let state = RuntimeState::Kept { from, since: now, retry_at: Some(after(now, ANOTHER_SIZE)) };
                Self { state, last_stop_reason: Some(reason), ..self }
            }
            RuntimeState::Kept { .. }
            | RuntimeState::Stopped
            | RuntimeState::Stopping { .. }
            | RuntimeState::Failed { .. } => self,
        }
    }

    /// Ends the transition if its deadline has passed; `None` otherwise.
    pub(super) fn overdue(&self, now: Timestamp) -> Option<Self> {
        self.state.deadline().filter(|deadline| *deadline <= now)?;
        let outcome = self.launch.as_ref().map(|launch| &launch.outcome);
        let reason = match (&self.state, outcome) {
            (RuntimeState::Stopping { .. }, _) => StopReason::StopTimedOut,
            (_, Some(LaunchOutcome::NoCapacity { .. })) => StopReason::NoCapacity,
            (
                _,
                Some(
                    LaunchOutcome::Unknown
                    | LaunchOutcome::Refused
                    | LaunchOutcome::Task { .. }
                    | LaunchOutcome::Ended { .. },
                )
                | None,
            ) => StopReason::StartTimedOut,
        };
        let late = self.next();
        Some(match late.state {
            RuntimeState::Starting { .. } | RuntimeState::Running { .. } | RuntimeState::Resizing { .. } => {
                late.failed(reason, now)
            }
            RuntimeState::Stopped
            | RuntimeState::Stopping { .. }
            | RuntimeState::Kept { .. }
            | RuntimeState::Failed { .. } => {
                Self { state: RuntimeState::Failed { at: now }, last_stop_reason: Some(reason), ..late }
            }
        })
    }

    /// Adds the facts that `tasks` show about the launch; `None` if there are no new ones.
    pub(super) fn learn(&self, tasks: &[Task], now: Timestamp) -> Option<Self> {
        let shown = |task: &TaskArn| tasks.iter().find(|shown| shown.arn == *task);
        if let Some(serving) = self.state.serving() {
            // ECS shows a task for an hour after its end, so a task that ran and is not shown has ended.
            match shown(&serving.task).map(|task| task.phase) {
                Some(Phase::Stopped(ending)) => return Some(self.without_serving(ending, now)),
                None => return Some(self.without_serving(TaskEnd::HostLost, now)),
                Some(Phase::Pending | Phase::Running { .. } | Phase::Stopping) => {}
            }
        }
        let launch = self.launch.as_ref()?;
        match &launch.outcome {
            // The answer to the launch was lost, and this is its task.
            LaunchOutcome::Unknown => {
                let task = tasks.iter().find(|task| task.attempt == Some(launch.attempt))?;
                Some(self.launched(task.arn.clone()))
            }
            LaunchOutcome::Task { task } => match (shown(task).map(|task| task.phase), &self.state) {
                (
                    Some(Phase::Running { started_at }),
                    RuntimeState::Starting { .. } | RuntimeState::Resizing { .. },
                ) if launch.attempt.generation == self.generation => {
                    let resized = self.state.serving().map(|_| StopReason::Resized);
                    let last_stop_reason = resized.or(self.last_stop_reason);
                    Some(Self { state: RuntimeState::Running { started_at }, last_stop_reason, ..self.next() })
                }
                (Some(Phase::Stopped(ending)), _) => Some(self.ended(task, ending, now)),
                // ECS shows a task for an hour after its end, so a task that ran and is not shown has ended. The same
                // applies to a task that is not shown long after it was requested.
                (None, RuntimeState::Running { .. } | RuntimeState::Stopped) => {
                    Some(self.ended(task, TaskEnd::HostLost, now))
                }
                (None, RuntimeState::Failed { at } | RuntimeState::Kept { since: at, .. })
                    if after(*at, SHOWN) <= now =>
                {
                    Some(self.ended(task, TaskEnd::HostLost, now))
                }
                // The task was launched before the stop began and would be shown by now, so its end was missed.
                (None, RuntimeState::Stopping { deadline }) if *deadline <= after(now, STOP - SHOWN) => {
                    Some(self.ended(task, TaskEnd::HostLost, now))
                }
                (None, RuntimeState::Starting { deadline })
                    if launch.attempt.generation < self.generation && *deadline <= after(now, START - SHOWN) =>
                {
                    Some(self.ended(task, TaskEnd::HostLost, now))
                }
                (Some(Phase::Pending | Phase::Running { .. } | Phase::Stopping) | None, _) => None,
            },
            LaunchOutcome::NoCapacity { .. } | LaunchOutcome::Refused | LaunchOutcome::Ended { .. } => None,
        }
    }

    /// The serving task ended before another one took over, so there is nothing left to hand over.
    fn without_serving(&self, ending: TaskEnd, now: Timestamp) -> Self {
        let generation = match &self.state {
            // The given-up launch has another shape than the wanted one.
            RuntimeState::Kept { .. } => self.generation.saturating_add(1),
            RuntimeState::Stopped
            | RuntimeState::Starting { .. }
            | RuntimeState::Running { .. }
            | RuntimeState::Stopping { .. }
            | RuntimeState::Resizing { .. }
            | RuntimeState::Failed { .. } => self.generation,
        };
        let state = RuntimeState::Starting { deadline: after(now, START) };
        Self { state, generation, early_ends: 0, last_stop_reason: Some(ending.into()), ..self.next() }
    }

    /// Records that the task of the launch was seen stopped.
    fn ended(&self, task: &TaskArn, ending: TaskEnd, now: Timestamp) -> Self {
        let ended = self.with_outcome(LaunchOutcome::Ended { task: task.clone() }, 0);
        let reason = StopReason::from(ending);
        let current = self.launch.as_ref().is_some_and(|launch| launch.attempt.generation == self.generation);
        let early = match &self.state {
            RuntimeState::Running { started_at } => now < after(*started_at, SETTLED),
            RuntimeState::Starting { .. } | RuntimeState::Resizing { .. } => current,
            RuntimeState::Stopped
            | RuntimeState::Stopping { .. }
            | RuntimeState::Kept { .. }
            | RuntimeState::Failed { .. } => return ended,
        };
        if !current {
            return ended;
        }
        let early_ends = if early { self.early_ends.saturating_add(1) } else { 0 };
        let ended = Self { early_ends, last_stop_reason: Some(reason), ..ended };
        if early_ends >= EARLY_ENDS {
            return ended.failed(reason, now);
        }
        match ended.state {
            RuntimeState::Running { .. } => {
                Self { state: RuntimeState::Starting { deadline: after(now, START) }, ..ended }
            }
            RuntimeState::Stopped
            | RuntimeState::Starting { .. }
            | RuntimeState::Stopping { .. }
            | RuntimeState::Resizing { .. }
            | RuntimeState::Kept { .. }
            | RuntimeState::Failed { .. } => ended,
        }
    }
}
