//! The routes of `team` on the embedded table: answers, writes and access.

use axum::Router;
use domain::{command::Expected, identity::access::Role, ids::WorkspaceId, workspace::head::Update};
use http::StatusCode;
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::workspace;
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, CLEO, Fault, Person, Request, World};

fn router(world: &World) -> Router {
    team::router(
        TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
        world.claim_rules(),
    )
}

/// Creates a world with a workspace of Ana's, and discards the changes so far.
async fn acme() -> (World, Router, WorkspaceId) {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.changes();
    (world, router, id)
}

fn accept(token: &str) -> Request {
    Request::new("POST", &format!("/team/invitations/{token}/accept")).by(&BEN)
}

fn seats(world: &World) -> (u64, u64, u64) {
    let items = world.items();
    let head = items.values().find(|item| item["_type"] == "workspace").unwrap();
    let count = |name: &str| head[name].as_u64().unwrap();
    (count("owner_count"), count("member_count"), count("seat_count"))
}

#[tokio::test]
async fn inviting_takes_a_seat_and_an_address_and_enqueues_a_mail() {
    let (world, router, id) = acme().await;
    let answer = world.send(&router, Request::event("team/invite").within(id)).await;
    assert_eq!(answer.usage.round_trips, 2);
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
}

#[tokio::test]
async fn accepting_uses_the_invitation_up_and_seats_its_holder() {
    let (world, router, id) = acme().await;
    let (_, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    world.changes();
    let answer = world.send(&router, accept(&token)).await;
    assert_eq!(answer.usage.round_trips, 2);
    assert_snapshot!(format!("{answer}\n\n{}", world.changes()));
    assert_eq!(seats(&world), (1, 2, 2));
}

#[tokio::test]
async fn members_are_listed_by_id_and_filtered() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    let answer = world.send(&router, Request::event("team/members").within(id)).await;
    assert_eq!(answer.usage.round_trips, 1);
    assert_snapshot!(answer);
    let ids = async |query: &str| {
        let answer = world.send(&router, Request::new("GET", &format!("/team/members{query}")).within(id)).await;
        let members = answer.body["members"].as_array().unwrap().clone();
        members.into_iter().map(|member| member["full_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("?role=owner").await, ["Ana"]);
    assert_eq!(ids("?role=member&status=active").await, ["Ben"]);
    assert_eq!(ids("?status=removed").await, Vec::<String>::new());
}

#[tokio::test]
async fn activity_lists_actors_and_actions_newest_first() {
    let (world, router, id) = acme().await;
    world.wait(SignedDuration::from_secs(60));
    world.join(id, &ANA, &BEN, Role::Member).await;
    let answer = world.send(&router, Request::new("GET", "/team/activity").within(id)).await;
    assert_eq!(answer.usage.round_trips, 1);
    assert_snapshot!(answer);
    let filtered = world.send(&router, Request::event("team/activity").within(id)).await;
    assert_eq!(filtered.body["activity"].as_array().unwrap().len(), 1);
    let target = format!("/team/activity?actor={}", ANA.id());
    let anas = world.send(&router, Request::new("GET", &target).within(id)).await;
    assert_eq!(anas.body["activity"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let (world, router, id) = acme().await;
    for event in ["team/invite-invalid", "team/members-invalid", "team/activity-invalid"] {
        let answer = world.send(&router, Request::event(event).within(id)).await;
        assert_snapshot!(event, answer);
        world.assert_nothing_written();
    }
}

#[tokio::test]
async fn sample_events_name_unknown_items() {
    let (world, router, _) = acme().await;
    for event in ["team/members", "team/invite", "team/activity"] {
        let answer = world.send(&router, Request::event(event)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "workspace_not_found"), "{event}");
    }
    for event in ["team/accept", "team/accept-forged"] {
        let answer = world.send(&router, Request::event(event)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "invitation_not_found"), "{event}");
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn roles_decide_who_may_invite_whom() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Admin).await;
    world.changes();
    let invite = async |person: &Person, role: &str| {
        let body = json!({"email": "dora@example.com", "role": role});
        let request = Request::new("POST", "/team/invite").by(person).within(id).json(body);
        let answer = world.send(&router, request).await;
        (answer.status, answer.code().to_owned())
    };
    assert_eq!(invite(&BEN, "owner").await, (StatusCode::FORBIDDEN, "role_above_own".to_owned()));
    assert_eq!(invite(&CLEO, "viewer").await, (StatusCode::NOT_FOUND, "workspace_not_found".to_owned()));
    world.assert_nothing_written();
    assert_eq!(invite(&BEN, "admin").await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn a_viewer_neither_invites_nor_reads_activity() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    world.changes();
    for request in [
        Request::new("POST", "/team/invite").json(json!({"email": "dora@example.com", "role": "viewer"})),
        Request::new("GET", "/team/activity"),
    ] {
        let answer = world.send(&router, request.by(&BEN).within(id)).await;
        assert_eq!((answer.status, &answer.body["required_role"]), (StatusCode::FORBIDDEN, &json!("admin")));
        world.assert_nothing_written();
    }
    let members = world.send(&router, Request::new("GET", "/team/members").by(&BEN).within(id)).await;
    assert_eq!(members.status, StatusCode::OK);
}

/// Invariant 4.
#[tokio::test]
async fn an_address_is_taken_once_however_it_is_written() {
    let (world, router, id) = acme().await;
    let invite = async |email: &str| {
        let body = json!({"email": email, "role": "viewer"});
        let answer = world.send(&router, Request::new("POST", "/team/invite").within(id).json(body)).await;
        (answer.status, answer.code().to_owned())
    };
    let taken = (StatusCode::CONFLICT, "address_taken".to_owned());
    assert_eq!(invite("ben@example.com").await.0, StatusCode::CREATED);
    assert_eq!(invite("BEN@Example.COM").await, taken);
    assert_eq!(invite("Ana@example.com").await, taken, "a founder's address is seated");
    assert_eq!(seats(&world), (1, 1, 2));
}

#[tokio::test]
async fn the_plan_limits_seats_and_says_what_would_help() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    world.invitation(id, &ANA, &CLEO, Role::Viewer).await;
    world.changes();
    let body = json!({"email": "dora@example.com", "role": "viewer"});
    let answer = world.send(&router, Request::new("POST", "/team/invite").within(id).json(body)).await;
    assert_snapshot!(answer);
    world.assert_nothing_written();
}

/// Invariant 3.
#[tokio::test]
async fn every_bad_token_gets_the_same_refusal() {
    let (world, router, id) = acme().await;
    let (invitation, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    world.changes();
    let flipped = token.replace(".1.", ".2.");
    let forged = format!("{id}.{invitation}.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let shown = [flipped.as_str(), &forged, &token[..token.len() - 1], "x", "a.b.c.d", "%2e%2e%2f", "1"];
    let refuse = async |what: &str, request: Request| {
        let answer = world.send(&router, request).await;
        let said = (answer.status, answer.code().to_owned(), answer.body["detail"].clone(), answer.usage.round_trips);
        assert_eq!((said.0, said.3), (StatusCode::NOT_FOUND, 1), "{what}");
        (said.1, said.2)
    };
    let usual = refuse("absent", Request::event("team/accept-forged")).await;
    for token in shown {
        assert_eq!(refuse(token, accept(token)).await, usual, "{token}");
    }
    world.assert_nothing_written();

    world.wait(SignedDuration::from_hours(7 * 24));
    assert_eq!(refuse("expired", accept(&token)).await, usual);
    let by_id = accept(&invitation.to_string()).within(id);
    assert_eq!(refuse("expired, by id", by_id).await, usual);
    world.assert_nothing_written();

    world.wait(SignedDuration::from_hours(-24));
    assert_eq!(world.send(&router, accept(&token)).await.status, StatusCode::OK);
    assert_eq!(refuse("used by another", accept(&token).by(&CLEO)).await, usual);
    assert_eq!(seats(&world), (1, 2, 2));
}

#[tokio::test]
async fn an_invitation_is_for_its_verified_address_alone() {
    let (world, router, id) = acme().await;
    let (invitation, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    world.changes();
    let unverified = Person { verified: false, ..BEN };
    let cases: [(&str, &Person, Option<WorkspaceId>, StatusCode, &str); 7] = [
        (&token, &CLEO, None, StatusCode::FORBIDDEN, "invitation_for_another_address"),
        (&token, &unverified, None, StatusCode::FORBIDDEN, "email_unverified"),
        (&token, &ANA, None, StatusCode::FORBIDDEN, "invitation_for_another_address"),
        (&invitation.to_string(), &CLEO, Some(id), StatusCode::NOT_FOUND, "invitation_not_found"),
        (&invitation.to_string(), &unverified, Some(id), StatusCode::NOT_FOUND, "invitation_not_found"),
        (&invitation.to_string(), &BEN, None, StatusCode::NOT_FOUND, "invitation_not_found"),
        (&invitation.to_string(), &BEN, Some(WorkspaceId::NIL), StatusCode::NOT_FOUND, "invitation_not_found"),
    ];
    for (at, (shown, person, workspace, status, code)) in cases.into_iter().enumerate() {
        let request = accept(shown).by(person);
        let request = workspace.map_or(request.clone(), |workspace| request.within(workspace));
        let answer = world.send(&router, request).await;
        assert_eq!((answer.status, answer.code()), (status, code), "case {at}");
        world.assert_nothing_written();
    }
    let shouting = Person { email: "BEN@EXAMPLE.COM", ..BEN };
    let request = accept(&invitation.to_string()).by(&shouting).within(id);
    assert_eq!(world.send(&router, request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_member_does_not_join_twice() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    let moved = Person { email: "ben@elsewhere.example.com", ..BEN };
    let (_, token) = world.invitation(id, &ANA, &moved, Role::Admin).await;
    let answer = world.send(&router, accept(&token).by(&moved)).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "already_member"));
    // Their address follows the identity provider, which ends the invitation. Their role stays.
    let items = world.items();
    let ben = &items[&(format!("WS#{id}"), format!("MEMBER#{}", BEN.id()))];
    assert_eq!((&ben["role"], &ben["email"]), (&json!("member"), &json!(moved.email)));
    assert!(items.values().all(|item| item["_type"] != "invitation"));
    world.assert_counters_consistent("refused");
}

#[tokio::test]
async fn an_invited_owner_is_counted_as_one() {
    let (world, router, id) = acme().await;
    let (_, token) = world.invitation(id, &ANA, &BEN, Role::Owner).await;
    assert_eq!(world.send(&router, accept(&token)).await.status, StatusCode::OK);
    assert_eq!(seats(&world), (2, 2, 2));
}

/// Invariant 21.
#[tokio::test]
async fn the_same_key_invites_and_accepts_once() {
    let (world, router, id) = acme().await;
    let invite = || Request::event("team/invite").within(id);
    let first = world.send(&router, invite()).await;
    world.changes();
    let again = world.send(&router, invite()).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    let other = invite().json(json!({"email": "dora@example.com", "role": "member"}));
    assert_eq!(world.send(&router, other).await.code(), "idempotency_key_reused");
    world.assert_nothing_written();

    let (_, token) = world.invitation(id, &ANA, &CLEO, Role::Viewer).await;
    let accept = || accept(&token).by(&CLEO).header("idempotency-key", "k");
    let first = world.send(&router, accept()).await;
    world.changes();
    let again = world.send(&router, accept()).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    world.assert_nothing_written();
}

#[tokio::test]
async fn accepting_twice_answers_with_the_seat() {
    let (world, router, id) = acme().await;
    let (invitation, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    let first = world.send(&router, accept(&token)).await;
    world.changes();
    for again in [accept(&token), accept(&invitation.to_string()).within(id)] {
        let answer = world.send(&router, again).await;
        assert_eq!((answer.status, &answer.body, answer.usage.round_trips), (StatusCode::OK, &first.body, 1));
        world.assert_nothing_written();
    }
    // The seat is that of one person and of one invitation, and ends with its removal.
    let other = world.send(&router, accept(&token).by(&CLEO)).await;
    assert_eq!((other.status, other.code()), (StatusCode::NOT_FOUND, "invitation_not_found"));
    let (_, declined) = world.invitation(id, &ANA, &CLEO, Role::Member).await;
    assert_eq!(world.send(&router, accept(&declined).by(&BEN)).await.code(), "invitation_for_another_address");
    world.send(&router, Request::new("DELETE", &format!("/team/members/{}", BEN.id())).within(id)).await;
    let removed = world.send(&router, accept(&token)).await;
    assert_eq!((removed.status, removed.code()), (StatusCode::NOT_FOUND, "invitation_not_found"));
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    assert_eq!(world.send(&router, accept(&token)).await.code(), "invitation_not_found", "another seat");
}

#[tokio::test]
async fn two_acceptances_at_once_take_one_seat() {
    for _ in 0..8 {
        let (world, router, id) = acme().await;
        let (_, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
        let (one, other) = tokio::join!(world.send(&router, accept(&token)), world.send(&router, accept(&token)));
        assert_eq!((one.status, other.status), (StatusCode::OK, StatusCode::OK), "{one} {other}");
        assert_eq!(one.body, other.body);
        assert_eq!(seats(&world), (1, 2, 2));
        world.assert_counters_consistent("accepted twice");
    }
}

/// Invariant 35.
#[tokio::test]
async fn token_is_only_in_the_mail() {
    let (world, router, id) = acme().await;
    let (_, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    let mac = token.rsplit('.').next().unwrap().to_owned();
    let answer = world.send(&router, accept(&token).header("idempotency-key", "k")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let everything = format!("{:?} {} {:?}", world.items(), answer.body, world.stream());
    assert!(!everything.contains(&mac));
}

/// Invariant 20.
#[tokio::test]
async fn another_tenant_reads_and_changes_nothing() {
    let (world, router, acme) = acme().await;
    let cleos = world.workspace_of(&CLEO).await;
    world.invitation(acme, &ANA, &BEN, Role::Member).await;
    world.changes();
    let body = json!({"email": "mole@example.com", "role": "viewer"});
    for request in [
        Request::new("GET", "/team/members"),
        Request::new("GET", "/team/activity"),
        Request::new("POST", "/team/invite").json(body),
    ] {
        let answer = world.send(&router, request.by(&CLEO).within(acme)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "workspace_not_found"));
        assert!(!answer.body.to_string().contains("ana"));
    }
    world.assert_nothing_written();
    let own = world.send(&router, Request::new("GET", "/team/members").by(&CLEO).within(cleos)).await;
    assert_eq!(own.body["members"].as_array().unwrap().len(), 1);
}

/// Invariant 5.
#[tokio::test]
async fn removed_members_and_dead_workspaces_deny_access() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Admin).await;
    let body = json!({"email": "dora@example.com", "role": "viewer"});
    let requests = || {
        [
            Request::new("GET", "/team/members"),
            Request::new("GET", "/team/activity"),
            Request::new("POST", "/team/invite").json(body.clone()),
        ]
    };
    world.overwrite(id, format!("MEMBER#{}", BEN.id()), "status", json!({"S": "removed"}));
    world.changes();
    for request in requests() {
        let answer = world.send(&router, request.by(&BEN).within(id)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "workspace_not_found"));
    }
    world.overwrite(id, "META", "live", json!({"BOOL": false}));
    world.changes();
    for request in requests() {
        let answer = world.send(&router, request.within(id)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "workspace_not_found"));
    }
    world.assert_nothing_written();
}

#[tokio::test]
async fn a_token_outlives_the_rotation_of_its_key_once() {
    let (world, router, id) = acme().await;
    let (_, bens) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    let (_, cleos) = world.invitation(id, &ANA, &CLEO, Role::Member).await;
    assert_eq!(world.send(&router, accept(&bens).by(&CLEO)).await.code(), "invitation_for_another_address");
    world.rotate_invitation_key("another invitation key, longer than thirty-two bytes");
    world.wait(SignedDuration::from_mins(6));
    assert_eq!(world.send(&router, accept(&bens)).await.status, StatusCode::OK);
    world.rotate_invitation_key("a third invitation key, longer than thirty-two bytes");
    world.wait(SignedDuration::from_mins(6));
    assert_eq!(world.send(&router, accept(&cleos).by(&CLEO)).await.code(), "invitation_not_found");
}

#[tokio::test]
async fn a_key_that_is_newer_than_the_one_known_is_looked_for_at_once() {
    let (world, router, id) = acme().await;
    assert_eq!(world.send(&router, accept("x")).await.code(), "invitation_not_found");
    world.rotate_invitation_key("another invitation key, longer than thirty-two bytes");
    let (_, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    world.wait(SignedDuration::from_secs(31));
    assert_eq!(world.send(&router, accept(&token)).await.status, StatusCode::OK);
}

/// Invariant 28.
#[tokio::test(start_paused = true)]
async fn a_list_that_fails_lets_nothing_out() {
    let (world, router, id) = acme().await;
    for fault in [Fault::ServerError, Fault::Hang] {
        (0..3).for_each(|_| world.plan("Query", fault));
        let answer = world.send(&router, Request::new("GET", "/team/members").within(id)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"), "{fault:?}");
        assert!(answer.body["members"].is_null());
    }
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_a_defect_and_never_absent() {
    let (world, router, id) = acme().await;
    world.overwrite(id, format!("MEMBER#{}", ANA.id()), "_v", json!({"N": "99"}));
    let answer = world.send(&router, Request::new("GET", "/team/members").within(id)).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::INTERNAL_SERVER_ERROR, "internal"));
    assert_eq!(answer.body["detail"], "something went wrong on our side");
}

/// Invariant 22.
#[tokio::test]
async fn pages_list_members_once_and_cursors_are_bound() {
    let (world, router, id) = acme().await;
    world.join(id, &ANA, &BEN, Role::Member).await;
    world.join(id, &ANA, &CLEO, Role::Viewer).await;
    let page = async |query: &str, workspace: WorkspaceId| {
        world.send(&router, Request::new("GET", &format!("/team/members?limit=1{query}")).within(workspace)).await
    };
    let cursor = |answer: &Answer| answer.body["pagination"]["next_cursor"].as_str().map(ToOwned::to_owned);
    let (mut names, mut answer) = (Vec::new(), page("", id).await);
    let first = cursor(&answer).unwrap();
    loop {
        names.extend(answer.body["members"].as_array().unwrap().iter().map(|m| m["full_name"].to_string()));
        match cursor(&answer) {
            Some(next) => answer = page(&format!("&cursor={next}"), id).await,
            None => break,
        }
    }
    names.sort();
    assert_eq!(names, ["\"Ana\"", "\"Ben\"", "\"Cleo\""]);

    let other = world.workspace_of(&ANA).await;
    let foreign = [
        page(&format!("&cursor={first}"), other).await,
        page(&format!("&cursor={first}&role=member"), id).await,
        world.send(&router, Request::new("GET", &format!("/team/activity?cursor={first}")).within(id)).await,
    ];
    for answer in foreign {
        assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["cursor"]));
    }
}

/// Invariant 22.
#[tokio::test]
async fn ten_thousand_members_cost_the_same_per_page() {
    let (world, router, id) = acme().await;
    world.add_members(id, &ANA, 9);
    let page = async || world.send(&router, Request::new("GET", "/team/members?limit=5").within(id)).await.usage;
    let with_ten = page().await;
    world.add_members(id, &ANA, 9_999);
    assert_eq!(page().await, with_ten, "round trips, requests and capacity");
    let (mut ids, mut pages) = (std::collections::BTreeSet::new(), 0);
    let mut target = "/team/members?limit=100".to_owned();
    loop {
        let answer = world.send(&router, Request::new("GET", &target).within(id)).await;
        for member in answer.body["members"].as_array().unwrap() {
            assert!(ids.insert(member["id"].as_str().unwrap().to_owned()), "{member} twice");
        }
        pages += 1;
        match answer.body["pagination"]["next_cursor"].as_str() {
            Some(cursor) => target = format!("/team/members?limit=100&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!((ids.len(), pages), (10_000, 100));
}

#[tokio::test]
async fn bad_input_is_named_field_by_field() {
    let (world, router, id) = acme().await;
    let invite = |email: &str, role: &str| {
        Request::new("POST", "/team/invite").within(id).json(json!({"email": email, "role": role}))
    };
    let long = format!("{}@example.com", "a".repeat(250));
    let broken = [
        "ben",
        "ben@",
        "@example.com",
        "b en@example.com",
        "ben@example.com\n",
        "b\u{0}en@example.com",
        "\u{212a}en@example.com",
        "be\u{200b}n@example.com",
        "ben@ex\u{430}mple.com",
        &long,
        "=cmd@example.com,x@example.com",
        "",
    ];
    for email in broken {
        let answer = world.send(&router, invite(email, "viewer")).await;
        assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["email"]), "{email:?}");
    }
    for role in ["root", "Owner", "", " admin", "admin\u{200b}"] {
        let answer = world.send(&router, invite("ben@example.com", role)).await;
        assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["role"]), "{role:?}");
    }
    for list in ["/team/members", "/team/activity", "/team/invitations", "/invitations"] {
        for limit in ["0", "101", "-1", "x", "", "1e1", "%31%00"] {
            let request = Request::new("GET", &format!("{list}?limit={limit}")).within(id);
            let answer = world.send(&router, request).await;
            assert_eq!(
                (answer.status, answer.wrong_fields()),
                (StatusCode::BAD_REQUEST, vec!["limit"]),
                "{list} {limit}"
            );
        }
        let answer = world.send(&router, Request::new("GET", &format!("{list}?cursor=AAAA")).within(id)).await;
        assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["cursor"]), "{list}");
    }
    let filters = [
        ("/team/members?role=root&status=gone", vec!["role", "status"]),
        ("/team/activity?actor=ben&action=x", vec!["action", "actor"]),
    ];
    for (target, fields) in filters {
        let answer = world.send(&router, Request::new("GET", target).within(id)).await;
        assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, fields), "{target}");
    }
    world.assert_nothing_written();
}

/// It is not changed either: the next name that does not deceive is shown.
#[tokio::test]
async fn a_name_that_deceives_is_not_used() {
    let (world, router, id) = acme().await;
    let (_, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    let posing = Person { name: "A\u{202e}na\u{0} \u{200b}M.", ..BEN };
    let answer = world.send(&router, accept(&token).by(&posing)).await;
    assert_eq!((answer.status, &answer.body["full_name"]), (StatusCode::OK, &Value::Null));
    for (name, shown) in
        [("Benjamin", "Benjamin"), ("B\u{200b}en", "Benjamin"), ("B\u{435}n", "Benjamin"), ("Ben", "Ben")]
    {
        world.wait(SignedDuration::from_hours(2));
        let list = Request::new("GET", "/team/members?role=member").within(id).by(&Person { name, ..BEN });
        world.send(&router, list.clone()).await;
        assert_eq!(world.send(&router, list).await.body["members"][0]["full_name"], shown, "{name:?}");
    }
}

#[tokio::test]
async fn a_filtered_walk_gives_every_match_once() {
    let (world, router, id) = acme().await;
    for number in 0..7 {
        world.wait(SignedDuration::from_secs(1));
        let update = Update { name: Some(format!("Acme {number}").parse().unwrap()), ..Update::default() };
        workspace::update_workspace(&world.store(), &ANA.caller(), id, update, Expected::Any).await.unwrap();
    }
    world.join(id, &ANA, &BEN, Role::Member).await;
    let (mut found, mut target) = (Vec::<Value>::new(), "/team/activity?limit=2&action=workspace.updated".to_owned());
    for _ in 0..20 {
        let answer = world.send(&router, Request::new("GET", &target).within(id)).await;
        let names = answer.body["activity"].as_array().unwrap().iter().map(|record| record["after"]["name"].clone());
        found.extend(names);
        match answer.body["pagination"]["next_cursor"].as_str() {
            Some(cursor) => target = format!("/team/activity?limit=2&action=workspace.updated&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(found, (0..7).rev().map(|number| json!(format!("Acme {number}"))).collect::<Vec<_>>());
}

#[tokio::test]
async fn inviting_into_a_full_workspace_frees_expired_seats() {
    let (world, router, id) = acme().await;
    let invite = async |name: &str| {
        let body = json!({"email": format!("{name}@example.com"), "role": "viewer"});
        world.send(&router, Request::new("POST", "/team/invite").within(id).json(body)).await
    };
    assert_eq!(invite("dan").await.status, StatusCode::CREATED);
    world.wait(SignedDuration::from_hours(1));
    assert_eq!((invite("eve").await.status, seats(&world)), (StatusCode::CREATED, (1, 1, 3)));
    world.wait(SignedDuration::from_hours(7 * 24) - SignedDuration::from_hours(1) - SignedDuration::from_millis(1));
    let early = invite("fay").await;
    assert_eq!((early.code(), early.usage.round_trips), ("workspace_member_limit", 2), "both can still be accepted");
    world.changes();

    world.wait(SignedDuration::from_millis(1));
    let answer = invite("fay").await;
    assert_eq!((answer.status, answer.usage.round_trips), (StatusCode::CREATED, 3));
    assert_eq!(seats(&world), (1, 1, 3), "one seat freed and taken");
    assert_snapshot!(world.changes());
    assert_eq!(invite("dan").await.code(), "workspace_member_limit", "the address is free, and no seat is");
}

#[tokio::test]
async fn a_limit_that_fell_is_not_met_by_freeing_too_few() {
    let (world, router, id) = acme().await;
    world.invitation(id, &ANA, &BEN, Role::Viewer).await;
    world.overwrite(id, "META", "seat_count", json!({"N": "9"}));
    world.wait(SignedDuration::from_hours(7 * 24));
    world.changes();
    let answer = world
        .send(
            &router,
            Request::event("team/invite").within(id).json(json!({"email": "x@example.com", "role": "viewer"})),
        )
        .await;
    assert_eq!((answer.code(), &answer.body["used"]), ("workspace_member_limit", &json!(9)));
    world.assert_nothing_written();
}
