//! Documented rules of each vendor for requests. Each function links to the vendor's page.

#![expect(clippy::indexing_slicing, reason = "indexing a JSON value by a missing key gives null")]

use crate::{Received, receiver::receiver, shown::shown_text};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::integrations::vendor::{DATADOG, DISCORD, GITHUB, MICROSOFT_TEAMS, PAGERDUTY, SENTRY, SLACK};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::Value;
use sha2::Sha256;

/// Checks a request at the time `now` and returns the status that the vendor answers. The webhook's receiver verifies
/// that each of these keys has signed and no other. Without keys it checks only the form.
///
/// # Errors
/// The vendor's objection.
pub fn check_request(request: &Received, keys: &[String], now: Timestamp) -> Result<u16, String> {
    require(request.method == "POST", "the method must be POST")?;
    let status = match receiver(request)? {
        Some(vendor) if vendor.kind == SLACK.kind => slack(request),
        Some(vendor) if vendor.kind == DISCORD.kind => discord(request),
        Some(vendor) if vendor.kind == MICROSOFT_TEAMS.kind => teams(request),
        Some(vendor) if vendor.kind == PAGERDUTY.kind => pagerduty(request),
        Some(vendor) if vendor.kind == DATADOG.kind => datadog(request),
        Some(vendor) if vendor.kind == SENTRY.kind => sentry(request),
        Some(vendor) if vendor.kind == GITHUB.kind => github(request),
        Some(vendor) => Err(format!("no rules of {}", vendor.kind)),
        None => webhook(request, keys, now),
    }?;
    shown_text(request)?;
    Ok(status)
}

fn require(holds: bool, rule: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(rule.to_owned()) }
}

fn json(request: &Received) -> Result<Value, String> {
    require(request.header("content-type") == "application/json", "content-type must be application/json")?;
    serde_json::from_str(&request.body).map_err(|error| error.to_string())
}

/// <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>
fn slack(request: &Received) -> Result<u16, String> {
    let body = json(request)?;
    let text = body["text"].as_str().unwrap_or_default().chars().count();
    require((1..=SLACK.limit("text")).contains(&text), "no_text")?;
    // A workflow takes the variables that it declares, as texts.
    // <https://docs.slack.dev/tools/slack-github-action/sending-techniques/sending-data-webhook-slack-workflow>
    let declared = request.target.starts_with("/services/") || body.as_object().is_some_and(|body| body.len() == 1);
    require(declared, "the workflow declares the variable text only")?;
    Ok(200)
}

/// <https://discord.com/developers/docs/resources/webhook#execute-webhook>
fn discord(request: &Received) -> Result<u16, String> {
    let body = json(request)?;
    let content = body["content"].as_str().unwrap_or_default().chars().count();
    require((1..=DISCORD.limit("content")).contains(&content), "content must have 1 to 2,000 characters")?;
    require(body["allowed_mentions"]["parse"] == serde_json::json!([]), "allowed_mentions.parse must be empty")?;
    Ok(204)
}

/// <https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>
fn teams(request: &Received) -> Result<u16, String> {
    let body = json(request)?;
    let attachment = &body["attachments"][0];
    require(body["type"] == "message", "type must be message")?;
    require(
        attachment["contentType"] == "application/vnd.microsoft.card.adaptive",
        "the attachment must be an adaptive card",
    )?;
    let card = &attachment["content"];
    require(card["type"] == "AdaptiveCard" && card["version"].is_string(), "the card must have a version")?;
    require(card["body"].as_array().is_some_and(|body| !body.is_empty()), "the card must have a body")?;
    require(request.body.len() <= MICROSOFT_TEAMS.limit("message"), "the message must have at most 28 KB")?;
    Ok(202)
}

/// <https://developer.pagerduty.com/docs/send-alert-event>, <https://developer.pagerduty.com/docs/send-change-event>
fn pagerduty(request: &Received) -> Result<u16, String> {
    let body = json(request)?;
    let key = body["routing_key"].as_str().unwrap_or_default();
    require(key.len() == PAGERDUTY.limit("routing_key"), "routing_key must have 32 characters")?;
    let payload = &body["payload"];
    let summary = payload["summary"].as_str().unwrap_or_default().chars().count();
    let summary =
        require((1..=PAGERDUTY.limit("payload.summary")).contains(&summary), "summary must have 1 to 1,024 characters");
    if request.target == "/v2/change/enqueue" {
        require(!key.starts_with('R'), "a ruleset takes no changes")?;
        return summary.map(|()| 202);
    }
    let (action, dedup) = (body["event_action"].as_str().unwrap_or_default(), body["dedup_key"].as_str());
    require(
        dedup.is_none_or(|key| key.len() <= PAGERDUTY.limit("dedup_key")),
        "dedup_key must have at most 255 characters",
    )?;
    match action {
        "trigger" => {}
        "acknowledge" | "resolve" => return require(dedup.is_some(), "dedup_key is required").map(|()| 202),
        _ => return Err("event_action must be trigger, acknowledge or resolve".to_owned()),
    }
    summary?;
    require(payload["source"].as_str().is_some_and(|source| !source.is_empty()), "source is required")?;
    let severity = payload["severity"].as_str().unwrap_or_default();
    require(
        ["critical", "error", "warning", "info"].contains(&severity),
        "severity must be critical, error, warning or info",
    )?;
    Ok(202)
}

/// <https://docs.datadoghq.com/api/latest/events/#post-an-event>
fn datadog(request: &Received) -> Result<u16, String> {
    let body = json(request)?;
    require(!request.header("dd-api-key").is_empty(), "DD-API-KEY is required")?;
    require(body["title"].is_string() && body["text"].is_string(), "title and text are required")?;
    for field in ["title", "text", "aggregation_key"] {
        let length = body[field].as_str().unwrap_or_default().chars().count();
        require(length <= DATADOG.limit(field), &format!("{field} is too long"))?;
    }
    require(body["date_happened"].is_i64(), "date_happened must be in seconds")?;
    require(["error", "warning", "info"].contains(&body["alert_type"].as_str().unwrap_or_default()), "alert_type")?;
    Ok(202)
}

/// <https://develop.sentry.dev/sdk/data-model/envelopes/>
fn sentry(request: &Received) -> Result<u16, String> {
    // Sentry of a customer's own may be below a path.
    let path: Vec<_> = request.target.split('/').rev().collect();
    require(matches!(path.as_slice(), ["", "envelope", _, "api", ..]), "/api/<project>/envelope/")?;
    require(
        request.header("content-type") == "application/x-sentry-envelope",
        "content-type must be application/x-sentry-envelope",
    )?;
    let auth = request.header("x-sentry-auth");
    require(auth.starts_with("Sentry sentry_version=7") && auth.contains("sentry_key="), "X-Sentry-Auth")?;
    let mut lines = request.body.split('\n');
    let mut next = || lines.next().and_then(|line| serde_json::from_str::<Value>(line).ok());
    let (header, item) = (next().ok_or("the envelope header is missing")?, next().ok_or("the item header is missing")?);
    let event = request.body.split('\n').nth(2).unwrap_or_default();
    require(item["length"] == event.len(), "length must be the payload's size in bytes")?;
    let event: Value = serde_json::from_str(event).map_err(|error| error.to_string())?;
    let id = event["event_id"].as_str().unwrap_or_default();
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    require(id.len() == 32 && id.bytes().all(hexadecimal), "event_id must have 32 hexadecimal digits")?;
    require(header["event_id"] == id, "the header must have the event's id")?;
    require(["error", "warning", "info"].contains(&event["level"].as_str().unwrap_or_default()), "level")?;
    // Sentry drops others without a word. <https://docs.sentry.io/platforms/rust/configuration/environments/>
    let environment = event["environment"].as_str().unwrap_or_default();
    let fits = environment.chars().count() <= SENTRY.limit("environment") && environment != "None";
    require(fits && !environment.contains(|c: char| c == '/' || c.is_whitespace()), "environment")?;
    Ok(200)
}

/// <https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event>
fn github(request: &Received) -> Result<u16, String> {
    let body = json(request)?;
    require(request.header("authorization").starts_with("Bearer "), "a bearer token is required")?;
    require(request.header("accept") == "application/vnd.github+json", "accept must be the recommended media type")?;
    // <https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent>
    require(!request.header("user-agent").is_empty(), "User-Agent is required")?;
    let kind = body["event_type"].as_str().unwrap_or_default();
    require((1..=GITHUB.limit("event_type")).contains(&kind.len()), "event_type must have 1 to 100 characters")?;
    let payload = body["client_payload"].as_object().map_or(0, serde_json::Map::len);
    require(payload <= GITHUB.limit("client_payload"), "client_payload must have at most 10 properties")?;
    Ok(204)
}

/// <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
fn webhook(request: &Received, keys: &[String], now: Timestamp) -> Result<u16, String> {
    let body = json(request)?;
    require(body["type"].is_string() && body["data"].is_object(), "type and data are required")?;
    require(body["timestamp"].as_str().is_some_and(|at| at.parse::<Timestamp>().is_ok()), "timestamp")?;
    let (id, at) = (request.header("webhook-id"), request.header("webhook-timestamp"));
    require(!id.is_empty() && !id.contains('.'), "webhook-id")?;
    let sent = at.parse::<i64>().map_err(|_| "webhook-timestamp must be in seconds".to_owned())?;
    require((now.as_second() - sent).abs() < 300, "webhook-timestamp must be current")?;
    let signatures: Vec<_> = request.header("webhook-signature").split(' ').collect();
    for key in keys {
        let decoded = key.strip_prefix("whsec_").and_then(|key| STANDARD.decode(key).ok());
        let bytes = decoded.unwrap_or_else(|| key.clone().into());
        let mac = Hmac::<Sha256>::new_from_slice(&bytes).map_err(|error| error.to_string())?;
        let mac = mac.chain_update(format!("{id}.{at}.{}", request.body)).finalize().into_bytes();
        let wanted = format!("v1,{}", STANDARD.encode(mac));
        require(signatures.contains(&wanted.as_str()), "every key must have signed")?;
    }
    require(keys.is_empty() || keys.len() == signatures.len(), "no other key may have signed")?;
    Ok(200)
}
