//! `team` under faults: concurrency, lost answers, conflicts.

use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId};
use futures::future::join_all;
use http::StatusCode;
use serde_json::json;
use team::TeamDeps;
use testkit::{ANA, Answer, BEN, CLEO, Chances, Fault, Person, Request, World, plan};

fn router(world: &World) -> Router {
    team::router(
        TeamDeps { store: world.store(), key: world.invitation_key(), free_workspaces: world.free_workspaces() },
        world.claim_rules(),
    )
}

/// Asserts that counters, seats, guards and records are consistent.
#[track_caller]
fn assert_consistent(world: &World, seed: u64, limit: u64) {
    let items = world.items();
    let of_type = |kind: &str| items.values().filter(|item| item["_type"] == kind).collect::<Vec<_>>();
    let head = of_type("workspace")[0];
    let active: Vec<_> = of_type("member").into_iter().filter(|member| member["status"] == "active").collect();
    let owners = active.iter().filter(|member| member["role"] == "owner").count();
    let invitations = of_type("invitation").len();
    let counted = ["owner_count", "member_count", "seat_count"].map(|name| head[name].as_u64().unwrap());
    let counts = [owners, active.len(), active.len() + invitations].map(|count| count as u64);
    assert_eq!(counted, counts, "seed {seed}: the head's counters against the items");
    assert!(counts[2] <= limit, "seed {seed}: more seats than the plan has");
    assert_eq!(of_type("address").len(), active.len() + invitations, "seed {seed}: a guard for each seat");
    let joined = items.values().filter(|item| item["action"] == "member.joined").count();
    assert_eq!(joined + 1, active.len(), "seed {seed}: a record for each new member");
    let invited = items.values().filter(|item| item["action"] == "invitation.created").count();
    // A move of an address ends the invitation to it.
    let moved = items.values().filter(|item| item["action"] == "member.address_changed").count();
    assert_eq!(invited, joined + invitations + moved, "seed {seed}: a record for each invitation");
    let enqueued = |kind| of_type("outbox").into_iter().filter(|item| item["message"]["kind"] == kind).count();
    assert_eq!(enqueued("invitation_mail"), invited, "seed {seed}: a mail for each invitation");
    assert_eq!(
        world.outbox_events("member.joined").len(),
        joined,
        "seed {seed}: integrations are notified of each new member"
    );
}

/// Asserts that every answered invitation exists, and no other. Returns their number.
#[track_caller]
fn assert_answers_are_true(world: &World, seed: u64, answers: &[Answer]) -> usize {
    let created = answers.iter().filter(|answer| answer.status == StatusCode::CREATED);
    let created: Vec<_> = created.map(|answer| answer.body["id"].as_str().unwrap()).collect();
    let unknown = answers.iter().filter(|answer| answer.status == StatusCode::SERVICE_UNAVAILABLE).count();
    let items = world.items();
    let there: Vec<_> = items.keys().filter_map(|(_, sk)| sk.strip_prefix("INVITE#")).collect();
    assert!(created.iter().all(|id| there.contains(id)), "seed {seed}: {created:?} of {there:?}");
    assert!(there.len() <= created.len() + unknown, "seed {seed}: {there:?} without an answer");
    there.len()
}

fn invite(id: WorkspaceId, number: usize) -> Request {
    let body = json!({"email": format!("guest{number}@example.com"), "role": "viewer"});
    Request::new("POST", "/team/invite").within(id).json(body)
}

/// Invariant 1.
#[tokio::test(start_paused = true)]
async fn thirty_parallel_invites_take_only_free_seats() {
    for seed in 0..30 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        let answers = join_all((0..30).map(|number| world.send(&router, invite(id, number)))).await;
        let created = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
        let refused = answers.iter().filter(|answer| answer.code() == "workspace_member_limit").count();
        assert_eq!((created, refused), (2, 28), "seed {seed}");
        assert_consistent(&world, seed, 3);
    }
}

/// Invariant 1.
#[tokio::test(start_paused = true)]
async fn the_paid_plan_decides_the_seats() {
    for seed in 0..10 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        world.subscribe(id, plan("pro")).await;
        let answers = join_all((0..30).map(|number| world.send(&router, invite(id, number)))).await;
        let created = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
        assert_eq!(created, 9, "seed {seed}");
        assert_consistent(&world, seed, 10);
    }
}

#[tokio::test]
async fn a_plan_that_ends_between_read_and_write_gives_no_seat() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    world.subscribe(id, plan("pro")).await;
    world.join(id, &ANA, &BEN, Role::Viewer).await;
    world.join(id, &ANA, &CLEO, Role::Viewer).await;
    world.after("BatchGetItem", id, "SUBSCRIPTION", "subscription", json!({"NULL": true}));
    world.after("BatchGetItem", id, "SUBSCRIPTION", "version", json!({"N": "2"}));
    let answer = world.send(&router, invite(id, 1)).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::PAYMENT_REQUIRED, "workspace_member_limit"));
    assert_eq!(answer.usage.round_trips, 4, "it is decided again, and expired invitations are looked for");
}

/// Invariant 1.
#[tokio::test(start_paused = true)]
async fn invites_under_faults_are_atomic() {
    let mut created = 0;
    for seed in 0..30 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        world.set_fault_chances(Chances::HIGH);
        let answers = join_all((0..10).map(|number| world.send(&router, invite(id, number % 4)))).await;
        assert_consistent(&world, seed, 3);
        created += assert_answers_are_true(&world, seed, &answers);
    }
    assert!(created > 30, "most seeds should see invitations made, not {created}");
}

/// Invariant 3.
#[tokio::test(start_paused = true)]
async fn ten_parallel_accepts_make_one_member() {
    for seed in 0..50 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        let (_, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
        let target = format!("/team/invitations/{token}/accept");
        let accepts = (0..10).map(|_| world.send(&router, Request::new("POST", &target).by(&BEN)));
        let answers = join_all(accepts).await;
        for answer in &answers {
            assert_eq!((answer.status, &answer.body), (StatusCode::OK, &answers[0].body), "seed {seed}");
        }
        let joined = world.items().values().filter(|item| item["action"] == "member.joined").count();
        assert_eq!(joined, 1, "seed {seed}");
        assert_consistent(&world, seed, 3);
    }
}

#[tokio::test(start_paused = true)]
async fn accepts_and_invites_of_several_people_at_once_fit_together() {
    for seed in 0..50 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        let (_, bens) = world.invitation(id, &ANA, &BEN, Role::Member).await;
        let (_, cleos) = world.invitation(id, &ANA, &CLEO, Role::Owner).await;
        world.set_fault_chances(Chances::HIGH);
        let accept = |token: &str, person: &Person| {
            let target = format!("/team/invitations/{token}/accept");
            world.send(&router, Request::new("POST", &target).by(person))
        };
        let accepts = [accept(&bens, &BEN), accept(&cleos, &CLEO), accept(&bens, &BEN), accept(&bens, &CLEO)];
        let (_, _) = tokio::join!(join_all(accepts), join_all((0..3).map(|n| world.send(&router, invite(id, n)))));
        assert_consistent(&world, seed, 3);
    }
}

/// Invariant 5.
#[tokio::test]
async fn caller_demoted_before_the_write_changes_nothing() {
    let cases = [
        ("role", "viewer", StatusCode::CONFLICT, "role_changed"),
        ("status", "removed", StatusCode::NOT_FOUND, "workspace_not_found"),
    ];
    for (attribute, value, status, code) in cases {
        let world = World::default();
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        world.join(id, &ANA, &BEN, Role::Admin).await;
        world.after("BatchGetItem", id, format!("MEMBER#{}", BEN.id()), attribute, json!({"S": value}));
        let answer = world.send(&router, invite(id, 1).by(&BEN)).await;
        assert_eq!((answer.status, answer.code()), (status, code));
        assert!(!world.changes().contains("guest1@example.com"));
    }
}

/// Invariant 3.
#[tokio::test]
async fn concurrent_changes_prevent_acceptance() {
    let cases = [
        ("INVITE", "version", json!({"N": "2"})),
        ("INVITE", "due_at", json!({"N": "0"})),
        ("EMAIL", "id", json!({"S": "inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Z"})),
        ("META", "live", json!({"BOOL": false})),
    ];
    for (item, attribute, value) in cases {
        let world = World::default();
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        let (invitation, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
        let sk = match item {
            "INVITE" => format!("INVITE#{invitation}"),
            "EMAIL" => format!("EMAIL#{}", BEN.email),
            other => other.to_owned(),
        };
        world.after("BatchGetItem", id, sk, attribute, value);
        let target = format!("/team/invitations/{token}/accept");
        let answer = world.send(&router, Request::new("POST", &target).by(&BEN)).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::NOT_FOUND, "invitation_not_found"),
            "{item} {attribute}"
        );
        assert!(!world.changes().contains("member.joined"), "{item} {attribute}");
    }
}

#[tokio::test(start_paused = true)]
async fn two_parallel_acceptances_of_one_person_take_one_seat() {
    for seed in 0..50 {
        let world = World::seeded(seed);
        let (router, id) = (router(&world), world.workspace_of(&ANA).await);
        let moved = Person { email: "ben@elsewhere.example.com", ..BEN };
        let (_, first) = world.invitation(id, &ANA, &BEN, Role::Member).await;
        let (_, second) = world.invitation(id, &ANA, &moved, Role::Admin).await;
        let accept = |token: &str, person: &Person| {
            let target = format!("/team/invitations/{token}/accept");
            world.send(&router, Request::new("POST", &target).by(person))
        };
        let (one, other) = tokio::join!(accept(&first, &BEN), accept(&second, &moved));
        let codes = [one.code(), other.code()];
        assert!(codes.contains(&"") && codes.contains(&"already_member"), "seed {seed}: {codes:?}");
        assert_consistent(&world, seed, 3);
    }
}

/// Invariant 33.
#[tokio::test]
async fn a_lost_answer_does_not_use_an_invitation_up_for_nothing() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    let (_, token) = world.invitation(id, &ANA, &BEN, Role::Member).await;
    world.plan("TransactWriteItems", Fault::LoseReply);
    let target = format!("/team/invitations/{token}/accept");
    let answer = world.send(&router, Request::new("POST", &target).by(&BEN)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_consistent(&world, 0, 3);
}

#[tokio::test]
async fn expired_invitation_resent_meanwhile_keeps_its_seat() {
    let world = World::default();
    let (router, id) = (router(&world), world.workspace_of(&ANA).await);
    for guest in [&BEN, &CLEO] {
        world.invitation(id, &ANA, guest, Role::Viewer).await;
    }
    world.wait(jiff::SignedDuration::from_hours(7 * 24));
    let later = (world.clock.now() + jiff::SignedDuration::from_hours(1)).as_millisecond().to_string();
    world.after_all("Query", id, "INVITE#", "due_at", json!({"N": later}));
    let answer = world.send(&router, invite(id, 1)).await;
    assert_eq!(answer.code(), "workspace_member_limit", "{answer}");
    assert_consistent(&world, 0, 3);
}
