//! asyncapi.json: the messages of live connections, from the types that are sent and read.

use crate::{templates::root, texts};
use expect_test::expect_file;
use serde_json::{Map, Value, json};
use shared::live::ClientMessage;
use utoipa::ToSchema;
use workers::live::LiveMessage;

/// Messages of one direction.
struct Messages {
    /// Names of the messages, and their schemas.
    variants: Vec<(String, Value)>,
    /// Schemas that they refer to.
    referred: Vec<(String, Value)>,
}

impl Messages {
    /// Reads the variants of an enum, which the field `tag` distinguishes.
    fn of<T: ToSchema>(tag: &str) -> Self {
        let schema = serde_json::to_value(T::schema()).unwrap();
        let variants = schema["oneOf"].as_array().unwrap().iter().map(|one| (name(one, tag), one.clone())).collect();
        let mut referred = Vec::new();
        T::schemas(&mut referred);
        let referred = referred.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap()));
        Self { variants, referred: referred.collect() }
    }

    fn references(&self, place: &str) -> Vec<Value> {
        self.variants.iter().map(|(name, _)| json!({ "$ref": format!("#/{place}/{name}") })).collect()
    }
}

/// Returns the value of `tag` in a variant.
fn name(variant: &Value, tag: &str) -> String {
    let parts = variant["allOf"].as_array().cloned().unwrap_or_else(|| vec![variant.clone()]);
    let names = parts.iter().filter_map(|part| part["properties"][tag]["enum"][0].as_str());
    names.map(ToOwned::to_owned).next().unwrap_or_else(|| panic!("no {tag}: {variant:#}"))
}

/// Removes what is next to a reference, which AsyncAPI does not allow.
fn without_siblings(schema: Value) -> Value {
    match schema {
        Value::Object(fields) if fields.contains_key("$ref") => json!({ "$ref": fields["$ref"] }),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, without_siblings(value))).collect(),
        Value::Array(values) => values.into_iter().map(without_siblings).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => schema,
    }
}

fn document() -> Value {
    let (sent, read) = (Messages::of::<LiveMessage>("type"), Messages::of::<ClientMessage>("action"));
    let mut messages = Map::new();
    for (name, schema) in sent.variants.iter().chain(&read.variants) {
        let mut payload = schema.clone();
        let text = payload.as_object_mut().unwrap().remove("description").unwrap_or_else(|| panic!("{name}"));
        let (title, rest) = text.as_str().unwrap().split_once(". ").unwrap_or((text.as_str().unwrap(), ""));
        let mut message =
            json!({ "name": name, "title": title.trim_end_matches('.'), "payload": without_siblings(payload) });
        if !rest.is_empty() {
            message["description"] = rest.into();
        }
        assert!(messages.insert(name.clone(), message).is_none(), "two messages are called {name}");
    }
    let names = messages.keys().map(|name| (name.clone(), json!({ "$ref": format!("#/components/messages/{name}") })));
    let names: Map<_, _> = names.collect();
    let schemas = sent.referred.iter().chain(&read.referred).cloned();
    let schemas: Map<_, _> = schemas.map(|(name, schema)| (name, without_siblings(schema))).collect();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Berth: live connections",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What happens in a workspace, as soon as it happens. docs/live.md describes the order of messages.",
            "contact": texts::contact(),
            "license": { "name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        "defaultContentType": "application/json",
        "servers": {
            "deployment": {
                "host": "{api}.execute-api.{region}.amazonaws.com",
                "pathname": "/live",
                "protocol": "wss",
                "description": "This deployment. `POST /notifications/ticket` answers with its address.",
                "variables": {
                    "api": { "description": "Id of the WebSocket API." },
                    "region": { "description": "Region of the deployment.", "default": "eu-central-1" },
                },
                "security": [{ "$ref": "#/components/securitySchemes/ticket" }],
            },
        },
        "channels": {
            "live": {
                "address": "/",
                "description": "The connection of one person to one workspace.",
                "servers": [{ "$ref": "#/servers/deployment" }],
                "messages": names,
                "bindings": { "ws": { "query": {
                    "type": "object",
                    "required": ["ticket"],
                    "properties": { "ticket": { "type": "string", "description": "A ticket, which opens one connection." } },
                } } },
            },
        },
        "operations": {
            "push": {
                "action": "send",
                "summary": "Messages to the client.",
                "channel": { "$ref": "#/channels/live" },
                "messages": sent.references("channels/live/messages"),
            },
            "take": {
                "action": "receive",
                "summary": "Messages of the client.",
                "channel": { "$ref": "#/channels/live" },
                "messages": read.references("channels/live/messages"),
            },
        },
        "components": {
            "messages": messages,
            "schemas": schemas,
            "securitySchemes": { "ticket": {
                "type": "httpApiKey",
                "name": "ticket",
                "in": "query",
                "description": "From `POST /notifications/ticket`. It is valid for half a minute.",
            } },
        },
    })
}

/// Run with `UPDATE_EXPECT=1` to rewrite asyncapi.json.
#[test]
fn the_committed_messages_match_the_types() {
    expect_file![root().join("asyncapi.json")].assert_eq(&format!("{:#}\n", document()));
}
