//! Command line of `cargo dev`.

use crate::{
    Error, Result,
    containers::{self, Containers},
    dashboard::{self, Forwarder},
    fuzz::Budget,
    sweep,
};
use std::{ffi::OsString, path::PathBuf};

/// Command to run.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Brings the cloud up.
    Up(Up),
    /// Ends the cloud.
    Stop,
    /// Tests the running cloud's API against openapi.json.
    FuzzApi(Budget),
    /// Benchmarks the functions, with these arguments.
    Bench(Vec<OsString>),
    /// Prints the usage.
    Help,
    /// Runs workspaces' containers. `cargo dev --with-runtime` starts a process with this command.
    RunContainers(Containers),
    /// Forwards to the dashboard. `cargo dev` starts a process with this command.
    Forward(Forwarder),
    /// Does what is due in the cloud whose files are in this folder. The stand-in for Stripe starts a process with this
    /// command after a move of the clock.
    Sweep(PathBuf),
}

/// Options for bringing the cloud up.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Up {
    /// Requested port of the emulator.
    pub port: Option<u16>,
    /// True to start with an empty cloud.
    pub fresh: bool,
    /// True to leave the cloud running.
    pub detach: bool,
    /// True to run processes for containers.
    pub with_runtime: bool,
}

/// Parses the arguments after the program's name.
pub fn parse(args: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Command> {
    use lexopt::Arg::{Long, Short, Value};
    let mut args = args.into_iter().map(Into::into).peekable();
    if args.next_if(|first| first == "bench").is_some() {
        return Ok(Command::Bench(args.collect()));
    }
    let mut parser = lexopt::Parser::from_args(args);
    let mut up = Up::default();
    let (mut stop, mut fuzz, mut minutes) = (false, false, None);
    while let Some(arg) = parser.next().map_err(usage)? {
        match arg {
            Long("port") => up.port = Some(positive("port", 65_535, parser.value().map_err(usage)?)?),
            Long("minutes") => minutes = Some(positive("minutes", 50, parser.value().map_err(usage)?)?),
            Long("fresh") => up.fresh = true,
            Long("detach") => up.detach = true,
            Long("with-runtime") => up.with_runtime = true,
            Long("help") | Short('h') => return Ok(Command::Help),
            Value(word) if word == "stop" => stop = true,
            Value(word) if word == containers::WORD => return container_settings(&mut parser),
            Value(word) if word == dashboard::WORD => return forward(&mut parser),
            Value(word) if word == sweep::WORD => {
                return Ok(Command::Sweep(parser.value().map_err(usage)?.into()));
            }
            Value(word) if word == "fuzz-api" => fuzz = true,
            other @ (Short(_) | Long(_) | Value(_)) => return Err(usage(other.unexpected())),
        }
    }
    match (stop, fuzz, up == Up::default()) {
        (false, false, _) if minutes.is_none() => Ok(Command::Up(up)),
        (true, false, true) if minutes.is_none() => Ok(Command::Stop),
        (false, true, true) => Ok(Command::FuzzApi(Budget::Minutes(minutes.unwrap_or(5).into()))),
        (true, false, _) => Err(Error::Usage("stop takes no options".to_owned())),
        (false, true, false) => Err(Error::Usage("fuzz-api takes no option but --minutes".to_owned())),
        (false, false, _) => Err(Error::Usage("--minutes goes with fuzz-api".to_owned())),
        (true, true, _) => Err(Error::Usage("stop and fuzz-api exclude each other".to_owned())),
    }
}

/// Parses the arguments that `containers::start` passes.
fn container_settings(parser: &mut lexopt::Parser) -> Result<Command> {
    let mut next = || parser.value().map_err(usage);
    Ok(Command::RunContainers(Containers {
        port: positive("port", 65_535, next()?)?,
        cluster: next()?.to_string_lossy().into_owned(),
        node: next()?.into(),
        image: next()?.into(),
        scratch: next()?.into(),
    }))
}

/// Parses the arguments that `dashboard::start` passes.
fn forward(parser: &mut lexopt::Parser) -> Result<Command> {
    let mut next = || parser.value().map_err(usage);
    Ok(Command::Forward(Forwarder {
        port: positive("port", 65_535, next()?)?,
        emulator: positive("port", 65_535, next()?)?,
        host: next()?.to_string_lossy().into_owned(),
    }))
}

fn positive(name: &str, most: u16, value: OsString) -> Result<u16> {
    let text = value.to_string_lossy();
    text.parse()
        .ok()
        .filter(|number| (1..=most).contains(number))
        .ok_or_else(|| Error::Usage(format!("--{name} takes a number from 1 to {most}, not {text}")))
}

fn usage(error: lexopt::Error) -> Error {
    Error::Usage(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &str) {
        let found = match parse(line.split_whitespace()) {
            Ok(command) => format!("{command:?}"),
            Err(error) => error.to_string().lines().next().unwrap().to_owned(),
        };
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn command_line() {
        check("", "Up(Up { port: None, fresh: false, detach: false, with_runtime: false })");
        check("--port 4600 --fresh", "Up(Up { port: Some(4600), fresh: true, detach: false, with_runtime: false })");
        check("--port=4600 --detach", "Up(Up { port: Some(4600), fresh: false, detach: true, with_runtime: false })");
        check("--with-runtime", "Up(Up { port: None, fresh: false, detach: false, with_runtime: true })");
        check(
            "containers 4600 arn node image scratch",
            "RunContainers(Containers { port: 4600, cluster: \"arn\", node: \"node\", image: \"image\", scratch: \"scratch\" })",
        );
        check("containers 4600 arn", "missing argument");
        check("dashboard 3000 4566 host", "Forward(Forwarder { port: 3000, emulator: 4566, host: \"host\" })");
        check("sweep state", "Sweep(\"state\")");
        check("stop", "Stop");
        check("fuzz-api", "FuzzApi(Minutes(5))");
        check("fuzz-api --minutes 50", "FuzzApi(Minutes(50))");
        check("fuzz-api --minutes 0", "--minutes takes a number from 1 to 50, not 0");
        check("fuzz-api --fresh", "fuzz-api takes no option but --minutes");
        check("fuzz-api stop", "stop and fuzz-api exclude each other");
        check("--minutes 5", "--minutes goes with fuzz-api");
        check("stop --minutes 5", "stop takes no options");
        check("--help", "Help");
        check("bench --rounds 3", "Bench([\"--rounds\", \"3\"])");
        check("stop --fresh", "stop takes no options");
        check("--quick", "invalid option '--quick'");
        check("start", "unexpected argument \"start\"");
        check("--port", "missing argument for option '--port'");
        check("--port 0", "--port takes a number from 1 to 65535, not 0");
        check("--port 99999", "--port takes a number from 1 to 65535, not 99999");
    }
}
