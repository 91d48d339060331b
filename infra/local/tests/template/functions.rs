//! Settings of the functions, and their logs.

use crate::stack::{API, STACK, STAGE, target};
use local::{transform::transformed, workspace::Workspace};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn every_log_is_kept_for_as_long_as_is_set_and_no_longer() {
    let groups: BTreeSet<_> = STACK.of_type("AWS::Logs::LogGroup").map(|(id, _)| id).collect();
    for id in &groups {
        assert_eq!(STACK.properties(id)["RetentionInDays"], json!({ "Ref": "LogRetentionDays" }), "{id}");
    }
    // Lambda creates a log group without expiry if none is configured.
    let mut used = BTreeSet::from(["ApiLogs"]);
    for (id, function) in STACK.of_type("AWS::Lambda::Function") {
        let logging = &function["Properties"]["LoggingConfig"];
        assert_eq!(logging["LogFormat"], "JSON", "{id}");
        assert!(used.insert(target(&logging["LogGroup"]).unwrap()), "{id} shares a log group");
    }
    assert_eq!(used, groups);
    let runtime = crate::stack::nested("infra/runtime.yaml");
    assert_eq!(runtime["Logs"]["Properties"]["RetentionInDays"], json!({ "Ref": "LogRetentionDays" }));
}

#[test]
fn functions_run_on_what_is_set_and_are_traced() {
    for (id, function) in STACK.of_type("AWS::Lambda::Function") {
        let properties = &function["Properties"];
        assert_eq!(properties["Runtime"], "provided.al2023", "{id}");
        assert_eq!(properties["Architectures"], json!([{ "Ref": "Architecture" }]), "{id}");
        assert_eq!(properties["TracingConfig"]["Mode"], "Active", "{id}");
        assert!(properties["Timeout"].as_u64().is_some_and(|seconds| seconds <= 300), "{id}");
    }
}

#[test]
fn nobody_can_use_up_the_gateway_or_the_urls() {
    let stage = STACK.properties(STAGE);
    let settings = &stage["DefaultRouteSettings"];
    assert!(settings["ThrottlingRateLimit"].is_u64() && settings["ThrottlingBurstLimit"].is_u64(), "{settings}");
    let template = transformed(&Workspace::find().unwrap(), &[]).unwrap();
    for (function, condition, parameter) in [
        ("StripeWebhookFunction", "StripeWebhookBounded", "StripeWebhookConcurrency"),
        ("RuntimeApiFunction", "RuntimeApiBounded", "RuntimeApiConcurrency"),
    ] {
        let reserved = &STACK.properties(function)["ReservedConcurrentExecutions"];
        let wanted = json!({ "Fn::If": [condition, { "Ref": parameter }, { "Ref": "AWS::NoValue" }] });
        assert_eq!(*reserved, wanted, "{function}");
        let bounded = json!({ "Fn::Not": [{ "Fn::Equals": [{ "Ref": parameter }, "0"] }] });
        assert_eq!(template["Conditions"][condition], bounded, "{condition}");
    }
}

/// Name of any method in the document of the API.
const ANY_METHOD: &str = "x-amazon-apigateway-any-method";

/// Returns the key of a route.
fn route_key(method: &str, path: &str) -> String {
    let method = if method == ANY_METHOD { "ANY".to_owned() } else { method.to_uppercase() };
    format!("{method} {path}")
}

/// Routes without an ID token have lower throttling limits than all others. Those of programs admit what the largest plan
/// allows a key.
#[test]
fn only_links_and_programs_need_no_token_and_are_throttled() {
    let api = STACK.properties(API);
    let stage = STACK.properties(STAGE);
    let mut public = BTreeSet::new();
    for (path, methods) in api["Body"]["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let tokens = operation["security"].as_array().into_iter().flatten();
            let by_token = |scheme: &Value| scheme["IdToken"].is_array() || scheme["StaffToken"].is_array();
            if !tokens.into_iter().any(by_token) {
                public.insert(route_key(method, path));
            }
        }
    }
    let throttled = stage["RouteSettings"].as_object().unwrap();
    assert_eq!(public, throttled.keys().cloned().collect());
    let by_key = |route: &String| route.starts_with("ANY /v1/");
    assert!(public.iter().all(|route| by_key(route) || route.contains(" /api/v1/letters/")), "{public:?}");
    let most = testkit::PLANS.iter().map(|plan| plan.requests_per_minute).max().unwrap();
    for route in public.iter().filter(|route| by_key(route)) {
        assert!(throttled[route]["ThrottlingRateLimit"].as_u64() > Some(u64::from(most / 60)), "{route}");
    }
    let whole = &stage["DefaultRouteSettings"];
    for (route, settings) in throttled {
        for limit in ["ThrottlingRateLimit", "ThrottlingBurstLimit"] {
            assert!(settings[limit].as_u64() < whole[limit].as_u64() && settings[limit].is_u64(), "{route}: {limit}");
        }
    }
}

/// The dashboard reads the time, the version, the next page, the retry time and the request's id from headers.
#[test]
fn browsers_may_use_every_method_and_read_what_they_need() {
    let api = STACK.properties(API);
    let document = &api["Body"];
    let paths = document["paths"].as_object().unwrap().values();
    let methods = paths.flat_map(|methods| methods.as_object().unwrap().keys());
    let methods = methods.filter(|method| *method != ANY_METHOD).map(|method| method.to_uppercase());
    let cors = &document["x-amazon-apigateway-cors"];
    let listed = |name: &str| {
        cors[name].as_array().unwrap().iter().map(|entry| entry.as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(listed("allowMethods"), methods.collect());
    assert_eq!(
        listed("exposeHeaders"),
        ["apigw-requestid", "date", "etag", "link", "retry-after"].map(String::from).into()
    );
    // Those that operations of openapi.json take, and what a body needs.
    assert_eq!(
        listed("allowHeaders"),
        ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "x-workspace-id"]
            .map(String::from)
            .into()
    );
    assert_eq!(cors["maxAge"], 7200);
}

/// A path may contain an invitation's token, and a query anything.
///
/// Invariant 25.
#[test]
fn the_gateways_log_has_neither_token_nor_path() {
    let stage = STACK.properties(STAGE);
    let settings = &stage["AccessLogSettings"];
    assert_eq!(settings["DestinationArn"], json!({ "Fn::GetAtt": ["ApiLogs", "Arn"] }));
    let format = settings["Format"].as_str().unwrap();
    let logged: BTreeSet<_> = format.split("$context.").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(logged, BTreeSet::from(["requestId", "routeKey", "status", "responseLatency"]));
}
