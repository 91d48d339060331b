//! Events: a change, with the object as it was then (<https://docs.stripe.com/api/events/object>).

use crate::ids::{EventId, RequestId};
use jiff::Timestamp;
use serde_json::Value;

/// Request that caused a change.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    pub(crate) request: RequestId,
    pub(crate) idempotency_key: Option<String>,
}

/// Event.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) id: EventId,
    pub(crate) kind: &'static str,
    pub(crate) created: Timestamp,
    /// The object as it was then.
    pub(crate) object: Value,
    /// Previous values of the changed fields.
    pub(crate) previous: Option<Value>,
    pub(crate) cause: Option<Cause>,
    /// True if the webhook has received it.
    pub(crate) delivered: bool,
}
