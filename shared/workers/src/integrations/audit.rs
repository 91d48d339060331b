//! What a receiver of the audit log gets: the record or the checkpoint, as it is when it is sent. Messages and deliveries name it
//! only, so what was erased meanwhile is not sent.

use super::error::Error;
use domain::{audit::export::ExportedRecord, integrations::Occurrence};
use serde_json::{Map, Value};
use store::Store;
use system_scope::SystemScope;

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
