//! A program gets in with an API key, as far as its scopes go and until it is revoked.

use crate::client::{Answer, World};
use serde_json::json;

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
