//! Formats the measurements as the tables of docs/benchmarks.md.

use crate::{
    acme::Acme,
    loopback::Call,
    measure::{self, Figures, median, milliseconds},
    samples::Sample,
    subjects::{IDLE, Run, Stage, Subject},
};
use api::MAX_BODY;
use local::{Error, Result};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Write};
use testkit::{MISTAKES, Mistake};

/// Number of reads per measurement of growth.
const READS: u32 = 50;

/// Number of times each invalid body is sent.
const WRONG: u32 = 10;

/// Maximum CPU time for an invalid body, in milliseconds.
const MAX_WRONG_CPU: f64 = 50.0;

/// Formats the table of the starts of all functions, compared with the idle function and Node.
#[must_use]
pub fn starts(figures: &BTreeMap<Subject, Figures>) -> String {
    let idle = figures.get(&Subject::Idle).copied().unwrap_or_default();
    let mut table = "| function | init ms | first answer ms | CPU ms of both | init to nothing's: time, CPU | Node: init, first ms \
                     | Node: CPU ms of both | Node to ours: init, both, CPU of both |\n|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for (name, ours) in rust(figures) {
        let (both, cpu) = (|of: &Figures| of.init + of.first, |of: &Figures| of.init_cpu + of.first_cpu);
        let node = figures.get(&Subject::Node(name.to_owned()));
        let of = |shown: &dyn Fn(&Figures) -> String| node.map_or_else(String::new, shown);
        let cells = [
            name.to_owned(),
            format!("{:.1}", ours.init),
            format!("{:.1}", ours.first),
            format!("{:.1} + {:.1}", ours.init_cpu, ours.first_cpu),
            format!("{:.2}, {:.2}", ours.init / idle.init, ours.init_cpu / idle.init_cpu),
            of(&|node| format!("{:.0}, {:.0}", node.init, node.first)),
            of(&|node| format!("{:.0} + {:.0}", node.init_cpu, node.first_cpu)),
            of(&|node| {
                let (init, both, cpu) = (node.init / ours.init, both(node) / both(ours), cpu(node) / cpu(ours));
                format!("{init:.0}, {both:.0}, {cpu:.0}")
            }),
        ];
        line(&mut table, &cells);
    }
    table
}

/// Returns the table of the later answers, and of memory and package size.
///
/// # Errors
/// Returns an error if a size cannot be measured.
pub fn later_answers(stage: &Stage, figures: &BTreeMap<Subject, Figures>) -> Result<String> {
    let mut table =
        "| function | answer ms | Node | CPU ms | Node | resident MB | Node | zip MB (binary) |\n".to_owned();
    table += "|---|---|---|---|---|---|---|---|\n";
    for (name, ours) in rust(figures) {
        let node = figures.get(&Subject::Node(name.to_owned()));
        let of = |part: fn(&Figures) -> f64| node.map_or_else(String::new, |node| format!("{:.1}", part(node)));
        let (zip, plain) = measure::sizes(stage.binary(name)?)?;
        let cells = [
            name.to_owned(),
            format!("{:.2}", ours.warm),
            of(|node| node.warm),
            format!("{:.2}", ours.cpu),
            of(|node| node.cpu),
            format!("{:.1}", ours.resident),
            of(|node| node.resident),
            format!("{zip:.2} ({plain:.1})"),
        ];
        line(&mut table, &cells);
    }
    Ok(table)
}

/// Returns the figures of the Rust functions, by name.
fn rust(figures: &BTreeMap<Subject, Figures>) -> impl Iterator<Item = (&str, &Figures)> {
    figures.iter().filter_map(|(subject, figures)| Some((in_rust(subject)?, figures)))
}

const fn in_rust(subject: &Subject) -> Option<&str> {
    match subject {
        Subject::Idle => Some(IDLE),
        Subject::Ours(name) => Some(name.as_str()),
        Subject::Node(_) => None,
    }
}

/// Returns the table of the instructions of all functions and of the idle one. Node is left out: it compiles while it
/// runs, so its count depends on the duration.
///
/// # Errors
/// Returns an error if valgrind fails.
pub async fn instructions(stage: &Stage, subjects: &[Subject]) -> Result<String> {
    let mut table = "| function | million instructions: init | to the first answer | for each one after |\n".to_owned();
    table += "|---|---|---|---|\n";
    for (subject, name) in subjects.iter().filter_map(|subject| Some((subject, in_rust(subject)?))) {
        let [init, first, later] = measure::instructions(stage, subject, name).await?;
        line(&mut table, &[name.to_owned(), format!("{init:.2}"), format!("{first:.2}"), format!("{later:.2}")]);
    }
    Ok(table)
}

/// Returns the table of the round trips of each sample request, read from the functions' log lines.
///
/// # Errors
/// Returns an error if a function does not answer.
pub async fn routes(stage: &Stage, samples: &[Sample]) -> Result<String> {
    let mut table = "| event | route | status | round trips | capacity units |\n|---|---|---|---|---|\n".to_owned();
    for sample in samples {
        let subject = Subject::Ours(sample.function.clone());
        let mut play = stage.start_with(&subject, sample.text()?).await?;
        play.process.invoke(&play.event).await?;
        let Some(request) = requests(&stage.log(&sample.function)?).pop() else { continue };
        let text = |name: &str| request.get(name).map(|value| value.to_string().trim_matches('"').to_owned());
        let of = |name| text(name).unwrap_or_default();
        let (event, route) =
            (format!("{}/{}", sample.function, sample.case), format!("{} {}", of("method"), of("route")));
        line(&mut table, &[event, route, of("status"), of("round_trips"), of("capacity")]);
    }
    Ok(table)
}

/// Returns the table of the growth of reads with the size of a workspace: the function's CPU time and the table's
/// counts. Latency is left out, because the services are debug builds.
///
/// # Errors
/// Returns an error if a function does not answer.
pub async fn growth(stage: &Stage, numbers: &[usize]) -> Result<String> {
    let mut table =
        "| members, audit records, invoices | read | CPU ms | round trips | capacity units |\n|---|---|---|---|---|\n"
            .to_owned();
    for number in numbers {
        let acme = Acme::found().await;
        acme.grow(*number);
        let reads = [("workspace", "read"), ("team", "members"), ("team", "activity"), ("billing", "invoices")];
        let here = |name: &str| stage.functions.iter().any(|function| function.package == name);
        for (function, case) in reads.into_iter().filter(|(function, _)| here(function)) {
            let services = acme.serve().await?;
            let event = stage.case(function, case).text()?;
            let (world, subject) = (acme.clone(), Subject::Ours(function.to_owned()));
            let mut play = stage.start_in(&subject, &[], event, world, services).await?;
            let cpu = measure::repeated(&mut play, READS).await?.cpu;
            let last = requests(&stage.log(function)?).pop().unwrap_or_default();
            let of = |name: &str| last.get(name).map(ToString::to_string).unwrap_or_default();
            let read = format!("{function}/{case}");
            line(&mut table, &[number.to_string(), read, format!("{cpu:.2}"), of("round_trips"), of("capacity")]);
        }
    }
    Ok(table)
}

/// Returns the table of the cost of refusing the largest bodies with one mistake each.
///
/// # Errors
/// Returns an error if a function does not answer, or takes longer than [`MAX_WRONG_CPU`].
pub async fn refused_bodies(stage: &Stage) -> Result<String> {
    let mut table = "| mistake | request | status | answer bytes | CPU ms |\n|---|---|---|---|---|\n".to_owned();
    let mut worst = 0.0_f64;
    let here = |mistake: &&Mistake| stage.functions.iter().any(|function| function.package == mistake.function());
    for mistake in MISTAKES.iter().filter(here) {
        let case = mistake.event.rsplit('/').next().unwrap_or_default();
        let mut event: Value = serde_json::from_str(&stage.case(mistake.function(), case).text()?).unwrap_or_default();
        event.as_object_mut().map(|event| event.insert("body".to_owned(), mistake.body(MAX_BODY).into()));
        let mut play = stage.start_with(&Subject::Ours(mistake.function().to_owned()), event.to_string()).await?;
        let answer = play.process.invoke(&play.event).await?.answer.unwrap_or_default();
        let cpu = measure::repeated(&mut play, WRONG).await?.cpu;
        worst = worst.max(cpu);
        let of = |name: &str| answer.get(name).cloned().unwrap_or_default();
        let bytes = of("body").as_str().map_or(0, str::len);
        let (name, request) = (mistake.name.to_owned(), mistake.event.to_owned());
        line(&mut table, &[name, request, of("statusCode").to_string(), bytes.to_string(), format!("{cpu:.2}")]);
    }
    if worst > MAX_WRONG_CPU {
        return Err(Error::lacks(
            format!("a body of {MAX_BODY} bytes\n{table}"),
            format!("answer within {MAX_WRONG_CPU} ms"),
        ));
    }
    Ok(format!("{table}\nThe worst takes {worst:.1} ms; {MAX_WRONG_CPU} are allowed.\n"))
}

/// Measures the time from a Stripe event at the webhook to a workspace with the paid plan: the two functions, each cold,
/// without the time in the queue between them.
///
/// # Errors
/// Returns an error if a function fails.
pub async fn payment_delays(stage: &Stage, rounds: u32) -> Result<String> {
    let webhook = stage.sample("stripe-webhook")?.text()?;
    let listener = stage.sample("stripe-events")?.text()?;
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let acme = Acme::with_unprocessed_payment().await;
        let body = acme.events().into_iter().find(|body| body.contains("customer.subscription.created"));
        let body = body.ok_or_else(|| Error::lacks("the stand-in for Stripe", "event of the subscription"))?;
        let mut event: Value = serde_json::from_str(&webhook).unwrap_or_default();
        event.as_object_mut().map(|event| event.insert("body".to_owned(), body.into()));
        let (services, first) = (acme.serve().await?, Subject::Ours("stripe-webhook".to_owned()));
        let mut taking =
            stage.start_in(&first, &[], acme.signed_now(&event.to_string()), acme.clone(), services).await?;
        let taken = taking.process.invoke(&taking.event).await?.took;
        let batch = batch(&taking, &listener)?;
        let (services, second) = (acme.serve().await?, Subject::Ours("stripe-events".to_owned()));
        let mut applying = stage.start_in(&second, &[], batch, acme.clone(), services).await?;
        let applied = applying.process.invoke(&applying.event).await?.took;
        if !acme.has_paid_plan() {
            return Err(Error::lacks("the workspace", "plan that was paid for"));
        }
        warm.push(milliseconds(taken + applied));
        cold.push(milliseconds(taking.process.init + taken + applying.process.init + applied));
    }
    Ok(format!("{:.1} ms with both starts, {:.1} ms without.\n", median(cold), median(warm)))
}

/// Number of events for each row of [`pushes`].
const PUSHES: u32 = 1_000;

/// Returns the table of the times from an event of the table's stream to the end of its pushes, one event after the other, in the
/// process that writes the inboxes: with nobody who listens, and with clients of which each gets every event.
///
/// # Errors
/// Returns an error if the function does not answer, or a push is missing.
pub async fn pushes(stage: &Stage) -> Result<String> {
    let event = stage.sample("notifier")?.text()?;
    let mut table = "| clients | cold ms | p50 ms | p99 ms | to nobody's p50 |\n|---|---|---|---|---|\n".to_owned();
    let mut base = None;
    // A person may have ten, of which the workspace of the samples has one.
    for clients in [0, 1, 9] {
        let mut play = stage.start_with(&Subject::Ours("notifier".to_owned()), String::new()).await?;
        play.acme.listen(clients).await;
        let (mut times, mut pushed) = (Vec::new(), 0);
        for _ in 0..PUSHES {
            times.push(milliseconds(play.process.invoke(&play.acme.noticed_now(&event)).await?.took));
            pushed += play.acme.pushed();
        }
        if pushed < clients * usize::try_from(PUSHES).unwrap_or_default() {
            return Err(Error::lacks("the clients", "a push of each event"));
        }
        let cold = milliseconds(play.process.init) + times.first().copied().unwrap_or_default();
        let [half, most] = [0.5, 0.99].map(|part| measure::percentile(times.clone(), part));
        let ratio = half / *base.get_or_insert(half);
        let cells = [
            clients.to_string(),
            format!("{cold:.1}"),
            format!("{half:.2}"),
            format!("{most:.2}"),
            format!("{ratio:.2}"),
        ];
        line(&mut table, &cells);
    }
    Ok(table)
}

/// Builds the batch with the message that the webhook has queued.
fn batch(taking: &Run, listener: &str) -> Result<String> {
    let sent = taking.services.calls().into_iter().find(|call| call.target == "AmazonSQS.SendMessage");
    let Call { body, .. } = sent.ok_or_else(|| Error::lacks("the webhook", "message"))?;
    let mut batch: Value = serde_json::from_str(listener).unwrap_or_default();
    if let Some(record) = batch.pointer_mut("/Records/0/body") {
        *record = json!(body.get("MessageBody"));
    }
    Ok(batch.to_string())
}

/// Parses the log lines of requests, oldest first.
fn requests(log: &str) -> Vec<Value> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let fields = lines.map(|line| line.get("fields").cloned().unwrap_or(line));
    fields.filter(|fields| fields.get("round_trips").is_some()).collect()
}

fn line(table: &mut String, cells: &[String]) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(table, "| {} |", cells.join(" | "));
}
