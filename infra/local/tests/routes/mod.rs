//! Routes of the HTTP functions, each with its plainest sample event, for tests of all routes.

mod functions;

pub(crate) use functions::{FUNCTIONS, Function};

use serde_json::Value;
use std::{fs, path::PathBuf};
use testkit::Request;

/// Ids in the sample events.
pub(crate) const SAMPLE_MEMBER: &str = "usr_01K9ZX3V8Q4M7N2P5R6S8T9W0X";
pub(crate) const SAMPLE_KEY: &str = "key_01K9ZX3V8Q4M7N2P5R6S8T9W12";
pub(crate) const SAMPLE_INVITATION: &str = "inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Z";

/// Route, with the content of its sample event.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    /// Function that answers.
    pub(crate) function: Function,
    /// HTTP method.
    pub(crate) method: String,
    /// Path in openapi.json.
    pub(crate) path: String,
    /// Path and query of the sample, below the base path.
    pub(crate) target: String,
    /// Body of the sample.
    pub(crate) body: Option<String>,
}

/// Lists all routes of [`FUNCTIONS`], by path and method.
pub(crate) fn all() -> Vec<Route> {
    of(FUNCTIONS)
}

/// Lists all routes of `functions`, by path and method.
pub(crate) fn of(functions: &[Function]) -> Vec<Route> {
    let mut routes = Vec::new();
    for &function in functions {
        let document = serde_json::to_value((function.document)()).unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                let method = method.to_uppercase();
                let event = sample(function.name, &method, path);
                let target = event["rawPath"].as_str().unwrap().strip_prefix(api::BASE_PATH).unwrap();
                let query = event["rawQueryString"].as_str().filter(|query| !query.is_empty());
                let target = query.map_or_else(|| target.to_owned(), |query| format!("{target}?{query}"));
                let body = event["body"].as_str().map(ToOwned::to_owned);
                routes.push(Route { function, method, path: path.clone(), target, body });
            }
        }
    }
    routes.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    routes
}

/// Returns the plainest sample event of a route: the one with the shortest name.
fn sample(function: &str, method: &str, path: &str) -> Value {
    let key = format!("{method} {}{path}", api::BASE_PATH);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../events").join(function);
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let names = names.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    let events = names.map(|name| (name.len(), Request::sample(&format!("{function}/{name}"))));
    let events = events.filter(|(_, event)| event["routeKey"] == key.as_str());
    let plainest = events.min_by_key(|(length, _)| *length).map(|(_, event)| event);
    plainest.unwrap_or_else(|| panic!("events/{function} has no event for {key}"))
}
