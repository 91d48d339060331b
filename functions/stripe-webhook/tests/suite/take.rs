//! Accepted events: signed by Stripe with either of the two secrets, in any format, queued once.

use crate::common::{BODY, event, router, send, signed};
use domain::billing::stripe::signature::sign;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{Fault, FifoMessage, Request, World};

#[tokio::test]
async fn an_event_is_queued_as_a_hint_behind_its_customer() {
    let world = World::default();
    let answer = world.send(&router(&world), Request::event("stripe-webhook/subscription-updated")).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (200, &json!({"received": true})));
    assert_eq!(answer.headers["cache-control"], "no-store");
    let hint = json!({
        "id": "evt_1SampleSubscription",
        "type": "customer.subscription.updated",
        "object": "sub_1Sample",
        "customer": "cus_Sample1",
        "created": 1_795_262_398,
        "livemode": false,
    });
    let queued = FifoMessage {
        group: "cus_Sample1".to_owned(),
        deduplication_id: "evt_1SampleSubscription".to_owned(),
        body: hint,
    };
    assert_eq!(world.queued_in_order(), [queued]);
    world.assert_nothing_written();
}

#[tokio::test]
async fn base64_bodies_are_verified_as_their_bytes() {
    let world = World::default();
    let answer = world.send(&router(&world), Request::event("stripe-webhook/customer-updated-base64")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(world.queued_in_order()[0].group, "cus_Sample1");
}

/// Returns the message group of an event.
async fn group(body: Value) -> String {
    let world = World::default();
    let body = body.to_string();
    assert_eq!(send(&world, signed(&world, body.as_bytes())).await, (200, String::new()), "{body}");
    let [queued] = world.queued_in_order().try_into().unwrap();
    assert_eq!(queued.body["id"], queued.deduplication_id);
    queued.group
}

#[tokio::test]
async fn bodies_of_every_api_version_are_events() {
    // 2012: the object has no field `object`, and the request is a string.
    let old = json!({
        "id": "evt_2", "type": "customer.subscription.updated", "created": 1_340_924_237, "livemode": true,
        "pending_webhooks": 1, "request": "iar_1",
        "data": {"object": {"customer": "cus_2", "plan": {"id": "gold"}, "current_period_end": 1_343_602_637}},
    });
    assert_eq!(group(old).await, "cus_2");
    // A subscription that contains its period and its customer.
    let whole = json!({
        "id": "evt_3", "object": "event", "api_version": "2020-08-27", "type": "invoice.paid", "created": 1_600_000_000,
        "request": {"id": null, "idempotency_key": null},
        "data": {"object": {"id": "in_3", "object": "invoice", "customer": {"id": "cus_3", "object": "customer"}}},
    });
    assert_eq!(group(whole).await, "cus_3");
    // Events without a customer: a price, a balance without an id, an object of unknown format.
    for (object, id) in [
        (json!({"id": "price_4", "object": "price"}), "evt_4"),
        (json!({"object": "balance", "available": []}), "evt_5"),
        (json!({"id": {"no": "text"}, "customer": 7}), "evt_6"),
    ] {
        let nobodys = json!({"id": id, "type": "something.new", "created": 1, "data": {"object": object}});
        assert_eq!(group(nobodys).await, id);
    }
}

#[tokio::test]
async fn one_of_several_signatures_is_enough() {
    let world = World::default();
    let ours = world.stripe_signature(BODY);
    let (time, signature) = ours.split_once(',').unwrap();
    let other = format!("v1={}", "0".repeat(64));
    for header in [
        format!("{time},{other},{signature}"),
        format!("{time},{signature},{other},v0=abc"),
        // A repeated header, which Lambda joins.
        format!("{ours},{}", sign("whsec_other", BODY, world.clock.now())),
    ] {
        assert_eq!(send(&world, event(BODY).header("stripe-signature", &header)).await.0, 200, "{header}");
    }
}

#[tokio::test]
async fn both_secret_versions_verify_and_new_ones_need_no_restart() {
    let (world, next, third) = (World::default(), "whsec_the_next_one", "whsec_the_third");
    let router = router(&world);
    let by = |secret: &str| event(BODY).header("stripe-signature", sign(secret, BODY, world.clock.now()));
    assert_eq!(world.send(&router, signed(&world, BODY)).await.status, 200);
    assert_eq!(world.send(&router, by(next)).await.status, 400);

    world.rotate_webhook_secret(next);
    // The secret has just been read. Forged events cannot cause further reads.
    assert_eq!(world.send(&router, by(next)).await.status, 400);
    drop(world.calls());
    for _ in 0..10 {
        assert_eq!(world.send(&router, by("whsec_a_guess")).await.status, 400);
    }
    assert_eq!(world.calls().get("GetSecretValue"), None);

    world.wait(SignedDuration::from_secs(30));
    assert_eq!(world.send(&router, by(next)).await.status, 200);
    assert_eq!(world.send(&router, signed(&world, BODY)).await.status, 200, "the previous secret");

    world.rotate_webhook_secret(third);
    world.wait(SignedDuration::from_mins(5));
    assert_eq!(world.send(&router, by(third)).await.status, 200);
    assert_eq!(world.send(&router, by(next)).await.status, 200, "the previous secret");
    assert_eq!(
        world.send(&router, signed(&world, BODY)).await.code(),
        "signature_mismatch",
        "the secret before the previous one"
    );
}

#[tokio::test]
async fn a_secret_that_is_known_is_used_while_secrets_manager_is_down() {
    let world = World::default();
    let router = router(&world);
    assert_eq!(world.send(&router, signed(&world, BODY)).await.status, 200);
    world.wait(SignedDuration::from_mins(6));
    world.plan("GetSecretValue", Fault::Hang);
    (0..2).for_each(|_| world.plan("GetSecretValue", Fault::ServerError));
    tokio::time::pause();
    assert_eq!(world.send(&router, signed(&world, BODY)).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_the_queue_that_is_lost_queues_once() {
    let world = World::default();
    world.plan("SendMessage", Fault::LoseReply);
    assert_eq!(send(&world, signed(&world, BODY)).await.0, 200);
    assert_eq!(world.calls()["SendMessage"], 2);
    // Stripe also sends the event again if the answer was lost.
    assert_eq!(send(&world, signed(&world, BODY)).await.0, 200);
    assert_eq!(world.queued_in_order().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn events_answered_with_success_are_queued() {
    let chances = testkit::Chances { lose_reply: 0.2, lose_request: 0.3, conflict: 0.0, throttle: 0.2 };
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..200 {
        let world = World::seeded(seed);
        world.set_fault_chances(chances);
        let (status, _) = send(&world, signed(&world, BODY)).await;
        let queued = world.queued_in_order().len();
        match status {
            200 => taken += usize::from(queued == 1),
            // The outcome is unknown: the queue may have the event, and Stripe sends it again.
            500 => refused += usize::from(queued <= 1),
            other => unreachable!("{other}, with {queued} queued"),
        }
        assert_eq!(taken + refused, usize::try_from(seed).unwrap() + 1, "seed {seed}: {status}, {queued} queued");
    }
    assert!(taken > 50 && refused > 5, "{taken} and {refused}");
}
