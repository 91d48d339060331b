//! The deletion of workspaces: each part is confirmed, crashes at any call are resumed, and nothing is left.

use super::sweep::minute_passes;
use domain::{
    command::Expected,
    identity::access::Role,
    ids::WorkspaceId,
    integrations::Occurrence,
    plans::money::Interval,
    runtime::record::RuntimeCommand,
    workspace::head::{Settings, Update},
};
use integrations::IntegrationDeps;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{
    billing,
    runtime::command_runtime,
    workspace::{self, OtherMembers},
};
use testkit::{ANA, BEN, CLEO, Moment, Request, RunningTask, Shop, World, plan};
use workers::{runtime::reconcile_runtime, workspace::advance_deletion};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

async fn delete(world: &World, workspace: WorkspaceId) -> domain::ids::DeletionId {
    workspace::delete_workspace(&world.store(), &ANA.caller(), workspace, OtherMembers::Include)
        .await
        .unwrap()
        .deletion_id
}

/// Returns the items of `workspace` in its own partitions, except its audit records.
fn left(world: &World, workspace: WorkspaceId) -> Vec<String> {
    let items = world.items().into_keys();
    let own = ["", "#DELIVERIES", "#HEALTH", "#INBOX", "#PACE"].map(|part| format!("WS#{workspace}{part}"));
    items.filter(|(pk, _)| own.contains(pk)).map(|(_, sk)| sk).collect()
}

async fn parts(world: &World, id: domain::ids::DeletionId) -> Value {
    let receipt = workspace::read_receipt(&world.store(), &ANA.caller(), id).await.unwrap();
    let receipt = serde_json::to_value(receipt).unwrap();
    ["runtime", "subscription", "secrets", "members"].iter().map(|part| receipt[part]["status"].clone()).collect()
}

/// Runs one minute of the system: the sweeper, the queues and the reconciler.
async fn minute(shop: &Shop) {
    let world = &shop.world;
    minute_passes(shop).await;
    reconcile_once(world, shop.workspace).await;
}

async fn reconcile_once(world: &World, workspace: WorkspaceId) {
    let _ = Box::pin(reconcile_runtime(&world.reconciler_deps(), workspace)).await;
}

/// Creates a workspace with a container, members, an invitation, an integration and a subscription.
async fn full(seed: u64) -> Shop {
    let shop = Shop::open(seed).await;
    let (world, id) = (&shop.world, shop.workspace);
    world.join(id, &ANA, &BEN, Role::Admin).await;
    world.invitation(id, &BEN, &CLEO, Role::Member).await;
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), id, RuntimeCommand::Start, None)
        .await
        .unwrap();
    reconcile_once(world, id).await;
    let integrations =
        IntegrationDeps { store: world.store(), secrets: world.integration_secrets(), courier: world.courier() };
    let table = integrations::router(integrations, world.claim_rules());
    let answer = world.send(&table, Request::event("integrations/set-up").within(id)).await;
    assert_eq!(answer.status.as_u16(), 200);
    let what = domain::integrations::delivery::NewEvent {
        id: world.store().ambient().fresh(),
        occurrence: Occurrence::RuntimeFailed { generation: 1, reason: None },
        at: world.clock.now(),
    };
    workers::integrations::deliver_event(&world.delivery_deps(), id, what, "deliver").await.unwrap();
    world.notify_members().await;
    let kinds = ["delivery", "health", "notification", "inbox"];
    let kinds = kinds.map(|kind| world.items().values().any(|item| item["_type"] == kind));
    assert_eq!(kinds, [true; 4]);
    let wanted = billing::CheckoutRequest {
        plan: plan("pro"),
        interval: Interval::Month,
        currency: None,
        back: billing::ReturnUrls::default(),
    };
    billing::open_checkout(&shop.billing_deps(), &ANA.caller(), id, wanted, None).await.unwrap();
    assert_eq!((world.secrets().len(), shop.open_sessions().len()), (1, 1));
    shop
}

/// Creates the same workspace, with the page paid.
async fn paid(seed: u64) -> Shop {
    let shop = full(seed).await;
    shop.stripe().pay(&shop.open_sessions()[0]).unwrap();
    billing::sync_billing(&shop.billing_deps(), &ANA.caller(), shop.workspace).await.unwrap();
    shop
}

/// Returns true if a schedule was requested from Stripe.
fn scheduled(shop: &Shop) -> bool {
    shop.stripe().requests().iter().any(|request| request.path.contains("subscription_schedules"))
}

/// Creates the same workspace, with a scheduled downgrade: the subscription is attached to a schedule.
async fn with_a_schedule(seed: u64) -> Shop {
    let shop = paid(seed).await;
    let less = billing::PlanRequest {
        plan: plan("starter"),
        interval: Some(Interval::Month),
        currency: None,
        back: billing::ReturnUrls::default(),
    };
    billing::change_plan(&shop.billing_deps(), &ANA.caller(), shop.workspace, less).await.unwrap();
    assert!(scheduled(&shop));
    shop
}

#[track_caller]
fn assert_gone(shop: &Shop, context: &str) {
    let (world, id) = (&shop.world, shop.workspace);
    assert_eq!(left(world, id), Vec::<String>::new(), "{context}");
    assert!(!world.tasks().iter().any(RunningTask::is_alive), "{context}: {:#?}", world.tasks());
    assert_eq!((world.secrets().len(), shop.open_sessions().len()), (0, 0), "{context}");
    let living = shop.stripe_objects("subscriptions").iter().filter(|held| held["status"] != "canceled").count();
    assert_eq!(living, 0, "{context}");
    for person in [ANA, BEN] {
        let items = world.items();
        let user = format!("USER#{}", person.id());
        assert!(!items.contains_key(&(user.clone(), format!("WS#{id}"))), "{context}");
        assert_eq!(items[&(user, "META".to_owned())]["workspace_count"], 0, "{context}");
    }
    let records = world.items().values().filter(|item| item["action"] == "workspace.deleted").count();
    assert_eq!(records, 1, "{context}");
}

/// Invariant 19.
#[tokio::test]
async fn deleted_workspace_leaves_only_receipt_and_audit() {
    for shop in [full(1).await, paid(2).await, with_a_schedule(8).await] {
        let id = delete(&shop.world, shop.workspace).await;
        assert_eq!(parts(&shop.world, id).await, json!(["pending", "pending", "pending", "pending"]));
        for _ in 0..4 {
            minute(&shop).await;
        }
        assert_eq!(parts(&shop.world, id).await, json!(["confirmed", "confirmed", "confirmed", "confirmed"]));
        assert_gone(&shop, "after four minutes");
        let released = shop.stripe_requests().iter().filter(|path| path.contains("/release")).count();
        assert_eq!(released, usize::from(scheduled(&shop)), "{:#?}", shop.stripe_requests());
        shop.world.changes();
        minute(&shop).await;
        minute(&shop).await;
        shop.world.assert_nothing_written();
    }
}

#[tokio::test]
async fn open_invoices_of_a_deleted_workspace_are_voided() {
    let shop = paid(9).await;
    let customer = shop.stripe_objects("subscriptions")[0]["customer"].as_str().unwrap().to_owned();
    shop.stripe().set_card_fails(&customer, true).unwrap();
    shop.world.wait(jiff::SignedDuration::from_hours(31 * 24 + 2));
    let open = || shop.stripe_objects("invoices").iter().filter(|invoice| invoice["status"] == "open").count();
    assert_eq!(open(), 1);
    delete(&shop.world, shop.workspace).await;
    for _ in 0..4 {
        minute(&shop).await;
    }
    assert_eq!(open(), 0);
}

#[tokio::test]
async fn a_suspended_workspace_is_deleted_as_any_other() {
    let shop = paid(2).await;
    let (world, workspace) = (&shop.world, shop.workspace);
    world.suspend(workspace, "Spam").await;
    workers::workspace::mail_suspension(&world.mailer_deps(), workspace, 1).await.unwrap();
    let id = delete(world, workspace).await;
    for _ in 0..4 {
        minute(&shop).await;
    }
    assert_eq!(parts(world, id).await, json!(["confirmed", "confirmed", "confirmed", "confirmed"]));
    assert_gone(&shop, "the notes of e-mails are gone, too");
}

#[tokio::test]
async fn a_crash_at_any_call_of_a_deletion_goes_on() {
    for moment in [Moment::Before, Moment::After] {
        let mut ended = 0;
        // Each minute's work crashes at the same call, except in every third minute.
        for call in 0..40 {
            let shop = paid(3).await;
            let id = delete(&shop.world, shop.workspace).await;
            for round in 0..12 {
                shop.world.wait(MINUTE);
                let (with, context) = (shop.deletion_deps(), format!("{moment:?} call {call} round {round}"));
                let work = Box::pin(advance_deletion(&with, shop.workspace));
                if round % 3 == 2 {
                    work.await.unwrap_or_else(|error| panic!("{context}: {error}"));
                } else if shop.world.crashing(call, moment, work).await.is_none() {
                    ended += 1;
                }
                reconcile_once(&shop.world, shop.workspace).await;
            }
            let context = format!("{moment:?} call {call}");
            assert_gone(&shop, &context);
            assert_eq!(parts(&shop.world, id).await, json!(["confirmed", "confirmed", "confirmed", "confirmed"]));
        }
        assert!(ended > 20, "{moment:?}: {ended} crashes");
    }
}

#[tokio::test]
async fn more_than_a_hundred_items_are_no_obstacle() {
    let shop = Shop::open(4).await;
    let (world, id) = (&shop.world, shop.workspace);
    for number in 0..430 {
        world.overwrite(id, format!("EMAIL#{number}@example.com"), "holder", json!({"S": "invitation"}));
    }
    delete(world, id).await;
    minute(&shop).await;
    assert!(!left(world, id).is_empty(), "one minute does not suffice");
    for _ in 0..4 {
        minute(&shop).await;
    }
    assert_eq!(left(world, id), Vec::<String>::new());
}

/// Invariant 19.
#[tokio::test]
async fn deletion_during_a_start_leaves_no_task() {
    for call in 0..14 {
        let shop = Shop::open(5).await;
        let (world, id) = (&shop.world, shop.workspace);
        world.slow_cluster(SignedDuration::from_secs(20), SignedDuration::from_secs(5), SignedDuration::from_secs(2));
        command_runtime(&world.store(), world.free_containers(), &ANA.caller(), id, RuntimeCommand::Start, None)
            .await
            .unwrap();
        let with = world.reconciler_deps();
        let _ = world.crashing(call, Moment::After, Box::pin(reconcile_runtime(&with, id))).await;
        let deletion = delete(world, id).await;
        advance_deletion(&shop.deletion_deps(), id).await.unwrap();
        let alive = world.tasks().iter().any(RunningTask::is_alive);
        assert!(!alive || parts(world, deletion).await[0] == "pending", "call {call}: the task may still run");
        for _ in 0..8 {
            minute(&shop).await;
        }
        assert_eq!(left(world, id), Vec::<String>::new(), "call {call}");
        assert!(!world.tasks().iter().any(RunningTask::is_alive), "call {call}: {:#?}", world.tasks());
    }
}

#[tokio::test]
async fn a_runtime_that_is_not_known_to_be_gone_is_not_confirmed() {
    let shop = Shop::open(6).await;
    let (world, id) = (&shop.world, shop.workspace);
    command_runtime(&world.store(), world.free_containers(), &ANA.caller(), id, RuntimeCommand::Start, None)
        .await
        .unwrap();
    reconcile_once(world, id).await;
    let deletion = delete(world, id).await;
    advance_deletion(&shop.deletion_deps(), id).await.unwrap();
    assert_eq!(parts(world, deletion).await[0], "pending", "it still runs");
    reconcile_once(world, id).await;
    advance_deletion(&shop.deletion_deps(), id).await.unwrap();
    assert_eq!(parts(world, deletion).await[0], "confirmed");
    assert!(!left(world, id).contains(&"RUNTIME".to_owned()));
}

#[tokio::test]
async fn a_command_to_stripe_that_is_under_way_is_waited_for() {
    let shop = Shop::open(7).await;
    let (world, id) = (&shop.world, shop.workspace);
    let wanted = billing::CheckoutRequest {
        plan: plan("pro"),
        interval: Interval::Month,
        currency: None,
        back: billing::ReturnUrls::default(),
    };
    // The process ends once it has written the intent for Stripe.
    let charging = shop.billing_deps();
    let caller = ANA.caller();
    let work = Box::pin(billing::open_checkout(&charging, &caller, id, wanted, None));
    assert!(world.crashing(3, Moment::Before, work).await.is_none());
    let open = world.items().keys().any(|(_, sk)| sk.starts_with("INTENT#"));
    assert!(open, "{:#?}", world.items());
    let deletion = delete(world, id).await;
    advance_deletion(&shop.deletion_deps(), id).await.unwrap();
    assert_eq!(parts(world, deletion).await[1], "pending");
    for _ in 0..20 {
        minute(&shop).await;
    }
    assert_eq!((left(world, id), shop.open_sessions().len()), (Vec::new(), 0));
}

#[tokio::test]
async fn deletion_finishes_without_the_customer_at_stripe() {
    for seed in [20, 21, 22] {
        let shop = if seed == 20 { full(seed).await } else { paid(seed).await };
        let customer = shop.stripe().state()["customers"][0]["id"].as_str().unwrap().to_owned();
        if seed == 21 {
            // A command is left open, and the customer disappears.
            let less = billing::PlanRequest {
                plan: plan("business"),
                interval: Some(Interval::Month),
                currency: None,
                back: billing::ReturnUrls::default(),
            };
            let (with, ana) = (shop.billing_deps(), ANA.caller());
            let change = Box::pin(billing::change_plan(&with, &ana, shop.workspace, less));
            assert!(shop.world.crashing(3, Moment::Before, change).await.is_none());
        }
        shop.stripe().delete_customer(&customer).unwrap();
        if seed == 22 {
            shop.world.overwrite(shop.workspace, "SUBSCRIPTION", "customer", json!({"S": "cus_elsewhere"}));
        }
        let id = delete(&shop.world, shop.workspace).await;
        for _ in 0..6 {
            minute(&shop).await;
        }
        assert_eq!(parts(&shop.world, id).await, json!(["confirmed", "confirmed", "confirmed", "confirmed"]), "{seed}");
    }
}

#[tokio::test]
async fn deletion_withdraws_a_change_that_is_not_paid() {
    let shop = paid(23).await;
    let customer = shop.stripe().state()["customers"][0]["id"].as_str().unwrap().to_owned();
    shop.stripe().set_card_fails(&customer, true).unwrap();
    let more = billing::PlanRequest {
        plan: plan("business"),
        interval: Some(Interval::Month),
        currency: None,
        back: billing::ReturnUrls::default(),
    };
    billing::change_plan(&shop.billing_deps(), &ANA.caller(), shop.workspace, more).await.unwrap();
    let open = || {
        let invoices = shop.stripe_objects("invoices").into_iter();
        invoices.filter(|invoice| invoice["status"] == "open").count()
    };
    assert_eq!(open(), 1);
    let id = delete(&shop.world, shop.workspace).await;
    for _ in 0..4 {
        minute(&shop).await;
    }
    assert_eq!(parts(&shop.world, id).await[1], "confirmed");
    assert_eq!(open(), 0, "its page cannot be paid");
}

/// Invariant 45.
#[tokio::test]
async fn records_of_a_deleted_workspace_keep_digests_only() {
    let shop = full(24).await;
    let (world, id) = (&shop.world, shop.workspace);
    let settings = json!({"note": "call ana@example.com"}).as_object().cloned().unwrap();
    let update = Update {
        name: Some("Anvils of Ana".parse().unwrap()),
        settings: Some(Settings::try_from(settings).unwrap()),
        ..Update::default()
    };
    workspace::update_workspace(&world.store(), &ANA.caller(), id, update, Expected::Any).await.unwrap();
    let records = || {
        let items = world.items().into_iter().filter(|((pk, _), _)| *pk == format!("WS#{id}#AUDIT"));
        items.map(|(_, record)| record).collect::<Vec<_>>()
    };
    let number = records().len();
    assert!(number > 3 && records().iter().any(|record| record["actor_name"] == "Ana"));
    let receipt = delete(world, id).await;
    for _ in 0..8 {
        minute(&shop).await;
    }
    assert_eq!(parts(world, receipt).await[3], "confirmed");
    let text = format!("{:?}", records());
    for personal in ["@", "Ana", "Ben", "203.0.113", "Anvils", "Acme"] {
        assert!(!text.contains(personal), "{personal}: {text}");
    }
    assert!(records().len() > number && records().iter().all(|record| record["ttl"].is_number()));
    let digests = records().into_iter().filter(|record| record["digests"]["actor_name"].is_string());
    assert!(digests.count() >= number - 2);
    // The receipt ends, too.
    let key = (format!("USER#{}", ANA.id()), format!("DELETION#{receipt}"));
    assert!(world.items()[&key]["ttl"].is_number());
    world.wait(SignedDuration::from_hours(30 * 24));
    assert!(workspace::read_receipt(&world.store(), &ANA.caller(), receipt).await.is_err());
}

#[tokio::test]
async fn many_records_are_erased_in_steps() {
    let shop = Shop::open(25).await;
    let (world, id) = (&shop.world, shop.workspace);
    let first = world.items().into_keys().find(|(pk, _)| *pk == format!("WS#{id}#AUDIT")).unwrap();
    world.copy_item(&first, (0..430).map(|number| format!("aud_01JADE{number:020}")));
    let erased = || {
        let items = world.items().into_iter().filter(|((pk, _), _)| *pk == format!("WS#{id}#AUDIT"));
        items.filter(|(_, record)| record["actor_name"].is_null()).count()
    };
    let receipt = delete(world, id).await;
    minute(&shop).await;
    assert_eq!((erased(), parts(world, receipt).await[3].clone()), (250, json!("pending")));
    minute(&shop).await;
    assert_eq!((erased(), parts(world, receipt).await[3].clone()), (432, json!("confirmed")));
}
