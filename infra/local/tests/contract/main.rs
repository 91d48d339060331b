//! The API contract: openapi.json, the routers and the template agree, and the tests' table is the template's.

#![cfg(test)]

mod against_template;
mod complete;
mod document;
mod examples;
#[path = "../routes/functions.rs"]
#[expect(dead_code, reason = "the contract does not call the routers")]
mod functions;
mod live;
mod responses;
mod staff;
#[path = "../templates/mod.rs"]
mod templates;
mod texts;

use document::DOCUMENT;
use expect_test::expect_file;
use serde_json::json;
use std::collections::BTreeSet;
use templates::root;
use utoipa::openapi::OpenApi;

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
    let text = DOCUMENT.to_pretty_json().unwrap() + "\n";
    expect_file![root().join("openapi.json")].assert_eq(&text);
    assert!(text.contains(r#""openapi": "3.1.0""#));
}

/// Generated clients name their methods by the operation id.
#[test]
fn every_operation_has_an_id_of_its_own() {
    let document = serde_json::to_value(&*DOCUMENT).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.values().flat_map(|methods| methods.as_object().unwrap().values());
    let ids: Vec<_> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
}

#[test]
fn the_document_says_which_routes_need_no_token() {
    let document = serde_json::to_value(&*DOCUMENT).unwrap();
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
