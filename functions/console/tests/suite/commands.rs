//! Commands with their reasons, and the records of what they have changed.

use super::stage::{REASON, STRIPE, Stage};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{Answer, JANE, JsonLines, Request, plan};

/// Sample events of commands that change something, and the actions in their records.
const CHANGES: [(&str, &str); 9] = [
    ("set-contract", "contract.set"),
    ("remove-contract", "contract.removed"),
    ("grant-trial", "trial.granted"),
    ("return-usage", "usage.returned"),
    ("suspend", "workspace.suspended"),
    ("unsuspend", "workspace.unsuspended"),
    ("set-owner", "member.role_changed"),
    ("doctor", "workspace.repaired"),
    ("migrate", "plan.migrated"),
];

/// Returns the command of a sample event, as one that changes something.
async fn prepared(stage: &Stage, name: &str) -> Value {
    let mut command = stage.sample(name);
    match name {
        "return-usage" => stage.consume().await,
        "remove-contract" => drop(stage.command(&stage.sample("set-contract")).await),
        "unsuspend" => drop(stage.command(&stage.sample("suspend")).await),
        "doctor" => stage.world.overwrite(stage.workspace, "META", "seat_count", json!({"N": "9"})),
        "migrate" => {
            stage.world.subscribe(stage.workspace, plan("pro")).await;
            command["preview"] = json!(false);
        }
        _ => {}
    }
    stage.world.changes();
    command
}

/// Invariant 68.
#[tokio::test]
async fn each_change_has_a_record_with_person_and_reason() {
    for (name, action) in CHANGES {
        let stage = Stage::set().await;
        let mut command = prepared(&stage, name).await;
        // The reason in the command, which only some have, is replaced.
        command["reason"] = json!("Another reason");
        let lines = JsonLines::capture();
        let answer = stage.command(&command).await;
        assert_eq!(answer.status.as_u16(), 200, "{name}: {answer}");
        let (recorded, after) = stage.last_record();
        assert_eq!((recorded.as_str(), &after["operator"]), (action, &json!(JANE.email)), "{name}: {after}");
        assert_eq!(after["reason"], REASON, "{name}: {after}");
        let logged = lines.fields("command");
        let facts = ["function", "command", "operator", "reason"].map(|field| logged[0][field].clone());
        assert_eq!(facts, [json!("console"), command["command"].clone(), json!(JANE.email), json!(REASON)]);
    }
}

/// Invariant 68.
#[tokio::test]
async fn owners_read_person_and_reason_in_their_log() {
    let stage = Stage::set().await;
    stage.command(&stage.sample("set-contract")).await;
    let suspended = stage.command(&json!({"command": "suspend", "workspace": stage.workspace})).await;
    let suspension = &suspended.body["facts"]["workspace"]["suspended"];
    assert_eq!((&suspension["reason"], &suspension["by"]), (&json!(REASON), &json!(JANE.email)), "{suspended}");
    stage.command(&json!({"command": "unsuspend", "workspace": stage.workspace})).await;
    stage.command(&json!({"command": "remove_contract", "workspace": stage.workspace})).await;
    stage.world.subscribe(stage.workspace, plan("business")).await;
    let log = stage.log().await;
    for action in ["contract.set", "workspace.suspended", "workspace.unsuspended", "contract.removed"] {
        let record = log.iter().find(|record| record["action"] == action).unwrap();
        let shown = (&record["actor_name"], &record["after"]["operator"], &record["after"]["reason"]);
        assert_eq!(shown, (&json!(JANE.email), &json!(JANE.email), &json!(REASON)), "{record}");
    }
}

/// Invariant 68.
#[tokio::test]
async fn change_without_a_reason_is_refused() {
    for (name, _) in CHANGES {
        let stage = Stage::set().await;
        let command = prepared(&stage, name).await;
        drop(stage.world.calls());
        let reasons =
            [Value::Null, json!(""), json!("  "), json!("x".repeat(501)), json!("a\u{202e}b"), json!(7), json!(["r"])];
        for reason in reasons {
            let answer = stage.post("/operator/commands", json!({"reason": reason, "command": command})).await;
            let refused = (answer.status.as_u16(), answer.code(), answer.wrong_fields());
            assert_eq!(refused, (400, "invalid_request", vec!["reason"]), "{name} {reason}");
        }
        let answer = stage.post("/operator/commands", json!({"command": command})).await;
        assert_eq!((answer.code(), answer.wrong_fields()), ("invalid_request", vec!["reason"]), "{name}");
        assert!(stage.world.calls().is_empty());
    }
    let stage = Stage::set().await;
    // The longest in bytes: no reason is shortened in its record.
    let longest = "漢".repeat(500);
    let body = json!({"reason": longest, "command": stage.sample("grant-trial")});
    assert_eq!(stage.post("/operator/commands", body).await.status.as_u16(), 200);
    assert_eq!(stage.last_record().1["reason"], json!(longest));
}

#[tokio::test]
async fn lookups_need_no_reason_and_write_nothing() {
    let stage = Stage::set().await;
    let mut doctor = stage.sample("doctor");
    doctor["repair"] = json!(false);
    for command in [stage.sample("facts"), stage.sample("find"), doctor, stage.sample("migrate")] {
        for body in [json!({"command": command}), json!({"reason": REASON, "command": command})] {
            let answer = stage.post("/operator/commands", body).await;
            assert_eq!(answer.status.as_u16(), 200, "{command}: {answer}");
        }
    }
    stage.world.assert_nothing_written();
}

/// Returns the answer of the function `operator`, to the same person.
async fn of_operator(stage: &Stage, command: &Value) -> Answer {
    stage.world.wait(SignedDuration::from_secs(1));
    let mut command = command.clone();
    // There, the reason is in the command.
    if command["command"] != "find" && command["command"] != "facts" {
        command["reason"] = json!(REASON);
    }
    let signed = "arn:aws:sts::111122223333:assumed-role/Support/jane@example.com";
    let request = Request::new("POST", "/").to("POST", "/").signed_by(signed).json(command);
    stage.world.send(&operator::router(stage.world.doctor_deps(STRIPE)), request).await
}

#[tokio::test]
async fn answers_are_those_of_the_function_operator() {
    let names = CHANGES.iter().map(|(name, _)| *name).chain(["facts", "find"]);
    for name in names {
        let (here, there) = (Stage::set().await, Stage::set().await);
        let answer = here.command(&prepared(&here, name).await).await;
        let other = of_operator(&there, &prepared(&there, name).await).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &other.body), "{name}");
        assert_eq!(here.last_record(), there.last_record(), "{name}");
    }
    let (here, there) = (Stage::set().await, Stage::set().await);
    let unknown = "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";
    for command in [
        json!({"command": "facts", "workspace": unknown}),
        json!({"command": "suspend", "workspace": unknown}),
        json!({"command": "remove_contract", "workspace": here.workspace}),
        json!({"command": "facts"}),
        json!({"command": "facts", "workspace": "acme"}),
        json!({"command": "facts", "workspace": here.workspace, "verbose": true}),
        json!({"command": "find"}),
        json!({"command": "grant_trial", "workspace": here.workspace, "days": 0}),
        json!({"command": "set_owner", "workspace": here.workspace}),
        json!({"command": "set_owner", "workspace": here.workspace, "email": "nobody@example.com"}),
        json!({"command": "migrate", "plan": "pro", "from": 9, "when": "now"}),
    ] {
        let (answer, other) = (here.command(&command).await, of_operator(&there, &command).await);
        assert!(answer.status.is_client_error(), "{command}: {answer}");
        assert_eq!((answer.status, &answer.body), (other.status, &other.body), "{command}");
    }
}

#[tokio::test]
async fn what_is_no_command_is_refused() {
    let stage = Stage::set().await;
    for command in [json!({}), json!({"command": "destroy"}), json!({"command": 7}), json!({"command": ["facts"]})] {
        let answer = stage.command(&command).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "invalid_command"), "{command}");
    }
    for command in [json!("facts"), json!([]), Value::Null, json!(r#"{"command": "facts"}"#)] {
        let answer = stage.command(&command).await;
        assert_eq!((answer.code(), answer.wrong_fields()), ("invalid_request", vec!["command"]), "{command}");
    }
    let answer = stage.post("/operator/commands", json!({"reason": REASON, "command": {}, "operator": "x"})).await;
    assert_eq!(answer.wrong_fields(), ["operator"], "nobody names another person");
}
