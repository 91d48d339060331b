//! Client for the four AWS wire protocols that the local cloud uses, with requests signed for the emulator. It does
//! without an SDK, because a few calls do not justify one.

mod services;
mod sign;
pub mod users;

pub use services::{COGNITO, DYNAMODB, ECS, JsonService, KMS, LOGS, SECRETS, SQS};

use crate::{Error, Result, clock, settings::PORT};
use serde_json::Value;
use std::time::Duration;
use ureq::{
    Agent,
    http::{Request, Response},
};

/// Client of the emulator that acts as the root user of its account.
#[derive(Clone, Debug)]
pub struct Aws {
    agent: Agent,
    port: u16,
}

/// Creates an HTTP agent that returns every status as a response and uses no proxy, because all its targets are on this
/// machine.
#[must_use]
pub fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).proxy(None).max_redirects(0);
    config.timeout_global(Some(Duration::from_secs(60))).build().into()
}

impl Aws {
    /// Creates a client of the emulator on `port`.
    #[must_use]
    pub fn on(port: u16) -> Self {
        Self { agent: agent(), port }
    }

    /// Creates a client of the emulator at this address.
    #[must_use]
    pub fn at(endpoint_url: &str) -> Self {
        let port = endpoint_url.rsplit(':').next().and_then(|port| port.parse().ok());
        Self::on(port.unwrap_or(PORT))
    }

    /// Returns the base URL of all services.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Calls an action of a JSON service.
    pub fn json(&self, service: JsonService, action: &str, body: &Value) -> Result<Value> {
        let target = format!("{}.{action}", service.target);
        let kind = format!("application/x-amz-json-{}", service.version);
        let headers = [("x-amz-target", target.as_str()), ("content-type", &kind)];
        let answer = self.send(service.name, action, "POST", "/", &headers, body.to_string().into_bytes())?;
        Ok(serde_json::from_str(&answer).unwrap_or(Value::Null))
    }

    /// Calls an action of a Query service (CloudFormation, IAM). The answer is XML.
    pub fn query(&self, service: &str, version: &str, action: &str, parameters: &[(String, String)]) -> Result<String> {
        let mut form = format!("Action={action}&Version={version}");
        for (name, value) in parameters {
            form.push_str(&format!("&{}={}", sign::encode(name), sign::encode(value)));
        }
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send(service, action, "POST", "/", &headers, form.into_bytes())
    }

    /// Calls a REST service that takes JSON (API Gateway, SES v2, Lambda).
    pub fn rest(&self, service: &str, method: &str, path: &str, body: &Value) -> Result<Value> {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = self.send(service, path, method, path, &[("content-type", "application/json")], body)?;
        Ok(serde_json::from_str(&answer).unwrap_or(Value::Null))
    }

    /// Creates a bucket, or an object in one.
    pub fn put(&self, path: &str, bytes: Vec<u8>) -> Result<()> {
        self.put_with(path, bytes, &[])
    }

    /// Creates an object with these headers.
    pub fn put_with(&self, path: &str, bytes: Vec<u8>, headers: &[(&str, &str)]) -> Result<()> {
        self.send("s3", "Put", "PUT", path, headers, bytes).map(drop)
    }

    /// Returns true if the object exists.
    pub fn has(&self, path: &str) -> Result<bool> {
        match self.send("s3", "Head", "HEAD", path, &[], Vec::new()) {
            Ok(_) => Ok(true),
            Err(Error::Refused { status: 404, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn send(
        &self,
        service: &str,
        action: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<String> {
        let url = format!("{}{path}", self.endpoint());
        let signed = sign::headers(service, method, path, &format!("127.0.0.1:{}", self.port), clock::now());
        let mut request = Request::builder().method(method).uri(&url);
        for (name, value) in headers.iter().copied().chain(signed.iter().map(|(name, value)| (*name, value.as_str()))) {
            request = request.header(name, value);
        }
        let request =
            request.body(body).map_err(|error| Error::lacks(format!("a request to {url}"), error.to_string()))?;
        let transport = |source| Error::Transport { url: url.clone(), source: Box::new(source) };
        let mut answer = self.agent.run(request).map_err(transport)?;
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_string().map_err(transport)?;
        if answer.status().is_success() {
            Ok(text)
        } else {
            Err(refused(&format!("{service} {action}"), &answer, &text))
        }
    }
}

/// Reads the error of a refused call, which is JSON or XML independently of the service's protocol.
fn refused<B>(call: &str, answer: &Response<B>, text: &str) -> Error {
    let json: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let field = |names: [&str; 2]| names.iter().find_map(|name| json.get(name)?.as_str().map(str::to_owned));
    let element = |name: &str| {
        let document = roxmltree::Document::parse(text).ok()?;
        document
            .descendants()
            .find(|node| node.has_tag_name(name) || node.tag_name().name() == name)?
            .text()
            .map(str::to_owned)
    };
    let header = answer.headers().get("x-amzn-errortype").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let code = field(["__type", "code"]).or(header).or_else(|| element("Code")).unwrap_or_default();
    Error::Refused {
        call: call.to_owned(),
        status: answer.status().as_u16(),
        code: code.rsplit('#').next().unwrap_or_default().to_owned(),
        message: field(["message", "Message"]).or_else(|| element("Message")).unwrap_or_default(),
    }
}
