//! The routes of `workspace` on the embedded table: answers, writes and access.

use axum::Router;
use domain::identity::access::Role;
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, Fault, Person, Request, World};
use workspace::WorkspaceDeps;

fn router(world: &World) -> Router {
    workspace::router(
        WorkspaceDeps {
            store: world.store(),
            free_workspaces: world.free_workspaces(),
            free_containers: world.free_containers(),
        },
        world.claim_rules(),
    )
}

/// Creates a world and returns it with its answer to a sample event.
async fn answer(event: &str) -> (World, Answer) {
    let world = World::default();
    let answer = world.send(&router(&world), Request::event(event)).await;
    (world, answer)
}

#[tokio::test]
async fn founding_writes_head_member_guard_audit_and_the_answer() {
    let (world, answer) = answer("workspace/create").await;
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
    assert_eq!(answer.usage.round_trips, 2);
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let (world, answer) = answer("workspace/create-invalid").await;
    assert_snapshot!(answer);
    world.assert_nothing_written();
}

#[tokio::test]
async fn names_that_deceive_are_named() {
    let world = World::default();
    let router = router(&world);
    let id = world.workspace_of(&ANA).await;
    world.changes();
    for name in ["\u{410}cme", "Acme\u{202e}", "Ac\u{0}me", "A\u{200b}cme", "\u{1d400}cme", " ", &"x".repeat(101)] {
        for request in [Request::new("POST", "/workspaces"), Request::new("PUT", "/workspace").within(id)] {
            let answer = world.send(&router, request.json(json!({ "name": name }))).await;
            assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["name"]), "{name:?}");
        }
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn request_without_a_workspace_is_refused() {
    let (world, answer) = answer("workspace/read-without-workspace").await;
    assert_snapshot!(answer);
    world.assert_nothing_written();
}

#[tokio::test]
async fn sample_workspace_does_not_exist_before_its_creation() {
    for event in ["workspace/read", "workspace/update", "workspace/update-stale"] {
        let (world, answer) = answer(event).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "workspace_not_found"), "{event}");
        world.assert_nothing_written();
    }
    let (_, answer) = answer("workspace/list").await;
    assert_eq!(answer.body["workspaces"], json!([]));
}

#[tokio::test]
async fn updating_changes_what_is_named_and_leaves_a_record() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let read = world.send(&router, Request::event("workspace/read").within(id)).await;
    assert_eq!((read.usage.round_trips, &read.headers["etag"]), (1, &"\"1\"".parse().unwrap()));
    world.changes();
    let answer = world.send(&router, Request::event("workspace/update").within(id)).await;
    assert_eq!(answer.usage.round_trips, 2);
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
}

#[tokio::test]
async fn a_stale_version_changes_nothing() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.changes();
    let answer = world.send(&router, Request::event("workspace/update-stale").within(id)).await;
    assert_snapshot!(answer);
    world.assert_nothing_written();
    let right = Request::event("workspace/update-stale").within(id).header("if-match", "\"1\"");
    assert_eq!(world.send(&router, right).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_update_that_changes_nothing_writes_nothing() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.changes();
    for body in [json!({}), json!({"name": "Acme"}), json!({"name": null, "settings": {}})] {
        let answer = world.send(&router, Request::new("PUT", "/workspace").within(id).json(body)).await;
        assert_eq!((answer.status, &answer.headers["etag"]), (StatusCode::OK, &"\"1\"".parse().unwrap()));
        assert_eq!(answer.usage.round_trips, 1);
        world.assert_nothing_written();
    }
}

#[tokio::test]
async fn a_version_that_cannot_be_read_is_no_version() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.changes();
    for tag in ["\"ü\"", "", "1", "\"2\", \"3\"", "W/\"1\"", "*, \"1\""] {
        let request = Request::event("workspace/update-stale").within(id).header("if-match", tag);
        let answer = world.send(&router, request).await;
        assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED, "{tag}");
        world.assert_nothing_written();
    }
}

#[tokio::test]
async fn one_of_several_versions_is_enough() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let lists = [vec!["\"2\", \"1\""], vec!["\"7\"", "W/\"9\", \"2\""], vec!["*"]];
    for (n, tags) in lists.iter().enumerate() {
        let name = json!({"name": format!("Acme {n}")});
        let request = Request::new("PUT", "/workspace").within(id).json(name);
        let request = tags.iter().fold(request, |request, tag| request.header("if-match", tag));
        let answer = world.send(&router, request).await;
        assert_eq!(answer.status, StatusCode::OK, "{tags:?}: {answer}");
    }
}

#[tokio::test]
async fn settings_come_back_as_they_were_written() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    for value in [json!(vec![1e19; 2600]), json!(1e200), json!(5e-324), json!(1.0), json!(u64::MAX), deep, json!("")] {
        let settings = json!({"value": value, "": null});
        let put = || Request::new("PUT", "/workspace").within(id).json(json!({"settings": settings}));
        let answer = world.send(&router, put()).await;
        assert_eq!(answer.status, StatusCode::OK, "{:.60}", settings.to_string());
        assert!(answer.body["settings"] == settings, "{:.60}", settings.to_string());
        let read = world.send(&router, Request::new("GET", "/workspace").within(id)).await;
        assert!(read.body["settings"] == settings, "{:.60}", settings.to_string());
        world.changes();
        assert_eq!(world.send(&router, put()).await.status, StatusCode::OK);
        world.assert_nothing_written();
    }
}

#[tokio::test]
async fn viewers_read_and_admins_write_and_strangers_see_nothing() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    world.changes();
    let status = async |person: &Person, method: &str, body: Value| {
        let request = Request::new(method, "/workspace").by(person).within(id).json(body);
        let answer = world.send(&router, request).await;
        (answer.status, answer.code().to_owned(), answer.body["required_role"].clone())
    };
    let stranger = (StatusCode::NOT_FOUND, "workspace_not_found".to_owned(), Value::Null);
    assert_eq!(status(&BEN, "GET", json!({})).await.0, StatusCode::OK);
    let refused = status(&BEN, "PUT", json!({"name": "Mine"})).await;
    assert_eq!(refused, (StatusCode::FORBIDDEN, "role_required".to_owned(), json!("admin")));
    assert_eq!(status(&CLEO, "GET", json!({})).await, stranger);
    assert_eq!(status(&CLEO, "PUT", json!({"name": "Mine"})).await, stranger);
    world.assert_nothing_written();
}

#[tokio::test]
async fn the_list_shows_a_change_at_once_and_in_pages() {
    let world = World::default();
    let router = router(&world);
    let mut founded = Vec::new();
    for _ in 0..5 {
        world.wait(jiff::SignedDuration::from_secs(1));
        founded.insert(0, world.workspace_of(&ANA).await.to_string());
    }
    let (mut listed, mut target) = (Vec::new(), "/workspaces?limit=2".to_owned());
    loop {
        let answer = world.send(&router, Request::new("GET", &target)).await;
        assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::OK, 2));
        listed
            .extend(answer.body["workspaces"].as_array().unwrap().iter().map(|w| w["id"].as_str().unwrap().to_owned()));
        let pagination = &answer.body["pagination"];
        assert_eq!(pagination["has_more"], json!(pagination["next_cursor"].is_string()));
        match pagination["next_cursor"].as_str() {
            Some(cursor) => target = format!("/workspaces?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(listed, founded);
}

/// Invariant 22.
#[tokio::test]
async fn a_cursor_of_another_user_is_refused() {
    let world = World::default();
    let router = router(&world);
    let mut id = None;
    for person in [ANA, ANA, BEN, BEN] {
        id = Some(world.workspace_of(&person).await);
    }
    let any = id.unwrap();
    let page = world.send(&router, Request::new("GET", "/workspaces?limit=1").within(any)).await;
    let cursor = page.body["pagination"]["next_cursor"].as_str().unwrap();
    let target = format!("/workspaces?limit=1&cursor={cursor}");
    let answer = world.send(&router, Request::new("GET", &target).by(&BEN).within(any)).await;
    assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["cursor"]));
    // A header that the route does not read does not change the list.
    let answer = world.send(&router, Request::new("GET", &target)).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn request_without_an_id_token_is_refused() {
    let world = World::default();
    let router = router(&world);
    let mut access_token = ANA.claims();
    access_token["token_use"] = json!("access");
    let mut for_others = ANA.claims();
    for_others["aud"] = json!("another-client");
    let mut no_audience = ANA.claims();
    no_audience.as_object_mut().unwrap().remove("aud");
    let mut nobody = ANA.claims();
    nobody["sub"] = json!("");
    for claims in [access_token, for_others, no_audience, nobody] {
        let answer = world.send(&router, Request::new("GET", "/workspaces").claims(claims)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
    }
    let answer = world.send(&router, Request::new("GET", "/workspaces").without_token()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let mut several = ANA.claims();
    several["aud"] = json!("[other berth-dashboard]");
    let answer = world.send(&router, Request::new("GET", "/workspaces").claims(several)).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn malformed_requests_are_refused_with_nothing_written() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.changes();
    let post = |body: &str| Request::new("POST", "/workspaces").body(body);
    let large = format!(r#"{{"name": "{}"}}"#, "x".repeat(256 * 1024));
    let cases = [
        (post("{"), StatusCode::BAD_REQUEST, vec![""]),
        (post(""), StatusCode::BAD_REQUEST, vec![""]),
        (post("[]"), StatusCode::BAD_REQUEST, vec![""]),
        (post("null"), StatusCode::BAD_REQUEST, vec![""]),
        (post("{}"), StatusCode::BAD_REQUEST, vec!["name"]),
        (post(r#"{"name": 7}"#), StatusCode::BAD_REQUEST, vec!["name"]),
        (post(r#"{"name": "Acme", "plan": "pro"}"#), StatusCode::BAD_REQUEST, vec!["plan"]),
        (post(&large), StatusCode::PAYLOAD_TOO_LARGE, vec![]),
        (
            post(r#"{"name": "Acme"}"#).header("idempotency-key", "a b"),
            StatusCode::BAD_REQUEST,
            vec!["Idempotency-Key"],
        ),
        (
            Request::new("GET", "/workspace").within(format!("{id},{id}")),
            StatusCode::BAD_REQUEST,
            vec!["X-Workspace-ID"],
        ),
        (Request::new("GET", "/workspace").within("ws_1"), StatusCode::BAD_REQUEST, vec!["X-Workspace-ID"]),
        (Request::new("GET", "/workspace").within(BEN.id()), StatusCode::BAD_REQUEST, vec!["X-Workspace-ID"]),
        (Request::new("PUT", "/workspace").body("{"), StatusCode::BAD_REQUEST, vec!["X-Workspace-ID", ""]),
        (Request::new("GET", "/workspaces?limit=0"), StatusCode::BAD_REQUEST, vec!["limit"]),
        (Request::new("GET", "/workspaces?limit=101&cursor=x"), StatusCode::BAD_REQUEST, vec!["limit"]),
        (Request::new("GET", "/workspaces?unknown=1"), StatusCode::BAD_REQUEST, vec!["unknown"]),
        (Request::new("GET", "/workspaces?limit=1&limit=2"), StatusCode::BAD_REQUEST, vec!["limit"]),
        (Request::new("GET", "/nothing"), StatusCode::NOT_FOUND, vec![]),
        (Request::new("DELETE", "/workspaces"), StatusCode::NOT_FOUND, vec![]),
    ];
    for (at, (request, status, fields)) in cases.into_iter().enumerate() {
        let answer = world.send(&router, request).await;
        assert_eq!((answer.status, answer.wrong_fields()), (status, fields), "case {at}");
        assert_eq!(answer.headers["content-type"], "application/problem+json", "case {at}");
        assert_eq!(answer.headers["cache-control"], "no-store", "case {at}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "case {at}");
        let policy = "default-src 'none'; frame-ancestors 'none'";
        assert_eq!(answer.headers["content-security-policy"], policy, "case {at}");
        assert_eq!(answer.body["status"], json!(status.as_u16()), "case {at}");
        world.assert_nothing_written();
    }
}

/// Invariant 21.
#[tokio::test]
async fn the_same_key_founds_one_workspace() {
    let world = World::default();
    let router = router(&world);
    let first = world.send(&router, Request::event("workspace/create")).await;
    world.changes();
    let second = world.send(&router, Request::event("workspace/create")).await;
    assert_eq!((second.status, &second.body, second.usage.round_trips), (first.status, &first.body, 1));
    world.assert_nothing_written();
    let other = Request::event("workspace/create").json(json!({"name": "Other"}));
    let answer = world.send(&router, other).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused"));
    world.assert_nothing_written();
    let bens = world.send(&router, Request::event("workspace/create").by(&BEN)).await;
    assert_ne!(bens.body["id"], first.body["id"], "a key is its sender's own");
    let keyless = world.send(&router, Request::new("POST", "/workspaces").json(json!({"name": "Acme"}))).await;
    assert_eq!((keyless.status, keyless.usage.round_trips), (StatusCode::CREATED, 2));
}

#[tokio::test]
async fn key_expires_after_two_days_before_the_table_deletes_it() {
    let world = World::default();
    let router = router(&world);
    let first = world.send(&router, Request::event("workspace/create")).await;
    world.wait(jiff::SignedDuration::from_hours(48) - jiff::SignedDuration::from_secs(1));
    assert_eq!(world.send(&router, Request::event("workspace/create")).await.body["id"], first.body["id"]);
    world.wait(jiff::SignedDuration::from_secs(1));
    let other = Request::event("workspace/create").json(json!({"name": "Other"}));
    let answer = world.send(&router, other).await;
    assert_eq!((answer.status, &answer.body["name"]), (StatusCode::CREATED, &json!("Other")));
}

#[tokio::test]
async fn unverified_address_is_not_stored_on_creation() {
    let world = World::default();
    let unverified = Person { verified: false, ..ANA };
    let answer = world.send(&router(&world), Request::event("workspace/create").claims(unverified.claims())).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let items = world.items();
    assert!(!items.values().any(|item| item["_type"] == "address"));
    assert!(items.values().any(|item| item["_type"] == "member" && item["email"].is_null()));
}

/// Invariant 28.
#[tokio::test(start_paused = true)]
async fn without_the_table_access_is_denied() {
    let world = World::seeded(1);
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    for fault in [Fault::ServerError, Fault::TimeOut, Fault::LoseReply, Fault::Throttle] {
        (0..3).for_each(|_| world.plan("BatchGetItem", fault));
        let answer = world.send(&router, Request::new("GET", "/workspace").within(id)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"), "{fault:?}");
        assert_eq!(answer.headers["retry-after"], "1");
    }
}
