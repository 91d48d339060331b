//! Events: a change, with the object as it was then (<https://docs.stripe.com/api/events/object>).

use crate::{ids::EventId, model::Event, state::State};
use jiff::SignedDuration;
use serde_json::{Map, Value};

/// Time that events can be listed (<https://docs.stripe.com/api/events>).
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl State {
    /// Emits an event about the object.
    pub(super) fn emit(&mut self, kind: &'static str, object: Value) {
        self.record(kind, object, None);
    }

    /// Emits an event about a change of the object, if there is one.
    pub(super) fn emit_change(&mut self, kind: &'static str, before: Value, after: Value) {
        if let Some(previous) = previous_attributes(&before, &after) {
            self.record(kind, after, Some(previous));
        }
    }

    fn record(&mut self, kind: &'static str, object: Value, previous: Option<Value>) {
        let id: EventId = self.fresh();
        let event = Event {
            id: id.clone(),
            kind,
            created: self.now,
            object,
            previous,
            cause: self.cause.clone(),
            delivered: false,
        };
        self.events.put(id.clone(), event);
        self.unposted.push(id);
    }

    /// Records that the webhook has received the event.
    pub(crate) fn note_delivered(&mut self, id: &EventId) {
        // The event may have been removed already.
        if let Ok(event) = self.events.known_mut(id) {
            event.delivered = true;
        }
    }

    /// Removes events that can no longer be listed.
    pub(super) fn forget_old_events(&mut self) {
        let (now, untold) = (self.now, &self.unposted);
        let fresh = |event: &Event| now.duration_since(event.created) < KEPT;
        if self.events.iter().next().is_some_and(|oldest| !fresh(oldest)) {
            self.events.retain(|event| fresh(event) || untold.contains(&event.id));
        }
    }
}

/// Previous values of changed fields: arrays as a whole, of hashes the differing entries. `None` if nothing changed
/// (<https://docs.stripe.com/api/events/object#event_object-data-previous_attributes>).
fn previous_attributes(before: &Value, after: &Value) -> Option<Value> {
    let (Value::Object(before), Value::Object(after)) = (before, after) else { return None };
    let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
    let mut previous = Map::new();
    for key in keys {
        let (was, is) = (before.get(key).unwrap_or(&Value::Null), after.get(key).unwrap_or(&Value::Null));
        if was != is {
            let held = previous_attributes(was, is).unwrap_or_else(|| was.clone());
            previous.insert(key.clone(), held);
        }
    }
    if previous.is_empty() { None } else { Some(Value::Object(previous)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(before: &Value, after: &Value, expected: &Value) {
        assert_eq!(previous_attributes(before, after).unwrap_or(Value::Null), *expected);
    }

    #[test]
    fn previous() {
        check(&json!({"a": 1}), &json!({"a": 1}), &Value::Null);
        check(&json!({"a": 1, "b": 2}), &json!({"a": 1, "b": 3}), &json!({"b": 2}));
        check(&json!({"a": {"x": 1, "y": 2}}), &json!({"a": {"x": 1, "y": 3}}), &json!({"a": {"y": 2}}));
        check(&json!({"a": [1, 2]}), &json!({"a": [1, 3]}), &json!({"a": [1, 2]}));
        check(&json!({"a": null}), &json!({"a": {"x": 1}}), &json!({"a": null}));
        check(&json!({"m": {}}), &json!({"m": {"k": "v"}}), &json!({"m": {"k": null}}));
    }
}
