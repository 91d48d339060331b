//! Records the answer of each route, for the tests of the console's page: `tests/answers/<name>.json`. The openapi.json of this
//! function describes answers of commands as objects only, and these files show their fields.
//!
//! `UPDATE_EXPECT=1` rewrites them.

use super::stage::Stage;
use domain::{
    identity::access::Role, notifications::recipient::Recipient, operator::dead_letters::DeadLetterQueue,
    runtime::record::RuntimeCommand, team::invitation::Returned,
};
use expect_test::expect_file;
use mail::LetterReference;
use serde_json::{Value, json};
use shared::runtime::command_runtime;
use testkit::{ANA, BEN, CLEO, plan};
use workers::{notifications::mark_member_returned, team::mark_letter_returned};

fn record(name: &str, answer: &Value) {
    let path = format!("{}/tests/answers/{name}.json", env!("CARGO_MANIFEST_DIR"));
    expect_file![path].assert_eq(&format!("{answer:#}\n"));
}

/// Sets the stage with a subscriber of pro, whose runtime starts.
async fn customer() -> Stage {
    let stage = Stage::set().await;
    stage.world.subscribe(stage.workspace, plan("pro")).await;
    let (store, free) = (stage.world.store(), stage.world.free_containers());
    command_runtime(&store, free, &ANA.caller(), stage.workspace, RuntimeCommand::Start, None).await.unwrap();
    stage
}

async fn command(stage: &Stage, command: Value) -> Value {
    let answer = stage.command(&command).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer}");
    answer.body
}

#[tokio::test]
async fn answers_of_commands_are_recorded() {
    let stage = customer().await;
    let workspace = stage.workspace;
    record("facts", &command(&stage, json!({"command": "facts", "workspace": workspace})).await);
    record("find", &command(&stage, json!({"command": "find", "email": BEN.email})).await);
    record("find-name", &command(&stage, json!({"command": "find", "name": "acme"})).await);
    record(
        "migrate",
        &command(&stage, json!({"command": "migrate", "plan": "pro", "from": 1, "when": "renewal"})).await,
    );
    let preview = json!({"command": "migrate", "plan": "pro", "from": 1, "when": "renewal", "preview": true});
    record("migrate-preview", &command(&Stage::set().await, preview).await);
    record("suspend", &command(&stage, json!({"command": "suspend", "workspace": workspace})).await);

    let stage = Stage::set().await;
    stage.world.overwrite(stage.workspace, "META", "seat_count", json!({"N": "9"}));
    record("doctor", &command(&stage, json!({"command": "doctor", "workspace": stage.workspace})).await);
    record(
        "doctor-repair",
        &command(&stage, json!({"command": "doctor", "workspace": stage.workspace, "repair": true})).await,
    );
    record("set-contract", &command(&stage, stage.sample("set-contract")).await);
}

#[tokio::test]
async fn answers_of_other_routes_are_recorded() {
    let stage = customer().await;
    record("session", &stage.get("/operator/session").await.body);
    let (world, workspace) = (&stage.world, stage.workspace);
    let invitation = world.invitation(workspace, &ANA, &CLEO, Role::Viewer).await.0;
    let about = LetterReference { workspace, invitation, version: 1 };
    mark_letter_returned(&world.mailer_deps(), about, Returned::Bounced).await.unwrap();
    let ben = Recipient::of(&BEN.email.parse().unwrap());
    mark_member_returned(&world.mailer_deps(), workspace, BEN.id(), &ben, Returned::Complained).await.unwrap();
    record("letters", &stage.get(&format!("/operator/letters?workspace={workspace}")).await.body);
    let body = json!({"kind": "invitation_mail", "workspace": workspace, "invitation": invitation, "version": 1});
    world.add_dead_letter(DeadLetterQueue::Mail, body);
    record("messages", &stage.get("/operator/queues/mail/messages").await.body);
    let reason = json!({"reason": "The mail service works again."});
    record("redrive", &stage.post("/operator/queues/mail/redrive", reason).await.body);
    record("queues", &stage.get("/operator/queues").await.body);
}

#[tokio::test]
async fn refusals_are_recorded() {
    let stage = Stage::set().await;
    let body = json!({"command": {"command": "remove_contract", "workspace": stage.workspace}});
    record("refusal-without-reason", &stage.post("/operator/commands", body).await.body);
    let command = json!({"command": "remove_contract", "workspace": stage.workspace});
    record("refusal-no-contract", &stage.command(&command).await.body);
    let command = json!({"command": "set_contract", "workspace": stage.workspace, "contract": {}});
    stage.command(&command).await;
    let seen = json!({"limits": {"members": 5}});
    let command = json!({"command": "remove_contract", "workspace": stage.workspace, "replaces": seen});
    record("refusal-contract-changed", &stage.command(&command).await.body);
    record("refusal-invalid-command", &stage.command(&json!({"command": "facts"})).await.body);
    let reason = json!({"reason": "The table works again."});
    record("refusal-not-redrivable", &stage.post("/operator/queues/outbox/redrive", reason).await.body);
}
