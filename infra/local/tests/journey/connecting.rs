//! A webhook is set up: its secret goes to Secrets Manager and nowhere else.

use crate::client::World;
use local::aws::SECRETS;
use serde_json::{Value, json};

const FIRST: &str = "the-first-secret-of-acme-AAAA";
const SECOND: &str = "the-second-secret-of-acme-BBBB";

pub(crate) fn a_webhook(world: &World, acme: &str) {
    let wanted = json!({ "config": { "url": "https://hooks.example.com/berth" }, "secret": FIRST });
    let made = world.put("/integrations/webhook").by(&world.ana).to(acme).json(&wanted).send().ok(200);
    assert_eq!((&made.body["is_enabled"], made.field("secret_hint")), (&json!(true), "AAAA"));
    assert_eq!(kept(world, acme), [FIRST]);
    // A viewer sees it, without its secret.
    let seen = world.get("/integrations").by(&world.ben).to(acme).send().ok(200);
    assert_eq!(seen.body["integrations"][7], made.body);
    world.unchanged(|| {
        let inward = json!({ "config": { "url": "https://169.254.169.254/" }, "secret": FIRST });
        world.put("/integrations/webhook").by(&world.ana).to(acme).json(&inward).send().problem(400);
        let other = world.put("/integrations/slack").by(&world.ana).to(acme).json(&wanted).send().problem(400);
        assert!(other.body["errors"].to_string().contains("config.url"), "{other:#?}");
    });
    stands_nowhere_else(world, &[&made.text, &seen.text]);
}

pub(crate) fn another_secret(world: &World, acme: &str) {
    let wanted = json!({ "config": { "url": "https://hooks.example.com/berth" }, "secret": SECOND });
    let made = world.put("/integrations/webhook").by(&world.ana).to(acme).json(&wanted).send().ok(200);
    assert_eq!(kept(world, acme), [SECOND], "under one name");
    stands_nowhere_else(world, &[&made.text]);
}

pub(crate) fn no_more(world: &World, acme: &str) {
    let removed = world.call("DELETE", "/integrations/webhook").by(&world.ana).to(acme).send().ok(204);
    assert_eq!(removed.text, "");
    assert_eq!(kept(world, acme), [""; 0]);
    let seen = world.get("/integrations/webhook").by(&world.ben).to(acme).send().ok(200);
    assert_eq!((&seen.body["is_enabled"], &seen.body["has_secret"]), (&json!(false), &json!(false)));
}

/// The texts of the workspace's secrets, found by their tag.
fn kept(world: &World, acme: &str) -> Vec<String> {
    let listed = world.aws.json(SECRETS, "ListSecrets", &json!({ "MaxResults": 100 })).unwrap();
    let tag = json!({ "Key": "berth:workspace", "Value": acme });
    let listed = listed["SecretList"].as_array().unwrap().clone();
    let mine = listed.iter().filter(|secret| secret["Tags"].as_array().is_some_and(|tags| tags.contains(&tag)));
    mine.map(|secret| {
        let name = secret["Name"].as_str().unwrap();
        assert!(name.starts_with("berth/") && name.contains("/integration/sec_"), "{name}");
        let value = world.aws.json(SECRETS, "GetSecretValue", &json!({ "SecretId": name })).unwrap();
        // Behind the present one, for a day, stands the one before.
        value["SecretString"].as_str().unwrap().lines().next().unwrap().to_owned()
    })
    .collect()
}

fn stands_nowhere_else(world: &World, answers: &[&String]) {
    let table = Value::from(world.table()).to_string();
    let emulator = std::fs::read_to_string(&world.outputs.log).unwrap();
    for secret in [FIRST, SECOND] {
        for text in [&table, &emulator].into_iter().chain(answers.iter().copied()) {
            assert!(!text.contains(secret), "a secret stands outside Secrets Manager: {text}");
        }
    }
}
