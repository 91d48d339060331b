//! Views of runtimes.

use domain::{
    billing::subscription::Standing,
    plans::names::PlanName,
    runtime::heartbeat::Heartbeat,
    runtime::record::{Runtime, RuntimeStatus, StopReason},
};
use jiff::Timestamp;
use serde::Serialize;

/// Runtime of a workspace, as shown to its members.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Runtime)]
pub struct RuntimeView {
    /// Status of the runtime.
    pub status: RuntimeStatus,
    /// True if the status is recorded and is being compared with the container itself, once an hour and after a start of a
    /// running runtime.
    pub checking: bool,
    /// Number that increases with every change of the wanted state.
    pub generation: u32,
    /// Id of the running or starting ECS task; null until ECS has assigned one.
    pub container_id: Option<String>,
    /// Size and resource usage of the runtime.
    pub resources: Resources,
    /// Seconds since the runtime started; null if it is not running.
    pub uptime: Option<i64>,
    /// Plan that determines the size of the runtime.
    pub plan_size: PlanName,
    /// Reason for the last stop.
    pub last_stop_reason: Option<&'static str>,
    /// Time at which the pending transition counts as failed (RFC 3339, UTC); null if there is none.
    pub deadline: Option<Timestamp>,
}

/// Size and resource usage of a runtime. Values that the container has not reported are null.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = RuntimeResources)]
pub struct Resources {
    /// Memory in use in MiB.
    pub ram_used_mb: Option<u64>,
    /// Memory limit in MiB; null if the plan has no container.
    pub ram_limit_mb: Option<u32>,
    /// CPU usage in percent.
    pub cpu_percent: Option<f64>,
    /// CPU units; 1,024 are one vCPU. Null if the plan has no container.
    pub cpu_units: Option<u32>,
}

impl RuntimeView {
    /// Builds the view of `runtime` at `now`, in a workspace with this standing, including the resource usage that its
    /// container has reported.
    #[must_use]
    pub fn new(runtime: &Runtime, heartbeat: Option<&Heartbeat>, standing: &Standing, now: Timestamp) -> Self {
        let figures =
            heartbeat.filter(|heartbeat| heartbeat.describes(runtime, now)).map(|heartbeat| heartbeat.figures);
        let shape = runtime.shape().map(|shape| shape.resolved(standing.plans)).or_else(|| standing.shape());
        let size = shape.and_then(|shape| shape.size);
        let since = runtime.runs_since();
        Self {
            status: runtime.state.status(),
            checking: runtime.is_check_due(now),
            generation: runtime.generation,
            container_id: runtime.container().map(|task| task.id().to_owned()),
            resources: Resources {
                ram_used_mb: figures.map(|figures| figures.ram_used_mb),
                ram_limit_mb: size.map(|size| size.memory_mib),
                cpu_percent: figures.map(|figures| figures.cpu_percent),
                cpu_units: size.map(|size| size.cpu_units),
            },
            uptime: since.map(|since| now.duration_since(since).as_secs().max(0)),
            plan_size: shape.map_or(standing.plan.name, |shape| shape.plan.name),
            last_stop_reason: runtime.last_stop_reason.map(StopReason::words),
            deadline: runtime.state.deadline(),
        }
    }
}
