//! Requests as the gateway sends them: payload 2.0 of an HTTP API, from the sample events or built here.

use crate::people::{ANA, Person};
use base64::{Engine, engine::general_purpose::STANDARD};
use lambda_http::{Context, RequestExt, request::LambdaRequest};
use serde_json::{Value, json};
use std::{fmt::Display, fs, path::Path};

/// Time until which a function may run, in milliseconds: the year 9999.
const END_OF_TIME: u64 = 253_370_764_800_000;

/// A request under construction.
#[derive(Debug, Clone)]
pub struct Request(Value);

impl Request {
    /// Reads the sample event `events/<name>.json`, a request.
    #[must_use]
    pub fn event(name: &str) -> Self {
        Self(Self::sample(name))
    }

    /// Reads the sample event `events/<name>.json` of any kind.
    #[must_use]
    pub fn sample(name: &str) -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(name).with_extension("json");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap()
    }

    /// Reads the sample event `events/<name>.json` of a queue, with messages of these bodies in place of its own. The ids
    /// of the messages are their numbers.
    #[must_use]
    pub fn batch(name: &str, bodies: impl IntoIterator<Item: ToString>) -> Value {
        let mut event = Self::sample(name);
        let record = event["Records"][0].clone();
        let records = bodies.into_iter().enumerate().map(|(number, body)| {
            let mut record = record.clone();
            record["messageId"] = json!(number.to_string());
            record["body"] = json!(body.to_string());
            record
        });
        event["Records"] = records.collect();
        event
    }

    /// Creates a request of Ana's with `method`, and a path below the base path with its query.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = format!("{}{path}", api::BASE_PATH);
        Self(json!({
            "version": "2.0",
            "routeKey": format!("{method} {path}"),
            "rawPath": path,
            "rawQueryString": query,
            "headers": {"content-type": "application/json"},
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "api",
                "domainName": "api.example.com",
                "authorizer": {"jwt": {"claims": ANA.claims(), "scopes": null}},
                "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7"},
                "requestId": "request",
                "routeKey": format!("{method} {path}"),
                "stage": "$default",
                "timeEpoch": 0,
            },
            "isBase64Encoded": false,
        }))
    }

    /// Sets the sender to `person`.
    #[must_use]
    pub fn by(self, person: &Person) -> Self {
        self.claims(person.claims())
    }

    /// Sets the sender to `person`, as one of the operator's staff.
    #[must_use]
    pub fn by_staff(self, person: &Person) -> Self {
        self.claims(person.staff_claims())
    }

    /// Sets the claims.
    #[must_use]
    pub fn claims(mut self, claims: Value) -> Self {
        self.0["requestContext"]["authorizer"]["jwt"]["claims"] = claims;
        self
    }

    /// Removes the token, as on a route that requires none.
    #[must_use]
    pub fn without_token(mut self) -> Self {
        self.0["requestContext"].as_object_mut().unwrap().remove("authorizer");
        self
    }

    /// Sends it as a program does: below the base path of programs, with the API key `token`.
    #[must_use]
    pub fn by_key(self, token: &str) -> Self {
        let mut request = self.without_token().header("authorization", format!("Bearer {token}"));
        let path = request.0["rawPath"].as_str().unwrap_or_default().replacen(api::BASE_PATH, api::KEY_PATH, 1);
        request.0["requestContext"]["http"]["path"] = path.clone().into();
        request.0["rawPath"] = path.into();
        request
    }

    /// Sets the AWS identity whose signature Lambda has verified, as at a function's URL that IAM guards.
    #[must_use]
    pub fn signed_by(mut self, arn: &str) -> Self {
        self.0["requestContext"]["authorizer"] = json!({"iam": {"userArn": arn}});
        self
    }

    /// Sets the workspace.
    #[must_use]
    pub fn within(self, workspace: impl Display) -> Self {
        self.header("x-workspace-id", workspace)
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Display) -> Self {
        self.0["headers"][name] = value.to_string().into();
        self
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, body: Value) -> Self {
        self.body(body)
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Display) -> Self {
        self.0["body"] = body.to_string().into();
        self
    }

    /// Sets the body to these bytes, in base64 as Lambda sends bodies that are not text.
    #[must_use]
    pub fn bytes(mut self, body: &[u8]) -> Self {
        self.0["isBase64Encoded"] = true.into();
        self.body(STANDARD.encode(body))
    }

    /// Sets the method and the complete path, for requests to a function's own URL.
    #[must_use]
    pub fn to(mut self, method: &str, path: &str) -> Self {
        self.0["rawPath"] = path.into();
        self.0["requestContext"]["http"]["method"] = method.into();
        self.0["requestContext"]["http"]["path"] = path.into();
        self
    }

    /// Sets the path below the base path and the query, without changes.
    #[must_use]
    pub fn at(mut self, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        self.0["rawPath"] = format!("{}{path}", api::BASE_PATH).into();
        self.0["rawQueryString"] = query.into();
        self
    }

    /// Returns the secret in the request, if it sets up an integration.
    pub(crate) fn secret(&self) -> Option<String> {
        let path = self.0["rawPath"].as_str().filter(|path| path.contains("/integrations/"));
        path.filter(|_| self.0["requestContext"]["http"]["method"] == "PUT")?;
        let body: Value = serde_json::from_str(self.0["body"].as_str()?).ok()?;
        body["secret"].as_str().map(ToOwned::to_owned)
    }

    pub(crate) fn into_http(self) -> lambda_http::Request {
        let event: LambdaRequest = serde_json::from_str(&self.0.to_string()).unwrap();
        let mut context = Context::default();
        context.deadline = END_OF_TIME;
        lambda_http::Request::from(api::normalized(event)).with_lambda_context(context)
    }
}
