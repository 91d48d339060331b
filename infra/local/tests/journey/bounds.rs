//! Requests beyond fair limits: commands, free workspaces, calls of the containers' URL, and the cost of invalid
//! requests. They are refused, and other users are not affected.

use crate::{client::World, running};
use local::{aws, clock};
use serde_json::{Value, json};

/// Number of commands in the storm.
const COMMANDS: u64 = 30;

/// Sends a storm of commands to Acme's container: few are carried out, and Cleo's container starts meanwhile.
pub(crate) fn a_storm_of_commands(world: &World, acme: &str) {
    let began = clock::now();
    let status = || world.get("/workspace/status").by(&world.ana).to(acme).send().ok(200);
    let before = status().body["generation"].as_u64().unwrap();
    let mut refused = 0;
    for n in 0..COMMANDS {
        let command = ["/workspace/start", "/workspace/stop", "/workspace/restart"][usize::try_from(n % 3).unwrap()];
        let answer = world.post(command).by(&world.ana).to(acme).send();
        if answer.status == 429 {
            let answer = answer.problem(429);
            assert_eq!(answer.code(), "too_many_commands");
            assert!(answer.body["resets_at"].is_string(), "{answer:#?}");
            refused += 1;
        } else {
            answer.ok(202);
        }
    }
    let cleos = world.post("/workspaces").by(&world.stranger).json(&json!({ "name": "Cleo's" })).send().ok(201);
    let cleos = cleos.field("id");
    world.post("/workspace/start").by(&world.stranger).to(cleos).send().ok(202);
    running::becomes_for(world, &world.stranger, cleos, "running");

    // Three at once, and one more every five seconds.
    let carried_out = status().body["generation"].as_u64().unwrap() - before;
    let seconds = u64::try_from(clock::now().duration_since(began).as_secs()).unwrap();
    assert!(carried_out <= 3 + seconds / 5 + 1, "{carried_out} of {COMMANDS} commands in {seconds} s");
    // Commands that ask for the present state are accepted and change nothing.
    assert!(refused >= COMMANDS / 10, "{refused} of {COMMANDS} were refused");

    for (who, workspace) in [(&world.ana, acme), (&world.stranger, cleos)] {
        running::command(world, who, workspace, "stop");
        running::becomes_for(world, who, workspace, "stopped");
    }
}

/// Creates free workspaces as Ben up to the limit.
pub(crate) fn no_fourth_free_workspace(world: &World) {
    let found = || world.post("/workspaces").by(&world.ben).json(&json!({ "name": "Another" })).send();
    for _ in 0..3 {
        found().ok(201);
    }
    world.unchanged(|| {
        let refused = found().problem(402);
        assert_eq!((refused.code(), &refused.body["limit"]), ("free_workspace_limit_reached", &json!(3)));
        assert_eq!(refused.field("upgrade_to"), "starter");
    });
}

/// Sends forged reports to the containers' URL: each is refused, and nothing is written.
pub(crate) fn a_flood_at_the_containers_url(world: &World) {
    let name = &world.outputs.functions["runtime-api"];
    let url = world.aws.rest("lambda", "GET", &format!("/2021-10-31/functions/{name}/url"), &json!({})).unwrap();
    let url = url["FunctionUrl"].as_str().unwrap();
    let host = url.split_once("://").unwrap().1.split(['/', ':']).next().unwrap();
    let heartbeat = format!("{}/heartbeat", world.outputs.aws_endpoint_url);
    let report = json!({ "ram_used_mb": 1, "cpu_percent": 0.5, "active": true }).to_string();
    world.unchanged(|| {
        for n in 0..60 {
            let request = aws::agent().post(&heartbeat).header("host", host).header("content-type", "application/json");
            let request = request.header("authorization", format!("Bearer rt_forged.{n}"));
            assert_eq!(request.send(&report).unwrap().status().as_u16(), 401, "report {n}");
        }
    });
}

/// Sends bodies with as many mistakes as fit: each is refused at once with a short answer.
pub(crate) fn bodies_of_mistakes(world: &World, acme: &str) {
    let events = vec![1; 64_000];
    let unknown: serde_json::Map<String, Value> = (0..25_000).map(|n| (n.to_string(), json!(1))).collect();
    let long = json!({ "x".repeat(200_000): 1 });
    world.unchanged(|| {
        for call in [
            world.put("/integrations/webhook").to(acme).json(&json!({ "events": events })),
            world.post("/workspaces").json(&Value::Object(unknown)),
            world.post("/workspaces").json(&long),
            world.post("/workspaces").text(r#"{"name": "One", "name": "Other"}"#),
            world.post("/workspaces").text(&"[".repeat(100_000)),
        ] {
            let answer = call.by(&world.ana).send().problem(400);
            let errors = answer.body["errors"].as_array().map_or(0, Vec::len);
            assert!(
                (1..=20).contains(&errors) && answer.text.len() < 16 * 1024,
                "{errors} errors: {}",
                answer.text.len()
            );
        }
    });
}
