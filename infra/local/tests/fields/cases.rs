//! Cases of a route: its valid request, and the request with each field replaced by each invalid value.

use super::{
    routes::Route,
    values::{in_bodies, in_headers, in_targets},
};
use domain::{
    integrations::reach::Ports,
    integrations::{Config, ConfigFieldErrors, IntegrationType},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use testkit::Request;

/// Request that may be invalid.
pub(crate) struct Case {
    /// Description of the case.
    pub(crate) what: String,
    /// The request.
    pub(crate) request: Request,
}

/// Valid request of a route, in parts.
#[derive(Debug, Clone)]
pub(crate) struct Plain {
    pub(crate) request: Request,
    /// Path and query, below the base path.
    pub(crate) target: String,
    pub(crate) body: Option<String>,
}

/// Placeholder in a body for a value to insert.
const PLACE: &str = "a place for a value";

/// Headers that a route may read without declaring them in its document. Commands are not sent with all of them, because
/// each such request would be carried out.
const HEADERS: [&str; 6] = ["Accept", "Authorization", "Content-Type", "Host", "If-Match", "X-Workspace-ID"];

/// Lists all cases of `route`.
pub(crate) fn of(document: &Value, route: &Route, plain: &Plain) -> Vec<Case> {
    let operation = &document["paths"][&route.path][route.method.to_lowercase()];
    let mut cases = Vec::new();
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let named = |place: &str| {
        let of = parameters.iter().filter(|parameter| parameter["in"] == place);
        of.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for name in named("path") {
        path(&mut cases, route, plain, &name);
    }
    for name in named("query") {
        query(&mut cases, plain, &name);
    }
    unknown(&mut cases, plain);
    let silent = HEADERS.iter().filter(|_| route.method == "GET").map(|name| (*name).to_owned());
    for name in named("header").into_iter().chain(silent).collect::<BTreeSet<_>>() {
        for (what, text) in in_headers() {
            let request = plain.request.clone().header(&name.to_lowercase(), text);
            cases.push(Case { what: format!("header {name}: {what}"), request });
        }
    }
    // The routes of e-mail links take a form that they do not read.
    if let Some(body) = plain.body.as_ref().filter(|_| !operation["requestBody"].is_null()) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        bodies(&mut cases, document, schema, plain, serde_json::from_str(body).unwrap());
    }
    cases
}

fn path(cases: &mut Vec<Case>, route: &Route, plain: &Plain, name: &str) {
    let (path, query) = plain.target.split_once('?').unwrap_or((&plain.target, ""));
    let with = |value: &str| {
        let parts = route.path.split('/').zip(path.split('/'));
        let parts = parts.map(|(named, given)| if named == format!("{{{name}}}") { value } else { given });
        plain.request.clone().at(&format!("{}?{query}", parts.collect::<Vec<_>>().join("/")))
    };
    for (what, text) in in_targets() {
        let value = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
        cases.push(Case { what: format!("path {name}: {what}"), request: with(&value) });
    }
    for (what, value) in
        [("not UTF-8", "%ff%fe"), ("half an escape", "%2"), ("quotes", "\"<>\\^`{|}"), ("unescaped", "é😀")]
    {
        cases.push(Case { what: format!("path {name}: {what}"), request: with(value) });
    }
}

fn query(cases: &mut Vec<Case>, plain: &Plain, name: &str) {
    let (path, query) = plain.target.split_once('?').unwrap_or((&plain.target, ""));
    let others: Vec<_> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&format!("{name}="))).collect();
    let others = others.join("&");
    let with = |pairs: &str| plain.request.clone().at(&format!("{path}?{others}&{pairs}"));
    for (what, text) in in_targets() {
        let value = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
        cases.push(Case { what: format!("query {name}: {what}"), request: with(&format!("{name}={value}")) });
    }
    for (what, pairs) in [
        ("not UTF-8", format!("{name}=%ff%fe")),
        ("half an escape", format!("{name}=%2")),
        ("twice", format!("{name}=1&{name}=1")),
        ("a thousand times", format!("{name}=1&").repeat(1_000)),
        ("unescaped", format!("{name}=\"<é>#[]")),
        ("without a value", name.to_owned()),
    ] {
        cases.push(Case { what: format!("query {name}: {what}"), request: with(&pairs) });
    }
}

/// Adds cases with parameters that no route has.
fn unknown(cases: &mut Vec<Case>, plain: &Plain) {
    let path = plain.target.split('?').next().unwrap_or_default();
    let many: Vec<_> = (0..2_000).map(|n| format!("f{n}=")).collect();
    for (what, query) in
        [("many", many.join("&")), ("one with a long name", "x".repeat(10_000)), ("bytes", "%00%ff=é\"".to_owned())]
    {
        let request = plain.request.clone().at(&format!("{path}?{query}"));
        cases.push(Case { what: format!("unknown parameters: {what}"), request });
    }
}

fn bodies(cases: &mut Vec<Case>, document: &Value, schema: &Value, plain: &Plain, body: Value) {
    let mut variants = vec![(String::new(), plain.request.clone(), body.clone(), Vec::new())];
    // The document does not describe the config of an integration: each type declares its own fields.
    if body.get("config").is_some() {
        for kind in IntegrationType::ALL {
            let mut body = body.clone();
            body["config"] = config(kind);
            let request = plain.request.clone().at(&format!("/integrations/{kind}"));
            variants.push((format!("{kind} "), request, body, vec!["config".to_owned()]));
        }
    }
    for (of, request, body, within) in variants {
        let mut places = vec![Vec::new()];
        walk(document, schema, &body, &mut Vec::new(), &mut places);
        // Only the config differs between types, so only its fields are tried for the further types.
        for place in
            places.into_iter().filter(|place| within.is_empty() || (place.starts_with(&within) && *place != within))
        {
            let name = place.join("/");
            let original = at(&body, &place).to_string();
            let mut with = |what: &str, json: &[u8]| {
                let mut marked = body.clone();
                put(&mut marked, &place, PLACE.into());
                let text = marked.to_string();
                let (before, after) = text.split_once(&format!("\"{PLACE}\"")).unwrap();
                let bytes = [before.as_bytes(), json, after.as_bytes()].concat();
                let what = format!("body {of}{name}: {what}");
                // A UTF-8 body is sent as it is, any other in base64.
                let request = match String::from_utf8(bytes) {
                    Ok(text) => request.clone().body(text),
                    Err(error) => request.clone().bytes(error.as_bytes()),
                };
                cases.push(Case { what, request });
            };
            for (what, json) in in_bodies() {
                with(what, &json);
            }
            if let Some(field) = place.last().filter(|field| field.parse::<usize>().is_err()) {
                with("twice", format!(r#"{original}, "{field}": {original}"#).as_bytes());
                with("unknown neighbours", format!(r#"{original}, "\u202e": 1, "\ud83d\ude00": 2, "": 3"#).as_bytes());
                let many: Vec<_> = (0..200).map(|n| format!(r#""f{n}": {n}"#)).collect();
                with("many unknown neighbours", format!("{original}, {}", many.join(", ")).as_bytes());
            }
        }
    }
}

/// Builds a config with all fields of `kind`, which the type lists in its answer to an unknown field.
fn config(kind: IntegrationType) -> Value {
    let asked = Map::from_iter([("?".to_owned(), Value::Null)]);
    let Err(ConfigFieldErrors(faults)) = Config::read(kind, &asked, &Ports::default()) else {
        panic!("{kind} knows ?")
    };
    let known = faults
        .iter()
        .find(|fault| fault.field == "?")
        .unwrap()
        .message
        .split("expected one of: ")
        .nth(1)
        .unwrap()
        .to_owned();
    known.split(", ").map(|field| (field.to_owned(), json!("x"))).collect::<Map<_, _>>().into()
}

/// Lists the places of all fields of `body`, and of the further fields in its schema.
fn walk(document: &Value, schema: &Value, body: &Value, here: &mut Vec<String>, places: &mut Vec<Vec<String>>) {
    let schema = resolved(document, schema);
    let mut fields: Vec<String> = match body {
        Value::Object(object) => object.keys().cloned().collect(),
        Value::Array(array) => (0..array.len().min(1)).map(|index| index.to_string()).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let documented = schema["properties"].as_object().into_iter().flat_map(Map::keys).cloned();
    fields.extend(documented.filter(|field| body.get(field).is_none()).collect::<Vec<_>>());
    for field in fields {
        here.push(field.clone());
        places.push(here.clone());
        let inner = if body.is_array() { &schema["items"] } else { &schema["properties"][&field] };
        walk(document, inner, at(body, &[field]), here, places);
        here.pop();
    }
}

/// Resolves a schema that is a reference, or an alternative with null.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/components/schemas/")) {
        return resolved(document, &document["components"]["schemas"][name]);
    }
    let one = schema["oneOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"));
    one.map_or(schema, |one| resolved(document, one))
}

fn at<'a>(body: &'a Value, place: &[String]) -> &'a Value {
    place.iter().fold(body, |value, step| match value {
        Value::Array(array) => step.parse().ok().and_then(|index: usize| array.get(index)).unwrap_or(&Value::Null),
        Value::Object(object) => object.get(step).unwrap_or(&Value::Null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => &Value::Null,
    })
}

fn put(body: &mut Value, place: &[String], value: Value) {
    let slot = place.iter().fold(body, |value, step| match step.parse::<usize>() {
        Ok(index) => &mut value[index],
        Err(_) => &mut value[step],
    });
    *slot = value;
}
