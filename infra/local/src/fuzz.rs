//! Tests the API against its own description: schemathesis generates valid and invalid requests from openapi.json, sends
//! them to a running local cloud, and checks the answers against the description. <https://schemathesis.readthedocs.io>

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

/// Checks for each answer: no 5xx, the documented statuses, headers, media types and bodies, no success for requests that
/// the description forbids, none without a token, and none for deleted resources.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,negative_data_rejection,ignored_auth,use_after_free";

/// Amount of testing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// The same requests in each run, this many for each route.
    Examples(u32),
    /// Different requests in each run, for this many minutes.
    Minutes(u32),
}

/// Tests the running cloud, whose files are in `state`, against openapi.json.
///
/// # Errors
/// [`Error::NoCloud`] if none is running, or the failure of schemathesis, whose output shows how to repeat a failed
/// request.
pub fn fuzz_running_cloud(workspace: &Workspace, state: &Path, budget: Budget) -> Result<()> {
    let text = fs::read(outputs::outputs_path(state)).map_err(|_| Error::NoCloud)?;
    let outputs = serde_json::from_slice(&text).map_err(|_| Error::NoCloud)?;
    fuzz_api(workspace, &outputs, state, budget)
}

/// Tests the API of `outputs` against openapi.json, as the owner of a new workspace.
///
/// # Errors
/// The failure of schemathesis, whose output shows how to repeat a failed request.
pub fn fuzz_api(workspace: &Workspace, outputs: &Outputs, state: &Path, budget: Budget) -> Result<()> {
    let python = python::environment(&workspace.root, &workspace.target)?;
    let aws = Aws::at(&outputs.aws_endpoint_url);
    let owner = User::called("Fay");
    users::create(&aws, &outputs.user_pool_id, &owner)?;
    let token = users::sign_in(&aws, &outputs.user_pool_client_id, &owner)?.id;
    let home = found(outputs, &token)?;
    let mut command = Command::new(&python);
    // Run by its module, next to the interpreter, because the environment may have been moved.
    command.args(["-m", "schemathesis.cli", "run"]).arg(workspace.root.join("openapi.json"));
    command.args(["--url", &format!("{}/api/v1", outputs.api_url), "--checks", CHECKS]);
    // With two workers, a run failed with "AST constructor recursion depth mismatch", an error of Python 3.11 itself.
    command.args(["--workers", "1"]);
    command.args(["--header", &format!("Host: {}", outputs.api_host)]);
    command.args(["--header", &format!("Authorization: Bearer {token}")]);
    command.args(["--header", &format!("X-Workspace-ID: {home}")]);
    // Deleting the workspace would leave nothing to test.
    command.args(["--exclude-operation-id", "delete_workspace"]);
    command.args(["--request-timeout", "30", "--continue-on-failure", "--warnings", "off", "--no-color"]);
    // Shrinking a failure takes time, so it is done only in a run with a time budget.
    match budget {
        Budget::Examples(count) => {
            command.args(["--phases", "examples,coverage,fuzzing", "--seed", "1", "--no-shrink"]);
            command.args(["--max-examples", &count.to_string()])
        }
        Budget::Minutes(minutes) => command.args(["--max-time", &(u64::from(minutes) * 60).to_string()]),
    };
    // schemathesis keeps its findings in the working directory.
    process::run("testing the API against openapi.json", command.current_dir(state))
}

/// Creates a workspace for the user of `token`.
fn found(outputs: &Outputs, token: &str) -> Result<String> {
    let request = Request::post(format!("{}/api/v1/workspaces", outputs.api_url))
        .header("host", &outputs.api_host)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(r#"{"name": "Tested against its description"}"#);
    let lacks = || Error::lacks("POST /workspaces", "id");
    let mut answer = request.ok().and_then(|request| aws::agent().run(request).ok()).ok_or_else(lacks)?;
    let body: Value = answer.body_mut().read_json().map_err(|_| lacks())?;
    body.get("id").and_then(Value::as_str).map(ToOwned::to_owned).ok_or_else(lacks)
}
