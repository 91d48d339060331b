//! The operator's command that makes a member an owner.

use super::{sample, send};
use domain::{identity::access::Role, ids::WorkspaceId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::{
    team::{change_role, remove_member},
    workspace::{OtherMembers, delete_workspace},
};
use testkit::{ANA, BEN, CLEO, Fault, Person, World};

async fn invoke(world: &World, mut event: Value) -> Value {
    world.wait(SignedDuration::from_secs(1));
    event["command"] = json!("set_owner");
    send(world, &event).await.body
}

async fn set(world: &World, workspace: WorkspaceId, person: &Person) -> Value {
    invoke(world, json!({"workspace": workspace, "email": person.email})).await
}

/// Creates a workspace of Ana's, with the member Ben and the viewer Cleo.
async fn acme() -> (World, WorkspaceId) {
    let world = World::default();
    let workspace = world.workspace_of(&ANA).await;
    world.join(workspace, &ANA, &BEN, Role::Member).await;
    world.join(workspace, &ANA, &CLEO, Role::Viewer).await;
    world.changes();
    (world, workspace)
}

fn role(world: &World, workspace: WorkspaceId, person: &Person) -> Value {
    world.items()[&(format!("WS#{workspace}"), format!("MEMBER#{}", person.id()))]["role"].clone()
}

/// Returns the operator's records: target, role before, role after, operator.
fn records(world: &World) -> Vec<[Value; 4]> {
    let parsed = |text: &Value| -> Value { serde_json::from_str(text.as_str().unwrap()).unwrap() };
    let items = world.items();
    let records = items.values().filter(|item| item["action"] == "member.role_changed");
    records
        .map(|item| {
            let (before, after) = (parsed(&item["before"]), parsed(&item["after"]));
            [item["target"].clone(), before["role"].clone(), after["role"].clone(), after["operator"].clone()]
        })
        .collect()
}

fn letters_queued(world: &World) -> usize {
    world.items().values().filter(|item| item["message"]["kind"] == "owner_mail").count()
}

#[tokio::test]
async fn a_member_becomes_an_owner_once_and_the_present_one_stays() {
    let (world, workspace) = acme().await;
    let answer = set(&world, workspace, &BEN).await;
    assert_eq!(answer["facts"]["workspace"]["owners"], 2, "{answer}");
    assert_eq!((role(&world, workspace, &ANA), role(&world, workspace, &BEN)), (json!("owner"), json!("owner")));
    assert_eq!(records(&world), [[json!(BEN.id()), json!("member"), json!("owner"), json!("jane.doe")]]);
    assert_eq!(letters_queued(&world), 1);
    world.assert_counters_consistent("an owner was set");
    world.changes();
    // Twice, and by the other name of the same member.
    for event in [json!({"email": "BEN@Example.com"}), json!({"user": BEN.id()})] {
        let mut event = event;
        event["workspace"] = json!(workspace);
        assert_eq!(invoke(&world, event).await["facts"]["workspace"]["owners"], 2);
        world.assert_nothing_written();
    }
    // The new owner may take the role of the former.
    change_role(&world.store(), &BEN.caller(), workspace, (ANA.id(), Role::Member)).await.unwrap();
    world.assert_counters_consistent("the former owner was demoted");
}

#[tokio::test]
async fn a_workspace_without_an_owner_gets_one() {
    let (world, workspace) = acme().await;
    world.overwrite(workspace, format!("MEMBER#{}", ANA.id()), "role", json!({"S": "admin"}));
    world.overwrite(workspace, "META", "owner_count", json!({"N": "0"}));
    let answer = invoke(&world, json!({"workspace": workspace, "user": CLEO.id()})).await;
    assert_eq!(answer["facts"]["workspace"]["owners"], 1, "{answer}");
    assert_eq!(role(&world, workspace, &CLEO), "owner");
}

#[tokio::test]
async fn only_a_present_member_becomes_an_owner() {
    let (world, workspace) = acme().await;
    remove_member(&world.store(), &ANA.caller(), workspace, CLEO.id()).await.unwrap();
    let invited = Person { subject: "dora", email: "dora@example.com", name: "Dora", verified: true };
    world.invitation(workspace, &ANA, &invited, Role::Member).await;
    world.changes();
    let absent = [
        json!({"email": CLEO.email}),
        json!({"user": CLEO.id()}),
        json!({"email": invited.email}),
        json!({"email": "nobody@example.com"}),
        json!({"user": invited.id()}),
    ];
    for mut event in absent {
        event["workspace"] = json!(workspace);
        let answer = invoke(&world, event).await;
        assert_eq!(answer["code"], "member_not_found", "{answer}");
    }
    for mut event in
        [json!({}), json!({"email": BEN.email, "user": BEN.id()}), json!({"email": "ben"}), json!({"user": "ben"})]
    {
        event["workspace"] = json!(workspace);
        let answer = invoke(&world, event).await;
        assert_eq!(answer["code"], "invalid_command", "{answer}");
    }
    // The sample event names a workspace that does not exist.
    assert_eq!(invoke(&world, sample("set-owner")).await["code"], "workspace_not_found");
    world.assert_nothing_written();
}

/// Each change comes between the read and the write.
#[tokio::test]
async fn concurrent_changes_are_decided_again() {
    let ben = format!("MEMBER#{}", BEN.id());
    let (world, workspace) = acme().await;
    let by_id = |workspace: WorkspaceId| json!({"workspace": workspace, "user": BEN.id()});
    world.after("BatchGetItem", workspace, &ben, "role", json!({"S": "admin"}));
    assert_eq!(invoke(&world, by_id(workspace)).await["facts"]["workspace"]["owners"], 2);
    assert_eq!(records(&world), [[json!(BEN.id()), json!("admin"), json!("owner"), json!("jane.doe")]]);

    // Another owner made them one.
    let (world, workspace) = acme().await;
    world.after("BatchGetItem", workspace, &ben, "role", json!({"S": "owner"}));
    assert_eq!(invoke(&world, by_id(workspace)).await["code"], Value::Null);
    assert_eq!((records(&world).len(), letters_queued(&world)), (0, 0));

    // They leave, or the workspace is deleted.
    for (sk, attribute, value, code) in [
        (ben.as_str(), "status", json!({"S": "removed"}), "member_not_found"),
        ("META", "live", json!({"BOOL": false}), "workspace_not_found"),
    ] {
        let (world, workspace) = acme().await;
        world.after("BatchGetItem", workspace, sk, attribute, value);
        assert_eq!(invoke(&world, by_id(workspace)).await["code"], code);
        assert_eq!((records(&world).len(), letters_queued(&world)), (0, 0));
    }
}

#[tokio::test]
async fn a_lost_reply_sets_one_owner() {
    let (world, workspace) = acme().await;
    world.plan("TransactWriteItems", Fault::LoseReply);
    assert_eq!(set(&world, workspace, &BEN).await["facts"]["workspace"]["owners"], 2);
    assert_eq!((records(&world).len(), letters_queued(&world)), (1, 1));
    world.assert_counters_consistent("the reply was lost");
}

#[tokio::test]
async fn a_suspended_workspace_gets_an_owner_a_deleted_none() {
    let (world, workspace) = acme().await;
    world.suspend(workspace, "Spam").await;
    assert_eq!(set(&world, workspace, &BEN).await["facts"]["workspace"]["owners"], 2);
    let gone = world.workspace_of(&ANA).await;
    delete_workspace(&world.store(), &ANA.caller(), gone, OtherMembers::Include).await.unwrap();
    assert_eq!(set(&world, gone, &ANA).await["code"], "workspace_not_found");
}
