//! Ben sets up a webhook: its secret is stored in Secrets Manager and nowhere else.

pub(crate) mod live;

use crate::{client::World, running, traces};
use local::{aws::SECRETS, clock};
use serde_json::{Value, json};
use std::{convert::Infallible, time::Duration};

const FIRST: &str = "whsec_AAAAAAAAAAAfirstSecretOfAcmeAAAA";
const THIRD: &str = "whsec_AAAAAAAAAAAthirdSecretOfAcmeCCCC";
const SECOND: &str = "whsec_AAAAAAAAAAsecondSecretOfAcmeBBBB";

pub(crate) fn a_webhook(world: &World, acme: &str) {
    let wanted = json!({ "config": { "url": "https://hooks.example.com/berth" }, "secret": FIRST });
    let made = world.put("/integrations/webhook").by(&world.ana).to(acme).json(&wanted).send().ok(200);
    assert_eq!((&made.body["is_enabled"], made.field("secret_hint")), (&json!(true), "AAAA"));
    assert_eq!(kept(world, acme), [FIRST]);
    // A viewer sees the integration, without its secret and the path of its URL.
    let seen = world.get("/integrations").by(&world.ben).to(acme).send().ok(200);
    let mut shown = made.body.clone();
    shown["config_data"]["url"] = json!("https://hooks.example.com");
    assert_eq!(seen.body["integrations"][7], shown);
    world.unchanged(|| {
        let inward = json!({ "config": { "url": "https://169.254.169.254/" }, "secret": FIRST });
        world.put("/integrations/webhook").by(&world.ana).to(acme).json(&inward).send().problem(400);
        let other = world.put("/integrations/slack").by(&world.ana).to(acme).json(&wanted).send().problem(400);
        assert!(other.body["errors"].to_string().contains("config.url"), "{other:#?}");
    });
    is_stored_nowhere_else(world, &[&made.text, &seen.text]);
}

/// Checks that a test event and a start of the runtime arrive at the receiver's stand-in, in the vendor's documented
/// form.
pub(crate) fn what_happens_arrives(world: &World, acme: &str) {
    let tested = world.post("/integrations/webhook/test").by(&world.ana).to(acme).send().ok(200);
    assert_eq!((&tested.body["ok"], &tested.body["status"]), (&json!(true), &json!(200)), "{tested:#?}");
    let again = world.put("/integrations/webhook").by(&world.ana).to(acme);
    again.json(&json!({ "config": { "url": "https://hooks.example.com/berth" }, "secret": THIRD })).send().ok(200);
    running::command(world, &world.ana, acme, "start");
    let came = || {
        let text = ureq::get(&format!("{}/received.json", world.outputs.receivers_url)).call().unwrap();
        let came: Value = serde_json::from_str(&text.into_body().read_to_string().unwrap()).unwrap();
        Ok::<_, Infallible>(came.as_array().filter(|came| came.iter().any(|one| is(one, "runtime.started"))).cloned())
    };
    let came = clock::wait_for(Duration::from_secs(60), came).unwrap().expect("the start is delivered");
    assert!(came.iter().any(|one| is(one, "test")), "{came:#?}");
    for one in &came {
        assert_eq!((&one["objection"], &one["host"]), (&Value::Null, &json!("hooks.example.com")));
    }
    // Both keys sign after the rotation.
    let signatures = came.iter().find(|one| is(one, "runtime.started")).unwrap();
    assert_eq!(signatures["headers"]["webhook-signature"].as_str().unwrap().split(' ').count(), 2);
    let path = "/integrations/webhook/deliveries";
    let listed = || {
        let listed = world.get(path).by(&world.ana).to(acme).send().ok(200);
        let delivered = listed.body["deliveries"][0]["state"] == "delivered";
        Ok::<_, Infallible>(delivered.then_some(listed))
    };
    let listed = clock::wait_for(Duration::from_secs(20), listed).unwrap().expect("it is recorded");
    assert_eq!(listed.body["deliveries"][0]["event"], "runtime.started");
    running::command(world, &world.ana, acme, "stop");
    is_stored_nowhere_else(world, &[&tested.text, &listed.text]);
    // The results of deliveries would otherwise be written during the next steps.
    traces::settled(world);
}

/// Checks that the receiver's stand-in accepts the time and the signature of a delivery.
pub(crate) fn a_delivery_is_accepted(world: &World, acme: &str) {
    let wanted = json!({ "config": { "url": "https://hooks.example.com/berth" }, "secret": FIRST });
    world.put("/integrations/webhook").by(&world.ana).to(acme).json(&wanted).send().ok(200);
    let tested = world.post("/integrations/webhook/test").by(&world.ana).to(acme).send().ok(200);
    assert_eq!((&tested.body["ok"], &tested.body["status"]), (&json!(true), &json!(200)), "{tested:#?}");
}

fn is(received: &Value, kind: &str) -> bool {
    let body: Value = serde_json::from_str(received["body"].as_str().unwrap()).unwrap();
    body["type"] == kind
}

pub(crate) fn another_secret(world: &World, acme: &str) {
    let wanted = json!({ "config": { "url": "https://hooks.example.com/berth" }, "secret": SECOND });
    let made = world.put("/integrations/webhook").by(&world.ana).to(acme).json(&wanted).send().ok(200);
    assert_eq!(kept(world, acme), [SECOND], "one secret under one name");
    is_stored_nowhere_else(world, &[&made.text]);
}

pub(crate) fn no_more(world: &World, acme: &str) {
    let removed = world.call("DELETE", "/integrations/webhook").by(&world.ana).to(acme).send().ok(204);
    assert_eq!(removed.text, "");
    assert_eq!(kept(world, acme), [""; 0]);
    let seen = world.get("/integrations/webhook").by(&world.ben).to(acme).send().ok(200);
    assert_eq!((&seen.body["is_enabled"], &seen.body["has_secret"]), (&json!(false), &json!(false)));
}

/// Reads the workspace's secrets, found by their tag.
fn kept(world: &World, acme: &str) -> Vec<String> {
    let listed = world.aws.json(SECRETS, "ListSecrets", &json!({ "MaxResults": 100 })).unwrap();
    let tag = json!({ "Key": "berth:workspace", "Value": acme });
    let listed = listed["SecretList"].as_array().unwrap().clone();
    let mine = listed.iter().filter(|secret| secret["Tags"].as_array().is_some_and(|tags| tags.contains(&tag)));
    mine.map(|secret| {
        let name = secret["Name"].as_str().unwrap();
        assert!(name.starts_with("berth/") && name.contains("/integration/sec_"), "{name}");
        let value = world.aws.json(SECRETS, "GetSecretValue", &json!({ "SecretId": name })).unwrap();
        // The previous key follows the current one for a day.
        value["SecretString"].as_str().unwrap().lines().next().unwrap().to_owned()
    })
    .collect()
}

fn is_stored_nowhere_else(world: &World, answers: &[&String]) {
    let table = Value::from(world.table()).to_string();
    let emulator = std::fs::read_to_string(&world.outputs.log).unwrap();
    for secret in [FIRST, SECOND, THIRD] {
        for text in [&table, &emulator].into_iter().chain(answers.iter().copied()) {
            assert!(!text.contains(secret), "a secret is outside Secrets Manager: {text}");
        }
    }
}
