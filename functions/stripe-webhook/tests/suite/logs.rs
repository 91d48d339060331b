//! Log lines: one for each request and one for each event, which has the event's id and type only.

use crate::common::{BODY, event, send, signed};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use testkit::{Fault, Request, World};
use tracing_subscriber::fmt::MakeWriter;

/// The log of the test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Returns the fields of the lines with `message`.
    fn lines(&self, message: &str) -> Vec<Value> {
        let lines = self.text();
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["fields"].clone());
        lines.filter(|fields| fields["message"] == message).collect()
    }
}

const CANARY: &[u8] = br#"{"id": "evt_1", "type": "customer.updated", "created": 7,
    "data": {"object": {"id": "cus_canary", "object": "customer", "email": "canary@example.com"}}}"#;

/// Invariant 25.
#[tokio::test(start_paused = true)]
async fn no_line_has_a_secret_signature_or_content() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().json().with_max_level(tracing::Level::INFO).with_writer(log.clone());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let world = World::seeded(1);
    let signature = world.stripe_signature(CANARY);
    let requests = [
        signed(&world, CANARY),
        signed(&world, b"{\"id\": \"canary\"}"),
        event(CANARY),
        event(CANARY).header("stripe-signature", format!("{signature}0")),
        event(BODY).header("stripe-signature", &signature),
        signed(&world, CANARY).to("POST", "/canary-path"),
        signed(&world, CANARY).to("GET", "/"),
        signed(&world, &[b'x'; stripe_webhook::MAX_BODY + 1]),
        Request::event("stripe-webhook/forged"),
    ];
    let sent = requests.len();
    for request in requests {
        send(&world, request).await;
    }
    for fault in [Fault::ServerError, Fault::Hang] {
        (0..3).for_each(|_| world.plan("SendMessage", fault));
        assert_eq!(send(&world, signed(&world, CANARY)).await.0, 500);
    }
    world.rotate_webhook_secret("");
    assert_eq!(send(&world, signed(&world, CANARY)).await.0, 500);

    let requests = log.lines("request");
    assert_eq!(requests.len(), sent + 3, "a line for each request");
    assert!(requests.iter().all(|line| line["function"] == "stripe-webhook"));
    let [queued] = log.lines("event queued").try_into().unwrap();
    assert_eq!((&queued["event"], &queued["event_type"]), (&"evt_1".into(), &"customer.updated".into()));
    let causes: Vec<_> = requests.iter().filter(|line| line["status"] == 500).map(|line| &line["cause"]).collect();
    assert_eq!(
        causes,
        [
            "a message could not be queued: SQS answered InternalServerError",
            "a message could not be queued: SQS did not answer in time",
            "something went wrong on our side: the webhook's signing secret is empty; configure one",
        ]
    );
    // Everything logged at the template's level, libraries included.
    let everything = log.text();
    let mac = signature.split_once("v1=").unwrap().1;
    for secret in ["canary", "@", "whsec", "v1=", mac, "example.com"] {
        assert!(!everything.contains(secret), "{secret}");
    }
}
