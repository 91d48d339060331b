//! Runs every sample event through the function's real bootstrap on a minimal Runtime API, as `sam local invoke` does,
//! each in its own process and workspace. The answers are snapshots, events/README.md has their summaries, and
//! docs/routes.md the round trips and requests that the processes log.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "an unexpected value should fail the test")]

mod routes;

use bench::{
    acme::Acme,
    bootstrap::{self, Bootstrap, Outcome},
    samples::{self, Sample},
    template::{self, Function},
};
use expect_test::expect_file;
use jiff::{Timestamp, civil::Date};
use local::{cloud::AS_TESTS_DO, functions, programs::Binaries, workspace::Workspace};
use serde_json::Value;
use std::{fmt::Write, fs, path::Path, process::Command};

/// Run with `INSTA_UPDATE=always UPDATE_EXPECT=1` to rewrite the answers and the page.
#[tokio::test]
async fn the_real_bootstraps_answer_every_sample_event() {
    let workspace = Workspace::find().unwrap();
    let binaries = functions::build(&workspace, AS_TESTS_DO).unwrap();
    let mut page = INTRODUCTION.to_owned();
    let mut costs = Vec::new();
    let mut samples = samples::all(&workspace).unwrap();
    for function in template::functions(&workspace).unwrap() {
        let (ours, others): (Vec<_>, Vec<_>) =
            samples.into_iter().partition(|sample| sample.function == function.package);
        samples = others;
        assert!(!ours.is_empty(), "events/{} has no event of {}", function.package, function.logical_id);
        let mut answers = String::new();
        write!(page, "\n## {}\n\n| event | answer |\n|---|---|\n", function.package).unwrap();
        for sample in ours {
            let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{}.log", sample.function, sample.case));
            let outcome = invoke(&binaries, &function, &sample, &log).await;
            costs.extend(routes::Cost::read(&sample, &log));
            let command =
                format!("sam local invoke {} -e events/{}/{}.json", function.logical_id, sample.function, sample.case);
            writeln!(page, "| `{command}` | {} |", short(&outcome)).unwrap();
            let answer = outcome.answer.map_or_else(
                |failure| format!("failed: {:#}", plain(failure)),
                |answer| format!("{:#}", plain(answer)),
            );
            writeln!(answers, "# {}\n{answer}\n", sample.case).unwrap();
        }
        insta::assert_snapshot!(function.package.clone(), answers);
    }
    assert_eq!(samples, [], "these events belong to no function of the template");
    expect_file![workspace.root.join("events/README.md")].assert_eq(&page);
    let file = workspace.root.join("docs/routes.md");
    let routes = routes::page(&fs::read_to_string(&file).unwrap(), &costs);
    expect_file![file].assert_eq(&routes);
}

const INTRODUCTION: &str = "\
# Sample events

Sample events of each function, with a summary of its answer. `sam local invoke` sends an event to a function that `sam build`
has built. A test sends every event through the same bootstrap, to the sample workspace, and writes this page:
`INSTA_UPDATE=always UPDATE_EXPECT=1 cargo test -p bench --test events`. The complete answers are in
[the test's snapshots](../infra/bench/tests/snapshots).

Stripe's signatures are good for five minutes, so those of the samples are stale. Tests sign the samples again. Tickets of
live connections are good for half a minute.
";

/// Sends `sample` to a new process in a new world.
async fn invoke(binaries: &Binaries, function: &Function, sample: &Sample, log: &Path) -> Outcome {
    let acme = Acme::found().await;
    let services = acme.serve().await.unwrap();
    let mut environment = bootstrap::environment(&services);
    environment.extend(acme.settings(function, &services).unwrap());
    let mut program = Command::new(&binaries[&function.package]);
    let mut process = Bootstrap::start(&mut program, &environment, log).await.unwrap();
    process.invoke(&sample.text().unwrap()).await.unwrap()
}

/// Returns the summary of an outcome.
fn short(outcome: &Outcome) -> String {
    let answer = match &outcome.answer {
        Err(failure) => return format!("fails: {}", failure["errorType"].as_str().unwrap_or_default()),
        Ok(answer) => answer,
    };
    if let Some(status) = answer["statusCode"].as_u64() {
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap_or_default()).unwrap_or_default();
        return body["code"].as_str().map_or(format!("{status}"), |code| format!("{status} `{code}`"));
    }
    if let Some(effect) = answer.pointer("/policyDocument/Statement/0/Effect") {
        return if effect == "Allow" { "let in" } else { "not let in" }.to_owned();
    }
    match answer["batchItemFailures"].as_array().map(Vec::len) {
        Some(0) => "all processed".to_owned(),
        Some(failed) => format!("{failed} to be retried"),
        None => "done".to_owned(),
    }
}

/// Formats `answer` with its body as JSON, and replaces values that differ in each run: ids, times, ports.
fn plain(answer: Value) -> Value {
    match answer {
        Value::String(text) => match serde_json::from_str(&text) {
            Ok(body @ (Value::Object(_) | Value::Array(_))) => plain(body),
            Ok(_) | Err(_) => lines(&text).map_or_else(|| steady(&text).into(), plain),
        },
        Value::Array(values) => values.into_iter().map(plain).collect(),
        Value::Object(fields) => {
            let steadied = fields.into_iter().map(|(name, value)| match name.as_str() {
                // The length varies with the fraction of a second in a time.
                "content-length" => (name, "<length>".into()),
                "latency_ms" => (name, "<milliseconds>".into()),
                // A digest varies with the times in the body. Versions are numbers.
                "etag" => (name, tag(value)),
                "secret" if value.is_string() => (name, "berth_sk_<secret>".into()),
                "hint" => (name, "<hint>".into()),
                "ratelimit-reset" | "resets_in" => (name, "<seconds>".into()),
                "ticket" => (name, ticket(&value)),
                _ => (steady(&name), plain(value)),
            });
            steadied.collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => answer,
    }
}

/// Replaces an entity tag that is no version.
fn tag(value: Value) -> Value {
    let is_version = value.as_str().is_some_and(|tag| tag.trim_matches('"').parse::<u64>().is_ok());
    if is_version { value } else { "\"<tag>\"".into() }
}

/// Replaces the time of a live ticket's end, and its MAC.
fn ticket(value: &Value) -> Value {
    let parts: Vec<_> = value.as_str().into_iter().flat_map(|ticket| ticket.split('.')).collect();
    match parts.as_slice() {
        [workspace, user, id, _, _] => steady(&format!("{workspace}.{user}.{id}.<until>.<mac>")).into(),
        _ => value.clone(),
    }
}

/// Returns the values of NDJSON.
fn lines(text: &str) -> Option<Value> {
    let values = text.strip_suffix('\n')?.lines().map(|line| serde_json::from_str(line).ok());
    values.collect::<Option<Vec<Value>>>().map(Value::Array)
}

fn steady(text: &str) -> String {
    if text.parse::<Timestamp>().is_ok() {
        return "<time>".to_owned();
    }
    if text.parse::<Date>().is_ok() {
        return "<day>".to_owned();
    }
    let parts = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let parts = parts.map(|part| {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let fresh = word.len() == 26 && word.parse::<u128>().is_err() && !word.starts_with("01K9ZX3V8Q");
        let fresh = fresh && word.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
        if fresh { part.replace(word, "<fresh>") } else { part.to_owned() }
    });
    let text: String = parts.collect();
    match text.split_once("127.0.0.1:") {
        Some((before, after)) => {
            format!("{before}127.0.0.1:<port>{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => text,
    }
}
