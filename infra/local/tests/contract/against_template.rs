//! The template has the routes of the document, and the resources that the tests assume.

use crate::{
    PUBLIC,
    document::parts,
    routes,
    staff::CONSOLE,
    templates::{read, root},
};
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, fs};

/// Beginnings of the paths that are for people only.
const FOR_PEOPLE: [&str; 7] =
    ["/api-keys", "/deletions", "/invitations", "/letters", "/me", "/workspace/doctor", "/workspaces"];

fn is_for_people(path: &str) -> bool {
    FOR_PEOPLE.iter().any(|start| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// True if the route `key` of programs takes `path`.
fn takes(key: &str, path: &str) -> bool {
    let route = key.strip_prefix("ANY ").and_then(|key| key.strip_prefix(api::KEY_PATH)).unwrap();
    let below = route.strip_suffix("{proxy+}");
    route == path || below.is_some_and(|start| path.starts_with(start) && path.len() > start.len())
}

fn template() -> Value {
    read("template.yaml")
}

#[test]
fn the_template_has_each_functions_routes_and_no_others() {
    let template = template();
    let resources = template["Resources"].as_object().unwrap();
    let is_on_the_api = |resource: &&Value| {
        let mut events = resource["Properties"]["Events"].as_object().into_iter().flat_map(Map::values);
        events.any(|event| event["Type"] == "HttpApi")
    };
    let on_the_api: BTreeSet<_> = resources.values().filter(is_on_the_api).filter_map(binary).collect();
    let listed = parts().into_iter().map(|(function, _)| function).chain([CONSOLE]);
    let listed: BTreeSet<_> = listed.collect();
    assert_eq!(on_the_api, listed, "infra/local/tests/routes/functions.rs lists the functions with HttpApi events");
    for (function, part) in parts() {
        let resource = resources.values().find(|resource| binary(resource) == Some(function)).unwrap();
        let events = resource["Properties"]["Events"].as_object().unwrap();
        let declared: BTreeSet<_> = events
            .values()
            .map(|event| {
                assert_eq!(event["Type"], "HttpApi");
                let properties = &event["Properties"];
                let route =
                    format!("{} {}", properties["Method"].as_str().unwrap(), properties["Path"].as_str().unwrap());
                // The default authorizer requires an ID token.
                let is_open = PUBLIC.contains(&route.as_str()) || route.starts_with("ANY /v1/");
                let wanted = if is_open { json!({"Authorizer": "NONE"}) } else { Value::Null };
                assert_eq!(properties["Auth"], wanted, "{route}");
                route
            })
            .collect();
        let (by_key, declared): (BTreeSet<String>, BTreeSet<_>) =
            declared.into_iter().partition(|route| route.starts_with("ANY /v1/"));
        assert_eq!(declared, routes(&part), "{function}");
        for route in &declared {
            let path = route.split_once(' ').unwrap().1.strip_prefix(api::BASE_PATH).unwrap();
            assert_eq!(by_key.iter().any(|key| takes(key, path)), !is_for_people(path), "{function}: {path}");
        }
    }
}

#[test]
fn every_route_needs_a_token() {
    let template = template();
    let auth = &template["Resources"]["Api"]["Properties"]["Auth"];
    let default = auth["DefaultAuthorizer"].as_str().unwrap();
    assert!(auth["Authorizers"][default].is_object());
}

#[test]
fn there_is_a_function_resource_for_each_folder() {
    let folders: BTreeSet<_> = fs::read_dir(root().join("functions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let template = template();
    let resources = template["Resources"].as_object().unwrap().values();
    let deployed: BTreeSet<_> = resources.filter_map(binary).map(ToOwned::to_owned).collect();
    assert_eq!(deployed, folders);
}

/// Returns the name of the binary that a resource runs, if it is a function.
fn binary(resource: &Value) -> Option<&str> {
    resource["Metadata"]["BuildProperties"]["Binary"].as_str()
}

#[test]
fn the_tests_use_the_table_of_the_template() {
    let template = template();
    let mut table = template["Resources"]["Table"]["Properties"].clone();
    let shape = testkit::table_shape();
    // The properties that matter to the tests.
    table["StreamSpecification"]["StreamEnabled"] = json!(true);
    for part in ["AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode", "StreamSpecification"] {
        assert_eq!(sorted(&table[part]), sorted(&shape[part]), "{part}");
    }
    assert_eq!(table["TimeToLiveSpecification"]["AttributeName"], "ttl");
}

#[test]
fn the_webhook_may_only_read_its_secret_and_queue_events() {
    let resources = &template()["Resources"];
    let function = &resources["StripeWebhookFunction"]["Properties"];
    assert_eq!(function["FunctionUrlConfig"], json!({"AuthType": "NONE"}));
    assert!(function["Events"].is_null(), "Stripe has no token, so it must not come through the gateway");
    assert!(!function["ReservedConcurrentExecutions"].is_null(), "anyone can call it");
    let statements = &resources["StripeWebhookRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
    let allowed: Vec<_> =
        statements.as_array().unwrap().iter().map(|allowed| (&allowed["Action"], &allowed["Resource"])).collect();
    let of = |resource: &str| json!({"!GetAtt": resource});
    assert_eq!(
        allowed,
        [
            (&json!(["logs:CreateLogStream", "logs:PutLogEvents"]), &of("StripeWebhookLogs.Arn")),
            (&json!("secretsmanager:GetSecretValue"), &of("StripeWebhookSecret.Id")),
            (&json!("sqs:SendMessage"), &of("StripeEventsQueue.Arn")),
        ]
    );
}

#[test]
fn runtime_api_may_only_use_its_key_and_items_of_workspaces() {
    let resources = &template()["Resources"];
    let function = &resources["RuntimeApiFunction"]["Properties"];
    assert_eq!(function["FunctionUrlConfig"], json!({"AuthType": "NONE"}));
    let statements = &resources["RuntimeApiRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
    let allowed: Vec<_> = statements.as_array().unwrap().iter().map(|allowed| &allowed["Action"]).collect();
    assert_eq!(
        allowed,
        [
            &json!(["logs:CreateLogStream", "logs:PutLogEvents"]),
            &json!(["dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]),
            &json!("dynamodb:PutItem"),
            &json!("secretsmanager:GetSecretValue"),
        ]
    );
    let keys = |index: usize| statements[index]["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"].clone();
    assert_eq!((keys(1), keys(2)), (json!(["WS#*"]), json!(["NOTICE#*", "OUTBOX#*"])));
    // The reconciler signs with the key that runtime-api verifies with.
    let secret = |function: &str| {
        let variables = &resources[function]["Properties"]["Environment"]["Variables"];
        variables["RUNTIME_TOKEN_SECRET_ARN"].clone()
    };
    assert_eq!(secret("RuntimeApiFunction"), secret("ReconcilerFunction"));
}

/// Invariant 8.
#[test]
fn dead_stripe_events_outlive_their_queue() {
    let resources = &template()["Resources"];
    let queue = |name: &str| resources[name]["Properties"].clone();
    let (events, dead) = (queue("StripeEventsQueue"), queue("StripeEventsDeadLetters"));
    assert_eq!((&events["FifoQueue"], &dead["FifoQueue"]), (&json!(true), &json!(true)));
    assert_eq!(events["RedrivePolicy"]["deadLetterTargetArn"], json!({"!GetAtt": "StripeEventsDeadLetters.Arn"}));
    let kept = |queue: &Value| queue["MessageRetentionPeriod"].as_u64().unwrap();
    assert!(kept(&dead) > kept(&events));
    // These secrets decide which events and answers of Stripe are trusted, so the stack never writes a known value into
    // them.
    for name in ["StripeWebhookSecret", "StripeApiKeySecret", "StripeReadKeySecret"] {
        assert!(queue(name)["SecretString"].is_null() && queue(name)["GenerateSecretString"].is_object(), "{name}");
    }
}

/// Returns the same value with lists in a fixed order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().map(sorted).collect();
            items.sort_by_key(ToString::to_string);
            Value::Array(items)
        }
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), sorted(value))).collect(),
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => scalar.clone(),
    }
}
