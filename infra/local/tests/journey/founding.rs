//! Ana creates a workspace and changes its settings.

use crate::client::World;
use serde_json::json;

pub(crate) fn a_workspace(world: &World) -> String {
    let made = world
        .post("/workspaces")
        .by(&world.ana)
        .json(&json!({ "name": "Acme", "timezone": "Europe/Berlin" }))
        .send()
        .ok(201);
    assert_eq!((made.field("name"), made.field("timezone"), made.field("plan")), ("Acme", "Europe/Berlin", "free"));
    let id = made.field("id").to_owned();
    assert!(id.starts_with("ws_"), "{id}");

    let mine = world.get("/workspaces").by(&world.ana).send().ok(200);
    let listed = &mine.body["workspaces"][0];
    assert_eq!(
        (&listed["id"], &listed["role"], &listed["plan"]),
        (&json!(id), &json!("owner"), &json!("free")),
        "{mine:#?}"
    );
    assert_eq!(mine.body["pagination"], json!({ "next_cursor": null, "has_more": false }));

    let theirs = world.get("/workspaces").by(&world.ben).send().ok(200);
    assert_eq!(theirs.body["workspaces"], json!([]));
    id
}

pub(crate) fn settings(world: &World, acme: &str) {
    let seen = world.get("/workspace").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(seen.body["member_count"], 1);
    let etag = seen.etag.clone().expect("an ETag");

    let put = |etag: &str| world.put("/workspace").by(&world.ana).to(acme).header("if-match", etag);
    let changed = put(&etag).json(&json!({ "description": "Rockets" })).send().ok(200);
    assert_eq!((changed.field("name"), changed.field("description")), ("Acme", "Rockets"));
    assert_ne!(changed.etag.as_ref(), Some(&etag), "a change has another ETag");
    put(&etag).json(&json!({ "description": "Stale" })).send().problem(412);

    let seen = world.get("/workspace").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(seen.field("description"), "Rockets");

    let origin = world.outputs.app_origin.as_str();
    for (path, method) in [("/workspace", "PUT"), ("/me", "PATCH")] {
        let preflight =
            world.call("OPTIONS", path).header("origin", origin).header("access-control-request-method", method);
        assert_eq!(preflight.send().allow_origin.as_deref(), Some(origin), "the dashboard may call");
    }
}

pub(crate) fn the_same_key_founds_once(world: &World) {
    let found = |name: &str| {
        world
            .post("/workspaces")
            .by(&world.ana)
            .header("idempotency-key", "journey-1")
            .json(&json!({ "name": name }))
            .send()
    };
    let first = found("Second").ok(201);
    let again = found("Second").ok(201);
    assert_eq!(first.body, again.body);
    found("Third").problem(422);
    let mine = world.get("/workspaces").by(&world.ana).send().ok(200);
    assert_eq!(mine.body["workspaces"].as_array().map(Vec::len), Some(2));
}
