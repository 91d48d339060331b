//! The command line of `cargo dev`.

use crate::{Error, Result};
use std::ffi::OsString;

/// How `cargo dev` is used.
pub const USAGE: &str = "\
Berth on this machine.

    cargo dev [--port N] [--fresh] [--detach]
    cargo dev stop
    cargo dev bench [--help]

Builds the functions, starts an emulator of AWS and a stand-in for Stripe, deploys template.yaml, and prints where
everything is. Ctrl-C ends it. While one runs, another `cargo dev` deploys what has changed into it.

    --port N     the emulator's port on 127.0.0.1 (4566); the stand-in for Stripe is as far from 12111
    --fresh      begin with an empty cloud; one that runs is ended first
    --detach     return when the cloud is up and leave it running
    stop         end the cloud that runs
    bench        measure the functions, without a cloud";

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Bring the cloud up.
    Up(Up),
    /// End it.
    Stop,
    /// Measure the functions, with these arguments.
    Bench(Vec<OsString>),
    /// Say how it is used.
    Help,
}

/// How the cloud is brought up.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Up {
    /// The port that was asked for.
    pub port: Option<u16>,
    /// Whether to begin with an empty cloud.
    pub fresh: bool,
    /// Whether to leave it running.
    pub detach: bool,
}

/// Reads the arguments after the program's name.
pub fn parse(args: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Command> {
    use lexopt::Arg::{Long, Short, Value};
    let mut args = args.into_iter().map(Into::into).peekable();
    if args.next_if(|first| first == "bench").is_some() {
        return Ok(Command::Bench(args.collect()));
    }
    let mut parser = lexopt::Parser::from_args(args);
    let mut up = Up::default();
    let mut stop = false;
    while let Some(arg) = parser.next().map_err(usage)? {
        match arg {
            Long("port") => up.port = Some(port(parser.value().map_err(usage)?)?),
            Long("fresh") => up.fresh = true,
            Long("detach") => up.detach = true,
            Long("help") | Short('h') => return Ok(Command::Help),
            Value(word) if word == "stop" => stop = true,
            other @ (Short(_) | Long(_) | Value(_)) => return Err(usage(other.unexpected())),
        }
    }
    match (stop, up == Up::default()) {
        (false, _) => Ok(Command::Up(up)),
        (true, true) => Ok(Command::Stop),
        (true, false) => Err(Error::Usage("stop takes no options".to_owned())),
    }
}

fn port(value: OsString) -> Result<u16> {
    let text = value.to_string_lossy();
    text.parse()
        .ok()
        .filter(|port| *port > 0)
        .ok_or_else(|| Error::Usage(format!("--port takes a number from 1 to 65535, not {text}")))
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
        check("", "Up(Up { port: None, fresh: false, detach: false })");
        check("--port 4600 --fresh", "Up(Up { port: Some(4600), fresh: true, detach: false })");
        check("--port=4600 --detach", "Up(Up { port: Some(4600), fresh: false, detach: true })");
        check("stop", "Stop");
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
