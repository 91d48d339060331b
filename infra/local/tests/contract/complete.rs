//! Every part of the document is described, and every request and answer has an example. Redocly, which `npm run lint:api`
//! runs, holds the examples to their schemas.

use crate::{
    document::DOCUMENT,
    texts::{access, budgets},
};
use serde_json::Value;

/// Returns the document as JSON.
fn document() -> Value {
    serde_json::to_value(&*DOCUMENT).unwrap()
}

/// Calls `check` with the method and path of every operation, and the operation.
fn for_each_operation(check: impl Fn(&str, &Value)) {
    for (path, methods) in document()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            check(&format!("{} {path}", method.to_uppercase()), operation);
        }
    }
}

fn is_described(value: &Value) -> bool {
    value["description"].as_str().is_some_and(|text| text.len() > 1 && text.ends_with(['.', '>']))
}

#[test]
fn every_operation_is_described() {
    for_each_operation(|route, operation| {
        let summary = operation["summary"].as_str().unwrap();
        assert!(!summary.contains(['.', '\n']) && summary.starts_with(char::is_uppercase), "{route}: {summary}");
        assert!(is_described(operation), "{route}: {}", operation["description"]);
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(is_described(parameter), "{route}: {parameter}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(response["$ref"].is_string() || is_described(response), "{route} {status}");
            for (name, header) in response["headers"].as_object().into_iter().flatten() {
                assert!(is_described(header), "{route} {status} {name}");
            }
        }
    });
}

#[test]
fn every_component_and_field_is_described() {
    for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
        assert!(is_described(schema), "{name}");
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            assert!(is_described(schema), "{name}.{field}");
        }
    }
}

#[test]
fn every_body_has_an_example() {
    let has_example = |content: &Value| {
        let examples = content["examples"].as_object().is_some_and(|examples| !examples.is_empty());
        examples || !content["example"].is_null()
    };
    for_each_operation(|route, operation| {
        for (media, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            assert!(has_example(content), "{route}: {media}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            for (media, content) in response["content"].as_object().into_iter().flatten() {
                assert!(has_example(content), "{route} {status}: {media}");
            }
        }
    });
    for (name, response) in document()["components"]["responses"].as_object().unwrap() {
        assert!(response["content"].as_object().unwrap().values().all(has_example), "{name}");
    }
}

/// The codes are those that the test `access` has seen, and those of the recorded answers to sample events.
#[test]
fn every_refusal_that_tests_see_is_described() {
    let general = ["invalid_request", "workspace_not_found", "payments_unavailable"];
    for_each_operation(|route, operation| {
        let description = operation["description"].as_str().unwrap();
        let examples = operation["responses"]["4XX"]["content"]["application/problem+json"]["examples"].as_object();
        let recorded = examples.unwrap().values().filter_map(|example| example["value"]["code"].as_str());
        for code in access::codes(route).into_iter().chain(recorded).filter(|code| !general.contains(code)) {
            assert!(description.contains(&format!("`{code}`")), "{route}: {code}");
        }
    });
}

#[test]
fn the_introduction_has_the_limit_on_bodies() {
    let introduction = document()["info"]["description"].to_string();
    assert!(introduction.contains(&format!("{} KiB", api::MAX_BODY / 1024)), "{introduction}");
}

#[test]
fn budgets_name_operations_that_exist() {
    let document = document();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|methods| methods.as_object().unwrap().values());
    let ids: Vec<_> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    for operation in budgets::operations() {
        assert!(ids.contains(&operation), "{operation}");
    }
}
