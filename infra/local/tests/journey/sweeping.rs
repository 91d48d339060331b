//! The sweeper, as it is deployed and with its own rights, does what is due.

use crate::{client::World, connecting::kept};
use local::aws::{DYNAMODB, SECRETS};
use serde_json::json;

/// A secret whose maker ended midway: it was noted and made, and no integration took it.
pub(crate) fn a_secret_that_was_left(world: &World, acme: &str) {
    let before = kept(world, acme);
    let listed = world.aws.json(SECRETS, "ListSecrets", &json!({ "MaxResults": 100 })).unwrap();
    let names = listed["SecretList"].as_array().unwrap().iter().map(|secret| secret["Name"].as_str().unwrap());
    let (prefix, _) = names.filter_map(|name| name.split_once("sec_")).next().expect("the secret of the webhook");
    let id = "sec_01JADE000000000000000000ZZ";
    let tags = json!([{ "Key": "berth:workspace", "Value": acme }]);
    let left = json!({ "Name": format!("{prefix}{id}"), "SecretString": "a-secret-that-was-left", "Tags": tags });
    world.aws.json(SECRETS, "CreateSecret", &left).unwrap();
    let note = json!({
        "pk": { "S": format!("WS#{acme}") },
        "sk": { "S": format!("SECRET#{id}") },
        "_type": { "S": "orphan" },
        "_v": { "N": "1" },
        "fate": { "S": "awaited" },
        "due_bucket": { "S": "DUE#0" },
        "due_at": { "N": "1" },
    });
    let put = json!({ "TableName": world.outputs.table_name, "Item": note });
    world.aws.json(DYNAMODB, "PutItem", &put).unwrap();
    assert_eq!(kept(world, acme).len(), before.len() + 1);

    let sweeper = &world.outputs.functions["sweeper"];
    let event = include_str!("../../../../events/sweeper/minute.json");
    let path = format!("/2015-03-31/functions/{sweeper}/invocations");
    let answer = world.aws.rest("lambda", "POST", &path, &serde_json::from_str(event).unwrap()).unwrap();
    assert!(answer.is_null(), "the sweeper failed: {answer:#}");
    assert_eq!(kept(world, acme), before);
    let noted = world.table().iter().any(|item| item["_type"]["S"] == "orphan");
    assert!(!noted, "the note is gone, too");
}
