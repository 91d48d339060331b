//! Refusals: nothing is queued or written, and Stripe is asked to retry if the event may be genuine.

use crate::common::{BODY, event, router, send, signed};
use domain::billing::stripe::signature::sign;
use jiff::SignedDuration;
use proptest::prelude::*;
use testkit::{Fault, Request, World};

/// Sends `request` to a new world, and asserts that it is refused with this code and that nothing is queued or written.
async fn refused(request: impl FnOnce(&World) -> Request, status: u16, code: &str) {
    let world = World::default();
    let request = request(&world);
    assert_eq!(send(&world, request).await, (status, code.to_owned()));
    assert_eq!(world.queued_in_order(), []);
    assert!(!world.calls().contains_key("SendMessage"));
    world.assert_nothing_written();
}

/// Invariant 9.
#[tokio::test]
async fn events_without_a_current_signature_are_refused() {
    for (sample, code) in
        [("forged", "signature_mismatch"), ("unsigned", "signature_malformed"), ("stale", "signature_stale")]
    {
        refused(|_| Request::event(&format!("stripe-webhook/{sample}")), 400, code).await;
    }
    for late in [SignedDuration::from_secs(301), SignedDuration::from_secs(-301)] {
        let then = |world: &World| {
            let request = signed(world, BODY);
            world.wait(late);
            request
        };
        refused(then, 400, "signature_stale").await;
    }
    for secret in ["", " ", "whsec_guess", "whsec_the_signing_secret_of_the_test_worl"] {
        let forged = |world: &World| event(BODY).header("stripe-signature", sign(secret, BODY, world.clock.now()));
        refused(forged, 400, "signature_mismatch").await;
    }
}

/// Invariant 9.
#[tokio::test]
async fn a_header_that_is_none_is_refused() {
    let zeros = "0".repeat(64);
    for header in ["", "t=", "v1=", "t=1795262400", "t=x,v1=00", "t=1795262400,v1=zz", "ü"] {
        refused(|_| event(BODY).header("stripe-signature", header), 400, "signature_malformed").await;
    }
    for header in [format!("t=1795262400,v1={zeros}"), format!("v1={zeros},t=1795262400,v1={zeros}")] {
        refused(|_| event(BODY).header("stripe-signature", &header), 400, "signature_mismatch").await;
    }
    // Another header joined before Stripe's: the first time is used.
    let joined = |world: &World| {
        let forged = sign("whsec_guess", BODY, world.clock.now() - SignedDuration::from_secs(1));
        event(BODY).header("stripe-signature", format!("{forged},{}", world.stripe_signature(BODY)))
    };
    refused(joined, 400, "signature_mismatch").await;
    let scheme =
        |world: &World| event(BODY).header("stripe-signature", world.stripe_signature(BODY).replace("v1=", "v0="));
    refused(scheme, 400, "signature_malformed").await;
}

/// Invariant 9.
#[tokio::test]
async fn every_bit_of_a_body_counts() {
    let world = World::default();
    let (router, header) = (router(&world), world.stripe_signature(BODY));
    let flipped = (0..BODY.len() * 8).map(|bit| {
        BODY.iter().enumerate().map(|(at, byte)| byte ^ (u8::from(at == bit / 8) << (bit % 8))).collect::<Vec<_>>()
    });
    let cut = BODY.split_last().unwrap().1.to_vec();
    for altered in flipped.chain([vec![], cut, [BODY, b"\n"].concat(), [b" ", BODY].concat()]) {
        let answer = world.send(&router, event(&altered).header("stripe-signature", &header)).await;
        assert_eq!(answer.code(), "signature_mismatch", "{altered:?}");
    }
    assert_eq!(world.queued_in_order(), []);
    world.assert_nothing_written();
    assert_eq!(world.send(&router, event(BODY).header("stripe-signature", &header)).await.status, 200);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Invariant 9.
    #[test]
    fn any_header_and_body_are_refused(header in "\\PC{0,200}|t=1795262400(,v1=[0-9a-f]{64}){0,3}", body: Vec<u8>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let world = World::default();
        let (status, _) = runtime.block_on(send(&world, event(&body).header("stripe-signature", header)));
        prop_assert_eq!((status, world.queued_in_order().len()), (400, 0));
    }
}

#[tokio::test]
async fn signed_bodies_that_are_no_events_are_refused() {
    let no_events: [&[u8]; 7] = [
        b"",
        b"{",
        b"[]",
        b"{\"id\": \"evt_1\"}",
        b"\xff\xfe\x00",
        b"{\"id\": \"\xff\", \"type\": \"t\", \"created\": 1}",
        b"null",
    ];
    for body in no_events {
        refused(|world| signed(world, body), 400, "not_an_event").await;
    }
    // Stripe's "thin" events have another format and are recognized.
    let thin = br#"{"id": "evt_1", "object": "v2.core.event", "type": "t", "created": "2026-11-21T12:00:00Z"}"#;
    refused(|world| signed(world, thin), 400, "not_an_event").await;
}

#[tokio::test]
async fn a_body_of_one_mebibyte_is_taken_and_one_byte_more_is_not() {
    let body = |length: usize| {
        let mut body = BODY.to_vec();
        body.resize(length, b' ');
        body
    };
    let (whole, longer) = (body(1024 * 1024), body(1024 * 1024 + 1));
    let world = World::default();
    assert_eq!(send(&world, signed(&world, &whole)).await.0, 200);
    assert_eq!(world.queued_in_order().len(), 1);
    refused(|world| signed(world, &longer), 413, "body_too_large").await;
    refused(|_| event(&longer), 413, "body_too_large").await;
}

#[tokio::test]
async fn other_paths_and_methods_are_refused() {
    for path in ["/webhook", "/api/v1/", "//", "/index.html"] {
        refused(|world| signed(world, BODY).to("POST", path), 404, "route_not_found").await;
    }
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] {
        let world = World::default();
        let answer = world.send(&router(&world), signed(&world, BODY).to(method, "/")).await;
        assert_eq!(answer.status.as_u16(), 405, "{method}");
        assert_eq!(answer.headers.get("allow").unwrap(), "POST", "{method}");
        assert_eq!(world.queued_in_order(), []);
    }
    refused(|world| signed(world, BODY).to("GET", "/"), 405, "method_not_allowed").await;
}

#[tokio::test(start_paused = true)]
async fn an_event_that_the_queue_does_not_take_is_asked_for_again() {
    for faults in [
        vec![Fault::ServerError; 3],
        vec![Fault::Throttle; 3],
        vec![Fault::LoseRequest; 3],
        vec![Fault::TimeOut; 3],
        vec![Fault::Hang; 3],
    ] {
        let world = World::default();
        faults.iter().for_each(|fault| world.plan("SendMessage", *fault));
        let started = tokio::time::Instant::now();
        assert_eq!(send(&world, signed(&world, BODY)).await, (500, "queue_refused".to_owned()), "{faults:?}");
        assert!(started.elapsed().as_secs() < 10, "the answer comes while Stripe waits");
        assert_eq!(world.queued_in_order(), []);
        assert_eq!(send(&world, signed(&world, BODY)).await.0, 200);
        assert_eq!(world.queued_in_order().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn unreadable_secret_refuses_events_for_a_retry() {
    for fault in [Fault::ServerError, Fault::Throttle, Fault::LoseRequest, Fault::TimeOut, Fault::Hang] {
        let world = World::default();
        (0..3).for_each(|_| world.plan("GetSecretValue", fault));
        assert_eq!(send(&world, signed(&world, BODY)).await, (500, "secret_unreadable".to_owned()), "{fault:?}");
        assert_eq!(world.queued_in_order(), []);
        assert_eq!(send(&world, signed(&world, BODY)).await.0, 200);
    }
}

#[tokio::test]
async fn an_empty_secret_verifies_nothing() {
    for empty in ["", " ", "\n"] {
        let world = World::default();
        let router = router(&world);
        world.rotate_webhook_secret(empty);
        for request in [
            event(BODY).header("stripe-signature", sign(empty, BODY, world.clock.now())),
            event(BODY).header("stripe-signature", sign("", BODY, world.clock.now())),
            // The previous secret does not replace it: an empty secret must be reported.
            signed(&world, BODY),
            event(BODY),
        ] {
            let answer = world.send(&router, request).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (500, "secret_unreadable"));
        }
        assert_eq!(world.queued_in_order(), []);
        // Once the secret is set, it is found without a restart.
        world.rotate_webhook_secret("whsec_filled");
        world.wait(SignedDuration::from_secs(30));
        let filled = event(BODY).header("stripe-signature", sign("whsec_filled", BODY, world.clock.now()));
        assert_eq!(world.send(&router, filled).await.status, 200);
        let forged = event(BODY).header("stripe-signature", sign("", BODY, world.clock.now()));
        assert_eq!(world.send(&router, forged).await.code(), "signature_mismatch", "the previous secret was empty");
    }
}

#[tokio::test]
async fn forged_events_cost_a_bounded_number_of_calls() {
    let world = World::default();
    let router = router(&world);
    for _ in 0..200 {
        let forged = event(BODY).header("stripe-signature", sign("whsec_guess", BODY, world.clock.now()));
        assert_eq!(world.send(&router, forged).await.status.as_u16(), 400);
    }
    // The secret is read once, then both of its versions once in half a minute, for any number of forged events.
    assert_eq!(world.calls().into_iter().collect::<Vec<_>>(), [("GetSecretValue".to_owned(), 3)]);
}
