//! Processes of one task: each of its two containers is a process with its children.

use super::{config::Containers, users::Users};
use crate::{Error, Result};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    os::unix::fs::chown,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Environment variable with the URL that a container reports to.
const REPORTS_TO: &str = "BERTH_RUNTIME_API";
/// Name of the container that reports, as in the task definitions.
const REPORTER: &str = "runtime";
/// Time between SIGTERM and SIGKILL for a container, as in the task definitions.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

/// Containers of a task, in the order in which they are stopped.
#[derive(Debug)]
pub(super) struct Task([Container; 2]);

/// Container: its first process, which has the others as children.
#[derive(Debug)]
struct Container {
    process: Child,
    asked_at: Option<Instant>,
}

impl Task {
    /// Starts the containers of `task`, a task as ECS describes it, each as its own one of the `users`.
    pub(super) fn start(containers: &Containers, users: Option<Users>, arn: &str, task: &Value) -> Result<Self> {
        let folder = containers.scratch.join("containers").join(arn.rsplit('/').next().unwrap_or(arn));
        let plugins = folder.join("plugins");
        fs::create_dir_all(&plugins).map_err(Error::file(&plugins))?;
        if let Some(Users { plugins: user, .. }) = users {
            chown(&plugins, Some(user), Some(user)).map_err(Error::file(&plugins))?;
        }
        // Each task has its own ports, because all share one loopback interface.
        let [gateway, host] = free_ports()?.map(|port| port.to_string());
        let program = |script: &str, user: Option<u32>| {
            let mut program = Command::new(&containers.node);
            // As in the image, nothing is inherited.
            program.arg(containers.image.join("src").join(script)).current_dir(&folder).env_clear();
            program.env("BERTH_GATEWAY_PORT", &gateway).env("BERTH_PLUGINS_PORT", &host).stdin(Stdio::null());
            if let Some(user) = user {
                Users::run_as(&mut program, user);
            }
            program
        };
        // As in the task definitions, this container has neither the environment of the launch nor a log driver.
        let mut second = program("plugin-host.js", users.map(|users| users.plugins));
        second.env("BERTH_PLUGINS", &plugins).stdout(Stdio::null()).stderr(Stdio::null());
        let mut first = program("main.js", users.map(|users| users.reporter));
        // The figures come from these processes, not from this machine's cgroup.
        first.envs(environment(task, containers.port)).env("BERTH_CGROUP", "");
        let mut second = Container::start(&mut second)?;
        match Container::start(&mut first) {
            Ok(first) => Ok(Self([first, second])),
            Err(error) => {
                second.kill();
                Err(error)
            }
        }
    }

    /// Returns true if both containers run. The end of either ends the task, because both are essential.
    pub(super) fn is_whole(&mut self) -> bool {
        self.0.iter_mut().all(|container| !container.has_ended())
    }

    /// Stops the containers one after the other, as ECS does, and returns true once both have ended. To be called again
    /// until then.
    pub(super) fn stop(&mut self) -> bool {
        self.0.iter_mut().all(Container::stop)
    }
}

impl Container {
    fn start(program: &mut Command) -> Result<Self> {
        let process = program.spawn().map_err(|source| Error::Start { program: "node".to_owned(), source })?;
        Ok(Self { process, asked_at: None })
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.process.try_wait(), Ok(None))
    }

    /// Sends SIGTERM at the first call, and kills the container if the stop timeout has passed since. Returns true once
    /// it has ended.
    #[expect(clippy::disallowed_methods, reason = "other processes take real time")]
    fn stop(&mut self) -> bool {
        if self.has_ended() {
            return true;
        }
        let Some(asked_at) = self.asked_at else {
            self.asked_at = Some(Instant::now());
            if let Some(pid) = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw) {
                // It may have ended on its own meanwhile.
                let _ = kill_process(pid, Signal::TERM);
            }
            return false;
        };
        if asked_at.elapsed() >= STOP_TIMEOUT {
            self.kill();
        }
        self.has_ended()
    }

    fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the environment variables of the launch.
fn environment(task: &Value, port: u16) -> BTreeMap<String, String> {
    let overrides = task.pointer("/overrides/containerOverrides").and_then(Value::as_array).into_iter().flatten();
    let given = overrides.filter(|container| container.get("name").is_some_and(|name| name == REPORTER));
    let pairs = given.filter_map(|container| container.get("environment")?.as_array()).flatten();
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
    use serde_json::json;

    #[test]
    fn a_functions_url_is_reached_without_its_name() {
        let url = "http://0a1b2c3d4e5f60718293a4b5c6d7e8f9.lambda-url.us-east-1.localhost:4600/";
        assert_eq!(reachable(url, 4600), "http://127.0.0.1:4600/_aws/lambda-url/0a1b2c3d4e5f60718293a4b5c6d7e8f9/");
    }

    #[test]
    fn the_launch_is_that_of_the_container_that_reports() {
        let of = |name: &str, value: &str| json!({"name": name, "environment": [{"name": "A", "value": value}]});
        let task = json!({"overrides": {"containerOverrides": [of("plugins", "2"), of("runtime", "1")]}});
        assert_eq!(environment(&task, 1), BTreeMap::from([("A".to_owned(), "1".to_owned())]));
    }
}
