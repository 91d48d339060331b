//! Measuring processes from outside: times, the processor's time, memory, instructions, size.

use crate::subjects::{Play, Stage, Subject};
use local::{Error, Result};
use rustix::process::{Pid, Signal, kill_process};
use std::{collections::BTreeMap, fs, path::Path, process::Command, time::Duration};

/// What one process took.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// Milliseconds from its start until it asked for an event.
    pub init: f64,
    /// Milliseconds of the processor in that time: what else the machine does shows less in it.
    pub init_cpu: f64,
    /// Milliseconds from then until its first answer.
    pub first: f64,
    /// Milliseconds of the processor in that time.
    pub first_cpu: f64,
    /// Milliseconds for an answer later on: the median.
    pub warm: f64,
    /// Milliseconds of the processor for one of those: the mean.
    pub cpu: f64,
    /// Megabytes resident in the end.
    pub resident: f64,
}

/// How often each process is sent its event after the first time.
const REPEATED: u32 = 50;

/// Rounds over all subjects, one process of each after the other, so that whatever else the machine does hits all alike; of each
/// the medians.
///
/// # Errors
/// If a process does not do its part.
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

async fn figures(mut play: Play) -> Result<Figures> {
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

/// What an answer takes of a process that has answered before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Repeated {
    /// Milliseconds: the median.
    pub(crate) warm: f64,
    /// Milliseconds of the processor: the mean.
    pub(crate) cpu: f64,
}

/// Sends a process its event `times` times.
pub(crate) async fn repeated(play: &mut Play, times: u32) -> Result<Repeated> {
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

/// The middle one; 0 of none.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// A time in milliseconds.
#[must_use]
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// How long all threads of a process have had a processor.
fn processor(pid: u32) -> Result<Duration> {
    let folder = format!("/proc/{pid}/task");
    let tasks = fs::read_dir(&folder).map_err(Error::file(&folder))?;
    let times = tasks.filter_map(|task| -> Option<u64> {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    });
    Ok(Duration::from_nanos(times.sum()))
}

/// The memory that a process has, in megabytes.
fn resident(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    Ok(kilobytes.ok_or_else(|| Error::lacks(path, "VmRSS"))? / 1024.0)
}

/// Instructions, in millions, until an event is asked for, from then to the first answer, and for each one after that, as
/// callgrind counts them.
///
/// # Errors
/// If a process does not do its part.
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
    // Asked to end it tells what it counted; killed it would not.
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

/// The size of a binary's package in megabytes, compressed as Lambda's limit counts it, and before.
///
/// # Errors
/// If `zip` does not do it.
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
