//! The operator's search for workspaces by an e-mail address, a part of a name, a customer or a task.

use super::{run_until, send};
use domain::{identity::access::Role, ids::WorkspaceId, runtime::record::RuntimeCommand};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::{runtime::command_runtime, team};
use std::collections::BTreeSet;
use testkit::{ANA, BEN, CLEO, Lines, Person, World, plan};
use workers::{operator::MAX_FOUND, runtime::reconcile_runtime};

async fn find_until(world: &World, by: &str, what: impl Into<Value>, after: &Value, until: Timestamp) -> Value {
    let mut event = json!({"command": "find", "after": after});
    event[by] = what.into();
    run_until(world, &event, until).await
}

async fn find(world: &World, by: &str, what: impl Into<Value>) -> Value {
    find_until(world, by, what, &Value::Null, Timestamp::MAX).await
}

fn workspaces(answer: &Value) -> Vec<Value> {
    answer["found"].as_array().unwrap().iter().map(|found| found["workspace"].clone()).collect()
}

/// Creates a world with three workspaces: Ben is a member of the first, a former member of the second, and invited to the
/// third.
async fn three() -> (World, [WorkspaceId; 3]) {
    let world = World::default();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = world.workspace_of(&ANA).await;
        world.subscribe(id, plan("business")).await;
        ids.push(id);
    }
    let [first, second, third] = ids.try_into().unwrap();
    for id in [first, second] {
        world.join(id, &ANA, &BEN, Role::Member).await;
    }
    team::remove_member(&world.store(), &ANA.caller(), second, BEN.id()).await.unwrap();
    world.invitation(third, &ANA, &BEN, Role::Viewer).await;
    world.changes();
    (world, [first, second, third])
}

#[tokio::test]
async fn an_address_finds_members_former_ones_and_invitations() {
    let (world, [first, second, third]) = three().await;
    let lines = Lines::capture();
    let answer = find(&world, "email", "BEN@Example.COM").await;
    let about = |id: WorkspaceId| {
        let all = answer["found"].as_array().unwrap();
        all.iter().find(|found| found["workspace"] == json!(id)).unwrap().clone()
    };
    assert_eq!((answer["found"].as_array().unwrap().len(), &answer["next"]), (3, &Value::Null), "{answer}");
    assert_eq!(about(first)["member"], json!({"user_id": BEN.id(), "role": "member", "status": "active"}));
    assert_eq!(about(second)["member"]["status"], "removed");
    assert_eq!((&about(third)["invitation"]["role"], &about(third)["member"]), (&json!("viewer"), &Value::Null));
    assert_eq!((&about(first)["plan"], &about(first)["live"]), (&json!("business"), &json!(true)));
    assert_eq!(find(&world, "email", "ben@example.com.au").await["found"], json!([]));
    world.assert_nothing_written();
    // Only the function's own lines: at their lowest level the SDK's lines contain whole answers.
    let lines = lines.text();
    let own: Vec<_> = lines.split("message=").filter(|line| line.contains("function=\"operator\"")).collect();
    assert!(!own.is_empty() && own.iter().all(|line| !line.to_lowercase().contains("ben@")), "{own:?}");
}

#[tokio::test]
async fn a_name_is_found_by_a_part_in_any_case() {
    let (world, ids) = three().await;
    world.overwrite(ids[1], "META", "name", json!({"S": "Große Anvils 100%"}));
    world.suspend(ids[1], "Spam").await;
    for part in ["anvil", "ANVILS", "große", "GROSSE ANVILS", "100%"] {
        let found = find(&world, "name", part).await;
        // `SS` does not match `ß`.
        let wanted = if part.starts_with("GROSSE") { vec![] } else { vec![json!(ids[1])] };
        assert_eq!(workspaces(&found), wanted, "{part}");
    }
    assert_eq!(find(&world, "name", "anvil").await["found"][0]["suspended"]["reason"], "Spam");
    // A text that looks like an expression of the table is searched like any other.
    for part in ["META", "WS#", "begins_with(pk, :v0)", "' OR 1=1", ".*"] {
        assert_eq!(find(&world, "name", part).await["found"], json!([]), "{part}");
    }
}

/// A partition that can hold nothing of what is looked for costs one page, however large it is.
#[tokio::test]
async fn large_partition_is_left_after_one_page() {
    let (world, ids) = three().await;
    let items = world.items();
    let (record, _) = items.iter().find(|((pk, _), _)| *pk == format!("WS#{}#AUDIT", ids[0])).unwrap();
    let copies = |numbers: std::ops::Range<u32>| numbers.map(|number| format!("{}{number:05}", record.1));
    let scans = async || {
        drop(world.calls());
        assert_eq!(find(&world, "name", "no such name").await["found"], json!([]));
        world.calls()["Scan"]
    };
    world.copy_item(record, copies(0..1_500));
    let before = scans().await;
    world.copy_item(record, copies(1_500..6_000));
    assert_eq!(scans().await, before);
    assert_eq!(workspaces(&find(&world, "name", "acme").await).len(), 3, "all workspaces are passed");
}

#[tokio::test]
async fn a_customer_is_found_by_the_index_alone() {
    let (world, [first, ..]) = three().await;
    drop(world.calls());
    let found = find(&world, "customer", format!("cus_{first}")).await;
    assert_eq!(workspaces(&found), [json!(first)]);
    let calls = world.calls();
    assert_eq!((calls.get("Query"), calls.get("Scan")), (Some(&1), None), "{calls:?}");
    assert_eq!(find(&world, "customer", "cus_nobody").await["found"], json!([]));
}

#[tokio::test]
async fn a_task_is_found_while_ecs_knows_it_and_afterwards() {
    let (world, [first, second, _]) = three().await;
    for id in [first, second] {
        command_runtime(&world.store(), world.free_containers(), &ANA.caller(), id, RuntimeCommand::Start, None)
            .await
            .unwrap();
        Box::pin(reconcile_runtime(&world.reconciler_deps(), id)).await.unwrap();
    }
    let tasks = world.tasks();
    let task = tasks.iter().find(|task| task.started_by == second.to_string()).unwrap().arn.clone();
    let id = task.rsplit('/').next().unwrap().to_owned();
    drop(world.calls());
    for name in [&task, &id] {
        assert_eq!(workspaces(&find(&world, "task", name.as_str()).await), [json!(second)], "{name}");
    }
    assert_eq!(world.calls().get("Scan"), None, "ECS has named the workspace");
    // ECS forgets a task an hour after its end; the runtime's record still names it.
    world.end_task(&task, "EssentialContainerExited");
    world.wait(SignedDuration::from_hours(2));
    for name in [&task, &id] {
        let found = find(&world, "task", name.as_str()).await;
        assert_eq!((workspaces(&found), &found["next"]), (vec![json!(second)], &Value::Null), "{name}");
    }
    assert_eq!(find(&world, "task", "0123456789abcdef0123456789abcdef").await["found"], json!([]));
}

#[tokio::test]
async fn a_search_goes_on_where_its_time_was_up() {
    let (world, ids) = three().await;
    // More members than one call to the table scans.
    world.add_members(ids[0], &BEN, 1_500);
    let wanted: BTreeSet<_> = ids.iter().map(ToString::to_string).collect();
    for (by, what) in [("name", "acme"), ("email", "ana@example.com")] {
        let (mut found, mut after, mut answers) = (Vec::new(), Value::Null, 0);
        loop {
            let answer = find_until(&world, by, what, &after, Timestamp::MIN).await;
            found.extend(workspaces(&answer));
            after = answer["next"].clone();
            answers += 1;
            if after.is_null() {
                break;
            }
        }
        let distinct: BTreeSet<_> = found.iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        assert_eq!((found.len(), &distinct), (3, &wanted), "{by}: each once");
        assert!(answers >= 3, "{by}: one at a time");
    }
}

#[tokio::test]
async fn one_answer_has_a_bounded_number_of_workspaces() {
    let world = World::default();
    for _ in 0..MAX_FOUND + 5 {
        world.workspace_of(&CLEO).await;
    }
    let first = find(&world, "name", "acme").await;
    assert_eq!(workspaces(&first).len(), MAX_FOUND);
    let rest = find_until(&world, "name", "acme", &first["next"], Timestamp::MAX).await;
    assert_eq!((workspaces(&rest).len(), &rest["next"]), (5, &Value::Null));
}

/// A corrupt item hides no other.
#[tokio::test]
async fn a_corrupt_item_does_not_end_a_search() {
    let (world, [first, second, third]) = three().await;
    world.overwrite(second, format!("MEMBER#{}", BEN.id()), "role", json!({"S": "god"}));
    let mut found = workspaces(&find(&world, "email", BEN.email).await);
    found.sort_by_key(ToString::to_string);
    let mut wanted = vec![json!(first), json!(third)];
    wanted.sort_by_key(ToString::to_string);
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn exactly_one_thing_is_looked_for() {
    let (world, _) = three().await;
    let dana = Person { subject: "dana", email: "not an address", ..BEN };
    let wrong = [
        json!({}),
        json!({"email": ANA.email, "name": "acme"}),
        json!({"email": dana.email}),
        json!({"email": ""}),
        json!({"name": " "}),
        json!({"name": "x".repeat(101)}),
        json!({"customer": "acme"}),
        json!({"customer": format!("cus_{}", "x".repeat(300))}),
        json!({"task": "acme"}),
        json!({"task": "arn:aws:ecs:us-east-1:000000000000:task/berth/"}),
        json!({"email": ANA.email, "after": "acme"}),
        json!({"email": ANA.email, "workspace": "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y"}),
    ];
    for mut event in wrong {
        event["command"] = json!("find");
        assert_eq!(send(&world, &event).await.code(), "invalid_command", "{event}");
    }
}

/// Addresses that would be refused today were accepted once, and are found.
#[tokio::test]
async fn a_stored_address_that_cannot_be_reached_is_found() {
    let (world, [first, ..]) = three().await;
    world.overwrite(first, format!("MEMBER#{}", BEN.id()), "email", json!({"S": "ben@b.c#d"}));
    assert_eq!(workspaces(&find(&world, "email", "ben@b.c#d").await), [json!(first)]);
}
