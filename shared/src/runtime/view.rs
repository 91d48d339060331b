//! How a runtime is shown.

use domain::{
    billing::subscription::Standing,
    plans::plan::{Plan, Size},
    plans::shape::Shape,
    runtime::heartbeat::{Figures, Heartbeat},
    runtime::record::{Runtime, RuntimeStatus, State, StopReason},
};
use jiff::Timestamp;
use serde::Serialize;

/// A runtime, to the members of its workspace.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(title = "Runtime")]
pub struct RuntimeView {
    /// How it is.
    pub status: RuntimeStatus,
    /// Grows with every change of what is wanted of it.
    pub generation: u32,
    /// The task that runs or is on its way, once ECS has named it.
    pub container_id: Option<String>,
    /// What it may use, and what it uses.
    pub resources: Resources,
    /// For how many seconds it has been running.
    pub uptime: Option<i64>,
    /// The plan whose size it has, or would have.
    pub plan_size: Plan,
    /// Why it is not running, or was not for a while.
    pub last_stop_reason: Option<&'static str>,
    /// When the transition that is under way will have failed.
    pub deadline: Option<Timestamp>,
}

/// What a runtime may use, and what it uses. What nothing has reported is null.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Resources {
    /// Memory in use, in MiB.
    pub ram_used_mb: Option<u64>,
    /// Its memory, in MiB.
    pub ram_limit_mb: u32,
    /// CPU in use, in percent.
    pub cpu_percent: Option<f64>,
    /// Its CPU units: 1,024 are one vCPU.
    pub cpu_units: u32,
}

impl RuntimeView {
    /// `runtime` at `now`, in a workspace of this standing.
    #[must_use]
    pub fn new(runtime: &Runtime, standing: Standing, now: Timestamp) -> Self {
        let Shape { plan, size: Size { cpu_units, memory_mib } } = runtime.shape().unwrap_or(standing.shape());
        let since = match runtime.state {
            State::Running { started_at } => Some(started_at),
            State::Kept { ref from, .. } => Some(from.started_at),
            State::Stopped
            | State::Starting { .. }
            | State::Stopping { .. }
            | State::Resizing { .. }
            | State::Failed { .. } => None,
        };
        Self {
            status: runtime.state.status(),
            generation: runtime.generation,
            container_id: runtime.container().map(|task| task.id().to_owned()),
            resources: Resources { ram_used_mb: None, ram_limit_mb: memory_mib, cpu_percent: None, cpu_units },
            uptime: since.map(|since| now.duration_since(since).as_secs().max(0)),
            plan_size: plan,
            last_stop_reason: runtime.last_stop_reason.map(StopReason::words),
            deadline: runtime.state.deadline(),
        }
    }

    /// `runtime` at `now`, with what its container reported.
    #[must_use]
    pub fn at(runtime: &Runtime, heartbeat: Option<&Heartbeat>, standing: Standing, now: Timestamp) -> Self {
        let view = Self::new(runtime, standing, now);
        match heartbeat.filter(|heartbeat| heartbeat.tells_of(runtime, now)) {
            Some(heartbeat) => view.with(heartbeat.figures),
            None => view,
        }
    }

    /// The same with what its container has reported.
    #[must_use]
    fn with(mut self, Figures { ram_used_mb, cpu_percent }: Figures) -> Self {
        (self.resources.ram_used_mb, self.resources.cpu_percent) = (Some(ram_used_mb), Some(cpu_percent));
        self
    }
}
