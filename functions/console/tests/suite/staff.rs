//! Staff are admitted. To everybody else no route of the console exists.

use super::stage::{REASON, STRIPE, Stage, console_of};
use domain::{identity::access::Role, keys::scope::KeyScope};
use serde_json::{Value, json};
use testkit::{ANA, Answer, BEN, CLEO, JANE, JsonLines, Person, Request, World};

/// Methods and paths of all routes, with a body.
const ROUTES: [(&str, &str, &str); 6] = [
    ("GET", "/operator/session", ""),
    ("POST", "/operator/commands", r#"{"reason": "r", "command": {"command": "find", "email": "ana@example.com"}}"#),
    ("GET", "/operator/letters?email=ana%40example.com", ""),
    ("GET", "/operator/queues", ""),
    ("GET", "/operator/queues/mail/messages", ""),
    ("POST", "/operator/queues/mail/redrive", r#"{"reason": "r"}"#),
];

/// Returns the claims of Jane with these changes.
fn claims(changes: Value) -> Value {
    let mut claims = JANE.staff_claims();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

async fn session(claims: Value) -> Answer {
    let world = World::default();
    world.send(&console_of(&world), Request::new("GET", "/operator/session").claims(claims)).await
}

/// Returns the answer to a route that no function has.
async fn unknown() -> Answer {
    let world = World::default();
    let router = billing::router(world.billing_deps(STRIPE), world.claim_rules());
    world.send(&router, Request::new("GET", "/operator/nothing")).await
}

#[tokio::test]
async fn the_test_knows_all_routes() {
    let document = serde_json::to_value(console::openapi()).unwrap();
    let methods = document["paths"].as_object().unwrap().values().map(|methods| methods.as_object().unwrap().len());
    assert_eq!(methods.sum::<usize>(), ROUTES.len());
    let stage = Stage::set().await;
    for (method, target, body) in ROUTES {
        let answer = stage.ask(Request::new(method, target).by_staff(&JANE).body(body)).await;
        assert!(answer.status.is_success(), "{method} {target}: {answer}");
    }
}

#[tokio::test]
async fn group_as_text_or_in_a_list_makes_staff() {
    for group in ["staff", "[staff]", "[staff admins]", "[admins staff others]"] {
        let answer = session(claims(json!({"cognito:groups": group}))).await;
        let wanted = json!({"email": "jane@example.com", "name": "jane@example.com"});
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &wanted), "{group}");
    }
}

/// Invariant 67.
#[tokio::test]
async fn other_claims_make_no_staff() {
    let unknown = unknown().await;
    assert_eq!((unknown.status.as_u16(), unknown.code()), (404, "route_not_found"));
    for group in [
        "",
        "[]",
        "admins",
        "Staff",
        "staffs",
        "[staffs]",
        "not-staff",
        "not staff",
        "staff admins",
        "[not-staff]",
        "[a,staff]",
        "[\"staff\"]",
        "staff]",
        "[staff",
        "*",
    ] {
        let answer = session(claims(json!({"cognito:groups": group}))).await;
        assert_eq!(answer.to_string(), unknown.to_string(), "{group}");
    }
    let long = format!("{}@{}.example.com", "j".repeat(60), "e".repeat(60));
    for changes in [
        json!({"cognito:groups": null}),
        json!({"cognito:groups": null, "groups": "staff", "custom:groups": "staff"}),
        json!({"email_verified": "false"}),
        json!({"email_verified": null}),
        json!({"email": null}),
        json!({"email": "jane"}),
        json!({"email": long}),
        json!({"token_use": "access"}),
        json!({"aud": "another-client"}),
        json!({"aud": null}),
        json!({"sub": null}),
        json!({"iss": null}),
    ] {
        let answer = session(claims(changes.clone())).await;
        assert_eq!(answer.to_string(), unknown.to_string(), "{changes}");
    }
}

/// Whatever somebody else sends, the answer is that of an unknown route, and nothing is read.
///
/// Invariant 67.
#[tokio::test]
async fn nobody_else_learns_of_a_route() {
    let stage = Stage::set().await;
    let eve = Person { subject: "eve", email: "eve@example.com", name: "Eve", verified: true };
    stage.world.subscribe(stage.workspace, testkit::plan("business")).await;
    stage.world.join(stage.workspace, &ANA, &eve, Role::Viewer).await;
    stage.world.changes();
    let unknown = unknown().await.to_string();
    let bodies =
        ["{", "\"suspend\"", "{\"reason\": 1}"].map(ToOwned::to_owned).into_iter().chain(["x".repeat(1 << 20)]);
    let bodies: Vec<_> = bodies.collect();
    for role in Role::ALL {
        let seat = format!("MEMBER#{}", eve.id());
        stage.world.overwrite(stage.workspace, &seat, "role", json!({"S": role.name()}));
        stage.world.changes();
        drop(stage.world.calls());
        for (method, target, body) in ROUTES {
            let of_eve = |method: &str, target: &str| Request::new(method, target).by(&eve).within(stage.workspace);
            for body in bodies.iter().map(String::as_str).chain([body]) {
                let answer = stage.ask(of_eve(method, target).body(body)).await;
                assert_eq!(answer.to_string(), unknown, "{role} {method} {target}");
            }
            for other in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
                let answer = stage.ask(of_eve(other, target)).await;
                assert_eq!(answer.to_string(), unknown, "{role} {other} {target}");
            }
        }
        for target in [
            "/operator",
            "/operator/",
            "/operator/queues/nothing/messages",
            "/operator/queues/%ff/redrive",
            "/operator/..",
            "/nothing",
        ] {
            let answer = stage.ask(Request::new("POST", target).by(&eve).within("ws_forged")).await;
            assert_eq!(answer.to_string(), unknown, "{role} {target}");
        }
        assert!(stage.world.calls().is_empty(), "nothing is read for {role}");
    }
    stage.world.assert_nothing_written();
}

/// Invariant 67.
#[tokio::test]
async fn api_keys_open_no_route() {
    let stage = Stage::set().await;
    let scopes: Vec<_> = KeyScope::ALL.into_iter().collect();
    let key = stage.world.key(stage.workspace, &ANA, &scopes).await.1;
    stage.world.changes();
    drop(stage.world.calls());
    let unknown = unknown().await.to_string();
    for (method, target, body) in ROUTES {
        let by_key = Request::new(method, target).by_key(&key).body(body);
        let with_key =
            Request::new(method, target).without_token().header("authorization", format!("Bearer {key}")).body(body);
        // The paths of programs are closed to staff, too.
        let path = format!("/v1{}", target.split('?').next().unwrap());
        let by_staff = Request::new(method, target).by_staff(&JANE).to(method, &path).body(body);
        for request in [by_key, with_key, by_staff] {
            assert_eq!(stage.ask(request).await.to_string(), unknown, "{method} {target}");
        }
    }
    assert!(stage.world.calls().is_empty());
}

/// An AWS identity that calls the function's URL, if it had one, proves nothing here.
#[tokio::test]
async fn aws_identities_and_strangers_open_no_route() {
    let stage = Stage::set().await;
    let unknown = unknown().await.to_string();
    let signed = "arn:aws:sts::111122223333:assumed-role/Support/jane@example.com";
    for (method, target, body) in ROUTES {
        let request = || Request::new(method, target).body(body);
        for request in [request().signed_by(signed), request().without_token(), request().by(&CLEO), request().by(&BEN)]
        {
            assert_eq!(stage.ask(request).await.to_string(), unknown, "{method} {target}");
        }
    }
}

#[tokio::test]
async fn staff_get_the_usual_refusals() {
    let stage = Stage::set().await;
    let huge = json!({"reason": REASON, "command": {"command": "find", "name": "x".repeat(300 * 1024)}});
    let huge = stage.post("/operator/commands", huge).await;
    assert_eq!((huge.status.as_u16(), huge.code()), (413, "body_too_large"));
    for (method, target, _) in ROUTES {
        let other = if method == "GET" { "PUT" } else { "GET" };
        let answer = stage.ask(Request::new(other, target).by_staff(&JANE)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (404, "route_not_found"), "{other} {target}");
    }
    for target in
        ["/operator/queues/nothing/messages", "/operator/queues/MAIL/messages", "/operator/queues/mail%20/messages"]
    {
        let answer = stage.get(target).await;
        assert_eq!((answer.code(), answer.wrong_fields()), ("invalid_request", vec!["queue"]), "{target}");
    }
    let answer = stage.get("/operator/letters?workspace=ws_forged").await;
    assert_eq!((answer.code(), answer.wrong_fields()), ("invalid_request", vec!["workspace"]));
    for query in ["", "?workspace=ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y&email=ana@example.com"] {
        let answer = stage.get(&format!("/operator/letters{query}")).await;
        assert_eq!((answer.code(), answer.wrong_fields()), ("invalid_request", vec!["workspace", "email"]), "{query}");
    }
}

/// Invariant 68.
#[tokio::test]
async fn each_request_of_staff_is_logged_with_the_person() {
    let stage = Stage::set().await;
    let lines = JsonLines::capture();
    for (method, target, body) in ROUTES {
        lines.clear();
        stage.ask(Request::new(method, target).by_staff(&JANE).body(body)).await;
        let logged = lines.fields("staff");
        assert_eq!(logged.len(), 1, "{method} {target}");
        assert_eq!((&logged[0]["staff"], &logged[0]["function"]), (&json!("jane@example.com"), &json!("console")));
        assert!(!lines.text().contains("ana@example.com"), "customers are not named: {}", lines.text());
        lines.clear();
        stage.ask(Request::new(method, target).by(&CLEO).body(body)).await;
        assert!(lines.fields("staff").is_empty());
    }
}
