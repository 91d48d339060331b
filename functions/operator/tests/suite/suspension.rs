//! The operator's commands to suspend a workspace and to end the suspension.

use super::{sample, send};
use domain::{identity::access::Role, ids::WorkspaceId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::workspace::{OtherMembers, delete_workspace};
use testkit::{ANA, BEN, World};

async fn invoke(world: &World, event: Value) -> Value {
    // Records are ordered by time, so each call gets its own second.
    world.wait(SignedDuration::from_secs(1));
    send(world, &event).await.body
}

/// Invokes the function with the sample event `name` for `workspace`, with `reason`.
async fn command(world: &World, workspace: WorkspaceId, name: &str, reason: &str) -> Value {
    let mut event = sample(name);
    (event["workspace"], event["reason"]) = (json!(workspace), json!(reason));
    invoke(world, event).await
}

/// Returns the kinds of the waiting messages.
fn messages(world: &World) -> Vec<String> {
    let items = world.items();
    let messages = items.values().filter_map(|item| item["message"]["kind"].as_str());
    let mut kinds: Vec<_> = messages.map(ToOwned::to_owned).collect();
    kinds.sort_unstable();
    kinds
}

/// Returns the audit records of the operator: action, operator, and the reasons before and after.
fn records(world: &World) -> Vec<[Value; 4]> {
    let items = world.items();
    let records = items.values().filter(|item| {
        item["_type"] == "audit" && item["action"].as_str().is_some_and(|action| action.ends_with("suspended"))
    });
    let parsed = |text: &Value| -> Value { serde_json::from_str(text.as_str().unwrap()).unwrap() };
    records
        .map(|item| {
            let (before, after) = (parsed(&item["before"]), parsed(&item["after"]));
            [item["action"].clone(), after["operator"].clone(), before["reason"].clone(), after["reason"].clone()]
        })
        .collect()
}

#[tokio::test]
async fn each_change_of_a_suspension_is_recorded_once() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    let answer = command(&world, workspace, "suspend", "Spam").await;
    let suspended = answer["facts"]["workspace"]["suspended"].clone();
    assert_eq!((&suspended["reason"], &suspended["by"]), (&json!("Spam"), &json!("jane.doe")), "{answer}");
    assert_eq!(messages(&world), ["reconcile", "suspension_mail"]);

    // The same reason again changes nothing. Another reason replaces it and keeps the beginning of the suspension.
    world.changes();
    command(&world, workspace, "suspend", " Spam ").await;
    world.assert_nothing_written();
    let replaced = command(&world, workspace, "suspend", "Fraud").await;
    let replaced = &replaced["facts"]["workspace"]["suspended"];
    assert_eq!((&replaced["reason"], &replaced["at"]), (&json!("Fraud"), &suspended["at"]));

    let lifted = command(&world, workspace, "unsuspend", "Paid back").await;
    assert_eq!(lifted["facts"]["workspace"]["suspended"], Value::Null);
    world.changes();
    command(&world, workspace, "unsuspend", "Paid back").await;
    world.assert_nothing_written();

    let jane = || json!("jane.doe");
    let wanted = [
        [json!("workspace.suspended"), jane(), Value::Null, json!("Spam")],
        [json!("workspace.suspended"), jane(), json!("Spam"), json!("Fraud")],
        [json!("workspace.unsuspended"), jane(), json!("Fraud"), json!("Paid back")],
    ];
    assert_eq!(records(&world), wanted);
}

#[tokio::test]
async fn suspension_is_changed_only_where_it_is_what_was_seen() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    let send = async |name: &str, reason: &str, replaces: &Value| {
        let command = json!({"command": name, "workspace": workspace, "reason": reason, "replaces": replaces});
        invoke(&world, command).await
    };
    let suspended = |answer: &Value| answer["facts"]["workspace"]["suspended"].clone();
    let spam = suspended(&send("suspend", "Spam", &Value::Null).await);
    let fraud = suspended(&send("suspend", "Fraud", &spam).await);
    assert_eq!(fraud["reason"], "Fraud");
    for (name, reason) in [("suspend", "Abuse"), ("unsuspend", "Paid back")] {
        for seen in [&spam, &Value::Null] {
            assert_eq!(send(name, reason, seen).await["code"], "suspension_replaced", "{name} {seen}");
        }
    }
    assert_eq!(suspended(&send("suspend", "Fraud", &spam).await), fraud, "a repetition is no change");
    for case in ["once", "repeated"] {
        assert_eq!(suspended(&send("unsuspend", "Paid back", &fraud).await), Value::Null, "{case}");
    }
    assert_eq!(send("suspend", "Abuse", &fraud).await["code"], "suspension_replaced", "it has ended meanwhile");
    assert_eq!(records(&world).len(), 3, "what was refused has no record");
}

/// Two operators read the same head. The second decides again after the write of the first.
#[tokio::test]
async fn two_suspensions_at_once_are_two_versions() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.after("BatchGetItem", workspace, "META", "suspension_version", json!({"N": "1"}));
    command(&world, workspace, "suspend", "Spam").await;
    let head = &world.items()[&(format!("WS#{workspace}"), "META".to_owned())];
    assert_eq!(head["suspension_version"], 2);
    assert_eq!(records(&world).len(), 1);
}

#[tokio::test]
async fn a_head_from_before_suspensions_is_read() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    // Before the first suspension, a head of any age has no such attribute.
    let head = world.items()[&(format!("WS#{workspace}"), "META".to_owned())].clone();
    assert_eq!((head.get("suspended"), head.get("suspension_version")), (None, None));
    let facts = invoke(&world, json!({"command": "facts", "workspace": workspace})).await;
    assert_eq!(facts["facts"]["workspace"]["suspended"], Value::Null, "{facts}");
    assert!(
        world.try_invite(workspace, &ANA, BEN, Role::Member).await,
        "its changes require that the attribute is absent"
    );
    let answer = command(&world, workspace, "suspend", "Spam").await;
    assert_eq!(answer["facts"]["workspace"]["suspended"]["reason"], "Spam", "{answer}");
}

#[tokio::test]
async fn suspension_reason_is_bounded_and_sanitized() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.changes();
    for name in ["suspend", "unsuspend"] {
        for reason in [json!(""), json!(" "), json!("x".repeat(501)), json!("a\u{202e}b"), json!(7), Value::Null] {
            let event = json!({"command": name, "workspace": workspace, "reason": reason});
            assert_eq!(invoke(&world, event).await["code"], "invalid_command", "{reason}");
        }
        let event = json!({"command": name, "workspace": workspace});
        assert_eq!(invoke(&world, event).await["code"], "invalid_command");
        // The sample event names a workspace that does not exist.
        let sample = sample(name);
        assert_eq!(invoke(&world, sample).await["code"], "workspace_not_found");
    }
    world.assert_nothing_written();
    let longest = "x".repeat(500);
    let answer = command(&world, workspace, "suspend", &longest).await;
    assert_eq!(answer["facts"]["workspace"]["suspended"]["reason"], json!(longest));
}

#[tokio::test]
async fn a_deleted_workspace_is_not_suspended() {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    // The deletion is requested between the read and the write.
    world.after("BatchGetItem", workspace, "META", "live", json!({"BOOL": false}));
    for _ in 0..2 {
        let answer = command(&world, workspace, "suspend", "Spam").await;
        assert_eq!(answer["code"], "workspace_not_found", "{answer}");
    }
    assert!(records(&world).is_empty());
    // Conversely, a suspended workspace can be deleted.
    let other = world.workspace_of(&ANA).await;
    command(&world, other, "suspend", "Spam").await;
    delete_workspace(&world.store(), &ANA.caller(), other, OtherMembers::Include).await.unwrap();
}
