//! Runtimes without a caller: the reconciler, the patrol, the reports of containers, and the stop of idle ones.

mod idle;
mod patrol;
mod reconcile;
mod report;

pub use idle::{RestError, rest};
pub use patrol::{Patrolled, patrol};
pub use reconcile::{Outcome, ReconcileError, Reconciling, reconcile};
pub use report::{ReportError, report};
