//! The doctor over HTTP: reports differences, and repairs each once, despite faults and concurrent changes.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "what goes wrong in a test should end it")]

use domain::{
    bounds::budget::Budget,
    command::Expected,
    identity::access::Role,
    ids::WorkspaceId,
    integrations::{Config, IntegrationSettings, IntegrationType},
    plans::money::Interval,
    runtime::record::RuntimeCommand,
    secret::Secret,
};
use futures::future::join_all;
use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};
use shared::{
    billing::{CheckoutRequest, ReturnUrls, open_checkout, sync_billing},
    doctor::DoctorDeps,
    integrations::set_up_integration,
    runtime::command_runtime,
    team,
};
use testkit::{ANA, Answer, BEN, CLEO, Chances, Moment, Person, Request, Shop, World, plan};
use workers::runtime::reconcile_runtime;

/// Creates a world with Ana's workspace, in which Ben is a member and Cleo is invited. It has no Stripe customer, so no server
/// listens in place of Stripe.
async fn peopled(world: World) -> (World, WorkspaceId) {
    let workspace = world.workspace_of(&ANA).await;
    world.join(workspace, &ANA, &BEN, Role::Member).await;
    world.invitation(workspace, &ANA, &CLEO, Role::Viewer).await;
    world.changes();
    (world, workspace)
}

fn doctor_deps(world: &World) -> DoctorDeps {
    world.doctor_deps("http://127.0.0.1:9")
}

async fn send(world: &World, with: &DoctorDeps, workspace: WorkspaceId, request: Request) -> Answer {
    let router = doctor::router(with.clone(), world.claim_rules());
    world.send(&router, request.within(workspace)).await
}

async fn look(world: &World, workspace: WorkspaceId) -> Answer {
    send(world, &doctor_deps(world), workspace, Request::event("doctor/examine")).await
}

async fn repair(world: &World, workspace: WorkspaceId) -> Answer {
    let request = Request::new("POST", "/workspace/doctor");
    send(world, &doctor_deps(world), workspace, request).await
}

/// Returns the differences of an examination, each with its code and its repair.
fn findings(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, StatusCode::OK, "{answer}");
    let differences = answer.body["differences"].as_array().unwrap();
    assert_eq!(answer.body["healthy"], differences.is_empty());
    differences.iter().map(|of| format!("{}: {}", of["code"].as_str().unwrap(), of["repair"])).collect()
}

fn records(world: &World) -> usize {
    world.items().values().filter(|item| item["action"] == "workspace.repaired").count()
}

#[tokio::test]
async fn healthy_workspace_is_only_read() {
    let (world, workspace) = peopled(World::default()).await;
    let answer = look(&world, workspace).await;
    assert_eq!((findings(&answer), answer.usage.round_trips), (vec![], 2), "{answer}");
    assert_eq!(findings(&repair(&world, workspace).await), Vec::<String>::new());
    world.assert_only_budgets_written();
}

#[tokio::test]
async fn counters_are_reported_and_repaired_with_one_record() {
    let (world, workspace) = peopled(World::default()).await;
    for (counter, wrong) in [("owner_count", 3), ("member_count", 1), ("seat_count", 7), ("integration_count", 2)] {
        world.overwrite(workspace, "META", counter, json!({"N": wrong.to_string()}));
    }
    world.changes();
    let answer = look(&world, workspace).await;
    assert_snapshot!(answer);
    world.assert_only_budgets_written();
    let answer = repair(&world, workspace).await;
    assert_eq!((findings(&answer), answer.usage.round_trips), (vec!["counter: \"done\"".to_owned(); 4], 3));
    assert_snapshot!("repaired", world.changes());
    world.assert_counters_consistent("repaired");
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
}

/// Invariant 49.
#[tokio::test]
async fn unread_counts_are_recounted_and_repaired() {
    let (world, workspace) = peopled(World::default()).await;
    world.notify_members().await;
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
    let head = (format!("WS#{workspace}#INBOX"), format!("{}#HEAD", ANA.id()));
    let right = world.items()[&head].clone();
    let wrong = json!({"M": {"2968": {"M": {"billing.admin": {"N": "7"}, "team.admin": {"N": "1"}}}}});
    world.overwrite_at(&head, "unread", wrong);
    let answer = look(&world, workspace).await;
    assert_eq!(findings(&answer), ["unread_count: null"]);
    let difference = &answer.body["differences"][0];
    assert_eq!((&difference["recorded"], &difference["found"]), (&json!(8), &json!(2)), "{answer}");
    assert_eq!(findings(&repair(&world, workspace).await), ["unread_count: \"done\""]);
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
    let repaired = &world.items()[&head];
    assert_eq!((&repaired["unread"], &repaired["version"]), (&right["unread"], &json!(3)));
}

#[tokio::test]
async fn address_guards_are_repaired_to_match_members() {
    let (world, workspace) = peopled(World::default()).await;
    let stranger = json!({"S": CLEO.id().to_string()});
    world.overwrite(workspace, "EMAIL#ben@example.com", "id", stranger);
    let first = repair(&world, workspace).await;
    assert_eq!(findings(&first), ["address_unguarded: \"ask_again\"", "address_of_nobody: \"done\""]);
    assert!(!first.to_string().contains("ben@example.com"), "{first}");
    assert_eq!(findings(&repair(&world, workspace).await), ["address_unguarded: \"done\""]);
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
    world.assert_counters_consistent("repaired");
    assert_eq!(records(&world), 2);
}

/// The head names another end than the newest record, or that was removed.
#[tokio::test]
async fn a_log_that_ends_elsewhere_than_its_head_says_is_reported() {
    for is_cut in [false, true] {
        let (world, workspace) = peopled(World::default()).await;
        assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
        let of_log = format!("WS#{workspace}#AUDIT");
        let number = world.items().keys().filter(|(pk, _)| *pk == of_log).count();
        let (recorded, found) = if is_cut { (number, number - 1) } else { (number + 1, number) };
        if is_cut {
            let last = world.items().into_keys().rfind(|(pk, _)| *pk == of_log).unwrap();
            world.overwrite_at(&last, "ttl", json!({"N": "1700000000"}));
        } else {
            let head = (format!("WS#{workspace}#CHAIN"), "HEAD".to_owned());
            world.overwrite_at(&head, "number", json!({"N": recorded.to_string()}));
        }
        world.changes();
        let looked = (look(&world, workspace).await, "audit_log: null");
        let repaired = (repair(&world, workspace).await, "audit_log: \"by_hand\"");
        for (answer, finding) in [looked, repaired] {
            assert_eq!(findings(&answer), [finding]);
            let difference = &answer.body["differences"][0];
            let numbers = (&difference["recorded"]["number"], &difference["found"]["number"]);
            assert_eq!(numbers, (&json!(recorded), &json!(found)), "{answer}");
        }
        world.assert_only_budgets_written();
    }
}

/// An examination asks ECS, Stripe and Secrets Manager, whose rates belong to all workspaces.
#[tokio::test]
async fn examinations_are_bounded_by_their_budget() {
    let shop = Shop::open(1).await;
    shop.world.subscribe(shop.workspace, plan("pro")).await;
    shop.world.changes();
    for (method, person, expected) in [("GET", &ANA, 200), ("POST", &BEN, 404)] {
        let doctor = shop.doctor_deps();
        // On a busy machine a request may find the service unavailable. It is sent again, as the answer asks.
        let ask = async || loop {
            let request = Request::new(method, "/workspace/doctor").by(person);
            let answer = send(&shop.world, &doctor, shop.workspace, request).await;
            if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                break answer;
            }
        };
        let answers = join_all((0..20).map(|_| ask())).await;
        let served = answers.iter().filter(|answer| answer.status.as_u16() == expected).count();
        let refused = answers.iter().filter(|answer| answer.code() == "budget_exhausted").count();
        let most = usize::try_from(Budget::Examinations.most()).unwrap();
        assert_eq!(served + refused, 20, "{method}");
        assert!(if expected == 200 { served <= most } else { refused == 0 }, "{method}: {served}");
        assert!(shop.stripe_requests().len() <= 4 * most, "{method}");
    }
    shop.world.assert_only_budgets_written();
    shop.world.wait(Budget::Examinations.length());
    let next = send(&shop.world, &shop.doctor_deps(), shop.workspace, Request::new("GET", "/workspace/doctor")).await;
    assert_eq!((next.status.as_u16(), next.usage.round_trips), (200, 2));
}

#[tokio::test]
async fn only_owners_examine_and_repair() {
    let (world, workspace) = peopled(World::default()).await;
    for method in ["GET", "POST"] {
        let request = Request::new(method, "/workspace/doctor").by(&BEN);
        let answer = send(&world, &doctor_deps(&world), workspace, request).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "role_required"));
    }
}

#[tokio::test]
async fn the_same_key_repairs_once_and_answers_the_same() {
    let (world, workspace) = peopled(World::default()).await;
    world.overwrite(workspace, "META", "seat_count", json!({"N": "9"}));
    let request = || Request::new("POST", "/workspace/doctor").header("idempotency-key", "once");
    let first = send(&world, &doctor_deps(&world), workspace, request()).await;
    world.changes();
    let again = send(&world, &doctor_deps(&world), workspace, request()).await;
    assert_eq!((findings(&first), &first.body), (vec!["counter: \"done\"".to_owned()], &again.body));
    world.assert_only_budgets_written();
}

#[tokio::test]
async fn differing_runtime_is_reconciled() {
    let (world, workspace) = peopled(World::default()).await;
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, RuntimeCommand::Start, None)
        .await
        .unwrap();
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new(), "the start is pending");
    Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
    world.end_task(&world.tasks()[0].arn, "SpotInterruption");
    world.changes();
    let answer = repair(&world, workspace).await;
    assert_eq!(findings(&answer), ["runtime: \"under_way\""]);
    assert!(world.changes().contains("\"kind\": \"reconcile\""));
    Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
    // A task that the record does not know.
    world.overwrite(workspace, "RUNTIME", "launch", json!({"NULL": true}));
    assert_eq!(findings(&look(&world, workspace).await), ["runtime: null"]);
}

async fn shopping(shop: &Shop, method: &str) -> Vec<String> {
    findings(&send(&shop.world, &shop.doctor_deps(), shop.workspace, Request::new(method, "/workspace/doctor")).await)
}

fn stored_billing(shop: &Shop) -> Value {
    shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())].clone()
}

/// Creates a shop whose workspace pays for pro.
async fn paying() -> Shop {
    let shop = Shop::open(1).await;
    let (with, ana) = (shop.billing_deps(), ANA.caller());
    let wanted =
        CheckoutRequest { plan: plan("pro"), interval: Interval::Month, currency: None, back: ReturnUrls::default() };
    open_checkout(&with, &ana, shop.workspace, wanted, None).await.unwrap();
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    sync_billing(&with, &ana, shop.workspace).await.unwrap();
    shop
}

async fn compare(shop: &Shop) {
    let origin = domain::identity::origin::Origin { request_id: "sweep".to_owned(), ip_address: None };
    workers::billing::compare_due(&shop.billing_deps(), shop.workspace, origin).await.unwrap();
}

#[tokio::test]
async fn billing_that_differs_from_stripe_is_compared() {
    let shop = paying().await;
    shop.world.overwrite(shop.workspace, "SUBSCRIPTION", "subscription", json!({"NULL": true}));
    assert_eq!(shopping(&shop, "GET").await, ["subscription: null"]);
    assert_eq!(shopping(&shop, "POST").await, ["subscription: \"under_way\""]);
    let now = shop.world.ambient().now().as_millisecond();
    assert_eq!(stored_billing(&shop)["due_at"], json!(now), "the sweeper finds it");
    compare(&shop).await;
    assert_eq!(shopping(&shop, "GET").await, Vec::<String>::new());
    assert_eq!(stored_billing(&shop)["subscription"]["paid_plan"], "pro");
}

#[tokio::test]
async fn deleted_customer_is_reported_and_removed() {
    let shop = paying().await;
    let customer = stored_billing(&shop)["customer"].as_str().unwrap().to_owned();
    shop.stripe().delete_customer(&customer).unwrap();
    assert_eq!(shopping(&shop, "GET").await, ["customer: null"]);
    assert_eq!(shopping(&shop, "POST").await, ["customer: \"under_way\""]);
    compare(&shop).await;
    assert_eq!(shopping(&shop, "GET").await, Vec::<String>::new());
    let billing = stored_billing(&shop);
    assert_eq!((&billing["customer"], &billing["subscription"]["status"]), (&Value::Null, &json!("canceled")));
}

#[tokio::test]
async fn second_subscription_is_reported_and_left_to_the_operator() {
    let shop = paying().await;
    let customer = stored_billing(&shop)["customer"].as_str().unwrap().to_owned();
    shop.subscribe_in_stripe(&customer, "price_starter_month").await;
    compare(&shop).await;
    assert_eq!(shopping(&shop, "GET").await, ["second_subscription: null"]);
    assert_eq!(shopping(&shop, "POST").await, ["second_subscription: \"by_hand\""]);
    // One of them is cancelled.
    let second = stored_billing(&shop)["other_subscriptions"][0].as_str().unwrap().to_owned();
    shop.post_to_stripe(&format!("/v1/subscriptions/{second}"), "cancel_at_period_end=true").await;
    assert_eq!(shopping(&shop, "GET").await, Vec::<String>::new());
}

/// An API key of another account knows none of the customers, so an owner's repair keeps them.
#[tokio::test]
async fn unknown_customer_is_reported_and_kept() {
    let shop = Shop::open(1).await;
    shop.world.subscribe(shop.workspace, plan("pro")).await;
    assert_eq!(shopping(&shop, "GET").await, ["customer: null"]);
    assert_eq!(shopping(&shop, "POST").await, ["customer: \"by_hand\""]);
    compare(&shop).await;
    assert_eq!(stored_billing(&shop)["subscription"]["status"], "active");
}

async fn connected(world: &World, workspace: WorkspaceId) {
    let config = json!({"url": "https://hooks.example.com/berth"});
    let config = Config::stored(IntegrationType::Webhook, config).unwrap();
    let secret: Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
    let wanted = IntegrationSettings { name: None, config, secret: Some(secret), events: None };
    set_up_integration(&world.store(), &world.integration_secrets(), &ANA.caller(), workspace, wanted, &Expected::Any)
        .await
        .unwrap();
}

#[tokio::test]
async fn integration_without_its_secret_is_not_counted() {
    let (world, workspace) = peopled(World::default()).await;
    connected(&world, workspace).await;
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
    world.lose_secrets();
    assert_eq!(findings(&repair(&world, workspace).await), ["secret_missing: \"done\""]);
    let items = world.items();
    let of = |sk: &str| items[&(format!("WS#{workspace}"), sk.to_owned())].clone();
    assert_eq!(of("META")["integration_count"], 0);
    assert_eq!(of("INTEGRATION#webhook")["state"]["status"], "removed", "{:#}", of("INTEGRATION#webhook"));
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
}

#[tokio::test]
async fn without_stripe_nothing_is_said_to_be_well() {
    let (world, workspace) = peopled(World::default()).await;
    world.subscribe(workspace, plan("pro")).await;
    let answer = look(&world, workspace).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "payments_unavailable"));
}

/// Several doctors run concurrently with members who join and leave. Each difference is repaired once, and no member is lost.
///
/// Invariant 1.
#[tokio::test(start_paused = true)]
async fn parallel_repairs_keep_counters_consistent() {
    for seed in 0..40 {
        let (world, workspace) = peopled(World::seeded(seed)).await;
        world.subscribe(workspace, plan("business")).await;
        // No server listens in place of Stripe: without a customer nothing calls it.
        world.overwrite(workspace, "SUBSCRIPTION", "customer", json!({"NULL": true}));
        world.overwrite(workspace, "META", "seat_count", json!({"N": "6"}));
        world.overwrite(workspace, "META", "member_count", json!({"N": "4"}));
        world.set_fault_chances(Chances { throttle: 0.0, ..Chances::HIGH });
        let repairs = join_all((0..3).map(|_| repair(&world, workspace)));
        let guests: Vec<Person> = (0..4)
            .map(|n| {
                let subject: &'static str = ["kim", "lee", "max", "ned"][n];
                let email = ["kim@example.com", "lee@example.com", "max@example.com", "ned@example.com"][n];
                Person { subject, email, name: "Guest", verified: true }
            })
            .collect();
        let invites = join_all(guests.iter().map(|guest| world.try_invite(workspace, &ANA, *guest, Role::Viewer)));
        let store = world.store();
        let (ana, ben) = (ANA.caller(), BEN.id());
        let leaving = team::remove_member(&store, &ana, workspace, ben);
        let (answers, _, _) = futures::future::join3(repairs, invites, leaving).await;
        world.clear_fault_chances();
        let known = [StatusCode::OK, StatusCode::CONFLICT, StatusCode::SERVICE_UNAVAILABLE];
        assert!(answers.iter().all(|answer| known.contains(&answer.status)), "seed {seed}: {answers:?}");
        for _ in 0..3 {
            repair(&world, workspace).await;
        }
        world.assert_counters_consistent(format!("seed {seed}"));
        assert_eq!(records(&world), 1, "seed {seed}: the difference is repaired once");
    }
}

#[tokio::test]
async fn a_crash_at_any_call_of_a_repair_repairs_once_or_not_at_all() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0.. {
            let (world, workspace) = peopled(World::default()).await;
            world.overwrite(workspace, "META", "seat_count", json!({"N": "9"}));
            let done = world.crashing(call, moment, Box::pin(repair(&world, workspace))).await;
            repair(&world, workspace).await;
            world.assert_counters_consistent(format!("{moment:?} {call}"));
            assert_eq!(records(&world), 1, "{moment:?} {call}");
            if done.is_some() {
                assert!(call >= 4, "the repair reads three times and writes once");
                break;
            }
        }
    }
}

/// Items come in pages from different moments, so a single read may show a state that never existed.
#[tokio::test]
async fn concurrent_change_is_read_again() {
    let (world, workspace) = peopled(World::default()).await;
    world.after("Query", workspace, "META", "seat_count", json!({"N": "9"}));
    assert_eq!(findings(&look(&world, workspace).await), ["counter: null"]);
}

/// A suspension changes the wanted state of the runtime and no counter, so the doctor sees no other difference.
#[tokio::test]
async fn a_suspension_that_is_carried_out_is_no_difference() {
    let (world, workspace) = peopled(World::default()).await;
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, RuntimeCommand::Start, None)
        .await
        .unwrap();
    Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
    world.suspend(workspace, "Spam").await;
    assert_eq!(findings(&look(&world, workspace).await), ["runtime: null"], "its task runs");
    assert_eq!(repair(&world, workspace).await.code(), "workspace_suspended");
    Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
}

fn allowance(person: &Person) -> (String, String) {
    (format!("USER#{}", person.id()), "ALLOWANCE".to_owned())
}

fn listed(world: &World, person: &Person, list: &str) -> Value {
    world.items()[&allowance(person)][list].clone()
}

#[tokio::test]
async fn a_free_workspace_that_is_not_listed_is_listed() {
    let (world, workspace) = peopled(World::default()).await;
    world.overwrite_at(&allowance(&ANA), "free_workspaces", json!({"L": []}));
    world.changes();
    assert_eq!(findings(&look(&world, workspace).await), ["free_workspace_list: null"]);
    world.assert_only_budgets_written();
    let answer = repair(&world, workspace).await;
    assert_eq!((findings(&answer), answer.usage.round_trips), (vec!["free_workspace_list: \"done\"".to_owned()], 3));
    assert_eq!(listed(&world, &ANA, "free_workspaces"), json!([workspace]));
    assert_eq!((findings(&look(&world, workspace).await), records(&world)), (vec![], 1));
}

#[tokio::test]
async fn a_listed_workspace_that_does_not_count_is_taken_out() {
    let (world, workspace) = peopled(World::default()).await;
    world.overwrite(workspace, "META", "personal", json!({"BOOL": true}));
    assert_eq!(findings(&repair(&world, workspace).await), ["free_workspace_list: \"done\""]);
    assert_eq!(listed(&world, &ANA, "free_workspaces"), json!([]));
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
}

/// A paid workspace may be listed, since its entry does not count. Once the workspace is free again, the entry counts again.
#[tokio::test]
async fn a_plan_that_lapsed_counts_again() {
    let (world, workspace) = peopled(World::default()).await;
    world.subscribe(workspace, plan("pro")).await;
    world.overwrite(workspace, "SUBSCRIPTION", "customer", json!({"NULL": true}));
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
    world.overwrite_at(&allowance(&ANA), "free_workspaces", json!({"L": []}));
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
    world.overwrite(workspace, "SUBSCRIPTION", "subscription", json!({"NULL": true}));
    assert_eq!(findings(&repair(&world, workspace).await), ["free_workspace_list: \"done\""]);
    assert_eq!(listed(&world, &ANA, "free_workspaces"), json!([workspace]));
}

/// A workspace counts for its longest-standing owner, once the person it counted for is no owner any more.
#[tokio::test]
async fn a_workspace_without_its_holder_counts_for_an_owner() {
    let (world, workspace) = peopled(World::default()).await;
    let (store, ana) = (world.store(), ANA.caller());
    team::change_role(&store, &ana, workspace, (BEN.id(), Role::Owner)).await.unwrap();
    team::leave_workspace(&store, &ana, workspace, None).await.unwrap();
    let request = |method| Request::new(method, "/workspace/doctor").by(&BEN);
    let answer = send(&world, &doctor_deps(&world), workspace, request("POST")).await;
    assert_eq!(
        findings(&answer),
        ["free_workspace_list: \"done\"", "free_workspace_list: \"done\""],
        "one for each list"
    );
    assert_eq!(listed(&world, &ANA, "free_workspaces"), json!([]));
    assert_eq!(listed(&world, &BEN, "free_workspaces"), json!([workspace]));
    assert_eq!(world.items()[&(format!("WS#{workspace}"), "META".to_owned())]["held_by"], json!(BEN.id()));
    assert_eq!(findings(&send(&world, &doctor_deps(&world), workspace, request("GET")).await), Vec::<String>::new());
}

#[tokio::test]
async fn a_free_container_that_is_not_listed_is_listed() {
    let (world, workspace) = peopled(World::default()).await;
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), workspace, RuntimeCommand::Start, None)
        .await
        .unwrap();
    Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await.unwrap();
    world.overwrite_at(&allowance(&ANA), "free_containers", json!({"L": []}));
    assert_eq!(findings(&repair(&world, workspace).await), ["free_container_list: \"done\""]);
    assert_eq!(listed(&world, &ANA, "free_containers"), json!([workspace]));
    assert_eq!(findings(&look(&world, workspace).await), Vec::<String>::new());
}
