//! Refused requests, and that they write nothing.

use crate::{client::World, joining::Invited};
use local::users::Tokens;
use serde_json::{Value, json};

const METHODS: [&str; 5] = ["GET", "PUT", "POST", "PATCH", "DELETE"];

/// Lists every route of openapi.json that needs an ID token. The token is verified before the path's parameters are read,
/// so their names serve as values.
fn routes() -> Vec<(&'static str, String)> {
    let document: Value = serde_json::from_str(include_str!("../../../../openapi.json")).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let method = METHODS.into_iter().find(|known| known.eq_ignore_ascii_case(method)).unwrap();
            if operation["security"].is_null() {
                routes.push((method, path.replace(['{', '}'], "")));
            }
        }
    }
    assert!(!routes.is_empty());
    routes
}

pub(crate) fn without_an_id_token(world: &World) {
    for (method, path) in &routes() {
        assert_eq!(world.call(method, path).send().status, 401, "{method} {path} without a token");
        assert_eq!(
            world.call(method, path).bearer("e30.e30.e30").send().status,
            401,
            "{method} {path} with no real token"
        );
        // The gateway cannot distinguish an access token from an ID token; the functions can.
        world.call(method, path).bearer(&world.ana.access).send().problem(401);
    }
    assert_eq!(world.get("/nothing").by(&world.ana).send().status, 404);
    assert_eq!(world.table(), Vec::<Value>::new(), "something was written");
}

/// Sends the requests that enter a workspace, each with the route's parameters.
fn ways_in<'a>(
    world: &'a World,
    who: &'a Tokens,
    acme: &'a str,
) -> impl Iterator<Item = crate::client::Answer> + use<'a> {
    let calls = [
        world.get("/workspace"),
        world.put("/workspace").json(&json!({ "name": "Mine" })),
        world.get("/team/members"),
        world.post("/team/invite").json(&json!({ "email": "eve@example.com", "role": "viewer" })),
        world.get("/team/activity"),
        world.get("/integrations"),
        world.call("DELETE", "/integrations/webhook"),
        world.get("/billing/subscription"),
        world.post("/billing/checkout").json(&json!({ "plan": "pro" })),
        world.post("/billing/sync"),
        world.get("/integrations/webhook/deliveries"),
        world.post("/integrations/webhook/test"),
    ];
    calls.into_iter().map(move |call| call.by(who).to(acme).send())
}

pub(crate) fn of_strangers(world: &World, acme: &str) {
    world.unchanged(|| {
        let nowhere = "ws_01JADE000000000000000000ZZ";
        for (there, absent) in ways_in(world, &world.stranger, acme).zip(ways_in(world, &world.stranger, nowhere)) {
            let (there, absent) = (there.problem(404), absent.problem(404));
            assert_eq!(there.code(), absent.code(), "a stranger learns that a workspace exists");
        }
        // Ben is invited later and is a stranger until they accept.
        ways_in(world, &world.ben, acme).for_each(|answer| drop(answer.problem(404)));
    });
}

pub(crate) fn of_a_viewer(world: &World, acme: &str) {
    world.unchanged(|| {
        let statuses: Vec<u16> = ways_in(world, &world.ben, acme).map(|answer| answer.status).collect();
        assert_eq!(statuses, [200, 403, 200, 403, 403, 200, 403, 200, 403, 403, 403, 403]);
        let invite = json!({ "email": "eve@example.com", "role": "viewer" });
        let refused = world.post("/team/invite").by(&world.ben).to(acme).json(&invite).send().problem(403);
        assert_eq!(refused.field("required_role"), "admin");
    });
}

pub(crate) fn of_bad_requests(world: &World, acme: &str) {
    let found = || world.post("/workspaces").by(&world.ana);
    let put = || world.put("/workspace").by(&world.ana);
    let invite = || world.post("/team/invite").by(&world.ana).to(acme);
    let rename = json!({ "name": "Renamed" });
    world.unchanged(|| {
        for broken in ["{", "[]", "\"Acme\"", "", "{\"name\": 1}", "{}"] {
            found().text(broken).send().problem(400);
        }
        let unknown = found().json(&json!({ "name": "Acme", "owner": "eve" })).send().problem(400);
        assert!(unknown.body["errors"].to_string().contains("owner"), "the unknown field is not named: {unknown:#?}");
        put().to(acme).json(&json!({ "plan": "enterprise" })).send().problem(400);
        invite().json(&json!({ "email": "nobody", "role": "viewer" })).send().problem(400);
        let two = invite().json(&json!({ "email": "nobody", "role": "emperor" })).send().problem(400);
        assert_eq!(
            two.body["errors"].as_array().map(Vec::len),
            Some(2),
            "expected both errors in one answer: {two:#?}"
        );

        put().json(&rename).send().problem(400);
        put().to(acme).to(acme).json(&rename).send().problem(400);
        put().to(&format!("{acme},{acme}")).json(&rename).send().problem(400);
        for odd in ["acme", "ws_", "usr_01JADE000000000000000000ZZ", "ws_1#META"] {
            put().to(odd).json(&rename).send().problem(400);
        }

        let long = json!({ "name": "Acme", "timezone": "x".repeat(256 * 1024) });
        found().json(&long).send().problem(413);
        put().to(acme).json(&long).send().problem(413);
    });
}

pub(crate) fn of_the_wrong_guest(world: &World, acme: &str, invited: &Invited) {
    world.unchanged(|| {
        world.post(&invited.accept_path()).by(&world.stranger).send().problem(403);
        let forged = Invited { token: format!("{}AAAA", invited.token.get(..invited.token.len() - 4).unwrap()) };
        world.post(&forged.accept_path()).by(&world.ben).send().problem(404);
        // An invitation grants no access.
        world.get("/workspace").by(&world.ben).to(acme).send().problem(404);
    });
}

pub(crate) fn of_a_used_token(world: &World, invited: &Invited) {
    world.unchanged(|| {
        world.post(&invited.accept_path()).by(&world.ben).send().ok(200);
        let used = world.post(&invited.accept_path()).by(&world.stranger).send();
        let absent = world.post("/team/invitations/never/accept").by(&world.stranger).send();
        let (used, absent) = (used.problem(404), absent.problem(404));
        assert_eq!(
            (used.code(), used.field("detail")),
            (absent.code(), absent.field("detail")),
            "to others, a used token and an unknown one get the same answer"
        );
    });
}
