//! The API held against its own description: schemathesis makes requests of openapi.json, fit and unfit ones, sends them to a
//! local cloud that runs, and looks whether the answers are what is promised. <https://schemathesis.readthedocs.io>

use crate::{
    Error, Result,
    aws::{
        self, Aws,
        users::{self, User},
    },
    cloud::outputs::{self, Outputs},
    programs::{process, python},
    workspace::Workspace,
};
use serde_json::Value;
use std::{fs, path::Path, process::Command};
use ureq::http::Request;

/// What each answer is held against: no 5xx, the statuses, headers, media types and bodies of the description, no success for
/// what the description forbids, none without a token, and none for what was deleted.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,negative_data_rejection,ignored_auth,use_after_free";

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// The same requests each time, as many for each route.
    Examples(u32),
    /// Other requests each time, for as many minutes.
    Minutes(u32),
}

/// Holds the cloud that runs, whose files are in `state`, against openapi.json.
///
/// # Errors
/// [`Error::NoCloud`], or what schemathesis found: it tells how to send the same request again.
pub fn api_of(workspace: &Workspace, state: &Path, budget: Budget) -> Result<()> {
    let text = fs::read(outputs::path(state)).map_err(|_| Error::NoCloud)?;
    let outputs = serde_json::from_slice(&text).map_err(|_| Error::NoCloud)?;
    api(workspace, &outputs, state, budget)
}

/// Holds the API of `outputs` against openapi.json, as the owner of a workspace that nobody else uses.
///
/// # Errors
/// What schemathesis found: it tells how to send the same request again.
pub fn api(workspace: &Workspace, outputs: &Outputs, state: &Path, budget: Budget) -> Result<()> {
    let python = python::environment(&workspace.root, &workspace.target)?;
    let aws = Aws::at(&outputs.aws_endpoint_url);
    let owner = User::called("Fay");
    users::create(&aws, &outputs.user_pool_id, &owner)?;
    let token = users::sign_in(&aws, &outputs.user_pool_client_id, &owner)?.id;
    let home = found(outputs, &token)?;
    let mut command = Command::new(&python);
    // Beside the interpreter, by its module: the environment may have been moved.
    command.args(["-m", "schemathesis.cli", "run"]).arg(workspace.root.join("openapi.json"));
    command.args(["--url", &format!("{}/api/v1", outputs.api_url), "--checks", CHECKS]);
    // With two, a run ended in "AST constructor recursion depth mismatch", an error of Python 3.11 itself.
    command.args(["--workers", "1"]);
    command.args(["--header", &format!("Host: {}", outputs.api_host)]);
    command.args(["--header", &format!("Authorization: Bearer {token}")]);
    command.args(["--header", &format!("X-Workspace-ID: {home}")]);
    // It would leave nothing to ask.
    command.args(["--exclude-operation-id", "delete_workspace"]);
    command.args(["--request-timeout", "30", "--continue-on-failure", "--warnings", "off", "--no-color"]);
    // A finding that was shrunk is worth its time where there is time.
    match budget {
        Budget::Examples(count) => {
            command.args(["--phases", "examples,coverage,fuzzing", "--seed", "1", "--no-shrink"]);
            command.args(["--max-examples", &count.to_string()])
        }
        Budget::Minutes(minutes) => command.args(["--max-time", &(u64::from(minutes) * 60).to_string()]),
    };
    // It keeps what it has found beside it.
    process::run("holding the API against openapi.json", command.current_dir(state))
}

/// A workspace of whoever has `token`.
fn found(outputs: &Outputs, token: &str) -> Result<String> {
    let request = Request::post(format!("{}/api/v1/workspaces", outputs.api_url))
        .header("host", &outputs.api_host)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(r#"{"name": "Held against its description"}"#);
    let lacks = || Error::lacks("POST /workspaces", "id");
    let mut answer = request.ok().and_then(|request| aws::agent().run(request).ok()).ok_or_else(lacks)?;
    let body: Value = answer.body_mut().read_json().map_err(|_| lacks())?;
    body.get("id").and_then(Value::as_str).map(ToOwned::to_owned).ok_or_else(lacks)
}
