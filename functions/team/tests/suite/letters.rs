//! Stopping e-mails by the link in one of them, without an ID token, and the effect on invitations.

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, CLEO, Fault, Person, Request, World};

fn router(world: &World) -> Router {
    team::router(
        TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
        world.claim_rules(),
    )
}

/// Returns a request without an ID token.
fn public(method: &str, route: &str, token: &str) -> Request {
    Request::new(method, &format!("/letters/{route}/{token}")).without_token()
}

fn stops(world: &World) -> usize {
    world.items().into_values().filter(|item| item["_type"] == "letters_stopped").count()
}

fn said(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

#[tokio::test]
async fn only_a_post_stops_letters() {
    let world = World::default();
    let (router, token) = (router(&world), world.letter_token(BEN.email).await);
    world.changes();
    let page = world.send(&router, public("GET", "stop", &token)).await;
    assert_eq!((said(&page), page.usage.requests), ((200, ""), 0), "the page reads nothing from the table");
    world.assert_nothing_written();
    insta::assert_snapshot!(page);
    for _ in 0..2 {
        let stopped = world.send(&router, public("POST", "stop", &token).body("List-Unsubscribe=One-Click")).await;
        assert_eq!((said(&stopped), stopped.usage.requests, stops(&world)), ((200, ""), 1, 1));
        insta::assert_snapshot!("stopped", stopped);
    }
    assert_eq!(said(&world.send(&router, public("GET", "stop", &token)).await), (200, ""));
    assert_eq!(stops(&world), 1, "reading the page does not resume e-mails");
    for _ in 0..2 {
        let resumed = world.send(&router, public("POST", "resume", &token)).await;
        assert_eq!((said(&resumed), resumed.usage.requests, stops(&world)), ((200, ""), 1, 0));
        insta::assert_snapshot!("resumed", resumed);
    }
    assert_eq!(said(&world.send(&router, public("GET", "resume", &token)).await), (404, "route_not_found"));
}

#[tokio::test]
async fn a_link_that_is_in_no_letter_reaches_no_table() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let (invitation, of_an_invitation) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    let token = world.letter_token(BEN.email).await;
    let (digest, mac) = token.split_once('.').unwrap();
    let others = world.letter_token(CLEO.email).await;
    let forged = [
        "x".to_owned(),
        digest.to_owned(),
        format!("{digest}."),
        format!("{digest}.{}", others.split_once('.').unwrap().1),
        format!("{}.{mac}", others.split_once('.').unwrap().0),
        format!("{token}.x"),
        of_an_invitation,
        invitation.to_string(),
        "a".repeat(5000),
    ];
    world.changes();
    for token in &forged {
        for (method, route) in [("GET", "stop"), ("POST", "stop"), ("POST", "resume")] {
            drop(world.calls());
            let answer = world.send(&router, public(method, route, token)).await;
            assert_eq!((said(&answer), answer.usage.requests), ((404, "letter_link_not_found"), 0), "{token}");
            let calls: BTreeMap<_, _> =
                world.calls().into_iter().filter(|(operation, _)| operation != "GetSecretValue").collect();
            assert_eq!(calls, BTreeMap::new(), "{token}");
        }
    }
    world.assert_nothing_written();
    // A link under the previous key still works.
    world.rotate_invitation_key("another invitation key of the test world, also longer than thirty-two bytes");
    world.wait(jiff::SignedDuration::from_mins(6));
    assert_eq!(said(&world.send(&router, public("POST", "stop", &token)).await), (200, ""));
}

#[tokio::test(start_paused = true)]
async fn letters_are_not_said_to_stop_when_they_do_not() {
    let world = World::default();
    let (router, token) = (router(&world), world.letter_token(BEN.email).await);
    (0..3).for_each(|_| world.plan("UpdateItem", Fault::ServerError));
    assert_eq!(said(&world.send(&router, public("POST", "stop", &token)).await), (503, "unavailable"));
    assert_eq!(stops(&world), 0);
}

fn invite(id: WorkspaceId, email: &str) -> Request {
    Request::new("POST", "/team/invite").within(id).json(json!({"email": email, "role": "viewer"}))
}

fn mails(world: &World) -> usize {
    let outbox = world.items().into_values().filter(|item| item["_type"] == "outbox");
    outbox.filter(|item| item["message"]["kind"] == "invitation_mail").count()
}

#[tokio::test]
async fn a_stopped_address_is_invited_without_a_letter() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let token = world.letter_token(BEN.email).await;
    world.send(&router, public("POST", "stop", &token)).await;
    let answer = world.send(&router, invite(id, "BEN+x@example.com")).await;
    assert_eq!((said(&answer), answer.usage.round_trips), ((201, ""), 2));
    assert_eq!((&answer.body["delivery"], mails(&world)), (&json!("stopped"), 0));
    let answer = world.send(&router, invite(id, "cleo@example.com")).await;
    assert_eq!((&answer.body["delivery"], mails(&world)), (&json!("queued"), 1));
    let list = world.send(&router, Request::event("team/invitations").within(id)).await;
    let shown: Vec<_> = list.body["invitations"].as_array().unwrap().iter().map(|one| &one["delivery"]).collect();
    assert_eq!(shown, ["queued", "stopped"]);
    world.assert_counters_consistent("both have seats");
    let plus = Person { email: "ben+x@example.com", ..BEN };
    let own = world.send(&router, Request::event("team/own-invitations").by(&plus)).await;
    assert_eq!(own.body["invitations"].as_array().map(Vec::len), Some(1), "it is found after signing in");
}

#[tokio::test]
async fn inviter_needs_a_verified_address() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let (invitation, _) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    let unverified = Person { verified: false, ..ANA };
    world.changes();
    let resend = Request::new("POST", &format!("/team/invitations/{invitation}/resend")).within(id);
    for request in [invite(id, "cleo@example.com"), resend] {
        let answer = world.send(&router, request.by(&unverified)).await;
        assert_eq!((said(&answer), answer.usage.round_trips), ((403, "verified_address_required"), 1));
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn returned_mark_is_shown_for_every_delivery_state() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let (invitation, _) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    let shown = async || {
        let list = world.send(&router, Request::event("team/invitations").within(id)).await;
        list.body["invitations"][0]["delivery"].clone()
    };
    let set = |attribute: &str, value: Value| world.overwrite(id, format!("INVITE#{invitation}"), attribute, value);
    for delivery in ["queued", "sent", "deferred", "stopped", "failed"] {
        set("delivery", json!({ "S": delivery }));
        assert_eq!(shown().await, delivery);
    }
    for returned in ["bounced", "complained"] {
        set("returned", json!({ "S": returned }));
        assert_eq!(shown().await, returned);
    }
}

#[tokio::test]
async fn the_reason_of_a_refused_letter_is_shown() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let (invitation, _) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    for (delivery, refusal) in
        [("failed", json!("rejected")), ("failed", json!("invalid_address")), ("sent", Value::Null)]
    {
        let stored = refusal.as_str().map_or(json!({"NULL": true}), |reason| json!({"S": reason}));
        world.overwrite(id, format!("INVITE#{invitation}"), "delivery", json!({ "S": delivery }));
        world.overwrite(id, format!("INVITE#{invitation}"), "refusal", stored);
        let list = world.send(&router, Request::event("team/invitations").within(id)).await;
        let shown = &list.body["invitations"][0];
        assert_eq!((&shown["delivery"], &shown["refusal"]), (&json!(delivery), &refusal));
    }
}
