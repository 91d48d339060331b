//! Log lines: one for each request, without any text from customers.

use axum::Router;
use domain::identity::access::Role;
use serde_json::json;
use team::TeamDeps;
use testkit::{ANA, BEN, CLEO, Fault, JsonLines, Request, World};

fn router(world: &World) -> Router {
    team::router(
        TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
        world.claim_rules(),
    )
}

/// Invariant 25.
#[tokio::test(start_paused = true)]
async fn no_line_has_an_address_a_token_or_what_was_sent() {
    let log = JsonLines::capture();
    let world = World::seeded(1);
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let (_, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    log.clear();

    let accept = |token: &str| Request::new("POST", &format!("/team/invitations/{token}/accept"));
    let invite = |body: &str| Request::new("POST", "/team/invite").within(id).body(body);
    let requests = [
        accept(&token).by(&CLEO),
        accept(&token).by(&BEN),
        accept("canary-token").by(&BEN),
        invite(r#"{"email": "canary@example.com", "role": "canary-role"}"#),
        invite(r#"{"email": "canary@example.com", "role": "viewer""#),
        invite(r#"{"email": "canary@example.com", "role": "viewer", "canary-field": 1}"#),
        invite(r#"{"email": "canary@example.com", "role": "viewer"}"#),
        invite(r#"{"email": "canary@example.com", "role": "viewer"}"#),
        Request::new("GET", "/team/members?status=canary-query&cursor=canary-cursor").within(id),
        Request::new("POST", "/team/invitations/canary-id/resend").within(id),
        Request::new("DELETE", "/team/members/canary-id").within(id),
        Request::new("PUT", "/team/members/canary-id/role").within(id).body(r#"{"role": "canary-role"}"#),
        Request::new("GET", "/invitations?canary=canary").by(&BEN),
        Request::new("POST", &format!("/team/invitations/{token}/decline")).by(&CLEO),
        Request::new("GET", "/canary-path").within("canary-header"),
        Request::new("GET", "/team/members").within(id).without_token(),
    ];
    let sent = requests.len();
    for request in requests {
        world.send(&router, request).await;
    }
    for fault in [Fault::ServerError, Fault::TimeOut, Fault::LoseReply, Fault::Conflict] {
        (0..3).for_each(|_| world.plan("TransactWriteItems", fault));
        world.send(&router, invite(r#"{"email": "canary2@example.com", "role": "viewer"}"#)).await;
    }
    world.overwrite(id, format!("MEMBER#{}", ANA.id()), "email", json!({"N": "7"}));
    world.send(&router, Request::new("GET", "/team/members").within(id)).await;

    let requests = log.fields("request");
    assert_eq!(requests.len(), sent + 5, "a line for each request");
    // Everything logged at the template's level, libraries included.
    let everything = log.text();
    let mac = token.rsplit('.').next().unwrap();
    for secret in ["canary", "@", mac, "example.com"] {
        assert!(!everything.contains(secret), "{secret}");
    }
    let failed = requests.iter().find(|line| line["status"] == 500).unwrap();
    assert_eq!(failed["cause"], "an item is no member of version 1");
    let refused = requests.iter().find(|line| line["code"] == "invitation_for_another_address").unwrap();
    assert_eq!(refused["route"], "/api/v1/team/invitations/{token}/accept");
    assert_eq!((&refused["function"], &refused["round_trips"]), (&json!("team"), &json!(1)));
}
