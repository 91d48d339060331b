//! Heartbeats: the reports of a runtime's container, and how long it has been idle.

use crate::{
    error::{Details, Kind, Refusal},
    plans::plan::Plan,
    runtime::reconcile::LaunchNumber,
    runtime::record::{Runtime, RuntimeState, after},
};
use jiff::{SignedDuration, Timestamp};

/// Time for which a report is current. A container reports every half minute, and may miss a few reports.
pub const FRESH: SignedDuration = SignedDuration::from_mins(2);

/// Times at which containers are found silent are multiples of this, so that only one in ten reports changes when its
/// item is due.
const SILENCE_STEP: SignedDuration = SignedDuration::from_mins(5);

/// Minimum time between two reports of one container.
pub const MIN_INTERVAL: SignedDuration = SignedDuration::from_secs(15);

/// The report came too soon after the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the last report came less than {} seconds ago; send the next one after the time in Retry-After", MIN_INTERVAL.as_secs())]
pub struct TooSoon {
    /// Time from which the next report is accepted.
    pub next_at: Timestamp,
    /// Seconds until then; at least one.
    pub retry_after: u64,
}

/// Resources that a container uses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Memory in use, in MiB.
    pub ram_used_mb: u64,
    /// CPU in use, in percent of one vCPU; two busy vCPUs are 200.
    pub cpu_percent: f64,
}

/// The figure is impossible for a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImpossibleFigure {
    /// The memory exceeds that of the largest task.
    #[error("must be at most {}", Figures::MOST_RAM_MB)]
    Memory,
    /// The CPU is negative, or exceeds that of the largest task.
    #[error("must be between 0 and {}", Figures::MOST_CPU_PERCENT)]
    Cpu,
}

/// The last report of a container.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heartbeat {
    /// Grows with every report; 0 means that no item is stored.
    pub version: u64,
    /// The launch that started the container.
    pub attempt: LaunchNumber,
    /// The resources in use.
    pub figures: Figures,
    /// Time at which the report arrived.
    pub at: Timestamp,
    /// Time of the container's last reported activity; the first report counts as activity.
    pub active_at: Timestamp,
}

impl Refusal for TooSoon {
    fn kind(&self) -> Kind {
        Kind::TooMany
    }

    fn code(&self) -> &'static str {
        "heartbeat_too_soon"
    }

    fn details(&self) -> Details {
        Details { resets_at: Some(self.next_at), retry_after: Some(self.retry_after), ..Details::default() }
    }
}

impl Figures {
    /// The memory of the largest task on Fargate, in MiB.
    pub const MOST_RAM_MB: u64 = 122_880;
    /// The CPU of the largest task on Fargate, 16 vCPU, in percent.
    pub const MOST_CPU_PERCENT: u32 = 1_600;

    /// Checks the figures.
    ///
    /// # Errors
    /// [`ImpossibleFigure`] if no container can have them.
    pub fn new(ram_used_mb: u64, cpu_percent: f64) -> Result<Self, ImpossibleFigure> {
        if ram_used_mb > Self::MOST_RAM_MB {
            return Err(ImpossibleFigure::Memory);
        }
        if !(0.0..=f64::from(Self::MOST_CPU_PERCENT)).contains(&cpu_percent) {
            return Err(ImpossibleFigure::Cpu);
        }
        Ok(Self { ram_used_mb, cpu_percent })
    }
}

impl Heartbeat {
    /// Creates the report that follows `before`, from the container of `attempt`, which is `active` or idle. The first
    /// report of a container never comes too soon.
    ///
    /// # Errors
    /// [`TooSoon`] if `before` is from the same container and less than [`MIN_INTERVAL`] old.
    pub fn after(
        before: Option<&Self>,
        attempt: LaunchNumber,
        figures: Figures,
        active: bool,
        at: Timestamp,
    ) -> Result<Self, TooSoon> {
        let own = before.filter(|before| before.attempt == attempt);
        let next_at = own.map_or(Timestamp::MIN, |before| after(before.at, MIN_INTERVAL));
        let left = next_at.duration_since(at);
        if left > SignedDuration::ZERO {
            let seconds = left.as_secs() + i64::from(left.subsec_nanos() > 0);
            return Err(TooSoon { next_at, retry_after: u64::try_from(seconds).unwrap_or_default() });
        }
        let same = own.filter(|_| !active);
        Ok(Self {
            version: before.map_or(0, |before| before.version).saturating_add(1),
            attempt,
            figures,
            at,
            active_at: same.map_or(at, |before| before.active_at),
        })
    }

    /// True if the report describes `runtime` at `now`: it is from the running container, and current.
    #[must_use]
    pub fn describes(&self, runtime: &Runtime, now: Timestamp) -> bool {
        let runs = matches!(runtime.state, RuntimeState::Running { .. } | RuntimeState::Kept { .. });
        runs && runtime.is_launch(self.attempt) && now < after(self.at, FRESH)
    }

    /// Time at which the container will have been idle for as long as `plan` allows; `None` if it may always be idle.
    #[must_use]
    pub fn idle_at(&self, plan: Plan) -> Option<Timestamp> {
        plan.idle_stop().map(|time| after(self.active_at, time))
    }

    /// Time at which the container has missed reports and may be gone.
    #[must_use]
    pub fn silent_at(&self) -> Timestamp {
        let step = SILENCE_STEP.as_secs();
        let seconds = after(self.at, FRESH).as_second().div_euclid(step).saturating_add(1).saturating_mul(step);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    }

    /// Time at which the container is idle or silent under `plan`, unless it reports before.
    #[must_use]
    pub fn due(&self, plan: Plan) -> Timestamp {
        let silent_at = self.silent_at();
        self.idle_at(plan).map_or(silent_at, |idle_at| idle_at.min(silent_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::samples::plan;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    fn figures() -> Figures {
        Figures::new(7, 0.5).unwrap()
    }

    #[test]
    fn active_and_new_containers_are_not_idle() {
        let [first, second] = [1, 2].map(|number| LaunchNumber { generation: 1, number });
        let started = Heartbeat::after(None, first, figures(), false, at(0)).unwrap();
        let idle = Heartbeat::after(Some(&started), first, figures(), false, at(5)).unwrap();
        let busy = Heartbeat::after(Some(&idle), first, figures(), true, at(7)).unwrap();
        let again = Heartbeat::after(Some(&idle), second, figures(), false, at(9)).unwrap();
        let active: Vec<_> = [started, idle, busy, again].iter().map(|heartbeat| heartbeat.active_at).collect();
        assert_eq!(active, [at(0), at(0), at(7), at(9)]);
        assert_eq!((idle.idle_at(plan("free")), idle.idle_at(plan("pro"))), (Some(at(30)), None));
        assert_eq!([started, idle, busy].map(|heartbeat| heartbeat.version), [1, 2, 3]);
    }

    #[test]
    fn a_container_without_reports_is_silent_within_seven_minutes() {
        let attempt = LaunchNumber { generation: 1, number: 1 };
        let mut times = std::collections::BTreeSet::new();
        for second in 0..600 {
            let reported_at = at(0) + SignedDuration::from_secs(second);
            let report = Heartbeat::after(None, attempt, figures(), true, reported_at).unwrap();
            let silence = report.silent_at().duration_since(reported_at);
            assert!(silence > FRESH && silence <= FRESH + SILENCE_STEP, "{silence}");
            assert_eq!(report.due(plan("pro")), report.silent_at());
            times.insert(report.silent_at());
        }
        assert_eq!(times.len(), 3);
        let idle = Heartbeat { active_at: at(-29), ..Heartbeat::after(None, attempt, figures(), true, at(0)).unwrap() };
        assert_eq!(idle.due(plan("free")), at(1));
    }

    #[test]
    fn reports_keep_the_interval_except_after_a_launch() {
        let [first, second] = [1, 2].map(|number| LaunchNumber { generation: 1, number });
        let before = Heartbeat::after(None, first, figures(), true, at(0)).unwrap();
        let next = |attempt, after| Heartbeat::after(Some(&before), attempt, figures(), true, at(0) + after);
        let nearly = MIN_INTERVAL - SignedDuration::from_millis(1);
        let too_soon = |retry_after| Err(TooSoon { next_at: at(0) + MIN_INTERVAL, retry_after });
        assert_eq!(next(first, SignedDuration::ZERO), too_soon(MIN_INTERVAL.as_secs().unsigned_abs()));
        assert_eq!(next(first, nearly), too_soon(1));
        assert!(next(first, MIN_INTERVAL).is_ok());
        assert!(next(second, SignedDuration::ZERO).is_ok());
    }

    #[test]
    fn impossible_figures_are_refused() {
        assert_eq!(Figures::new(122_881, 0.0), Err(ImpossibleFigure::Memory));
        for cpu in [-0.1, 1_600.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Figures::new(1, cpu), Err(ImpossibleFigure::Cpu));
        }
    }
}
