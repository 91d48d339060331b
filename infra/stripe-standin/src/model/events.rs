//! Events: what changed, with the object as it was then (<https://docs.stripe.com/api/events/object>).

use crate::ids::{EventId, RequestId};
use jiff::Timestamp;
use serde_json::Value;

/// The request that brought a change about.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    pub(crate) request: RequestId,
    pub(crate) idempotency_key: Option<String>,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) id: EventId,
    pub(crate) kind: &'static str,
    pub(crate) created: Timestamp,
    /// The object as it was.
    pub(crate) object: Value,
    /// What the changed fields held before.
    pub(crate) previous: Option<Value>,
    pub(crate) cause: Option<Cause>,
    /// Whether the webhook has it.
    pub(crate) delivered: bool,
}
