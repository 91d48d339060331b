//! The tests of `operator`, over the embedded table.

#![cfg(test)]

mod commands;
mod find;
mod migration;
mod owners;
mod suspension;

use jiff::Timestamp;
use serde_json::{Value, json};
use shared::doctor::DoctorDeps;
use testkit::{Answer, Request, World};
use workers::operator::ActingOperator;

/// The AWS identity of Jane Doe, of the operator's team.
const JANE: &str = "arn:aws:sts::111122223333:assumed-role/Support/jane.doe";

/// Returns the command in the sample event `name`.
fn sample(name: &str) -> Value {
    let event = Request::sample(&format!("operator/{name}"));
    serde_json::from_str(event["body"].as_str().unwrap()).unwrap()
}

/// Sends `command` to the function's URL, as Jane.
async fn send(world: &World, command: &Value) -> Answer {
    send_with(world, world.doctor_deps("http://127.0.0.1:9"), command).await
}

async fn send_with(world: &World, deps: DoctorDeps, command: &Value) -> Answer {
    let request = Request::new("POST", "/").to("POST", "/").signed_by(JANE).json(command.clone());
    world.send(&operator::router(deps), request).await
}

/// Carries out `command` as Jane, and begins no new workspace after `until`.
async fn run_until(world: &World, command: &Value, until: Timestamp) -> Value {
    let jane = ActingOperator::of(JANE, "request".to_owned()).unwrap();
    let with = world.doctor_deps("http://127.0.0.1:9");
    let answer = Box::pin(operator::run_command(&with, &jane, command.to_string().as_bytes(), until)).await.unwrap();
    json!(answer)
}
