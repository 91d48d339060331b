//! Stripe's events at the deployed function URL: only events with Stripe's signature are accepted.

use crate::{
    client::World,
    clock::{move_clock, now},
    traces,
};
use local::{
    aws::{self, SECRETS},
    clock::wait_for,
    stripe::{API_KEY, WEBHOOK_SECRET},
};
use serde_json::{Value, json};
use std::{convert::Infallible, time::Duration};
use stripe_standin::sign;

const BODY: &str = r#"{"id": "evt_journey", "type": "customer.subscription.updated", "created": 7,
    "data": {"object": {"id": "sub_journey", "object": "subscription", "customer": "cus_journey"}}}"#;

/// Posts a body to the function's URL and returns the status and a problem's code.
fn post(world: &World, body: &str, signature: Option<&str>) -> (u16, String) {
    let mut request = aws::agent()
        .post(&world.outputs.webhook_url)
        .header("host", &world.outputs.webhook_host)
        .header("content-type", "application/json; charset=utf-8");
    if let Some(signature) = signature {
        request = request.header("stripe-signature", signature);
    }
    let mut answer = request.send(body).unwrap();
    let said: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap_or_default();
    (answer.status().as_u16(), said["code"].as_str().unwrap_or_default().to_owned())
}

/// Signs `body` with `secret` and returns the header, dated `late` seconds ago.
fn signed(world: &World, secret: &str, body: &str, late: i64) -> String {
    let then = now(world) - jiff::SignedDuration::from_secs(late);
    sign(&[secret], then, body.as_bytes())
}

pub(crate) fn is_refused_without_its_signature(world: &World) {
    let good = signed(world, WEBHOOK_SECRET, BODY, 0);
    let altered = BODY.replace("sub_journey", "sub_another");
    let before = world.table();
    for (body, signature, code) in [
        (BODY, None, "signature_malformed"),
        (BODY, Some(signed(world, "whsec_a_guess", BODY, 0)), "signature_mismatch"),
        (BODY, Some(signed(world, WEBHOOK_SECRET, BODY, 301)), "signature_stale"),
        (altered.as_str(), Some(good), "signature_mismatch"),
    ] {
        assert_eq!(post(world, body, signature.as_deref()), (400, code.to_owned()));
    }
    traces::every_queue_is_empty(world);
    assert_eq!(world.table(), before, "something was written");
}

/// Checks that an event of a customer that Berth does not know is accepted and changes nothing.
pub(crate) fn of_a_stranger_is_taken(world: &World) {
    world.unchanged(|| {
        assert_eq!(post(world, BODY, Some(&signed(world, WEBHOOK_SECRET, BODY, 0))), (200, String::new()));
        // Stripe retries an event if it received no answer.
        assert_eq!(post(world, BODY, Some(&signed(world, WEBHOOK_SECRET, BODY, 0))), (200, String::new()));
        traces::every_queue_is_empty(world);
    });
}

pub(crate) fn events_are_accepted_before_and_after_a_rotation(world: &World) {
    a_new_customer(world);
    let mut rolled = aws::agent().post(control(world, "secret/roll")).send_empty().unwrap();
    let rolled: Value = rolled.body_mut().read_json().unwrap();
    let put = json!({ "SecretId": world.outputs.webhook_secret_arn, "SecretString": rolled["secret"] });
    world.aws.json(SECRETS, "PutSecretValue", &put).unwrap();
    // A day later only the new secret signs.
    move_clock(world, jiff::SignedDuration::from_hours(24));
    a_new_customer(world);
}

/// Returns the URL of a control of the stand-in.
pub(crate) fn control(world: &World, name: &str) -> String {
    format!("{}/_standin/{name}", world.outputs.stripe_url)
}

/// Creates a customer at the stand-in and waits until the event is delivered.
fn a_new_customer(world: &World) {
    let before = every_delivery_is_accepted(world);
    let customers = format!("{}/v1/customers", world.outputs.stripe_url);
    let request = aws::agent().post(customers).header("authorization", format!("Bearer {API_KEY}"));
    assert_eq!(request.send_form([("name", "Acme")]).unwrap().status(), 200);
    let delivered = || Ok::<_, Infallible>((every_delivery_is_accepted(world) > before).then_some(()));
    wait_for(Duration::from_secs(20), delivered).unwrap().expect("the event within twenty seconds");
}

/// Asserts that the webhook has accepted each attempt to deliver an event, and returns their number.
pub(crate) fn every_delivery_is_accepted(world: &World) -> usize {
    let mut answer = aws::agent().get(control(world, "deliveries")).call().unwrap();
    let said: Value = answer.body_mut().read_json().unwrap();
    let tries = said["deliveries"].as_array().unwrap();
    assert!(tries.iter().all(|attempt| attempt["outcome"] == json!({ "status": 200 })), "{tries:#?}");
    tries.len()
}

/// Returns the workspace's customer at the stand-in.
pub(crate) fn customer(world: &World, workspace: &str) -> String {
    let mut answer = aws::agent().get(control(world, "state")).call().unwrap();
    let state: Value = answer.body_mut().read_json().unwrap();
    let mut customers = state["customers"].as_array().unwrap().iter();
    let own = customers.find(|customer| customer["metadata"].to_string().contains(workspace));
    own.unwrap_or_else(|| panic!("no customer of {workspace}: {state:#}"))["id"].as_str().unwrap().to_owned()
}
