//! Runtimes without a caller: the reconciler, the patrol, reports of containers, and stops of idle runtimes.

mod idle;
mod patrol;
mod reconcile;
mod report;

pub use idle::{RestError, rest};
pub use patrol::{Patrolled, patrol};
pub use reconcile::{Outcome, ReconcileError, Reconciling, reconcile};
pub use report::{ReportError, report};
