//! The command line of `audit-verify`.

use jiff::Timestamp;
use std::{ffi::OsString, path::PathBuf};

/// Usage of the program.
pub const USAGE: &str = "\
Verifies an export of the audit log offline. docs/audit-format.md describes the format.

    audit-verify EXPORT... [--checkpoints FILE]... [--key PUBLIC.pem] [--from TIME] [--now TIME] [--workspace ID]

EXPORT is a page of GET /audit/export, in NDJSON. Pages are in their order; `-` is the standard input.

    --checkpoints FILE   an answer of GET /audit/checkpoints; or checkpoints or events audit.checkpoint, one a line
    --key PUBLIC.pem     the operator's public key, which checkpoints need
    --from TIME          the export was asked for from this time, so its first record may have a predecessor
    --now TIME           current time; records whose kept_until has passed count as absent (default: the system's time)
    --workspace ID       id of the workspace (default: that of the first record)

Prints a line for each problem, and a summary. Exits with 0 if the export is whole, with 1 if there are problems, and with 2
if a file cannot be read.
";

/// Command to run.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Prints the usage.
    Help,
    /// Verifies an export.
    Verify(Args),
}

/// Arguments of a verification.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Args {
    /// Pages of the export, in their order.
    pub pages: Vec<PathBuf>,
    /// Checkpoints, if there are some.
    pub checkpoints: Option<Checkpoints>,
    /// Time from which the export was asked for.
    pub from: Option<Timestamp>,
    /// Current time; `None` for that of the system.
    pub now: Option<Timestamp>,
    /// Id of the workspace; `None` for that of the first record.
    pub workspace: Option<String>,
}

/// Checkpoints and the key that signed them.
#[derive(Debug, PartialEq, Eq)]
pub struct Checkpoints {
    /// Files of checkpoints.
    pub files: Vec<PathBuf>,
    /// The operator's public key.
    pub key: PathBuf,
}

/// The command line is invalid.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; `audit-verify --help` explains the arguments")]
pub struct InvalidUsage(String);

/// Parses the arguments after the program's name.
///
/// # Errors
/// [`InvalidUsage`] if they are no command.
pub fn parse(args: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Command, InvalidUsage> {
    use lexopt::Arg::{Long, Short, Value};
    let invalid = |error: lexopt::Error| InvalidUsage(error.to_string());
    let mut parser = lexopt::Parser::from_args(args);
    let (mut args, mut files, mut key) = (Args::default(), Vec::new(), None);
    while let Some(argument) = parser.next().map_err(invalid)? {
        match argument {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("checkpoints") => files.push(PathBuf::from(parser.value().map_err(invalid)?)),
            Long("key") => key = Some(PathBuf::from(parser.value().map_err(invalid)?)),
            Long("from") => args.from = Some(time("--from", &parser.value().map_err(invalid)?)?),
            Long("now") => args.now = Some(time("--now", &parser.value().map_err(invalid)?)?),
            Long("workspace") => args.workspace = Some(parser.value().map_err(invalid)?.to_string_lossy().into_owned()),
            Value(page) => args.pages.push(PathBuf::from(page)),
            other @ (Short(_) | Long(_)) => return Err(invalid(other.unexpected())),
        }
    }
    if args.pages.is_empty() {
        return Err(InvalidUsage("a page of an export is needed".to_owned()));
    }
    args.checkpoints = match (files.is_empty(), key) {
        (true, _) => None,
        (false, Some(key)) => Some(Checkpoints { files, key }),
        (false, None) => return Err(InvalidUsage("--checkpoints needs --key".to_owned())),
    };
    Ok(Command::Verify(args))
}

fn time(option: &str, text: &OsString) -> Result<Timestamp, InvalidUsage> {
    let text = text.to_string_lossy();
    text.parse()
        .map_err(|_| InvalidUsage(format!("{option} must be a time such as 2026-08-01T00:00:00Z, but is {text}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> String {
        parse(line.split_whitespace()).unwrap_err().0
    }

    #[test]
    fn command_line() {
        assert_eq!(parse(["--help"]), Ok(Command::Help));
        let line = "a.ndjson - --checkpoints c.json --key k.pem --now 2026-08-01T00:00:00Z --workspace ws_1";
        let wanted = Args {
            pages: vec!["a.ndjson".into(), "-".into()],
            checkpoints: Some(Checkpoints { files: vec!["c.json".into()], key: "k.pem".into() }),
            from: None,
            now: Some("2026-08-01T00:00:00Z".parse().unwrap()),
            workspace: Some("ws_1".to_owned()),
        };
        assert_eq!(parse(line.split_whitespace()), Ok(Command::Verify(wanted)));
    }

    #[test]
    fn wrong_command_line_is_explained() {
        assert_eq!(error(""), "a page of an export is needed");
        assert_eq!(error("a.ndjson --checkpoints c.json"), "--checkpoints needs --key");
        assert_eq!(error("a --from then"), "--from must be a time such as 2026-08-01T00:00:00Z, but is then");
        assert_eq!(error("a --force"), "invalid option '--force'");
    }
}
