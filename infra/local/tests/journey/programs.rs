//! A program gets in with an API key, as far as its scopes go and until it is revoked.

use crate::{
    client::{Answer, World},
    running, traces,
};
use local::{dashboard::Forwarder, workspace::Workspace};
use serde_json::{Value, json};
use std::{net::TcpListener, path::Path, process::Command, thread};

/// Calls the API with a key, whose token names the workspace.
fn call(world: &World, method: &'static str, path: &str, key: &str) -> Answer {
    world.program(method, path).bearer(key).send()
}

pub(crate) fn come_and_go(world: &World, acme: &str) {
    let body = json!({ "name": "Nightly export", "scopes": ["team:read", "usage:write"] });
    let made = world.post("/api-keys").by(&world.ana).to(acme).json(&body).send().ok(201);
    let (id, first) = (made.field("id").to_owned(), made.field("secret").to_owned());

    let members = call(world, "GET", "/team/members", &first).ok(200);
    let asked = world.get("/team/members").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(members.body, asked.body, "the same handlers answer");
    assert_eq!(call(world, "GET", "/workspace", &first).problem(403).code(), "scope_required");
    call(world, "GET", &format!("/team/members?api_key={first}"), &first).problem(400);
    // By ID token only, and by key only.
    assert_eq!(call(world, "GET", "/api-keys", &first).status, 404);
    assert_eq!(world.program("GET", "/team/members").by(&world.ana).send().problem(401).code(), "key_invalid");

    let other = if first.ends_with('a') { 'b' } else { 'a' };
    let forged = format!("{}{other}", first.get(..first.len() - 1).unwrap());
    assert_eq!(call(world, "GET", "/team/members", &forged).problem(401).code(), "key_invalid");

    let rotation = json!({ "overlap_hours": 0 });
    let rotated = world.post(&format!("/api-keys/{id}/rotate")).by(&world.ana).to(acme).json(&rotation).send().ok(200);
    let second = rotated.field("secret");
    call(world, "GET", "/team/members", &first).problem(401);
    call(world, "GET", "/team/members", second).ok(200);
    let table = format!("{:?}", world.table());
    assert!(![first.as_str(), second].iter().any(|secret| table.contains(secret)), "a secret is in the table");

    world.call("DELETE", &format!("/api-keys/{id}")).by(&world.ana).to(acme).send().ok(204);
    call(world, "GET", "/team/members", second).problem(401);
}

/// Makes a key of Ana's with these scopes, and returns its id and its secret.
fn key(world: &World, acme: &str, scopes: &[&str]) -> [String; 2] {
    let body = json!({ "name": "Guide", "scopes": scopes });
    let made = world.post("/api-keys").by(&world.ana).to(acme).json(&body).send().ok(201);
    ["id", "secret"].map(|field| made.field(field).to_owned())
}

/// A key does what people do in the other steps, as far as keys may.
pub(crate) fn do_what_people_do(world: &World, acme: &str) {
    let [id, key] = key(
        world,
        acme,
        &[
            "workspace:read",
            "team:read",
            "billing:read",
            "runtime:read",
            "runtime:write",
            "integrations:read",
            "integrations:write",
            "usage:read",
            "usage:write",
            "audit:read",
        ],
    );
    let get = |path: &str| call(world, "GET", path, &key).ok(200);
    assert_eq!(get("/workspace").field("id"), acme);
    assert_eq!(get("/billing/subscription").field("status"), "active");
    let paths = [
        "/overview",
        "/onboarding",
        "/access",
        "/team/activity",
        "/audit",
        "/entitlements",
        "/billing/usage",
        "/billing/plans",
    ];
    for path in paths {
        get(path);
    }

    let webhook = json!({ "config": { "url": "https://hooks.example.com/berth" }, "generate_secret": true });
    let made = world.program("PUT", "/integrations/webhook").bearer(&key).json(&webhook).send().ok(200);
    assert_eq!(made.body["is_enabled"], true, "{made:#?}");
    let tested = call(world, "POST", "/integrations/webhook/test", &key).ok(200);
    assert_eq!((&tested.body["ok"], &tested.body["status"]), (&json!(true), &json!(200)), "{tested:#?}");
    get("/integrations/webhook/deliveries");
    assert_eq!(call(world, "DELETE", "/integrations/webhook", &key).ok(204).text, "");

    // The commands of the steps before have used the container's allowance.
    let command =
        |name: &str| running::command_as(|| world.program("POST", &format!("/workspace/{name}")).bearer(&key));
    command("start");
    running::becomes_for(world, &world.ana, acme, "running");
    assert_eq!(get("/workspace/status").field("status"), "running");
    command("stop");
    running::becomes_for(world, &world.ana, acme, "stopped");
    let activity = get("/team/activity?action=runtime.stopped");
    assert_eq!(activity.body["activity"][0]["key"], json!(id), "{activity:#?}");

    world.call("DELETE", &format!("/api-keys/{id}")).by(&world.ana).to(acme).send().ok(204);
    traces::settled(world);
}

/// The programs of docs/clients.md run with a key.
pub(crate) fn of_the_docs(world: &World, acme: &str, workspace: &Workspace) {
    let [id, key] = key(world, acme, &["workspace:read", "team:read", "usage:write"]);
    // A program does not set the host, by which the emulator knows the gateway.
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let emulator = world.outputs.api_url.rsplit_once(':').unwrap().1.parse().unwrap();
    let gateway = Forwarder { port, emulator, host: world.outputs.api_host.clone() };
    thread::spawn(move || gateway.serve());
    let client = workspace.root.join("infra/dashboard/client");
    let run = |program: &str, arguments: &[&str]| output(&client, program, arguments, port, &key);
    run("npm", &["run", "--silent", "build"]);
    run("npx", &["tsc", "--project", "examples"]);

    let members = world.get("/team/members").by(&world.ana).to(acme).send().ok(200);
    let named = world.get("/workspace").by(&world.ana).to(acme).send().ok(200);
    let line = |member: &Value| {
        let [email, role] = ["email", "role"].map(|field| member[field].as_str().unwrap());
        format!("{} {email} {role}\n", named.field("name"))
    };
    let lines: String = members.body["members"].as_array().unwrap().iter().map(line).collect();
    assert_eq!(run("python3", &["examples/members.py"]), lines);
    assert_eq!(run("node", &["test-results/members.js"]), lines);
    world.call("DELETE", &format!("/api-keys/{id}")).by(&world.ana).to(acme).send().ok(204);
}

/// Runs a program in `folder`, which must succeed without an error message, and returns what it prints.
fn output(folder: &Path, program: &str, arguments: &[&str], port: u16, key: &str) -> String {
    let mut command = Command::new(program);
    command.current_dir(folder).args(arguments);
    let output = command.env("API", format!("http://127.0.0.1:{port}")).env("API_KEY", key).output().unwrap();
    let [printed, errors] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success() && errors.is_empty(), "{program} {arguments:?}: {printed}{errors}");
    printed
}
