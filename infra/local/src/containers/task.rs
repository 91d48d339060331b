//! Processes of one task.

use super::config::Containers;
use crate::{Error, Result};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Environment variable with the URL that a container reports to.
const REPORTS_TO: &str = "BERTH_RUNTIME_API";
/// Time between SIGTERM and SIGKILL for a container, as in the task definitions.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

/// Container: its supervisor, which has the other processes as children.
#[derive(Debug)]
pub(super) struct Task {
    supervisor: Child,
    asked_at: Option<Instant>,
}

impl Task {
    /// Starts the processes of `task`, a task as ECS describes it.
    pub(super) fn start(containers: &Containers, arn: &str, task: &Value) -> Result<Self> {
        let folder = containers.scratch.join("containers").join(arn.rsplit('/').next().unwrap_or(arn));
        let plugins = folder.join("plugins");
        fs::create_dir_all(&plugins).map_err(Error::file(&plugins))?;
        let mut program = Command::new(&containers.node);
        // As in the image, nothing is inherited. Each container has its own ports, because all share one loopback
        // interface.
        program.arg(containers.image.join("src/main.js")).current_dir(&folder).env_clear();
        program.envs(environment(task, containers.port)).env("BERTH_PLUGINS", &plugins);
        for (name, port) in ["BERTH_GATEWAY_PORT", "BERTH_PLUGINS_PORT"].into_iter().zip(free_ports()?) {
            program.env(name, port.to_string());
        }
        // The figures come from these processes, not from this machine's cgroup.
        program.env("BERTH_CGROUP", "").stdin(Stdio::null());
        let supervisor = program.spawn().map_err(|source| Error::Start { program: "node".to_owned(), source })?;
        Ok(Self { supervisor, asked_at: None })
    }

    /// Sends SIGTERM to the supervisor, as StopTask does.
    pub(super) fn ask_to_end(&self) {
        if let Some(pid) = i32::try_from(self.supervisor.id()).ok().and_then(Pid::from_raw) {
            // It may have ended on its own meanwhile.
            let _ = kill_process(pid, Signal::TERM);
        }
    }

    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.supervisor.try_wait(), Ok(None))
    }

    /// Kills the container if the stop timeout has passed since the first call. Returns true in that case.
    #[expect(clippy::disallowed_methods, reason = "other processes take real time")]
    pub(super) fn is_overdue(&mut self) -> bool {
        let asked_at = *self.asked_at.get_or_insert_with(Instant::now);
        let overdue = asked_at.elapsed() >= STOP_TIMEOUT;
        if overdue {
            let _ = self.supervisor.kill();
            let _ = self.supervisor.wait();
        }
        overdue
    }
}

/// Returns the environment variables of the launch.
fn environment(task: &Value, port: u16) -> BTreeMap<String, String> {
    let given = task.pointer("/overrides/containerOverrides/0/environment");
    let pairs = given.and_then(Value::as_array).into_iter().flatten();
    pairs
        .filter_map(|pair| Some((pair.get("name")?.as_str()?.to_owned(), pair.get("value")?.as_str()?.to_owned())))
        .map(|(name, value)| if name == REPORTS_TO { (name, reachable(&value, port)) } else { (name, value) })
        .collect()
}

/// Rewrites a function URL to an address that every resolver knows: the emulator also takes the function's id in the
/// path.
#[must_use]
pub fn reachable(url: &str, port: u16) -> String {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let id = host.split(['.', '/']).next().unwrap_or_default();
    format!("http://127.0.0.1:{port}/_aws/lambda-url/{id}/")
}

/// Returns two unused ports.
fn free_ports() -> Result<[u16; 2]> {
    let failed = |source| Error::Start { program: "node".to_owned(), source };
    // Both are bound at the same time, so that they differ.
    let bind = || TcpListener::bind(("127.0.0.1", 0)).map_err(failed);
    let (one, other) = (bind()?, bind()?);
    let port = |listener: TcpListener| listener.local_addr().map(|address| address.port()).map_err(failed);
    Ok([port(one)?, port(other)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_functions_url_is_reached_without_its_name() {
        let url = "http://0a1b2c3d4e5f60718293a4b5c6d7e8f9.lambda-url.us-east-1.localhost:4600/";
        assert_eq!(reachable(url, 4600), "http://127.0.0.1:4600/_aws/lambda-url/0a1b2c3d4e5f60718293a4b5c6d7e8f9/");
    }
}
