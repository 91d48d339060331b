//! The overview: each part equals the answer of its own route, in one round trip, for callers who may read it.

use axum::Router;
use domain::{
    command::Expected,
    identity::access::Role,
    ids::WorkspaceId,
    runtime::record::RuntimeCommand,
    usage::{Meter, UsageCommand},
    workspace::head::Update,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{billing, runtime};
use testkit::{ANA, Answer, BEN, CLEO, Person, Request, World, meter, plan};
use workspace::WorkspaceDeps;

struct Acme {
    world: World,
    router: Router,
    id: WorkspaceId,
}

impl Acme {
    async fn founded() -> Self {
        let world = World::default();
        let deps = WorkspaceDeps {
            store: world.store(),
            free_workspaces: world.free_workspaces(),
            free_containers: world.free_containers(),
        };
        let router = workspace::router(deps, world.claim_rules());
        let id = world.workspace_of(&ANA).await;
        world.changes();
        Self { world, router, id }
    }

    async fn get(&self, event: &str, person: &Person) -> Answer {
        let request = Request::event(&format!("workspace/{event}")).within(self.id).by(person);
        self.world.send(&self.router, request).await
    }

    async fn consume(&self, meter: Meter, amount: u64) {
        let (world, key) = (&self.world, format!("{meter}-{amount}").parse().unwrap());
        let command = UsageCommand::consume(meter, amount.try_into().unwrap(), key);
        billing::count_usage(&world.store(), &ANA.caller(), self.id, &command, None).await.unwrap();
    }

    /// Returns the limits that are nearly reached, as `resource used/limit`.
    async fn near(&self) -> Vec<String> {
        let answer = self.get("overview", &ANA).await;
        let near = answer.body["near_limits"].as_array().unwrap().clone();
        let text = |of: &Value| format!("{} {}/{}", of["resource"].as_str().unwrap(), of["used"], of["limit"]);
        near.iter().map(text).collect()
    }
}

#[tokio::test]
async fn each_part_is_as_its_own_route_shows_it() {
    let acme = Acme::founded().await;
    let world = &acme.world;
    world.subscribe(acme.id, plan("pro")).await;
    let (store, ana) = (world.store(), ANA.caller());
    runtime::command_runtime(&store, world.free_containers(), &ana, acme.id, RuntimeCommand::Start, None)
        .await
        .unwrap();
    // Presence is noted again after an hour.
    world.wait(SignedDuration::from_hours(2));
    let _ = world.calls();
    let overview = acme.get("overview", &ANA).await;
    assert_eq!((overview.status.as_u16(), overview.usage.round_trips), (200, 1));
    let calls = [("BatchGetItem".to_owned(), 1), ("Query".to_owned(), 2), ("UpdateItem".to_owned(), 1)];
    assert_eq!(world.calls(), calls.into());
    let body = &overview.body;
    assert_eq!(body["workspace"], acme.get("read", &ANA).await.body);
    assert_eq!(body["onboarding"], acme.get("onboarding", &ANA).await.body);
    assert_eq!(body["runtime"], acme.get("status", &ANA).await.body);
    let subscription = billing::read_subscription(&store, &ana, acme.id).await.unwrap();
    assert_eq!(body["subscription"], serde_json::to_value(subscription).unwrap());
    assert_eq!((&body["role"], &body["near_limits"]), (&json!("owner"), &json!([])));
    let actions = body["recent_activity"].as_array().unwrap().iter().map(|record| record["action"].clone());
    assert_eq!(actions.collect::<Vec<_>>(), [json!("runtime.started"), json!("workspace.created")]);
}

#[tokio::test]
async fn limits_are_near_from_80_percent_on() {
    let acme = Acme::founded().await;
    assert_eq!(acme.near().await, [""; 0]);
    acme.world.subscribe(acme.id, plan("starter")).await;
    acme.consume(meter("executions"), 7_999).await;
    assert_eq!(acme.near().await, [""; 0]);
    acme.consume(meter("executions"), 1).await;
    assert_eq!(acme.near().await, ["executions 8000/10000"]);
    let near = acme.get("overview", &ANA).await.body["near_limits"][0].clone();
    assert_eq!(near["resets_at"], acme.get("overview", &ANA).await.body["subscription"]["current_period_end"]);
    acme.world.subscribe(acme.id, plan("enterprise")).await;
    assert_eq!(acme.near().await, [""; 0], "there is no limit");
}

#[tokio::test]
async fn activity_is_for_those_who_may_read_it() {
    let acme = Acme::founded().await;
    acme.world.join(acme.id, &ANA, &BEN, Role::Viewer).await;
    let seen = acme.get("overview", &BEN).await;
    assert_eq!((seen.status.as_u16(), &seen.body["role"]), (200, &json!("viewer")));
    assert_eq!(seen.body["recent_activity"], Value::Null);
    assert!(seen.body["subscription"].is_object() && seen.body["runtime"].is_object());
    assert_eq!(acme.get("overview", &CLEO).await.code(), "workspace_not_found");
    acme.world.suspend(acme.id, "Spam").await;
    let suspended = acme.get("overview", &ANA).await;
    assert_eq!((suspended.status.as_u16(), &suspended.body["workspace"]["suspended"]["reason"]), (200, &json!("Spam")));
}

/// Invariant 39.
#[tokio::test]
async fn older_records_are_shown_without_the_path_of_a_url() {
    let acme = Acme::founded().await;
    acme.world.record_whole_url(acme.id);
    let shown = acme.get("overview", &ANA).await;
    let (before, after) = (&shown.body["recent_activity"][0]["before"], &shown.body["recent_activity"][0]["after"]);
    assert_eq!(after["config"]["url"], "https://hooks.example.com");
    assert_ne!(before["config"]["url_sha256"], after["config"]["url_sha256"], "{shown}");
    assert!(!shown.to_string().contains("canary"), "{shown}");
}

#[tokio::test]
async fn activity_has_the_five_newest_that_the_plan_shows() {
    let acme = Acme::founded().await;
    let (store, ana) = (acme.world.store(), ANA.caller());
    for number in 0..7 {
        acme.world.wait(SignedDuration::from_secs(1));
        let update = Update { name: Some(format!("Acme {number}").parse().unwrap()), ..Update::default() };
        shared::workspace::update_workspace(&store, &ana, acme.id, update, Expected::Any).await.unwrap();
    }
    let names = async || {
        let answer = acme.get("overview", &ANA).await;
        let records = answer.body["recent_activity"].as_array().unwrap().clone();
        records.iter().map(|record| record["after"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["Acme 6", "Acme 5", "Acme 4", "Acme 3", "Acme 2"]);
    acme.world.wait(SignedDuration::from_hours(24 * 400));
    assert_eq!(names().await, [""; 0], "free shows records of the last days only");
}
