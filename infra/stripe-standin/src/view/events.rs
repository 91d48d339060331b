//! Events.

use super::parts::{API_VERSION, time};
use crate::model::Event;
use serde_json::{Value, json};

/// <https://docs.stripe.com/api/events/object>
pub(crate) fn event(event: &Event) -> Value {
    let mut data = json!({ "object": event.object });
    if let (Some(fields), Some(previous)) = (data.as_object_mut(), &event.previous) {
        fields.insert("previous_attributes".to_owned(), previous.clone());
    }
    let cause = event.cause.as_ref();
    json!({
        "id": event.id.as_str(),
        "object": "event",
        "api_version": API_VERSION,
        "created": time(event.created),
        "data": data,
        "livemode": false,
        "pending_webhooks": usize::from(!event.delivered),
        "request": {
            "id": cause.map(|cause| cause.request.to_string()),
            "idempotency_key": cause.and_then(|cause| cause.idempotency_key.clone()),
        },
        "type": event.kind,
    })
}
