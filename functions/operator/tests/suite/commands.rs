//! The operator's commands, and their effects as seen by members.

use super::{run_until, sample, send, send_with};
use axum::Router;
use domain::{identity::access::Role, ids::WorkspaceId, runtime::record::RuntimeCommand};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::runtime::command_runtime;
use testkit::{ANA, Answer, BEN, CLEO, Fault, Person, Request, Shop, World, plan};

struct Service {
    world: World,
    workspace: WorkspaceId,
}

impl Service {
    async fn begin() -> Self {
        Self::within(World::default()).await
    }

    async fn within(world: World) -> Self {
        let workspace = world.workspace_of(&ANA).await;
        world.changes();
        Self { world, workspace }
    }

    /// Invokes the function with the sample event `name`, for this workspace.
    async fn event(&self, name: &str) -> Value {
        self.send(sample(name)).await
    }

    /// Invokes the function with a command for this workspace.
    async fn send(&self, mut command: Value) -> Value {
        command["workspace"] = json!(self.workspace);
        self.invoke(command).await
    }

    async fn invoke(&self, event: Value) -> Value {
        // Records are ordered by time, so each call gets its own second.
        self.world.wait(SignedDuration::from_secs(1));
        send(&self.world, &event).await.body
    }

    fn router(&self) -> Router {
        billing::router(self.world.billing_deps("http://127.0.0.1:9"), self.world.claim_rules())
    }

    async fn get(&self, path: &str) -> Answer {
        self.world.send(&self.router(), Request::new("GET", path).within(self.workspace)).await
    }

    async fn consume(&self, amount: u64, key: &str) -> Answer {
        let body = json!({"meter": "executions", "amount": amount, "key": key});
        let request = Request::new("POST", "/usage/consume").within(self.workspace).json(body);
        self.world.send(&self.router(), request).await
    }

    /// Returns the audit records: action, actor and the named operator.
    fn records(&self) -> Vec<(String, Value)> {
        let items = self.world.items();
        let of = format!("WS#{}#AUDIT", self.workspace);
        let records = items.iter().filter(|((pk, _), _)| *pk == of);
        let described = records.map(|(_, item)| {
            let after: Value = serde_json::from_str(item["after"].as_str().unwrap()).unwrap();
            (item["action"].as_str().unwrap().to_owned(), after["operator"].clone())
        });
        described.filter(|(action, _)| action != "workspace.created").collect()
    }

    /// Returns the number of waiting messages to reconcile the runtime.
    fn reconciliations(&self) -> usize {
        self.world.items().values().filter(|item| item["message"]["kind"] == "reconcile").count()
    }
}

#[tokio::test]
async fn a_contract_holds_at_once_and_is_gone_at_once() {
    let service = Service::begin().await;
    command_runtime(
        &service.world.store(),
        service.world.free_containers(),
        &ANA.caller(),
        service.workspace,
        RuntimeCommand::Start,
        None,
    )
    .await
    .unwrap();
    assert_eq!(service.consume(1_000, "all").await.status.as_u16(), 200);
    assert_eq!(service.consume(1, "more").await.code(), "workspace_meter_limit");
    let before = service.reconciliations();

    let answer = service.event("set-contract").await;
    let standing = &answer["facts"]["standing"];
    assert_eq!((&standing["plan"], &standing["may_run"]), (&json!("enterprise"), &json!(true)), "{answer}");
    assert_eq!(standing["runtime"], json!({"cpu_units": 8192, "memory_mib": 16_384}));
    assert_eq!(service.reconciliations(), before + 1);
    assert_eq!(service.consume(1, "more").await.status.as_u16(), 200);
    let config = service.get("/billing/config").await;
    assert_eq!(config.usage.round_trips, 1);
    assert_eq!(config.body["plan_type"], "enterprise");
    assert_eq!(
        (&config.body["limits"]["members"], &config.body["limits"]["executions"]),
        (&json!(200), &json!(5_000_000))
    );
    assert_eq!(config.body["pricing"]["billing_interval"], "year");
    let subscription = service.get("/billing/subscription").await;
    assert_eq!(
        (&subscription.body["plan"], &subscription.body["limits"]["members"]),
        (&json!("enterprise"), &json!(200))
    );
    let usage = service.get("/billing/usage").await;
    let executions =
        usage.body["usage"].as_array().unwrap().iter().find(|meter| meter["meter"] == "executions").unwrap();
    assert_eq!((&executions["used"], &executions["limit"]), (&json!(1_001), &json!(5_000_000)));

    // A repeated command changes nothing.
    service.world.changes();
    assert_eq!(service.event("set-contract").await["facts"]["standing"], *standing);
    service.world.assert_nothing_written();

    let answer = service.event("remove-contract").await;
    assert_eq!((&answer["facts"]["contract"], &answer["facts"]["standing"]["plan"]), (&json!(null), &json!("free")));
    assert_eq!(service.reconciliations(), before + 2);
    assert_eq!(service.consume(1, "still-more").await.code(), "workspace_meter_limit");
    let named = |action: &str| (action.to_owned(), json!("jane.doe"));
    assert_eq!(service.records()[1..], [named("contract.set"), named("contract.removed")]);
}

#[tokio::test]
async fn seats_are_those_of_the_contract() {
    let service = Service::begin().await;
    let mut event = sample("set-contract");
    (event["workspace"], event["contract"]) = (json!(service.workspace), json!({"limits": {"members": 2}}));
    service.invoke(event.clone()).await;
    assert!(service.world.try_invite(service.workspace, &ANA, BEN, Role::Member).await);
    assert!(!service.world.try_invite(service.workspace, &ANA, CLEO, Role::Member).await);
    event["contract"] = json!({"limits": {"members": 3}});
    service.invoke(event).await;
    assert!(service.world.try_invite(service.workspace, &ANA, CLEO, Role::Member).await);
}

/// An invitation is decided with the seats of a contract that ends before the write.
///
/// Invariant 1.
#[tokio::test]
async fn ended_contract_gives_no_seat() {
    let service = Service::begin().await;
    service.event("set-contract").await;
    for person in [BEN, CLEO] {
        assert!(service.world.try_invite(service.workspace, &ANA, person, Role::Member).await);
    }
    // The contract ends between the read and the write, and its seats with it.
    let dana = Person { subject: "dana", email: "dana@example.com", ..BEN };
    service.world.after("BatchGetItem", service.workspace, "SUBSCRIPTION", "version", json!({"N": "9"}));
    service.world.after("BatchGetItem", service.workspace, "SUBSCRIPTION", "contract", json!({"NULL": true}));
    assert!(!service.world.try_invite(service.workspace, &ANA, dana, Role::Member).await);
}

#[tokio::test]
async fn workspace_with_a_contract_buys_nothing() {
    let service = Service::begin().await;
    service.event("set-contract").await;
    let send = async |method: &str, path: &str, body: Value| {
        let request = Request::new(method, path).within(service.workspace).json(body);
        service.world.send(&service.router(), request).await.code().to_owned()
    };
    assert_eq!(send("POST", "/billing/checkout", json!({"plan": "pro"})).await, "contract_in_force");
    assert_eq!(send("PUT", "/billing/plan", json!({"plan": "pro"})).await, "contract_in_force");
    assert_eq!(send("PUT", "/billing/plan", json!({"plan": "free"})).await, "contract_in_force");
    assert_eq!(send("PUT", "/billing/plan", json!({"plan": "enterprise"})).await, "plan_unchanged");
    service.event("remove-contract").await;
    assert_eq!(send("PUT", "/billing/plan", json!({"plan": "enterprise"})).await, "contract_required");
}

#[tokio::test]
async fn days_are_granted_where_nothing_is_paid_for() {
    let service = Service::begin().await;
    let answer = service.event("grant-trial").await;
    assert_eq!(answer["facts"]["billing"]["granted_trial"]["days"], 30, "{answer}");
    service.world.wait(SignedDuration::from_mins(1));
    assert_eq!(service.event("grant-trial").await["facts"], answer["facts"], "a repetition grants no other days");
    assert_eq!(service.records(), [("trial.granted".to_owned(), json!("jane.doe"))]);
    service.world.subscribe(service.workspace, plan("pro")).await;
    assert_eq!(service.event("grant-trial").await["code"], "already_subscribed");
    for days in [json!(0), json!(-1), json!(731), json!(10_000_000_000_000_000_000_u64), json!("ten")] {
        let event = json!({"command": "grant_trial", "workspace": service.workspace, "days": days});
        assert_eq!(service.invoke(event).await["code"], "invalid_command");
    }
}

#[tokio::test]
async fn facts_are_all_there_is_to_know_and_no_secret() {
    let service = Service::begin().await;
    service.world.subscribe(service.workspace, plan("starter")).await;
    service.consume(5, "five").await;
    insta::assert_json_snapshot!(service.event("facts").await);
}

#[tokio::test]
async fn invalid_command_is_explained_and_writes_nothing() {
    let service = Service::begin().await;
    let of = json!(service.workspace);
    let wrong = [
        json!("facts"),
        json!([]),
        json!({"command": "destroy"}),
        json!({"command": "facts"}),
        json!({"command": "facts", "workspace": "acme"}),
        // Commands named the operator before IAM did.
        json!({"command": "facts", "operator": "Jane Doe", "workspace": of}),
        json!({"command": "facts", "workspace": of, "verbose": true}),
        sample("invalid"),
    ];
    let mut said = Vec::new();
    for event in wrong {
        let answer = service.invoke(event).await;
        assert_eq!(answer["code"], "invalid_command", "{answer}");
        said.push(answer["detail"].as_str().unwrap().to_owned());
    }
    insta::assert_json_snapshot!(said);
    for event in ["facts", "set-contract", "remove-contract", "grant-trial", "return-usage"] {
        // The sample events name a workspace that does not exist.
        let answer = service.invoke(sample(event)).await;
        assert_eq!(answer["code"], "workspace_not_found", "{answer}");
    }
    assert_eq!(service.event("remove-contract").await["code"], "no_contract");
    service.world.assert_nothing_written();
}

#[tokio::test]
async fn contract_is_replaced_only_where_it_is_what_was_seen() {
    let service = Service::begin().await;
    let set = async |members: u64, replaces: Value| {
        let contract = json!({"limits": {"members": members}});
        let command = json!({"command": "set_contract", "contract": contract, "replaces": replaces});
        service.send(command).await
    };
    let remove =
        async |replaces: Value| service.send(json!({"command": "remove_contract", "replaces": replaces})).await;
    let first = set(5, Value::Null).await["facts"]["contract"].clone();
    assert_eq!(first["limits"]["members"], 5);
    assert_eq!(set(6, Value::Null).await["code"], "contract_changed", "there was none when somebody looked");
    let second = set(6, first.clone()).await["facts"]["contract"].clone();
    assert_eq!(set(7, first.clone()).await["code"], "contract_changed");
    assert_eq!(set(6, first.clone()).await["facts"]["contract"], second, "a repetition is no change");
    for seen in [Value::Null, first] {
        assert_eq!(remove(seen).await["code"], "contract_changed");
    }
    assert_eq!(service.records().len(), 2, "what was refused has no record");
    for case in ["once", "again, because the answer was lost"] {
        assert_eq!(remove(second.clone()).await["facts"]["contract"], Value::Null, "{case}");
    }
    assert_eq!(service.records().len(), 3, "removed once");
    assert_eq!(remove(Value::Null).await["code"], "no_contract");
    assert_eq!(set(7, second).await["code"], "contract_changed", "it was removed meanwhile");
    assert_eq!(set(7, json!({"limits": "all"})).await["code"], "invalid_command");
    let other = json!({"command": "set_contract", "contract": {}});
    assert_eq!(service.send(other).await["facts"]["contract"]["limits"], json!({}), "any, where none is named");
}

/// The comparison is that of the write: a contract that is set between the read and the write is not overwritten.
#[tokio::test]
async fn concurrent_contracts_for_the_same_one_are_one() {
    for seed in 0..20 {
        let service = Service::within(World::seeded(seed)).await;
        let sent = (5..9).map(|members| {
            let contract = json!({"limits": {"members": members}});
            service.send(json!({"command": "set_contract", "contract": contract, "replaces": null}))
        });
        let answers = futures::future::join_all(sent).await;
        let codes: Vec<_> = answers.iter().filter_map(|answer| answer["code"].as_str()).collect();
        assert_eq!(codes, ["contract_changed"; 3], "seed {seed}");
        assert_eq!(service.records().len(), 1, "seed {seed}");
    }
}

#[tokio::test]
async fn refusal_does_not_repeat_a_large_command() {
    let service = Service::begin().await;
    let answer = service.invoke(json!({"command": "x".repeat(15_000)})).await;
    assert_eq!(answer["code"], "invalid_command");
    assert_eq!(answer["detail"].as_str().unwrap().chars().count(), 1_000);
}

#[tokio::test]
async fn a_deleted_workspace_gets_no_contract() {
    let service = Service::begin().await;
    // The deletion is requested between the read and the write.
    service.world.after("BatchGetItem", service.workspace, "META", "live", json!({"BOOL": false}));
    assert_eq!(service.event("set-contract").await["code"], "workspace_not_found");
    assert_eq!(service.event("set-contract").await["code"], "workspace_not_found");
    assert!(service.records().is_empty());
}

/// Invariant 24.
#[tokio::test]
async fn operator_is_whom_iam_has_verified() {
    let service = Service::begin().await;
    let command = json!({"command": "grant_trial", "workspace": service.workspace, "days": 3});
    let router = operator::router(service.world.doctor_deps("http://127.0.0.1:9"));
    let request = || Request::new("POST", "/").to("POST", "/").json(command.clone());
    let nobody = "arn:aws:sts::111122223333:assumed-role/Support/";
    // An ID token of a customer, no identity, and an identity without a name.
    for forged in [request(), request().without_token(), request().signed_by(nobody)] {
        let answer = service.world.send(&router, forged).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "unauthenticated"));
    }
    let mut named = command.clone();
    named["operator"] = json!("Jane Doe");
    assert_eq!(service.invoke(named).await["code"], "invalid_command");
    service.world.assert_nothing_written();
    let ben = request().signed_by("arn:aws:iam::111122223333:user/support/Ben");
    assert_eq!(service.world.send(&router, ben).await.status.as_u16(), 200);
    assert_eq!(service.records(), [("trial.granted".to_owned(), json!("Ben"))]);
}

/// Invariant 68.
#[tokio::test]
async fn reason_is_recorded_where_one_is_given() {
    let service = Service::begin().await;
    let mut command = json!({"command": "grant_trial", "workspace": service.workspace, "days": 3});
    let last = || {
        let items = service.world.items();
        let of = format!("WS#{}#AUDIT", service.workspace);
        let (_, record) = items.iter().rfind(|((pk, _), _)| *pk == of).unwrap();
        serde_json::from_str::<Value>(record["after"].as_str().unwrap()).unwrap()
    };
    service.invoke(command.clone()).await;
    assert_eq!(last(), json!({"days": 3, "operator": "jane.doe"}), "scripts need none");
    (command["days"], command["reason"]) = (json!(4), json!(" Ticket 4711 "));
    service.invoke(command.clone()).await;
    assert_eq!(last(), json!({"days": 4, "operator": "jane.doe", "reason": "Ticket 4711"}));
    for reason in [json!(""), json!("x".repeat(501)), json!(7)] {
        command["reason"] = reason;
        assert_eq!(service.invoke(command.clone()).await["code"], "invalid_command");
    }
    let lookup = json!({"command": "facts", "workspace": service.workspace, "reason": "r"});
    assert_eq!(service.invoke(lookup).await["code"], "invalid_command");
}

/// AWS refuses a transaction whose keys the role does not allow. The embedded table has no roles.
#[tokio::test]
async fn commands_write_only_what_the_role_allows() {
    let template = include_str!("../../template.yaml");
    let line = template.lines().find(|line| line.contains("dynamodb:LeadingKeys") && line.contains("OUTBOX#")).unwrap();
    let allowed: Vec<_> = line.split('"').filter_map(|part| part.strip_suffix("#*")).collect();
    let service = Service::begin().await;
    let world = &service.world;
    world.join(service.workspace, &ANA, &BEN, Role::Member).await;
    service.consume(700, "all").await;
    world.overwrite(service.workspace, "META", "owner_count", json!({"N": "4"}));
    drop(world.transaction_keys());
    for name in ["doctor", "set-contract", "remove-contract", "grant-trial", "suspend", "unsuspend"] {
        let answer = service.event(name).await;
        assert!(answer["code"].is_null(), "{name}: {answer}");
    }
    let of = json!(service.workspace);
    let usage = json!({"command": "return_usage", "workspace": of, "meter": "executions", "amount": 1, "key": "k"});
    for command in [usage, json!({"command": "set_owner", "workspace": of, "user": BEN.id()})] {
        let answer = service.invoke(command).await;
        assert!(answer["facts"].is_object(), "{answer}");
    }
    let named = world.transaction_keys();
    assert!(named.iter().any(|(pk, _)| pk.starts_with("USER#")), "an owner's note is written");
    for (pk, sk) in named {
        let prefix = pk.split('#').next().unwrap();
        assert!(allowed.contains(&prefix), "the role does not allow {pk} {sk}");
    }
}

#[tokio::test]
async fn a_command_is_bounded() {
    let service = Service::begin().await;
    let long = json!({"command": "find", "name": "x".repeat(operator::MAX_BODY)});
    assert_eq!(send(&service.world, &long).await.code(), "body_too_large");
}

/// Invariant 28.
#[tokio::test]
async fn without_the_table_a_command_fails() {
    let service = Service::begin().await;
    for _ in 0..3 {
        service.world.plan("BatchGetItem", Fault::ServerError);
    }
    let answer = send(&service.world, &sample("facts")).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (503, "unavailable"));
}

#[tokio::test]
async fn doctor_rounds_find_every_difference_and_continue_later() {
    let service = Service::begin().await;
    let mut all = vec![service.workspace];
    for _ in 0..7 {
        all.push(service.world.workspace_of(&ANA).await);
    }
    let ill = [all[2], all[5]];
    for workspace in ill {
        service.world.overwrite(workspace, "META", "seat_count", json!({"N": "9"}));
    }
    service.world.changes();
    let rounds = async |repair: bool, after: &Value, until: Timestamp| {
        let event = json!({"command": "doctor", "repair": repair, "after": after});
        Box::pin(run_until(&service.world, &event, until)).await
    };
    let looked = rounds(false, &Value::Null, Timestamp::MAX).await;
    assert_eq!((&looked["examined"], &looked["next"], &looked["failed"]), (&json!(8), &Value::Null, &json!([])));
    let found = |answer: &Value| -> Vec<Value> {
        answer["differing"].as_array().unwrap().iter().map(|of| of["workspace"].clone()).collect()
    };
    let mut found_all = found(&looked);
    found_all.sort_by_key(ToString::to_string);
    let mut wanted = ill.map(|workspace| json!(workspace));
    wanted.sort_by_key(ToString::to_string);
    assert_eq!(found_all, wanted);
    service.world.assert_nothing_written();
    // Each call has time for one workspace.
    let (mut after, mut examined, mut repaired) = (Value::Null, 0, Vec::new());
    loop {
        let answer = rounds(true, &after, Timestamp::MIN).await;
        examined += answer["examined"].as_u64().unwrap();
        repaired.extend(found(&answer));
        after = answer["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!((examined, repaired.len()), (8, 2));
    service.world.assert_counters_consistent("after the rounds");
    let healthy = rounds(false, &Value::Null, Timestamp::MAX).await;
    assert_eq!(healthy["differing"], json!([]));
    let items = service.world.items();
    let records = items.values().filter(|item| item["action"] == "workspace.repaired");
    assert_eq!(records.filter(|item| item["after"].to_string().contains("jane.doe")).count(), 2);
}

#[tokio::test]
async fn doctor_rounds_begin_with_the_prices() {
    let shop = Shop::open(1).await;
    let rounds = async |after: Value| {
        let command = json!({"command": "doctor", "repair": false, "after": after});
        send_with(&shop.world, shop.doctor_deps(), &command).await.body["prices"].clone()
    };
    assert_eq!(rounds(Value::Null).await, json!([]));
    shop.post_to_stripe("/v1/prices/price_pro_year", "lookup_key=").await;
    let different = rounds(Value::Null).await;
    assert_eq!((different.as_array().map(Vec::len), &different[0]["subject"]), (Some(1), &json!("pro/1/year/usd")));
    assert_eq!(rounds(json!(shop.workspace)).await, Value::Null, "a later part does not ask again");
    let unreachable = send(&shop.world, &json!({"command": "doctor", "repair": false})).await;
    assert_eq!((unreachable.status.as_u16(), &unreachable.body["prices"]), (200, &Value::Null), "{unreachable}");
}

#[tokio::test]
async fn the_doctor_is_sent_to_one_workspace_by_its_sample_event() {
    let service = Service::begin().await;
    service.world.overwrite(service.workspace, "META", "owner_count", json!({"N": "4"}));
    let answer = service.event("doctor").await;
    assert_eq!((&answer["examined"], &answer["differing"][0]["differences"][0]["repair"]), (&json!(1), &json!("done")));
    service.world.assert_counters_consistent("repaired");
    let mut event = sample("doctor");
    event["workspace"] = json!("ws_01JADE000000000000000000ZZ");
    assert_eq!(service.invoke(event).await["code"], "workspace_not_found");
}

#[tokio::test]
async fn usage_is_returned_once_with_a_record() {
    let service = Service::begin().await;
    service.consume(700, "all").await;
    let mut event = sample("return-usage");
    (event["workspace"], event["meter"], event["amount"]) = (json!(service.workspace), json!("executions"), json!(300));
    let used = |answer: &Value| answer["facts"]["usage"]["executions"]["used"].clone();
    // Long after the consumption, with a key that the tenant has used, too.
    service.world.wait(SignedDuration::from_hours(2));
    service.consume(1, event["key"].as_str().unwrap()).await;
    let answer = service.invoke(event.clone()).await;
    assert_eq!(used(&answer), 401, "{answer}");
    service.world.changes();
    assert_eq!(used(&service.invoke(event.clone()).await), 401, "the same key counts once");
    let mut other = event.clone();
    other["amount"] = json!(301);
    assert_eq!(service.invoke(other).await["code"], "usage_key_reused");
    (event["amount"], event["key"]) = (json!(402), json!("more"));
    assert_eq!(service.invoke(event.clone()).await["code"], "usage_below_zero");
    for (field, value) in [("amount", json!(0)), ("meter", json!("members")), ("key", json!("a b"))] {
        let mut wrong = event.clone();
        wrong[field] = value;
        assert_eq!(service.invoke(wrong).await["code"], "invalid_command");
    }
    service.world.assert_nothing_written();
    assert_eq!(service.records(), [("usage.returned".to_owned(), json!("jane.doe"))]);
    let items = service.world.items();
    let record = items.values().find(|item| item["action"] == "usage.returned").unwrap();
    insta::assert_json_snapshot!(serde_json::from_str::<Value>(record["after"].as_str().unwrap()).unwrap());
}

#[tokio::test]
async fn a_return_is_into_the_month_of_the_command() {
    let service = Service::begin().await;
    service.consume(700, "november").await;
    service.world.wait(SignedDuration::from_hours(24 * 31));
    service.consume(50, "december").await;
    let mut event = sample("return-usage");
    (event["workspace"], event["meter"], event["amount"]) = (json!(service.workspace), json!("executions"), json!(60));
    assert_eq!(service.invoke(event.clone()).await["code"], "usage_below_zero");
    event["amount"] = json!(50);
    assert_eq!(service.invoke(event).await["facts"]["usage"]["executions"]["used"], 0);
}

/// With concurrent consumptions, the return is decided again and counts once.
#[tokio::test]
async fn a_return_and_consumptions_at_once_add_up() {
    let service = Service::begin().await;
    service.consume(700, "all").await;
    let mut event = sample("return-usage");
    (event["workspace"], event["meter"], event["amount"]) = (json!(service.workspace), json!("executions"), json!(200));
    let keys: Vec<_> = (0..10).map(|n| format!("k{n}")).collect();
    let consumptions = futures::future::join_all(keys.iter().map(|key| service.consume(10, key)));
    let returns = futures::future::join(service.invoke(event.clone()), service.invoke(event));
    futures::future::join(consumptions, returns).await;
    let facts = service.event("facts").await;
    assert_eq!(facts["facts"]["usage"]["executions"]["used"], 600);
    assert_eq!(service.records().len(), 1);
}

/// An API key of another account knows none of the customers, so a repair of all workspaces keeps them.
#[tokio::test]
async fn repair_of_a_named_workspace_removes_an_unknown_customer() {
    let shop = Shop::open(1).await;
    shop.world.subscribe(shop.workspace, plan("pro")).await;
    let repair = async |workspace: Value| {
        let event = json!({"command": "doctor", "repair": true, "workspace": workspace});
        let answer = send_with(&shop.world, shop.doctor_deps(), &event).await.body;
        let found = &answer["differing"][0]["differences"][0];
        (found["code"].clone(), found["repair"].clone())
    };
    let billing = || shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())].clone();
    assert_eq!(repair(Value::Null).await, (json!("customer"), json!("by_hand")));
    assert_eq!(billing()["subscription"]["status"], "active");
    assert_eq!(repair(json!(shop.workspace)).await, (json!("customer"), json!("done")));
    assert_eq!((&billing()["customer"], &billing()["subscription"]["status"]), (&Value::Null, &json!("canceled")));
    assert_eq!(repair(json!(shop.workspace)).await, (Value::Null, Value::Null));
}

/// A page that is open when a contract is set can be paid until it is closed.
#[tokio::test]
async fn contract_closes_pages_and_ends_late_payments() {
    for paid in [false, true] {
        let shop = Shop::open(1).await;
        let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
        let buy = || Request::new("POST", "/billing/checkout").within(shop.workspace).json(json!({"plan": "pro"}));
        assert_eq!(shop.world.send(&router, buy()).await.status.as_u16(), 200);
        let mut event = sample("set-contract");
        event["workspace"] = json!(shop.workspace);
        let page = shop.open_sessions()[0].clone();
        assert_eq!(send_with(&shop.world, shop.doctor_deps(), &event).await.status.as_u16(), 200);
        if paid {
            assert!(shop.stripe().pay(&page).unwrap());
        }
        let billing = || shop.world.items()[&(format!("WS#{}", shop.workspace), "SUBSCRIPTION".to_owned())].clone();
        assert_eq!(billing()["due_at"], json!(shop.world.clock.now().as_millisecond()), "the sweeper compares it");
        let origin = domain::identity::origin::Origin { request_id: "sweep".to_owned(), ip_address: None };
        workers::billing::compare_due(&shop.billing_deps(), shop.workspace, origin).await.unwrap();
        assert_eq!((shop.open_sessions().len(), &billing()["pending_checkout"]), (0, &Value::Null));
        let held: Vec<_> = shop.stripe_objects("subscriptions").iter().map(|held| held["status"].clone()).collect();
        assert_eq!(held, if paid { vec![json!("canceled")] } else { Vec::new() });
        assert!(paid || shop.stripe().pay(&page).is_err(), "the page is closed");
        assert_eq!(shop.world.send(&router, buy()).await.code(), "contract_in_force");
    }
}

#[tokio::test]
async fn subscription_from_before_a_contract_is_kept() {
    let shop = Shop::open(1).await;
    let router = billing::router(shop.billing_deps(), shop.world.claim_rules());
    let send = async |request: Request| shop.world.send(&router, request.within(shop.workspace)).await;
    send(Request::new("POST", "/billing/checkout").json(json!({"plan": "pro"}))).await;
    assert!(shop.stripe().pay(&shop.open_sessions()[0]).unwrap());
    send(Request::new("POST", "/billing/sync")).await;
    let mut event = sample("set-contract");
    event["workspace"] = json!(shop.workspace);
    assert_eq!(send_with(&shop.world, shop.doctor_deps(), &event).await.status.as_u16(), 200);
    send(Request::new("POST", "/billing/sync")).await;
    assert_eq!(shop.stripe_objects("subscriptions")[0]["status"], "active");
}
