//! Processes that this program starts, each in its own process group, and the ending of exactly those.
//!
//! A pid alone does not identify a process, because it may have been reused since. The record therefore contains the pid
//! and the start time of its process.

use crate::{Error, Result, clock};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde::{Deserialize, Serialize};
use std::{
    convert::Infallible,
    fs,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Identity of a process, distinct from a later process with the same pid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Pid, which is also the id of the group it leads.
    pub pid: u32,
    /// Start time, in the unit of the operating system.
    pub started: String,
}

impl Identity {
    /// Identifies the process that has this pid now. Returns `None` if it has ended, even if it is still a zombie.
    #[must_use]
    pub fn of(pid: u32) -> Option<Self> {
        let stat = if Path::new("/proc/self/stat").exists() { linux::stat(pid)? } else { elsewhere(pid)? };
        Some(Self { pid, started: stat.started })
    }

    /// Returns true if this same process is running.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        Self::of(self.pid).as_ref() == Some(self)
    }
}

struct Stat {
    started: String,
}

/// Reads the state on systems without /proc.
fn elsewhere(pid: u32) -> Option<Stat> {
    let ps = Command::new("ps").args(["-o", "lstart=", "-o", "state=", "-p", &pid.to_string()]).output().ok()?;
    let text = String::from_utf8_lossy(&ps.stdout).trim().to_owned();
    let (started, state) = text.rsplit_once(' ')?;
    (!state.starts_with('Z')).then(|| Stat { started: started.trim().to_owned() })
}

mod linux {
    use super::{Stat, fs};

    /// Field 3 is the state, 5 the group, 22 the start. The name in field 2 may contain anything, so fields are counted
    /// after it.
    fn fields(pid: u32) -> Option<(String, u32, String)> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let mut rest = stat.rsplit_once(')')?.1.split_whitespace();
        let state = rest.next()?.to_owned();
        let group = rest.nth(1)?.parse().ok()?;
        let started = rest.nth(16)?.to_owned();
        Some((state, group, started))
    }

    pub(super) fn stat(pid: u32) -> Option<Stat> {
        fields(pid).filter(|(state, ..)| state != "Z").map(|(.., started)| Stat { started })
    }

    pub(super) fn members(group: u32) -> Vec<u32> {
        let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
        entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid| fields(*pid).is_some_and(|(state, of, _)| of == group && state != "Z"))
            .collect()
    }
}

/// Lists the live members of a process group.
#[must_use]
pub fn members(group: u32) -> Vec<u32> {
    if Path::new("/proc/self/stat").exists() {
        return linux::members(group);
    }
    let Ok(ps) = Command::new("ps").args(["-A", "-o", "pid=", "-o", "pgid=", "-o", "state="]).output() else {
        return Vec::new();
    };
    String::from_utf8_lossy(&ps.stdout)
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (pid, of, state) = (words.next()?, words.next()?, words.next()?);
            (of.parse() == Ok(group) && !state.starts_with('Z')).then(|| pid.parse().ok()).flatten()
        })
        .collect()
}

/// Ends the group that `leader` leads: sends SIGTERM, and SIGKILL after five seconds. Does nothing if the pid now belongs
/// to another process.
pub fn end_group(leader: &Identity) {
    let recycled = Identity::of(leader.pid).is_some_and(|now| now != *leader);
    let Some(group) = i32::try_from(leader.pid).ok().and_then(Pid::from_raw).filter(|_| !recycled) else { return };
    for (signal, limit) in [(Signal::TERM, Duration::from_secs(5)), (Signal::KILL, Duration::from_secs(2))] {
        if members(leader.pid).is_empty() || kill_process_group(group, signal).is_err() {
            return;
        }
        let gone = || Ok::<_, Infallible>(members(leader.pid).is_empty().then_some(()));
        if matches!(clock::wait_for(limit, gone), Ok(Some(()))) {
            return;
        }
    }
}

/// Ends the remaining members of a group whose leader is gone. The group id may have been reused, so only members that
/// work in the folder `inside` are ended: a function's process works in the emulator's scratch folder.
pub fn end_orphans(group: u32, inside: &Path) {
    for pid in members(group) {
        let ours = fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder| folder.starts_with(inside));
        if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw).filter(|_| ours) {
            // It may have ended on its own meanwhile.
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

static STARTED: Mutex<Vec<Identity>> = Mutex::new(Vec::new());

/// Ends every group that this process started and has not released.
pub fn end_all() {
    let started = std::mem::take(&mut *STARTED.lock().unwrap_or_else(PoisonError::into_inner));
    for leader in started {
        end_group(&leader);
    }
}

/// Started process and its group.
#[derive(Debug)]
pub struct Group {
    child: Child,
    leader: Identity,
}

impl Group {
    /// Starts the command as the leader of a new group. A Ctrl-C in the terminal then reaches this process only, which
    /// ends the others in order.
    pub fn start(command: &mut Command) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn().map_err(|source| Error::Start { program, source })?;
        // A process that has ended keeps its pid until it is waited for.
        let leader = Identity::of(child.id()).unwrap_or(Identity { pid: child.id(), started: String::new() });
        STARTED.lock().unwrap_or_else(PoisonError::into_inner).push(leader.clone());
        Ok(Self { child, leader })
    }

    /// Starts the command as a member of this group, which ends it too.
    pub fn join(&self, command: &mut Command) -> Result<Identity> {
        let program = command.get_program().to_string_lossy().into_owned();
        let group = i32::try_from(self.leader.pid).unwrap_or_default();
        let child = command.process_group(group).spawn().map_err(|source| Error::Start { program, source })?;
        Ok(Identity::of(child.id()).unwrap_or(Identity { pid: child.id(), started: String::new() }))
    }

    /// Returns the identity of the group's leader.
    #[must_use]
    pub fn leader(&self) -> &Identity {
        &self.leader
    }

    /// Returns the started process, for access to its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits until the started process ends.
    pub fn wait(mut self) -> std::io::Result<ExitStatus> {
        let status = self.child.wait();
        self.forget();
        status
    }

    /// Ends the group.
    pub fn end(mut self) {
        end_group(&self.leader);
        self.forget();
        // The process has ended; this removes it from the system's process table.
        drop(self.child.wait());
    }

    /// Lets the group live on after this process.
    pub fn release(self) {
        self.forget();
    }

    fn forget(&self) {
        STARTED.lock().unwrap_or_else(PoisonError::into_inner).retain(|leader| *leader != self.leader);
    }
}

/// Runs a command to its end. `what` describes its task in the error.
pub fn run(what: &str, command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = Group::start(command)?.wait().map_err(|source| Error::Start { program, source })?;
    if status.success() { Ok(()) } else { Err(Error::Program { what: what.to_owned(), status }) }
}
