//! Lists received requests, as a page for people and as JSON for programs.

use html_escape::encode_safe;
use jiff::Timestamp;
use receivers::Received;
use serde_json::{Value, json};

/// Headers with secret values.
const SECRET: [&str; 3] = ["authorization", "dd-api-key", "x-sentry-auth"];

pub(crate) fn html<'a>(log: impl Iterator<Item = &'a (Timestamp, Received)>) -> String {
    let rows: String = log
        .map(|(at, request)| {
            let objection = request.objection.as_deref().unwrap_or("accepted");
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td><pre>{}</pre></td></tr>",
                at.strftime("%H:%M:%S"),
                encode_safe(&request.host),
                encode_safe(objection),
                encode_safe(&pretty(request)),
            )
        })
        .collect();
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"3\">\
         <title>Receivers</title><style>body{{font:14px sans-serif;margin:2em}}td{{padding:.3em 1em;vertical-align:top;\
         border-top:1px solid #ccc}}pre{{margin:0;white-space:pre-wrap}}</style></head><body>\
         <h1>Deliveries to integrations</h1>\
         <table><tr><th>time</th><th>host</th><th>vendor's answer</th><th>body</th></tr>{rows}</table></body></html>"
    );
    whole("text/html; charset=utf-8", &body)
}

pub(crate) fn json<'a>(log: impl Iterator<Item = &'a (Timestamp, Received)>) -> String {
    let all: Vec<_> = log
        .map(|(at, request)| {
            let headers = request.headers.iter().filter(|(name, _)| !SECRET.contains(&name.as_str()));
            json!({
                "at": at,
                "host": request.host,
                "headers": headers.map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect::<serde_json::Map<_, _>>(),
                "body": request.body,
                "objection": request.objection,
            })
        })
        .collect();
    whole("application/json", &Value::from(all).to_string())
}

/// Formats JSON with indentation, and returns other bodies as they are.
fn pretty(request: &Received) -> String {
    serde_json::from_str::<Value>(&request.body).map_or_else(|_| request.body.clone(), |json| format!("{json:#}"))
}

pub(crate) fn whole(kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}
