//! Client of the API as any customer could write it, and the users.

use crate::traces;
use local::{
    aws::{self, Aws, DYNAMODB},
    cloud::Cloud,
    outputs::Outputs,
    users::{self, Tokens, User},
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use ureq::{Agent, http::Request};

/// Everything that the steps need.
pub(crate) struct World {
    pub(crate) aws: Aws,
    pub(crate) outputs: Outputs,
    pub(crate) ana: Tokens,
    pub(crate) ben: Tokens,
    pub(crate) stranger: Tokens,
    /// Folder of the cloud's files.
    pub(crate) state: PathBuf,
    agent: Agent,
}

impl World {
    pub(crate) fn new(cloud: &Cloud, state: &Path) -> Self {
        let (aws, outputs) = (cloud.aws(), cloud.outputs.clone());
        let stranger = User::called("Cleo");
        users::create(&aws, &outputs.user_pool_id, &stranger).unwrap();
        let sign_in = |user: &User| users::sign_in(&aws, &outputs.user_pool_client_id, user).unwrap();
        let [ana, ben] = outputs.users.as_slice() else { panic!("Ana and Ben") };
        let (ana, ben, stranger) = (sign_in(ana), sign_in(ben), sign_in(&stranger));
        Self { aws, outputs, ana, ben, stranger, state: state.to_owned(), agent: aws::agent() }
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> Call<'_> {
        self.call("POST", path)
    }

    pub(crate) fn put(&self, path: &str) -> Call<'_> {
        self.call("PUT", path)
    }

    pub(crate) fn call(&self, method: &'static str, path: &str) -> Call<'_> {
        Call { world: self, method, path: format!("/api/v1{path}"), headers: Vec::new(), body: Vec::new() }
    }

    /// Calls the API where programs do.
    pub(crate) fn program(&self, method: &'static str, path: &str) -> Call<'_> {
        Call { path: format!("/v1{path}"), ..self.call(method, path) }
    }

    /// Returns the e-mail address that the user signs in with.
    pub(crate) fn address(&self, name: &str) -> String {
        User::called(name).email
    }

    /// Reads every item of the table.
    pub(crate) fn table(&self) -> Vec<Value> {
        let scan = json!({ "TableName": self.outputs.table_name, "ConsistentRead": true });
        let answer = self.aws.json(DYNAMODB, "Scan", &scan).unwrap();
        assert!(answer.get("LastEvaluatedKey").is_none(), "the table outgrew one page");
        let mut items = answer["Items"].as_array().unwrap().clone();
        items.sort_by_key(Value::to_string);
        items
    }

    /// Asserts that `act` does not change the table.
    pub(crate) fn unchanged(&self, act: impl FnOnce()) {
        let before = traces::settled(self);
        act();
        assert_eq!(self.table(), before, "something was written");
    }
}

/// Request that is being built.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    world: &'a World,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds the user's ID token.
    pub(crate) fn by(self, tokens: &Tokens) -> Self {
        self.bearer(&tokens.id)
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Names the workspace.
    pub(crate) fn to(self, workspace: &str) -> Self {
        self.header("x-workspace-id", workspace)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.text(&body.to_string())
    }

    pub(crate) fn text(mut self, body: &str) -> Self {
        self.body = body.as_bytes().to_vec();
        self.header("content-type", "application/json")
    }

    pub(crate) fn send(self) -> Answer {
        let url = format!("{}{}", self.world.outputs.api_url, self.path);
        let mut request = Request::builder().method(self.method).uri(url).header("host", &self.world.outputs.api_host);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let mut answer = self.world.agent.run(request.body(self.body).unwrap()).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        Answer {
            what: format!("{} {}", self.method, self.path),
            status: answer.status().as_u16(),
            content_type: header("content-type").unwrap_or_default(),
            cache_control: header("cache-control").unwrap_or_default(),
            etag: header("etag"),
            allow_origin: header("access-control-allow-origin"),
            date: header("date"),
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }
}

/// Response of the API.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) what: String,
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) cache_control: String,
    pub(crate) etag: Option<String>,
    pub(crate) allow_origin: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    /// Asserts success with this status.
    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} gave {self:#?}", self.what);
        assert!(self.text.is_empty() || self.content_type.starts_with("application/json"), "{self:#?}");
        assert_eq!(self.cache_control, "no-store", "{self:#?}");
        self
    }

    /// Asserts a problem+json with this status whose fields are complete and consistent.
    #[track_caller]
    pub(crate) fn problem(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} gave {self:#?}", self.what);
        assert_eq!(self.content_type, "application/problem+json", "{self:#?}");
        assert_eq!(self.body["status"], status, "{self:#?}");
        for field in ["type", "title", "detail", "instance", "code"] {
            assert!(self.body[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {self:#?}");
        }
        self
    }

    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap()
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {self:#?}"))
    }
}
