//! Gap in the emulator: it creates an HTTP API but ignores the OpenAPI document in which SAM declares routes, authorizer
//! and CORS. This module creates them from that document.

use crate::{
    Error, Result,
    aws::Aws,
    settings::{ACCOUNT, API_ID, LIVE_API_ID, REGION},
    template::{
        intrinsics::Names,
        stack::{NAME, Stack},
    },
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Logical id of the HTTP API.
const API: &str = "Api";

/// Address of the API.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    /// Address that every resolver knows.
    pub(crate) url: String,
    /// Host name of the gateway.
    pub(crate) host: String,
}

/// Route: its key, the function's invocation address, and the authorizer's name.
type Route = (String, String, Option<String>);

/// Configures the HTTP API of the stack as its document declares, and checks that it refuses requests without a token.
pub(crate) fn complete(aws: &Aws, stack: &Stack) -> Result<Gateway> {
    let api = stack.resources.get(API).ok_or_else(|| Error::lacks("the stack", API))?;
    let document = stack.template.pointer(&format!("/Resources/{API}/Properties/Body"));
    let document = document.ok_or_else(|| Error::lacks(API, "document"))?;
    let document = resolve(stack, document)?;
    let wanted = routes(&document)?;
    let wires = Wires { aws, api };
    if wires.current()? != wanted {
        wires.rebuild(&document, &wanted)?;
    }
    if let Some(cors) = document.get("x-amazon-apigateway-cors") {
        wires.call("PATCH", "", &json!({ "corsConfiguration": cors }))?;
    }
    let gateway = Gateway { url: aws.endpoint(), host: format!("{api}.execute-api.localhost:{}", port(aws)) };
    refuses_strangers(&gateway, &wanted)?;
    Ok(gateway)
}

/// Returns the origin at which the dashboard calls the API of an emulator on `port`. Browsers resolve every name below
/// localhost.
pub(crate) fn origin(port: u16) -> String {
    format!("http://{API_ID}.execute-api.localhost:{port}")
}

/// Returns the address at which clients open live connections to an emulator on `port`. Every resolver knows it.
pub(crate) fn live_url(port: u16) -> String {
    format!("ws://127.0.0.1:{port}/_aws/execute-api/{LIVE_API_ID}/live")
}

/// Returns the address at which functions reach these connections.
pub(crate) fn live_endpoint(aws: &Aws) -> String {
    format!("{}/_aws/execute-api/{LIVE_API_ID}/live", aws.endpoint())
}

fn port(aws: &Aws) -> String {
    aws.endpoint().rsplit(':').next().unwrap_or_default().to_owned()
}

fn resolve(stack: &Stack, document: &Value) -> Result<Value> {
    let none = Map::new();
    let pseudo = [
        ("Region", REGION),
        ("AccountId", ACCOUNT),
        ("Partition", "aws"),
        ("URLSuffix", "amazonaws.com"),
        ("StackName", NAME),
    ];
    let pseudo = pseudo.map(|(name, value)| (format!("AWS::{name}"), value.to_owned())).into();
    let names = Names {
        parameters: &stack.parameters,
        resources: &stack.resources,
        arns: &stack.arns(),
        pseudo: &pseudo,
        conditions: stack.template.get("Conditions").and_then(Value::as_object).unwrap_or(&none),
    };
    names.resolve(document)?.ok_or_else(|| Error::lacks("the HTTP API", "document"))
}

/// Reads the routes of an OpenAPI document with API Gateway's extensions.
/// Name of any method in the document of the API.
const ANY_METHOD: &str = "x-amazon-apigateway-any-method";

fn routes(document: &Value) -> Result<BTreeSet<Route>> {
    let paths =
        document.get("paths").and_then(Value::as_object).ok_or_else(|| Error::lacks("the HTTP API", "paths"))?;
    let operations = paths
        .iter()
        .flat_map(|(path, methods)| methods.as_object().into_iter().flatten().map(move |(m, o)| (path, m, o)));
    operations
        .map(|(path, method, operation)| {
            let method = if method == ANY_METHOD { "ANY".to_owned() } else { method.to_uppercase() };
            let key = format!("{method} {path}");
            let uri = operation.pointer("/x-amazon-apigateway-integration/uri").and_then(Value::as_str);
            let uri = uri.ok_or_else(|| Error::lacks(&key, "integration"))?.to_owned();
            let authorizer =
                operation.pointer("/security/0").and_then(Value::as_object).and_then(|names| names.keys().next());
            Ok((key, uri, authorizer.filter(|name| *name != "NONE").cloned()))
        })
        .collect()
}

/// Client of the apigatewayv2 API for one API.
struct Wires<'a> {
    aws: &'a Aws,
    api: &'a str,
}

impl Wires<'_> {
    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        self.aws.rest("apigateway", method, &format!("/v2/apis/{}{path}", self.api), body)
    }

    fn list(&self, what: &str) -> Result<Vec<Value>> {
        let answer = self.call("GET", what, &Value::Null)?;
        Ok(answer.get("items").and_then(Value::as_array).cloned().unwrap_or_default())
    }

    fn create(&self, what: &str, id: &str, body: &Value) -> Result<String> {
        self.call("POST", what, body)?
            .get(id)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| Error::lacks(what, id))
    }

    /// Lists the existing routes.
    fn current(&self) -> Result<BTreeSet<Route>> {
        let field = |item: &Value, name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let by_id = |items: Vec<Value>, id: &str, value: &str| -> BTreeMap<String, String> {
            items.iter().map(|item| (field(item, id), field(item, value))).collect()
        };
        let uris = by_id(self.list("/integrations")?, "integrationId", "integrationUri");
        let authorizers = by_id(self.list("/authorizers")?, "authorizerId", "name");
        let route = |route: &Value| {
            let target = field(route, "target");
            let uri = target.strip_prefix("integrations/").and_then(|id| uris.get(id)).cloned().unwrap_or_default();
            (field(route, "routeKey"), uri, authorizers.get(&field(route, "authorizerId")).cloned())
        };
        Ok(self.list("/routes")?.iter().map(route).collect())
    }

    fn rebuild(&self, document: &Value, wanted: &BTreeSet<Route>) -> Result<()> {
        for (what, id) in [("/routes", "routeId"), ("/integrations", "integrationId"), ("/authorizers", "authorizerId")]
        {
            for item in self.list(what)? {
                let id = item.get(id).and_then(Value::as_str).unwrap_or_default();
                self.call("DELETE", &format!("{what}/{id}"), &Value::Null)?;
            }
        }
        let authorizers = self.authorizers(document)?;
        let mut integrations = BTreeMap::new();
        for (key, uri, authorizer) in wanted {
            if !integrations.contains_key(uri) {
                let integration =
                    json!({ "integrationType": "AWS_PROXY", "integrationUri": uri, "payloadFormatVersion": "2.0" });
                integrations.insert(uri, self.create("/integrations", "integrationId", &integration)?);
            }
            let target = integrations.get(uri).map(|id| format!("integrations/{id}"));
            let mut route = json!({ "routeKey": key, "target": target });
            if let (Some(name), Some(route)) = (authorizer, route.as_object_mut()) {
                let id =
                    authorizers.get(name).ok_or_else(|| Error::lacks("the HTTP API", format!("authorizer {name}")))?;
                route.insert("authorizationType".to_owned(), json!("JWT"));
                route.insert("authorizerId".to_owned(), json!(id));
            }
            self.create("/routes", "routeId", &route)?;
        }
        Ok(())
    }

    fn authorizers(&self, document: &Value) -> Result<BTreeMap<String, String>> {
        let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
        let mut made = BTreeMap::new();
        for (name, scheme) in schemes.into_iter().flatten() {
            let jwt = scheme.get("x-amazon-apigateway-authorizer").ok_or_else(|| Error::lacks(name, "authorizer"))?;
            let authorizer = json!({
                "name": name,
                "authorizerType": "JWT",
                "identitySource": [jwt.get("identitySource")],
                "jwtConfiguration": jwt.get("jwtConfiguration"),
            });
            made.insert(name.clone(), self.create("/authorizers", "authorizerId", &authorizer)?);
        }
        Ok(made)
    }
}

/// Fails if the gateway answers a request without a token, because local tests of permissions would then prove nothing.
fn refuses_strangers(gateway: &Gateway, routes: &BTreeSet<Route>) -> Result<()> {
    let guarded = routes.iter().filter(|(.., authorizer)| authorizer.is_some());
    let Some(path) = guarded.filter_map(|(key, ..)| key.strip_prefix("GET ")).next() else { return Ok(()) };
    let url = format!("{}{path}", gateway.url);
    let answer = crate::aws::agent().get(&url).header("host", &gateway.host).call();
    let status = answer.map_err(|source| Error::Transport { url, source: Box::new(source) })?.status().as_u16();
    if status == 401 { Ok(()) } else { Err(Error::GatewayOpen { status }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_of_a_document() {
        let operation =
            |security: Value| json!({ "x-amazon-apigateway-integration": { "uri": "team" }, "security": security });
        let document = json!({ "paths": {
            "/members": { "get": operation(json!([{ "IdToken": [] }])) },
            "/keys": { ANY_METHOD: operation(json!([{ "NONE": [] }])) },
            "/plans": { "get": operation(json!([{ "NONE": [] }])), "post": operation(Value::Null) },
        } });
        let found: Vec<String> =
            routes(&document).unwrap().iter().map(|(key, uri, by)| format!("{key} {uri} {by:?}")).collect();
        assert_eq!(
            found,
            [
                "ANY /keys team None",
                r#"GET /members team Some("IdToken")"#,
                "GET /plans team None",
                "POST /plans team None",
            ]
        );
    }
}
