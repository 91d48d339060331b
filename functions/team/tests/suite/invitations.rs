//! Pending invitations: listed, resent, revoked, declined, found by their recipients; and the limit per hour.

use axum::Router;
use domain::{
    identity::access::Role,
    ids::{InvitationId, WorkspaceId},
};
use http::StatusCode;
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, CLEO, Fault, Person, Request, World, plan};

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

fn router(world: &World) -> Router {
    team::router(
        TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
        world.claim_rules(),
    )
}

/// Creates a workspace of Ana's with an invitation for Ben, and returns its id and its token.
async fn invited(role: Role) -> (World, Router, WorkspaceId, InvitationId, String) {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let (invitation, token) = world.invitation(id, &ANA, &BEN, role).await;
    world.changes();
    (world, router, id, invitation, token)
}

fn resend(invitation: InvitationId) -> Request {
    Request::new("POST", &format!("/team/invitations/{invitation}/resend"))
}

fn cancel(invitation: InvitationId) -> Request {
    Request::new("DELETE", &format!("/team/invitations/{invitation}"))
}

fn accept(token: &str) -> Request {
    Request::new("POST", &format!("/team/invitations/{token}/accept")).by(&BEN)
}

fn decline(token: &str) -> Request {
    Request::new("POST", &format!("/team/invitations/{token}/decline")).by(&BEN)
}

fn said(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

/// Invariant 3.
#[tokio::test]
async fn resending_kills_the_old_link_and_lasts_a_week() {
    let (world, router, id, invitation, first) = invited(Role::Member).await;
    world.wait(SignedDuration::from_hours(6 * 24));
    let request = || resend(invitation).within(id).header("idempotency-key", "k");
    let answer = world.send(&router, request()).await;
    assert_eq!((said(&answer), answer.usage.round_trips), ((202, ""), 2));
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
    world.assert_counters_consistent("sent again");
    let again = world.send(&router, request()).await;
    assert_eq!((again.status, &again.body), (answer.status, &answer.body));
    world.assert_nothing_written();

    world.wait(SignedDuration::from_hours(2 * 24));
    assert_eq!(said(&world.send(&router, accept(&first)).await), (404, "invitation_not_found"));
    let second = world.token(id, invitation).await;
    assert_eq!(said(&world.send(&router, accept(&second)).await), (200, ""), "a week from then");
    assert_eq!(said(&world.send(&router, resend(invitation).within(id)).await), (404, "invitation_not_found"));
}

#[tokio::test]
async fn expired_invitation_with_a_seat_can_be_resent() {
    let (world, router, id, invitation, _) = invited(Role::Member).await;
    world.wait(WEEK);
    assert_eq!(said(&world.send(&router, resend(invitation).within(id)).await), (202, ""));
    let token = world.token(id, invitation).await;
    assert_eq!(said(&world.send(&router, accept(&token)).await), (200, ""));
    world.assert_counters_consistent("accepted");
}

/// Invariants 3 and 4.
#[tokio::test]
async fn revoking_frees_the_seat_and_kills_the_link() {
    let (world, router, id, invitation, token) = invited(Role::Member).await;
    let answer = world.send(&router, cancel(invitation).within(id)).await;
    assert_eq!((said(&answer), answer.usage.round_trips), ((204, ""), 2));
    assert_snapshot!(world.changes());
    world.assert_counters_consistent("taken back");
    assert_eq!(said(&world.send(&router, accept(&token)).await), (404, "invitation_not_found"));
    assert_eq!(said(&world.send(&router, cancel(invitation).within(id)).await), (404, "invitation_not_found"));
    world.assert_nothing_written();
    world.invitation(id, &ANA, &BEN, Role::Viewer).await;
}

#[tokio::test]
async fn declining_takes_what_accepting_takes_and_frees_the_seat() {
    let (world, router, id, invitation, token) = invited(Role::Member).await;
    let unverified = Person { verified: false, ..BEN };
    for (request, refusal) in [
        (decline(&token).by(&CLEO), (403, "invitation_for_another_address")),
        (decline(&token).by(&unverified), (403, "email_unverified")),
        (decline("x"), (404, "invitation_not_found")),
        (decline(&invitation.to_string()), (404, "invitation_not_found")),
        (decline(&invitation.to_string()).by(&CLEO).within(id), (404, "invitation_not_found")),
    ] {
        let answer = world.send(&router, request).await;
        assert_eq!((said(&answer), answer.usage.round_trips.min(1)), (refusal, answer.usage.round_trips));
        world.assert_nothing_written();
    }
    let request = || decline(&invitation.to_string()).within(id).header("idempotency-key", "k");
    let answer = world.send(&router, request()).await;
    assert_eq!((said(&answer), answer.usage.round_trips), ((204, ""), 2));
    assert_snapshot!(world.changes());
    world.assert_counters_consistent("declined");
    assert_eq!(said(&world.send(&router, request()).await), (204, ""), "the same key");
    for gone in [decline(&token), accept(&token)] {
        assert_eq!(said(&world.send(&router, gone).await), (404, "invitation_not_found"));
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn old_link_cannot_decline_a_concurrently_resent_invitation() {
    let (world, router, id, invitation, token) = invited(Role::Member).await;
    world.after("BatchGetItem", id, format!("INVITE#{invitation}"), "version", json!({"N": "2"}));
    assert_eq!(said(&world.send(&router, decline(&token)).await), (404, "invitation_not_found"));
    world.assert_counters_consistent("still there");
}

#[tokio::test]
async fn an_admin_has_no_hand_in_an_owners_invitation() {
    let (world, router, id, invitation, _) = invited(Role::Owner).await;
    world.join(id, &ANA, &CLEO, Role::Admin).await;
    world.changes();
    for request in [resend(invitation), cancel(invitation)] {
        let answer = world.send(&router, request.by(&CLEO).within(id)).await;
        assert_eq!((said(&answer), &answer.body["required_role"]), ((403, "role_above_own"), &json!("owner")));
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn invitation_beyond_its_inviters_role_is_not_resent() {
    let (world, router, id, _, _) = invited(Role::Viewer).await;
    world.subscribe(id, plan("pro")).await;
    world.join(id, &ANA, &CLEO, Role::Admin).await;
    let dan = Person { subject: "dan", email: "dan@example.com", ..BEN };
    let (invitation, _) = world.invitation(id, &CLEO, &dan, Role::Viewer).await;
    world.overwrite(id, format!("MEMBER#{}", CLEO.id()), "role", json!({"S": "viewer"}));
    world.changes();
    assert_eq!(said(&world.send(&router, resend(invitation).within(id)).await), (404, "invitation_not_found"));
    world.assert_nothing_written();
}

fn ids(answer: &Answer) -> Vec<String> {
    let invitations = answer.body["invitations"].as_array().unwrap();
    invitations.iter().map(|invitation| invitation["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pending_invitations_are_listed_newest_first_until_expiry() {
    let (world, router, id, first, _) = invited(Role::Member).await;
    world.wait(SignedDuration::from_hours(1));
    let (second, _) = world.invitation(id, &ANA, &CLEO, Role::Admin).await;
    let list = || Request::event("team/invitations").within(id);
    let answer = world.send(&router, list()).await;
    assert_eq!(answer.usage.round_trips, 1);
    assert_snapshot!(answer);
    let page = world.send(&router, Request::new("GET", "/team/invitations?limit=1").within(id)).await;
    assert_eq!(ids(&page), [second.to_string()]);
    let cursor = page.body["pagination"]["next_cursor"].as_str().unwrap();
    let next = format!("/team/invitations?limit=1&cursor={cursor}");
    assert_eq!(ids(&world.send(&router, Request::new("GET", &next).within(id)).await), [first.to_string()]);
    world.wait(WEEK - SignedDuration::from_hours(1));
    assert_eq!(ids(&world.send(&router, list()).await), [second.to_string()]);
}

#[tokio::test]
async fn invitee_finds_invitations_by_verified_address() {
    let (world, router, acme, first, _) = invited(Role::Member).await;
    let other = world.workspace_of(&CLEO).await;
    world.wait(SignedDuration::from_hours(1));
    let (second, _) = world.invitation(other, &CLEO, &BEN, Role::Admin).await;
    world.changes();
    let own = |person: &Person| Request::event("team/own-invitations").by(person);
    let answer = world.send(&router, own(&BEN)).await;
    assert_eq!(answer.usage.round_trips, 2);
    assert_snapshot!(answer);
    let shouting = Person { email: "BEN@EXAMPLE.COM", ..BEN };
    assert_eq!(ids(&world.send(&router, own(&shouting)).await), [second.to_string(), first.to_string()]);
    for stranger in [CLEO, ANA, Person { verified: false, ..BEN }] {
        assert_eq!(ids(&world.send(&router, own(&stranger)).await), Vec::<String>::new());
    }
    let page = async |query: &str| {
        world.send(&router, Request::new("GET", &format!("/invitations?limit=1{query}")).by(&BEN)).await
    };
    let newest = page("").await;
    assert_eq!(ids(&newest), [second.to_string()]);
    let cursor = format!("&cursor={}", newest.body["pagination"]["next_cursor"].as_str().unwrap());
    let last = page(&cursor).await;
    assert_eq!((ids(&last), &last.body["pagination"]["has_more"]), (vec![first.to_string()], &json!(false)));

    // Stale entries of the index are not trusted, nor is an overwritten address.
    world.overwrite(other, "META", "live", json!({"BOOL": false}));
    assert_eq!(ids(&world.send(&router, own(&BEN)).await), [first.to_string()]);
    world.overwrite(acme, format!("INVITE#{first}"), "email", json!({"S": "eve@example.com"}));
    assert_eq!(ids(&world.send(&router, own(&BEN)).await), Vec::<String>::new());
    world.overwrite(acme, format!("INVITE#{first}"), "email", json!({"S": "ben@example.com"}));
    world.wait(WEEK - SignedDuration::from_hours(1));
    assert_eq!(ids(&world.send(&router, own(&BEN)).await), Vec::<String>::new(), "expired");
}

#[tokio::test]
async fn address_of_an_expired_invitation_can_be_invited_again() {
    let (world, router, id, first, _) = invited(Role::Member).await;
    let invite =
        || Request::new("POST", "/team/invite").within(id).json(json!({"email": "BEN@example.com", "role": "viewer"}));
    world.wait(WEEK - SignedDuration::from_millis(1));
    assert_eq!(said(&world.send(&router, invite()).await), (409, "address_taken"));
    world.assert_nothing_written();
    world.wait(SignedDuration::from_millis(1));
    let answer = world.send(&router, invite()).await;
    assert_eq!((said(&answer), answer.usage.round_trips), ((201, ""), 3));
    assert!(world.changes().contains(&format!(r#"released_invitations\":[\"{first}\"]"#)));
    world.assert_counters_consistent("invited again");
}

#[tokio::test]
async fn expired_address_is_invited_again_into_a_full_workspace() {
    let (world, router, id, _, _) = invited(Role::Member).await;
    world.invitation(id, &ANA, &CLEO, Role::Viewer).await;
    world.wait(WEEK);
    let invite =
        |email: &str| Request::new("POST", "/team/invite").within(id).json(json!({"email": email, "role": "viewer"}));
    let answer = world.send(&router, invite("ben@example.com")).await;
    assert_eq!((said(&answer), answer.usage.round_trips), ((201, ""), 3));
    world.assert_counters_consistent("one for one");
    assert_eq!(said(&world.send(&router, invite("dan@example.com")).await), (201, ""));
    world.assert_counters_consistent("full");
    assert_eq!(said(&world.send(&router, invite("eve@example.com")).await), (402, "workspace_member_limit"));
}

#[tokio::test]
async fn a_hundred_invitations_per_hour_then_a_retry_time() {
    let (world, router, id, invitation, _) = invited(Role::Member).await;
    world.subscribe(id, plan("enterprise")).await;
    world.wait(SignedDuration::from_mins(15));
    let invite = |name: &str| {
        let body = json!({"email": format!("{name}@example.com"), "role": "viewer"});
        Request::new("POST", "/team/invite").within(id).json(body)
    };
    assert_eq!(said(&world.send(&router, resend(invitation).within(id)).await), (202, ""));
    for number in 0..98 {
        assert_eq!(said(&world.send(&router, invite(&format!("guest{number}"))).await), (201, ""));
    }
    world.changes();
    for request in [invite("x"), resend(invitation).within(id)] {
        let refused = world.send(&router, request).await;
        assert_eq!((said(&refused), &refused.body["limit"]), ((429, "too_many_invitations"), &json!(100)));
        assert_eq!(
            (&refused.headers["retry-after"], &refused.body["resets_at"]),
            (&"2700".parse().unwrap(), &json!("2026-11-21T13:00:00Z"))
        );
    }
    world.assert_nothing_written();
    let other = world.workspace_of(&ANA).await;
    world.invitation(other, &ANA, &BEN, Role::Viewer).await;
    world.wait(SignedDuration::from_mins(45));
    assert_eq!(said(&world.send(&router, invite("x")).await), (201, ""));
}

/// Invariant 28.
#[tokio::test(start_paused = true)]
async fn an_index_that_fails_shows_nothing() {
    let (world, router, _, _, _) = invited(Role::Member).await;
    for operation in ["Query", "BatchGetItem"] {
        (0..9).for_each(|_| world.plan(operation, Fault::ServerError));
        let answer = world.send(&router, Request::event("team/own-invitations")).await;
        assert_eq!((said(&answer), &answer.body["invitations"]), ((503, "unavailable"), &Value::Null), "{operation}");
        world.forget_plans();
    }
}

#[tokio::test]
async fn ids_of_other_kinds_are_named() {
    let (world, router, id, _, token) = invited(Role::Member).await;
    for target in ["usr_01K9ZX3V8Q4M7N2P5R6S8T9W0Y", "x", &token] {
        for (method, rest) in [("POST", "/resend"), ("DELETE", "")] {
            let request = Request::new(method, &format!("/team/invitations/{target}{rest}")).within(id);
            let answer = world.send(&router, request).await;
            assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["id"]));
        }
    }
    let foreign = world.send(&router, Request::new("GET", "/invitations?cursor=x&limit=0&role=owner")).await;
    assert_eq!(foreign.wrong_fields(), ["role", "limit"]);
    world.assert_nothing_written();
}

#[tokio::test]
async fn suspended_workspace_refuses_joining_but_not_declining() {
    let (world, router, id, _, token) = invited(Role::Member).await;
    world.suspend(id, "Spam").await;
    world.changes();
    let refused = world.send(&router, accept(&token)).await;
    assert_eq!((said(&refused), refused.usage.round_trips), ((403, "workspace_suspended"), 1), "{refused}");
    world.assert_nothing_written();
    let own = world.send(&router, Request::new("GET", "/invitations").by(&BEN)).await;
    assert_eq!(own.body["invitations"], serde_json::json!([]), "invitations to suspended workspaces are hidden: {own}");
    assert_eq!(said(&world.send(&router, decline(&token)).await).0, 204);
    world.assert_counters_consistent("declined");
}

#[tokio::test]
async fn an_invitation_can_be_accepted_after_the_suspension() {
    let (world, router, id, _, token) = invited(Role::Member).await;
    world.suspend(id, "Spam").await;
    world.unsuspend(id).await;
    let own = world.send(&router, Request::new("GET", "/invitations").by(&BEN)).await;
    assert_eq!(own.body["invitations"].as_array().unwrap().len(), 1, "{own}");
    assert_eq!(said(&world.send(&router, accept(&token)).await), (200, ""));
}

/// The suspension comes between the read and the write of a change.
#[tokio::test]
async fn a_suspension_between_read_and_write_refuses_the_change() {
    let (world, router, id, invitation, token) = invited(Role::Member).await;
    let invite = Request::new("POST", "/team/invite").json(serde_json::json!({"email": CLEO.email, "role": "viewer"}));
    for request in [accept(&token), resend(invitation).within(id), invite.within(id)] {
        world.suspend_after("BatchGetItem", id);
        let answer = world.send(&router, request).await;
        assert_eq!(said(&answer), (403, "workspace_suspended"), "{answer}");
        world.overwrite(id, "META", "suspended", serde_json::json!({"NULL": true}));
    }
    world.assert_counters_consistent("refused");
    // Actions that continue during a suspension are not affected.
    world.suspend_after("BatchGetItem", id);
    assert_eq!(said(&world.send(&router, cancel(invitation).within(id)).await).0, 204);
}

/// An invitation to an address that no letter reaches would hold a seat for a week.
#[tokio::test]
async fn unreachable_addresses_are_not_invited() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.changes();
    let invite =
        |email: &str| Request::new("POST", "/team/invite").within(id).json(json!({"email": email, "role": "member"}));
    for email in ["a@b.c#d", "a@1.2.3.4", "a@example..com", "a@-example.com", "a@my_host.example.com", "a@example.c"] {
        let answer = world.send(&router, invite(email)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "invalid_request"), "{email}");
        let message = answer.body["errors"][0]["message"].as_str().unwrap();
        assert!(message.starts_with("must "), "{email}: {message}");
        world.assert_nothing_written();
    }
    for email in ["o'brien+x@xn--mnchen-3ya.example", "_@a.de"] {
        assert_eq!(world.send(&router, invite(email)).await.status, StatusCode::CREATED, "{email}");
    }
}
