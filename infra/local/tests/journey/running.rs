//! Ana starts the workspace's container, reads its status, and stops it.

use crate::{
    client::{Call, World},
    traces,
};
use local::{
    aws::{self, ECS},
    clock, process,
    users::Tokens,
};
use serde_json::{Value, json};
use std::{convert::Infallible, fs, path::Path, process::Command, time::Duration};

pub(crate) fn starts_and_stops(world: &World, acme: &str, has_processes: bool) {
    let command = |name: &str| world.post(&format!("/workspace/{name}")).by(&world.ana).to(acme);
    let before = world.get("/workspace/status").by(&world.ben).to(acme).send().ok(200);
    assert_eq!((before.field("status"), &before.body["container_id"]), ("stopped", &Value::Null));
    world.unchanged(|| {
        let refused = world.post("/workspace/start").by(&world.ben).to(acme).send().problem(403);
        assert_eq!(refused.field("required_role"), "member");
    });

    let accepted = command("start").send().ok(202);
    assert_eq!((accepted.field("status"), accepted.field("plan_size")), ("starting", "pro"), "{accepted:#?}");
    let running = becomes(world, acme, "running");
    assert_eq!(
        (&running["resources"]["cpu_units"], &running["resources"]["ram_limit_mb"]),
        (&json!(1024), &json!(2048))
    );
    let tasks = tasks(world, acme);
    let [task] = tasks.as_slice() else { panic!("one task: {tasks:#?}") };
    assert_eq!((&task["cpu"], &task["memory"]), (&json!("1024"), &json!("2048")), "{task:#}");
    let id = running["container_id"].as_str().unwrap();
    assert!(task["taskArn"].as_str().unwrap().ends_with(id), "{task:#}");
    if has_processes {
        reports(world, acme);
    }
    let again = command("start").send().ok(202);
    assert_eq!((again.field("status"), &again.body["generation"]), ("running", &running["generation"]));
    assert_eq!(again.body["checking"], true);
    becomes_of(world, acme, |seen| seen["status"] == "running" && seen["checking"] == false);

    // The upgrade is paid immediately and the container grows: an event from Stripe has passed webhook, queue and outbox.
    let plan = world.call("PUT", "/billing/plan").by(&world.ana).to(acme).json(&json!({ "plan": "business" }));
    assert_eq!(plan.send().ok(200).field("status"), "applied");
    let larger = becomes_of(world, acme, |seen| seen["status"] == "running" && seen["plan_size"] == "business");
    assert_eq!(larger["resources"]["cpu_units"], 2048, "{larger:#}");
    // The former task serves until the larger one runs, and is stopped then.
    let one = || Ok::<_, Infallible>(<[Value; 1]>::try_from(self::tasks(world, acme)).ok());
    let [task] = clock::wait_for(Duration::from_secs(10), one).unwrap().expect("one task within ten seconds");
    assert_eq!((&task["cpu"], &task["memory"]), (&json!("2048"), &json!("4096")), "{task:#}");

    let accepted = command("stop").send().ok(202);
    assert_eq!(accepted.field("status"), "stopping");
    becomes(world, acme, "stopped");
    if has_processes {
        let gone = || Ok::<_, Infallible>(containers(world).is_empty().then_some(()));
        assert_eq!(clock::wait_for(Duration::from_secs(30), gone), Ok(Some(())), "the processes end with their task");
    }
    assert_eq!(self::tasks(world, acme), Vec::<Value>::new());
    let examined = world.get("/workspace/doctor").by(&world.ana).to(acme).send().ok(200);
    assert_eq!(examined.body["healthy"], true, "{examined:#?}");
    world.get("/workspace/doctor").by(&world.ben).to(acme).send().problem(403);
    // The results of deliveries would otherwise be written during the next steps.
    traces::settled(world);
}

/// Checks that the container's processes run and the status shows their reports.
fn reports(world: &World, acme: &str) {
    let look = || {
        let seen = world.get("/workspace/status").by(&world.ana).to(acme).send().ok(200);
        Ok::<_, Infallible>(seen.body["resources"]["ram_used_mb"].as_u64())
    };
    let used = clock::wait_for(Duration::from_secs(30), look).unwrap().expect("a report within half a minute");
    assert!((20..2_048).contains(&used), "four processes of Node use {used} MiB");
    assert_eq!(containers(world).len(), 4, "the gateway worker, the plugin runtime, and a supervisor of each");
    a_plugin_finds_no_token(world);
}

/// Lists the processes of containers among those of the cloud.
fn containers(world: &World) -> Vec<u32> {
    processes_of(world, "")
}

/// Lists the processes of containers that run `script`.
fn processes_of(world: &World, script: &str) -> Vec<u32> {
    let script = format!("workspace-image/src/{script}");
    let mut members = process::members(world.outputs.emulator.pid);
    members.retain(|pid| {
        let command = Command::new("ps").args(["-o", "command=", "-p", &pid.to_string()]).output().unwrap();
        String::from_utf8_lossy(&command.stdout).contains(&script)
    });
    members
}

/// Plugin that searches the environment of every process for a runtime token, and answers with the number that it could
/// read.
const HUNTER: &str = r#"
import { readdirSync, readFileSync } from "node:fs";
export default async () => {
  let read = 0;
  const found = [];
  for (const pid of readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/environ`, "latin1");
      read += 1;
      if (text.includes("BERTH_RUNTIME_TOKEN=")) found.push(pid);
    } catch { /* It is another user's. */ }
  }
  return { read, found };
};
"#;

/// The only container's plugins cannot read the token. Without root, the local cloud does not separate containers, and says so.
fn a_plugin_finds_no_token(world: &World) {
    let [main, host] = ["main.js", "plugin-host.js"].map(|script| processes_of(world, script)[0]);
    let setting = |pid: u32, name: &str| {
        let text = fs::read_to_string(format!("/proc/{pid}/environ")).ok()?;
        text.split('\0').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=').map(ToOwned::to_owned))
    };
    // A system without /proc has nothing to search.
    let Some(port) = setting(main, "BERTH_GATEWAY_PORT") else { return };
    assert!(setting(main, "BERTH_RUNTIME_TOKEN").is_some() && setting(host, "BERTH_RUNTIME_TOKEN").is_none());
    let plugins = setting(host, "BERTH_PLUGINS").unwrap();
    fs::write(Path::new(&plugins).join("hunter.js"), HUNTER).unwrap();
    let answer = aws::agent().post(format!("http://127.0.0.1:{port}/executions/hunter")).send("{}");
    let output: Value = answer.unwrap().body_mut().read_json().unwrap();
    let (read, found) = (output["output"]["read"].as_u64().unwrap(), output["output"]["found"].as_array().unwrap());
    let log = fs::read_to_string(world.state.join("containers.log")).unwrap();
    assert_eq!(
        (read >= 2, found.is_empty()),
        (true, !log.contains("containers are not separated")),
        "{output:#} {log}"
    );
}

/// Kills the only container, whose end no event reports.
pub(crate) fn kill_container(world: &World) {
    let main = processes_of(world, "main.js");
    let [pid] = main[..] else { panic!("one container: {main:?}") };
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
    let gone = || {
        let others: Vec<_> = processes_of(world, "main.js").into_iter().filter(|other| *other != pid).collect();
        assert_eq!(others, Vec::<u32>::new(), "no container of an ended task starts again");
        Ok::<_, Infallible>(containers(world).is_empty().then_some(()))
    };
    assert_eq!(clock::wait_for(Duration::from_secs(30), gone), Ok(Some(())), "the whole task ends");
}

/// Sends a command to a runtime. If it is refused after too many commands, retries once the next one is accepted.
pub(crate) fn command(world: &World, who: &Tokens, workspace: &str, command: &str) {
    command_as(|| world.post(&format!("/workspace/{command}")).by(who).to(workspace));
}

/// Like [`command`], as `call` does.
pub(crate) fn command_as<'a>(call: impl Fn() -> Call<'a>) {
    let give = || {
        let answer = call().send();
        Ok::<_, Infallible>((answer.status != 429).then_some(answer))
    };
    let answer = clock::wait_for(Duration::from_secs(30), give).unwrap();
    answer.expect("a command is accepted within half a minute").ok(202);
}

/// Waits until the runtime has the status `status`.
fn becomes(world: &World, acme: &str, status: &str) -> Value {
    becomes_for(world, &world.ana, acme, status)
}

/// Waits as another member until the runtime has the status `status`.
pub(crate) fn becomes_for(world: &World, who: &Tokens, workspace: &str, status: &str) -> Value {
    becomes_as(world, (who, workspace), |seen| seen["status"] == status)
}

/// Waits until the runtime's status matches `wanted`.
fn becomes_of(world: &World, acme: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    becomes_as(world, (&world.ana, acme), wanted)
}

/// Waits as another member until the runtime's status matches `wanted`.
pub(crate) fn becomes_as(world: &World, (who, workspace): (&Tokens, &str), wanted: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    let look = || {
        last = world.get("/workspace/status").by(who).to(workspace).send().ok(200).body;
        Ok::<_, Infallible>(wanted(&last).then(|| last.clone()))
    };
    let seen = clock::wait_for(Duration::from_secs(30), look).unwrap();
    seen.unwrap_or_else(|| panic!("not within half a minute: {last:#}"))
}

/// Lists the running tasks of a workspace.
fn tasks(world: &World, acme: &str) -> Vec<Value> {
    let clusters = world.aws.json(ECS, "ListClusters", &json!({})).unwrap();
    let cluster = &clusters["clusterArns"][0];
    let listed = world.aws.json(ECS, "ListTasks", &json!({ "cluster": cluster, "startedBy": acme })).unwrap();
    let arns = &listed["taskArns"];
    if arns.as_array().unwrap().is_empty() {
        return Vec::new();
    }
    let described = world.aws.json(ECS, "DescribeTasks", &json!({ "cluster": cluster, "tasks": arns })).unwrap();
    described["tasks"].as_array().unwrap().clone()
}
