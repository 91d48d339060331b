//! The caller's own profile. The copies of their name in workspaces are tested with the list of members.

use axum::Router;
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};
use testkit::{ANA, BEN, Fault, Person, Request, World};
use workspace::WorkspaceDeps;

fn world() -> (World, Router) {
    let world = World::default();
    let deps = WorkspaceDeps {
        store: world.store(),
        free_workspaces: world.free_workspaces(),
        free_containers: world.free_containers(),
    };
    let router = workspace::router(deps, world.claim_rules());
    (world, router)
}

fn me() -> Request {
    Request::new("GET", "/me")
}

fn patch(body: Value) -> Request {
    Request::new("PATCH", "/me").json(body)
}

#[tokio::test]
async fn a_profile_shows_the_token_until_it_is_set() {
    let (world, router) = world();
    let answer = world.send(&router, me()).await;
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::OK, 1));
    let shown = json!({
        "id": ANA.id(), "email": "ana@example.com", "email_verified": true, "name": "Ana", "name_problem": null,
        "language": null, "timezone": null, "is_ending": false,
    });
    assert_eq!(answer.body, shown);
    let unverified = Person { verified: false, ..BEN };
    let answer = world.send(&router, me().by(&unverified)).await;
    assert_eq!((&answer.body["email"], &answer.body["email_verified"]), (&json!("ben@example.com"), &json!(false)));
    world.assert_nothing_written();
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_null_clears() {
    let (world, router) = world();
    let answer = world.send(&router, Request::event("workspace/update-me")).await;
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
    assert_eq!(answer.usage.round_trips, 2);
    let set = world.send(&router, me()).await.body;
    assert_eq!(set, answer.body);

    let answer = world.send(&router, patch(json!({"timezone": "asia/tokyo"}))).await;
    assert_eq!((answer.usage.round_trips, &answer.body["timezone"]), (2, &json!("Asia/Tokyo")));
    assert_eq!((&answer.body["name"], &answer.body["language"]), (&set["name"], &set["language"]));

    world.changes();
    for same in [json!({}), json!({"timezone": "Asia/Tokyo", "name": "Ana María"})] {
        let answer = world.send(&router, patch(same)).await;
        assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::OK, 1));
    }
    world.assert_nothing_written();

    let answer = world.send(&router, patch(json!({"name": null, "language": null, "timezone": null}))).await;
    assert_eq!((&answer.body["name"], &answer.body["language"]), (&json!("Ana"), &Value::Null));
    assert_eq!(world.send(&router, me()).await.body, answer.body);
}

#[tokio::test]
async fn a_patch_names_every_wrong_field() {
    let (world, router) = world();
    assert_snapshot!(world.send(&router, Request::event("workspace/update-me-invalid")).await);
    for name in ["\u{410}na", "Ana\u{202e}", " ", "", &"x".repeat(101)] {
        let answer = world.send(&router, patch(json!({ "name": name }))).await;
        assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["name"]), "{name:?}");
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn a_profile_is_its_owners_alone() {
    let (world, router) = world();
    world.send(&router, patch(json!({"name": "Ana María", "language": "de"}))).await;
    let ben = world.send(&router, me().by(&BEN)).await.body;
    assert_eq!((&ben["name"], &ben["language"]), (&json!("Ben"), &Value::Null));
}

#[tokio::test(start_paused = true)]
async fn a_patch_is_applied_once_or_refused() {
    let (world, router) = world();
    world.plan("TransactWriteItems", Fault::LoseReply);
    world.plan("TransactWriteItems", Fault::Conflict);
    let answer = world.send(&router, patch(json!({"name": "Ana María"}))).await;
    assert_eq!(answer.status, StatusCode::OK);
    let (german, tokyo) = (patch(json!({"language": "de"})), patch(json!({"timezone": "Asia/Tokyo"})));
    let (one, other) = tokio::join!(world.send(&router, german), world.send(&router, tokyo));
    assert_eq!((one.status, other.status), (StatusCode::OK, StatusCode::OK));
    let both = world.send(&router, me()).await.body;
    assert_eq!((&both["language"], &both["timezone"]), (&json!("de"), &json!("Asia/Tokyo")));
    assert!(one.body == both || other.body == both, "the later of the two answers the whole");
}

/// Nothing in a name is removed silently: the person learns why it is not used, and can set another one.
#[tokio::test]
async fn a_name_of_the_provider_is_kept_or_refused() {
    let (world, router) = world();
    let persian = Person { name: " مهدی\u{200c}پور ", ..BEN };
    let shown = world.send(&router, me().by(&persian)).await.body;
    assert_eq!((&shown["name"], &shown["name_problem"]), (&json!("مهدی\u{200c}پور"), &json!(null)));
    let long = "x".repeat(101);
    let refused = [
        ("Be\u{202e}n", "must not contain U+202E"),
        ("B\u{435}n", "must not mix alphabets"),
        ("Ｂen", "must not contain `Ｂ`, which looks like `B`"),
        (&long, "must have at most 100 characters"),
    ];
    for (name, reason) in refused {
        let ben = Person { name: Box::leak(name.to_owned().into_boxed_str()), ..BEN };
        let shown = world.send(&router, me().by(&ben)).await.body;
        let problem = shown["name_problem"].as_str().unwrap();
        assert!(shown["name"].is_null() && problem.contains(reason), "{name}: {problem}");
    }
    let ben = Person { name: "B\u{435}n", ..BEN };
    let named = world.send(&router, patch(json!({"name": "Ben"})).by(&ben)).await.body;
    assert_eq!((&named["name"], &named["name_problem"]), (&json!("Ben"), &json!(null)));
}
