//! What a receiver of the audit log gets: the record or the checkpoint, as it is when it is sent, if the plan includes the log
//! then. Messages and deliveries name it only, so what was erased meanwhile is not sent.

use super::error::Error;
use domain::{
    audit::{export::ExportedRecord, range::FEATURE},
    integrations::{Event, Occurrence},
};
use serde_json::{Map, Value};
use store::Store;
use system_scope::SystemScope;

/// Returns true if the workspace's plan includes `event` now. Events of the audit log are selected on a plan that includes it,
/// and a smaller one may follow.
///
/// # Errors
/// [`store::Error`] if the table fails.
pub(super) async fn is_included(store: &Store, scope: &SystemScope, event: Event) -> Result<bool, store::Error> {
    if !event.is_of_audit() {
        return Ok(true);
    }
    let billing = store.billing_facts(scope).await?.billing;
    Ok(billing.standing(store.plans(), store.ambient().now()).includes(FEATURE))
}

/// Reads the facts that `occurrence` only names; none if it names none, or they were deleted.
///
/// # Errors
/// [`Error`] if the table fails.
pub(super) async fn facts_of(
    store: &Store,
    scope: &SystemScope,
    occurrence: &Occurrence,
) -> Result<Map<String, Value>, Error> {
    let facts = match occurrence {
        Occurrence::AuditRecorded { record } => {
            let record = store.linked_record(scope, *record).await?;
            serde_json::to_value(record.map(|record| ExportedRecord::new(scope.workspace(), &record)))
        }
        Occurrence::AuditCheckpoint { number } => serde_json::to_value(store.checkpoint(scope, *number).await?),
        Occurrence::MemberJoined { .. }
        | Occurrence::MemberRemoved { .. }
        | Occurrence::PlanChanged { .. }
        | Occurrence::PaymentFailed { .. }
        | Occurrence::PaymentRecovered {}
        | Occurrence::RuntimeStarted { .. }
        | Occurrence::RuntimeStopped { .. }
        | Occurrence::RuntimeFailed { .. }
        | Occurrence::LimitReached { .. } => return Ok(Map::new()),
    };
    match facts.map_err(|error| store::Error::Defect(error.into()))? {
        Value::Object(facts) => Ok(facts),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Ok(Map::new()),
    }
}
