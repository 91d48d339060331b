//! Log lines: one for each request and one for each event, which has the event's id and type only.

use crate::common::{BODY, event, send, signed};
use testkit::{Fault, JsonLines, Request, World};

const CANARY: &[u8] = br#"{"id": "evt_1", "type": "customer.updated", "created": 7,
    "data": {"object": {"id": "cus_canary", "object": "customer", "email": "canary@example.com"}}}"#;

/// Invariant 25.
#[tokio::test(start_paused = true)]
async fn no_line_has_a_secret_signature_or_content() {
    let log = JsonLines::capture();
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

    let requests = log.fields("request");
    assert_eq!(requests.len(), sent + 3, "a line for each request");
    assert!(requests.iter().all(|line| line["function"] == "stripe-webhook"));
    let [queued] = log.fields("event queued").try_into().unwrap();
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
