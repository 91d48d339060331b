//! The dead-letter queues, and the parts of their messages that the operator's staff may see.
//!
//! Messages name workspaces, ids and kinds. A later version may add a field that is nobody's business, and a message that
//! nobody can read may hold anything. So only fields that are listed here are shown.

use crate::named;
use serde_json::{Map, Value};

named! {
    /// A dead-letter queue, by the function whose messages it keeps.
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum DeadLetterQueue or UnknownDeadLetterQueue {
        /// Events that were not sent to integrations.
        Deliver = "deliver",
        /// E-mail that was not sent.
        Mail = "mail",
        /// Stream records of notices that were not handled.
        Notifier = "notifier",
        /// Stream records of outbox items that were not relayed.
        Outbox = "outbox",
        /// Runtimes that were not reconciled.
        Runtime = "runtime",
        /// Events of Stripe that were not handled.
        StripeEvents = "stripe-events",
    }
}

impl DeadLetterQueue {
    /// True if the messages can be sent back to the queue from which they came. Lambda describes failed records of a stream
    /// without their contents, so there is nothing to send: their items are in the table, and the sweeper handles them.
    #[must_use]
    pub const fn is_redrivable(self) -> bool {
        match self {
            Self::Deliver | Self::Mail | Self::Runtime | Self::StripeEvents => true,
            Self::Notifier | Self::Outbox => false,
        }
    }
}

/// Fields whose values are kinds, ids, numbers and times.
const SHOWN: [&str; 48] = [
    // Messages of the outbox and of SES.
    "at",
    "bounce",
    "delivery",
    "event",
    "facts",
    "from",
    "generation",
    "grace_until",
    "integration",
    "invitation",
    "kind",
    "limit",
    "member",
    "notice",
    "number",
    "occurrence",
    "reason",
    "record",
    "resource",
    "role",
    "to",
    "type",
    "user_id",
    "version",
    "workspace",
    // Hints of Stripe's events.
    "created",
    "customer",
    "id",
    "livemode",
    "object",
    // Descriptions of stream records.
    "DDBStreamBatchInfo",
    "approximateArrivalOfFirstRecord",
    "approximateArrivalOfLastRecord",
    "approximateInvokeCount",
    "batchSize",
    "condition",
    "endSequenceNumber",
    "executedVersion",
    "functionArn",
    "functionError",
    "requestContext",
    "requestId",
    "responseContext",
    "shardId",
    "startSequenceNumber",
    "statusCode",
    "streamArn",
    "timestamp",
];

/// Longest text that is shown, in bytes: the ARN of a stream is the longest of the known ones.
const MAX_TEXT: usize = 250;

/// Placeholder of what is not shown.
const HIDDEN: &str = "(hidden)";

/// Returns the body of a message as staff may see it: JSON with the values of listed fields, and everything else replaced.
#[must_use]
pub fn shown_body(body: &str) -> String {
    match serde_json::from_str(body) {
        Ok(Value::Object(fields)) => Value::Object(shown_fields(fields)).to_string(),
        Ok(_) | Err(_) => HIDDEN.to_owned(),
    }
}

fn shown_fields(fields: Map<String, Value>) -> Map<String, Value> {
    let shown = fields.into_iter().map(|(name, value)| {
        if SHOWN.contains(&name.as_str()) {
            (name, shown(value))
        } else {
            // A name may be a secret, too.
            let name = if name.len() <= 40 && name.bytes().all(is_of_a_name) { name } else { HIDDEN.to_owned() };
            (name, HIDDEN.into())
        }
    });
    shown.collect()
}

fn shown(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(shown_fields(fields)),
        Value::Array(values) => Value::Array(values.into_iter().map(shown).collect()),
        Value::String(text) if text.len() > MAX_TEXT || !text.bytes().all(is_of_an_id) => HIDDEN.into(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

const fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// True for the characters of ids, times and ARNs. Addresses and URLs have others.
const fn is_of_an_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/' | b'$' | b'+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    /// The bodies in `shared/samples/messages` are all that deployed queues hold.
    #[test]
    fn known_messages_are_shown_whole() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/messages");
        let mut bodies = 0;
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            let samples: Vec<Value> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
            for sample in samples {
                let body = sample["body"].to_string();
                assert_eq!(shown_body(&body), body);
                bodies += 1;
            }
        }
        assert!(bodies > 50, "{bodies}");
    }

    #[test]
    fn descriptions_of_stream_records_are_shown_whole() {
        let body = serde_json::json!({
            "requestContext": {
                "requestId": "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5",
                "functionArn": "arn:aws:lambda:us-east-2:123456789012:function:berth-OutboxFunction:$LATEST",
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": 9,
            },
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "version": "1.0",
            "timestamp": "2026-11-21T12:00:00.254Z",
            "DDBStreamBatchInfo": {
                "shardId": "shardId-00000001573689847184-864758bb",
                "startSequenceNumber": "800000000003126276362",
                "endSequenceNumber": "800000000003126276362",
                "approximateArrivalOfFirstRecord": "2026-11-21T12:00:00Z",
                "approximateArrivalOfLastRecord": "2026-11-21T12:00:00Z",
                "batchSize": 1,
                "streamArn": "arn:aws:dynamodb:us-east-2:123456789012:table/berth/stream/2026-11-01T00:00:00.000",
            },
        });
        assert_eq!(shown_body(&body.to_string()), body.to_string());
    }

    #[test]
    fn unknown_fields_addresses_and_texts_are_hidden() {
        let body = r#"{"kind": "x", "token": "inv_1.a.b", "workspace": "ben@example.com", "to": "Ben Doe", "facts": {"to": ["free"],
            "secret": {"type": "x"}, "ben@example.com": 1}, "id": "https://example.com/?a=b"}"#;
        let shown: Value = serde_json::from_str(&shown_body(body)).unwrap();
        let wanted = serde_json::json!({
            "kind": "x", "token": "(hidden)", "workspace": "(hidden)", "to": "(hidden)",
            "facts": {"to": ["free"], "secret": "(hidden)", "(hidden)": "(hidden)"}, "id": "(hidden)",
        });
        assert_eq!(shown, wanted);
        for body in ["", "a secret", "\"a secret\"", "[\"a secret\"]", "{\"a\": "] {
            assert_eq!(shown_body(body), HIDDEN, "{body}");
        }
        assert_eq!(shown_body(&format!(r#"{{"id": "{}"}}"#, "a".repeat(MAX_TEXT + 1))), r#"{"id":"(hidden)"}"#);
    }
}
