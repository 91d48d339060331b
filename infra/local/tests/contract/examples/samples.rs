//! Sample events and their recorded answers, from which the examples are built.

use crate::templates::root;
use serde_json::Value;
use std::fs;

/// Sample event of an HTTP function, with the answer that infra/bench/tests/events.rs has recorded.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// Name of the case.
    pub case: String,
    /// Method and path, as in access.txt.
    pub route: String,
    /// The event.
    pub event: Value,
    /// Status of the answer.
    pub status: u64,
    /// Body of the answer; null if it is empty.
    pub answer: Value,
}

/// Time of the examples.
pub(crate) const TIME: &str = "2026-11-21T12:00:00Z";

/// Reads all samples of the HTTP `functions`.
pub(crate) fn all<'a>(functions: impl Iterator<Item = &'a str>) -> Vec<Sample> {
    functions.flat_map(of).collect()
}

fn of(function: &str) -> Vec<Sample> {
    let answers = format!("infra/bench/tests/snapshots/events__{function}.snap");
    let answers = fs::read_to_string(root().join(&answers))
        .unwrap_or_else(|error| panic!("{answers}: {error}. The test `events` of the crate bench writes it"));
    let cases = answers.split("\n# ").skip(1).map(|text| text.split_once('\n').unwrap());
    let sample = |(case, answer): (&str, &str)| {
        let event = fs::read_to_string(root().join(format!("events/{function}/{case}.json"))).unwrap();
        let event: Value = serde_json::from_str(&event).unwrap();
        let answer: Value = serde_json::from_str(answer).unwrap();
        let route = event["routeKey"].as_str().unwrap().replace(api::BASE_PATH, "");
        let status = answer["statusCode"].as_u64().unwrap();
        let lines = answer["headers"]["content-type"] == "application/jsonl";
        let body = filled("", &answer["body"]);
        let answer = match body.as_array() {
            // The test recorded the values of the lines.
            Some(values) if lines => values.iter().map(|value| format!("{value}\n")).collect::<String>().into(),
            Some(_) | None if body == "" => Value::Null,
            Some(_) | None => body,
        };
        Sample { case: case.to_owned(), route, event, status, answer }
    };
    // What programs and services send is described by the routes of people.
    let is_of_the_document = |sample: &Sample| sample.event["routeKey"].as_str().unwrap().contains(api::BASE_PATH);
    cases.map(sample).filter(is_of_the_document).collect()
}

/// Returns `value` with a plausible value for each one that differs between runs and was therefore not recorded. `name`
/// is the field that it is in.
fn filled(name: &str, value: &Value) -> Value {
    match value {
        Value::String(text) => match text.as_str() {
            "<time>" => time(name).into(),
            "<day>" => "2026-11-21".into(),
            "<milliseconds>" => 87.into(),
            "<seconds>" => 42.into(),
            text => url(&parts(text)).into(),
        },
        Value::Array(values) => values.iter().map(|value| filled(name, value)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), filled(name, value))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Returns `text` with plausible ids, and the end and the MAC of a live ticket.
fn parts(text: &str) -> String {
    let text = text.replace("<fresh>", "01KB7D3Q8WZ5N2R4T6V8X0Y1A3").replace("<until>", "1795992782");
    text.replace("<mac>", "5pGtDKeb9shWGQe8qpKO6KaDSgu_6MvaBHVH61N0QEY")
}

/// Returns a time for the field `name`.
fn time(name: &str) -> &'static str {
    match name {
        "start" | "since" | "current_period_start" => "2026-11-01T00:00:00Z",
        "end" | "current_period_end" | "period_end" | "resets_at" | "renews_at" | "next_billing_date" | "cancel_at" => {
            "2026-12-01T00:00:00Z"
        }
        "expires_at" => "2026-11-28T12:00:00Z",
        "deadline" => "2026-11-21T12:05:00Z",
        _ => TIME,
    }
}

/// Returns Stripe's host in place of the stand-in's.
fn url(text: &str) -> String {
    let standin = "http://127.0.0.1:<port>";
    let hosts = [("/c/", "checkout"), ("/i/", "invoice"), ("/p/", "billing")];
    hosts.into_iter().fold(text.to_owned(), |text, (path, host)| {
        text.replace(&format!("{standin}{path}"), &format!("https://{host}.stripe.com{path}"))
    })
}
