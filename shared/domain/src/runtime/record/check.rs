//! Comparisons of the record with ECS that no event triggers. A lost event therefore leaves no wrong state standing.

use super::{Runtime, RuntimeState, state::after};
use crate::{plans::plan::Plan, runtime::heartbeat::Heartbeat};
use jiff::{SignedDuration, Timestamp};

/// Maximum time between two comparisons of a runtime with ECS.
pub const CHECK: SignedDuration = SignedDuration::from_hours(1);

impl Runtime {
    /// Time at which the runtime must be reconciled if no event arrives before; `None` if ECS has nothing of it.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        match &self.state {
            RuntimeState::Starting { .. } | RuntimeState::Stopping { .. } | RuntimeState::Resizing { .. } => {
                self.state.deadline()
            }
            RuntimeState::Kept { retry_at, .. } => retry_at.iter().copied().chain(self.check_at).min(),
            RuntimeState::Running { .. } => self.check_at,
            RuntimeState::Stopped | RuntimeState::Failed { .. } => {
                self.check_at.filter(|_| self.launch.as_ref().is_some_and(|launch| launch.is_open()))
            }
        }
    }

    /// True if the recorded container is to be compared with ECS at `now`.
    #[must_use]
    pub fn is_check_due(&self, now: Timestamp) -> bool {
        self.runs_since().is_some() && self.check_at.is_some_and(|at| at <= now)
    }

    /// True if an observation of ECS at `now` must be recorded although it changes nothing.
    #[must_use]
    pub fn needs_check(&self, now: Timestamp) -> bool {
        self.runs_since().is_some() && self.check_at.is_none_or(|at| at <= now)
    }

    /// Sets the time of the next comparison, after ECS was observed at `now`: in an hour, or when a container that never
    /// reports has been silent for as long as `plan` allows.
    #[must_use]
    pub fn checked(self, plan: Plan, now: Timestamp) -> Self {
        let silent_at = self.silent_at(plan, None).filter(|at| *at > now);
        let check_at = silent_at.into_iter().chain([after(now, CHECK)]).min();
        Self { check_at, ..self }
    }

    /// Time at which a container that has not reported since its start counts as idle under `plan`. `None` if `heartbeat`
    /// is its report, if it may always be idle, or if no container runs.
    #[must_use]
    pub fn silent_at(&self, plan: Plan, heartbeat: Option<&Heartbeat>) -> Option<Timestamp> {
        // While another size was tried, the reports of a kept container were refused.
        let since = if let RuntimeState::Kept { since, .. } = &self.state { *since } else { self.runs_since()? };
        let has_reported = heartbeat.is_some_and(|heartbeat| self.is_launch(heartbeat.attempt));
        plan.idle_stop().filter(|_| !has_reported).map(|time| after(since, time))
    }

    /// Time at which the container began to run, as far as the record knows.
    #[must_use]
    pub fn runs_since(&self) -> Option<Timestamp> {
        match &self.state {
            RuntimeState::Running { started_at } => Some(*started_at),
            RuntimeState::Kept { from, .. } => Some(from.started_at),
            RuntimeState::Stopped
            | RuntimeState::Starting { .. }
            | RuntimeState::Stopping { .. }
            | RuntimeState::Resizing { .. }
            | RuntimeState::Failed { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Serving, *};
    use crate::{
        plans::samples::{plan, shape},
        runtime::reconcile::LaunchNumber,
        runtime::record::TaskArn,
    };

    /// While another size is tried, the reports of the serving container are refused, so that it has none afterwards.
    ///
    /// Invariant 41.
    #[test]
    fn kept_container_may_be_silent_since_it_was_kept() {
        let started_at = Timestamp::UNIX_EPOCH;
        let since = after(started_at, SignedDuration::from_hours(48));
        let attempt = LaunchNumber { generation: 1, number: 1 };
        let from = Serving { task: TaskArn("arn/1".to_owned()), attempt, shape: shape("free"), started_at };
        let state = RuntimeState::Kept { from: Box::new(from), since, retry_at: None };
        let silent_at = Runtime { state, ..Runtime::default() }.silent_at(plan("free"), None);
        assert_eq!(silent_at, plan("free").idle_stop().map(|time| after(since, time)));
    }
}
