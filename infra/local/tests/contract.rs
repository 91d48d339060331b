//! The API contract: openapi.json, the routers and the template agree, and the tests' table is the template's.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "an unexpected value should fail the test")]

mod templates;

use expect_test::expect_file;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};
use templates::{root, template};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response, ResponseBuilder, ServerBuilder,
    schema::{ObjectBuilder, Type},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

/// Returns the documents of the HTTP functions, each with its folder's name.
fn parts() -> [(&'static str, OpenApi); 5] {
    [
        ("billing", billing::openapi()),
        ("doctor", doctor::openapi()),
        ("integrations", integrations::openapi()),
        ("team", team::openapi()),
        ("workspace", workspace::openapi()),
    ]
}

/// Builds the response by Berth, or by the gateway with a body of its own: a request without a token reaches no
/// function.
fn or_the_gateway(description: &str) -> Response {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let message = ObjectBuilder::new().property("message", text).required("message");
    ResponseBuilder::new()
        .description(description)
        .content("application/json", ContentBuilder::new().schema(Some(message)).build())
        .content(
            "application/problem+json",
            ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build(),
        )
        .build()
}

/// Builds the complete document.
fn document() -> OpenApi {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The ID token of the deployment's identity provider."))
        .build();
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Berth")
                .description(Some(
                    "The control plane of a SaaS company: workspaces, their teams, plans, runtimes and integrations.",
                ))
                .version(env!("CARGO_PKG_VERSION"))
                .license(Some(
                    utoipa::openapi::LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
                ))
                .build(),
        )
        .servers(Some([ServerBuilder::new().url(api::BASE_PATH).build()]))
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>("id_token", [])]))
        .build();
    for (_, part) in parts() {
        document.merge(part);
    }
    let shared = [
        ("401", "Unauthenticated", "No ID token, or none of the deployment's."),
        ("429", "TooMany", "Too many requests, or the workspace has used up a budget."),
    ];
    for item in document.paths.paths.values_mut() {
        let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in methods.into_iter().flatten() {
            let refer = |name: &str| RefOr::Ref(Ref::from_response_name(name));
            // A route without an ID token cannot answer that it is missing.
            let answers = shared.iter().filter(|(status, ..)| *status != "401" || operation.security.is_none());
            let answers: Vec<_> = answers.map(|(status, name, _)| ((*status).to_owned(), refer(name))).collect();
            operation.responses.responses.extend(answers);
        }
    }
    let responses = &mut document.components.get_or_insert_default().responses;
    responses.extend(shared.map(|(_, name, words)| (name.to_owned(), or_the_gateway(words).into())));
    document.components.get_or_insert_default().add_security_scheme("id_token", SecurityScheme::Http(token));
    document
}

/// Routes without an ID token: the links in e-mails, whose token is verified instead.
const PUBLIC: [&str; 3] =
    ["GET /api/v1/letters/stop/{token}", "POST /api/v1/letters/resume/{token}", "POST /api/v1/letters/stop/{token}"];

/// Returns the `METHOD path` of every operation.
fn routes(document: &OpenApi) -> BTreeSet<String> {
    let document = serde_json::to_value(document).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operation = |path: &str, method: &str| format!("{} {}{path}", method.to_uppercase(), api::BASE_PATH);
    paths
        .iter()
        .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(|method| operation(path, method)))
        .collect()
}

/// Run with `UPDATE_EXPECT=1` to rewrite openapi.json.
#[test]
fn the_committed_document_matches_the_routers() {
    let text = document().to_pretty_json().unwrap() + "\n";
    expect_file![root().join("openapi.json")].assert_eq(&text);
    assert!(text.contains(r#""openapi": "3.1.0""#));
}

/// Generated clients name their methods by the operation id.
#[test]
fn every_operation_has_an_id_of_its_own() {
    let document = serde_json::to_value(document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.values().flat_map(|methods| methods.as_object().unwrap().values());
    let ids: Vec<_> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
}

#[test]
fn the_template_has_each_functions_routes_and_no_others() {
    let template = template();
    for (function, part) in parts() {
        let resources = template["Resources"].as_object().unwrap();
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
                let wanted = if PUBLIC.contains(&route.as_str()) { json!({"Authorizer": "NONE"}) } else { Value::Null };
                assert_eq!(properties["Auth"], wanted, "{route}");
                route
            })
            .collect();
        assert_eq!(declared, routes(&part), "{function}");
    }
}

#[test]
fn the_document_says_which_routes_need_no_token() {
    let document = serde_json::to_value(document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let mut public = BTreeSet::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let open = !operation["security"].is_null();
            assert_eq!(operation["responses"]["401"].is_null(), open, "{method} {path}");
            if open {
                assert_eq!(operation["security"], json!([{}]), "{method} {path}");
                public.insert(format!("{} {}{path}", method.to_uppercase(), api::BASE_PATH));
            }
        }
    }
    assert!(public.iter().map(String::as_str).eq(PUBLIC), "{public:?}");
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
            &json!("secretsmanager:GetSecretValue"),
        ]
    );
    // The reconciler signs with the key that runtime-api verifies with.
    let secret = |function: &str| {
        let variables = &resources[function]["Properties"]["Environment"]["Variables"];
        variables["RUNTIME_TOKEN_SECRET_ARN"].clone()
    };
    assert_eq!(secret("RuntimeApiFunction"), secret("ReconcilerFunction"));
}

#[test]
fn invariant_8_dead_stripe_events_outlive_their_queue() {
    let resources = &template()["Resources"];
    let queue = |name: &str| resources[name]["Properties"].clone();
    let (events, dead) = (queue("StripeEventsQueue"), queue("StripeEventsDeadLetters"));
    assert_eq!((&events["FifoQueue"], &dead["FifoQueue"]), (&json!(true), &json!(true)));
    assert_eq!(events["RedrivePolicy"]["deadLetterTargetArn"], json!({"!GetAtt": "StripeEventsDeadLetters.Arn"}));
    let kept = |queue: &Value| queue["MessageRetentionPeriod"].as_u64().unwrap();
    assert!(kept(&dead) > kept(&events));
    // These secrets decide which events and answers of Stripe are trusted, so the stack never writes a known value into
    // them.
    for name in ["StripeWebhookSecret", "StripeApiKeySecret"] {
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
