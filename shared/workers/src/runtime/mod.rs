//! Runtimes without a caller: the reconciler, the patrol, reports of containers, and stops of idle runtimes.

mod idle;
mod patrol;
mod reconcile;
mod report;

pub use idle::{IdleStopError, ImageReports, Silence, stop_if_idle, stop_if_silent};
pub use patrol::{PatrolSummary, patrol_cluster};
pub use reconcile::{ReconcileError, ReconcileOutcome, ReconcilerDeps, reconcile_runtime};
pub use report::{ReportError, record_report};
