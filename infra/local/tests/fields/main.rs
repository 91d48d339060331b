//! Sends invalid values to every field of every route: each parameter and each field of a body in openapi.json is
//! replaced by values of other types, huge, deep, repeated and in odd Unicode. No answer is 5xx, answers are small, and
//! refused requests write nothing.

#![cfg(test)]

mod cases;
#[path = "../routes/mod.rs"]
mod routes;
mod stage;
mod values;

use cases::Case;
use routes::Route;
use serde_json::Value;
use stage::{Function, Stage};
use std::{collections::BTreeSet, fs, path::Path, thread};
use tokio::runtime::Builder;

/// Reads the committed openapi.json.
fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Sends every case of the routes of `function` and checks the properties of every answer.
async fn try_all(function: Function, routes: Vec<Route>) {
    assert!(!routes.is_empty(), "{} has no routes", function.name);
    let document = document();
    let mut stage = Stage::set(function).await;
    for route in routes {
        let plain = stage.plain(&route);
        let answer = stage.send(plain.request.clone()).await;
        let what = format!("{} {}", route.method, route.path);
        assert_ne!(answer.status.as_u16(), 400, "{what}: the sample event is not a valid request: {}", answer.body);
        stage = stage.again().await;
        for Case { what, request } in cases::of(&document, &route, &plain) {
            let what = format!("{} {}: {what}", route.method, route.path);
            let answer = stage.send(request).await;
            stage.assert_kept(&answer, &what);
            // An accepted request may affect the next one.
            if answer.status.is_success() && route.method != "GET" {
                stage = stage.again().await;
            }
        }
    }
}

/// Each function has a thread of its own.
#[test]
fn fields_of_every_function_are_refused_or_taken() {
    let threads: Vec<_> = routes::FUNCTIONS.iter().map(|function| thread::spawn(|| try_function(*function))).collect();
    let panics: Vec<_> = threads.into_iter().filter_map(|thread| thread.join().err()).collect();
    assert!(panics.is_empty(), "{} functions failed", panics.len());
}

fn try_function(function: routes::Function) {
    let routes = routes::all().into_iter().filter(|route| route.function.name == function.name).collect();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(try_all(function.into(), routes));
}

#[tokio::test]
async fn fields_of_runtime_api_are_refused_or_taken() {
    try_all(Function::runtime_api(), stage::runtime_api_routes()).await;
}

#[test]
fn every_operation_of_openapi_json_is_tried() {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    let documented: BTreeSet<_> = paths.iter().flat_map(of).collect();
    let tried: BTreeSet<_> = routes::all().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(tried, documented);
}
