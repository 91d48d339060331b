//! A Stripe event, used as a hint: something about a customer may have changed.
//!
//! Only the fields that identify the event and its customer are read. Bodies of every API version have them, and
//! nothing else in a body is trusted: the current state is fetched.

use crate::{
    error::{Kind, Refusal},
    text::is_visible_ascii,
};
use serde::{Deserialize, Serialize};

/// The queued part of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// The id of the event: `evt_…`.
    pub id: String,
    /// The type of the event, such as `customer.subscription.updated`.
    pub r#type: String,
    /// The id of the object it is about, if the object has one.
    pub object: Option<String>,
    /// The customer it is about, if it names one.
    pub customer: Option<String>,
    /// Time of the event, in seconds since 1970.
    pub created: i64,
    /// True if it is about real money.
    pub livemode: bool,
}

/// The body is authentic, but not an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the body is not an event: it needs id, type and created")]
pub struct InvalidEvent;

impl Refusal for InvalidEvent {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "not_an_event"
    }
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    r#type: String,
    created: i64,
    #[serde(default)]
    livemode: bool,
    #[serde(default)]
    data: Payload,
}

#[derive(Default, Deserialize)]
struct Payload {
    #[serde(default)]
    object: Object,
    /// Values that the event has changed. A payment method that was detached had a customer before.
    /// <https://docs.stripe.com/api/events/object#event_object-data-previous_attributes>
    #[serde(default)]
    previous_attributes: serde_json::Value,
}

/// Fields of an unexpected type are treated as absent.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Object {
    id: serde_json::Value,
    object: serde_json::Value,
    customer: serde_json::Value,
}

/// Maximum length of an SQS message group id.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>
const LONGEST_ID: usize = 128;

impl Hint {
    /// Parses the body of an event.
    ///
    /// # Errors
    /// [`InvalidEvent`] if the body is not an event.
    pub fn parse(body: &[u8]) -> Result<Self, InvalidEvent> {
        let Envelope { id, r#type, created, livemode, data } =
            serde_json::from_slice(body).map_err(|_| InvalidEvent)?;
        let object = text(&data.object.id);
        let itself = (data.object.object == "customer").then(|| object.clone()).flatten();
        let customer = text(&data.object.customer).or_else(|| data.object.customer.get("id").and_then(text)).or(itself);
        let customer = customer.or_else(|| data.previous_attributes.get("customer").and_then(text));
        // The type must have the same form, because it is written to the queue and the log.
        if is_id(&id) && is_id(&r#type) {
            Ok(Self { id, r#type, object, customer, created, livemode })
        } else {
            Err(InvalidEvent)
        }
    }

    /// The message group: events of one customer keep their order and are processed one at a time.
    #[must_use]
    pub fn message_group(&self) -> &str {
        self.customer.as_deref().unwrap_or(&self.id)
    }
}

fn text(value: &serde_json::Value) -> Option<String> {
    value.as_str().filter(|text| is_id(text)).map(ToOwned::to_owned)
}

/// True if `text` has the form of a Stripe id, and so may name a message group.
fn is_id(text: &str) -> bool {
    is_visible_ascii(text, LONGEST_ID)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[track_caller]
    fn check(data: Value, wanted: Expect) {
        let event = json!({"id": "evt_1", "type": "t", "created": 7, "livemode": false, "data": data});
        let said = match Hint::parse(event.to_string().as_bytes()) {
            Ok(hint) => {
                format!("object {:?}, customer {:?}, behind {}", hint.object, hint.customer, hint.message_group())
            }
            Err(error) => error.to_string(),
        };
        wanted.assert_eq(&said);
    }

    #[test]
    fn an_event_names_its_customer() {
        check(
            json!({"object": {"id": "sub_1", "object": "subscription", "customer": "cus_1"}}),
            expect![[r#"object Some("sub_1"), customer Some("cus_1"), behind cus_1"#]],
        );
        check(
            json!({"object": {"id": "cus_1", "object": "customer"}}),
            expect![[r#"object Some("cus_1"), customer Some("cus_1"), behind cus_1"#]],
        );
        check(
            json!({"object": {"id": "in_1", "object": "invoice", "customer": {"id": "cus_1"}}}),
            expect![[r#"object Some("in_1"), customer Some("cus_1"), behind cus_1"#]],
        );
        check(
            json!({"object": {"id": "price_1", "object": "price"}}),
            expect![[r#"object Some("price_1"), customer None, behind evt_1"#]],
        );
        check(
            json!({"object": {"object": "balance", "customer": null}}),
            expect!["object None, customer None, behind evt_1"],
        );
        check(
            json!({
                "object": {"id": "pm_1", "object": "payment_method", "customer": null},
                "previous_attributes": {"customer": "cus_1"}
            }),
            expect![[r#"object Some("pm_1"), customer Some("cus_1"), behind cus_1"#]],
        );
        check(json!({"object": {"id": 7, "customer": [1]}}), expect!["object None, customer None, behind evt_1"]);
        check(
            json!({"object": {"id": "in_1", "customer": "cus_1"}, "previous_attributes": null}),
            expect![[r#"object Some("in_1"), customer Some("cus_1"), behind cus_1"#]],
        );
        check(json!({"previous_attributes": []}), expect!["object None, customer None, behind evt_1"]);
        check(json!({}), expect!["object None, customer None, behind evt_1"]);
        check(
            json!({"object": {"id": "sub_1", "customer": "x".repeat(129)}}),
            expect![[r#"object Some("sub_1"), customer None, behind evt_1"#]],
        );
    }

    #[test]
    fn invalid_events_are_refused() {
        for body in [
            "",
            "{",
            "[]",
            "7",
            "null",
            r#"{"id": "evt_1"}"#,
            r#"{"id": "", "type": "t", "created": 1}"#,
            r#"{"id": "evt_1", "type": "", "created": 1}"#,
            r#"{"id": "evt_1", "type": "two\nlines", "created": 1}"#,
        ] {
            assert_eq!(Hint::parse(body.as_bytes()), Err(InvalidEvent), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_event_or_an_error(bytes: Vec<u8>) {
            let _ = Hint::parse(&bytes);
        }
    }
}
