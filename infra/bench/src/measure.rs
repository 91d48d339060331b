//! Measures processes from outside: time, CPU time, memory, instructions and size.

use crate::subjects::{Run, Stage, Subject};
use local::{Error, Result};
use rustix::process::{Pid, Signal, kill_process};
use std::{collections::BTreeMap, fs, path::Path, process::Command, time::Duration};

/// Measurements of one process.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// Milliseconds from the start to the first request for an event.
    pub init: f64,
    /// Milliseconds of CPU time until then. Other load on the machine affects it less.
    pub init_cpu: f64,
    /// Milliseconds from then to the first answer.
    pub first: f64,
    /// Milliseconds of CPU time in that interval.
    pub first_cpu: f64,
    /// Milliseconds for a later answer: the median.
    pub warm: f64,
    /// Milliseconds of CPU time for a later answer: the mean.
    pub cpu: f64,
    /// Resident memory at the end, in megabytes.
    pub resident: f64,
}

/// Number of repetitions of the event after the first one.
const REPEATED: u32 = 50;

/// Measures all subjects in rounds, one process of each after the other, so that other load on the machine affects all
/// alike. Returns the medians.
///
/// # Errors
/// Returns an error if a process fails.
pub async fn rounds(stage: &Stage, subjects: &[Subject], rounds: u32) -> Result<BTreeMap<Subject, Figures>> {
    let mut all: BTreeMap<Subject, Vec<Figures>> = BTreeMap::new();
    for _ in 0..rounds {
        for subject in subjects {
            let figures = figures(stage.start(subject, &[]).await?).await?;
            all.entry(subject.clone()).or_default().push(figures);
        }
    }
    Ok(all.into_iter().map(|(subject, figures)| (subject, medians(&figures))).collect())
}

async fn figures(mut play: Run) -> Result<Figures> {
    let (init, started) = (play.process.init, processor(play.process.pid())?);
    let first = play.process.invoke(&play.event).await?.took;
    let before = processor(play.process.pid())?;
    let Repeated { warm, cpu } = repeated(&mut play, REPEATED).await?;
    let resident = resident(play.process.pid())?;
    Ok(Figures {
        init: milliseconds(init),
        init_cpu: milliseconds(started),
        first: milliseconds(first),
        first_cpu: milliseconds(before.saturating_sub(started)),
        warm,
        cpu,
        resident,
    })
}

/// Cost of an answer by a process that has answered before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Repeated {
    /// Milliseconds: the median.
    pub(crate) warm: f64,
    /// Milliseconds of CPU time: the mean.
    pub(crate) cpu: f64,
}

/// Sends a process its event `times` times.
pub(crate) async fn repeated(play: &mut Run, times: u32) -> Result<Repeated> {
    let before = processor(play.process.pid())?;
    let mut warm = Vec::new();
    for _ in 0..times {
        play.acme.refill();
        warm.push(milliseconds(play.process.invoke(&play.event).await?.took));
    }
    let cpu = milliseconds(processor(play.process.pid())?.saturating_sub(before)) / f64::from(times);
    Ok(Repeated { warm: median(warm), cpu })
}

fn medians(figures: &[Figures]) -> Figures {
    let of = |part: fn(&Figures) -> f64| median(figures.iter().map(part).collect());
    Figures {
        init: of(|figures| figures.init),
        init_cpu: of(|figures| figures.init_cpu),
        first: of(|figures| figures.first),
        first_cpu: of(|figures| figures.first_cpu),
        warm: of(|figures| figures.warm),
        cpu: of(|figures| figures.cpu),
        resident: of(|figures| figures.resident),
    }
}

/// Returns the median of the values; 0 if there are none.
#[must_use]
pub fn median(values: Vec<f64>) -> f64 {
    percentile(values, 0.5)
}

/// Returns the value below which this part of the values is; 0 if there are none.
#[must_use]
pub fn percentile(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place among some thousand values"
    )]
    let place = (values.len() as f64 * part) as usize;
    values.get(place).copied().unwrap_or_default()
}

/// Converts a duration to milliseconds.
#[must_use]
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Reads the CPU time of all threads of a process.
fn processor(pid: u32) -> Result<Duration> {
    let folder = format!("/proc/{pid}/task");
    let tasks = fs::read_dir(&folder).map_err(Error::file(&folder))?;
    let times = tasks.filter_map(|task| -> Option<u64> {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    });
    Ok(Duration::from_nanos(times.sum()))
}

/// Reads the resident memory of a process, in megabytes.
fn resident(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    Ok(kilobytes.ok_or_else(|| Error::lacks(path, "VmRSS"))? / 1024.0)
}

/// Counts instructions with callgrind, in millions: until the first request for an event, from then to the first answer,
/// and for each later answer.
///
/// # Errors
/// Returns an error if a process fails.
pub async fn instructions(stage: &Stage, subject: &Subject, log: &str) -> Result<[f64; 3]> {
    const MORE: u32 = 10;
    let init = counted(stage, subject, log, 0).await?;
    let first = counted(stage, subject, log, 1).await?;
    let more = counted(stage, subject, log, 1 + MORE).await?;
    Ok([init, first - init, (more - first) / f64::from(MORE)])
}

async fn counted(stage: &Stage, subject: &Subject, log: &str, events: u32) -> Result<f64> {
    let wrapper = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
    let mut play = stage.start(subject, &wrapper).await?;
    for _ in 0..events {
        play.acme.refill();
        play.process.invoke(&play.event).await?;
    }
    // SIGTERM, because callgrind writes its counts only if the process ends regularly.
    let pid = i32::try_from(play.process.pid()).ok().and_then(Pid::from_raw);
    if let Some(pid) = pid {
        kill_process(pid, Signal::TERM).map_err(|error| Error::file("valgrind")(error.into()))?;
    }
    play.process.ended().await;
    let text = stage.log(log)?;
    let line = text.lines().find_map(|line| line.split_once("Collected : "));
    let count = line.and_then(|(_, count)| count.trim().parse::<f64>().ok());
    Ok(count.ok_or_else(|| Error::lacks("valgrind", "count"))? / 1e6)
}

/// Measures the package of a binary in megabytes: compressed, which Lambda's limit applies to, and uncompressed.
///
/// # Errors
/// Returns an error if `zip` fails.
pub fn sizes(binary: &Path) -> Result<(f64, f64)> {
    let output = Command::new("zip").args(["-q", "-9", "-j", "-"]).arg(binary).output();
    let zipped = output.map_err(|source| Error::Start { program: "zip".to_owned(), source })?;
    if !zipped.status.success() {
        return Err(Error::Program { what: "zip".to_owned(), status: zipped.status });
    }
    let plain = fs::metadata(binary).map_err(Error::file(binary))?.len();
    #[expect(clippy::cast_precision_loss, reason = "sizes to two digits")]
    let megabytes = (zipped.stdout.len() as f64 / 1e6, plain as f64 / 1e6);
    Ok(megabytes)
}
