//! `audit-verify`: verifies an export of the audit log offline.
//!
//! ```text
//! audit-verify EXPORT... [--checkpoints FILE]... [--key PUBLIC.pem] [--from TIME] [--now TIME] [--workspace ID]
//! ```
//!
//! It prints a line for each problem, and a summary:
//!
//! ```text
//! line 12 (record 7 of log, aud_01K…): missing: record 6 is missing before it
//! 1203 records of log 5 to 1208: 1 problem. 12 checkpoints agree.
//! ```
//!
//! It exits with 0 if the export is whole, with 1 if there are problems, and with 2 if a file cannot be read. `--help`
//! explains the arguments, and docs/audit-format.md the problems.

use audit_verify::{
    args::{self, Args, Command, InvalidUsage},
    checkpoint::key::{InvalidKey, PublicKey},
    report::Report,
    verifier::Verifier,
    window::Window,
};
use jiff::Timestamp;
use std::{
    env,
    fs::{self, File},
    io::{self, BufReader, Write},
    path::Path,
    process::ExitCode,
};

/// Exit code if there are problems.
const PROBLEMS: u8 = 1;
/// Exit code if there is no result.
const FAILED: u8 = 2;

/// Reason why there is no result.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Usage(#[from] InvalidUsage),
    #[error("{path}: {source}")]
    File { path: String, source: io::Error },
    #[error("{path}: {source}")]
    Key { path: String, source: InvalidKey },
}

// A closed stream has no reader, so a failure to write to it is ignored.
fn main() -> ExitCode {
    let mut output = io::stdout().lock();
    let report = match args::parse(env::args_os().skip(1)).map_err(Error::from) {
        Ok(Command::Help) => {
            let _ = write!(output, "{}", args::USAGE);
            return ExitCode::SUCCESS;
        }
        Ok(Command::Verify(args)) => verify(&args),
        Err(error) => Err(error),
    };
    match report {
        Ok(report) => {
            for problem in &report.problems {
                let _ = writeln!(output, "{problem}");
            }
            let _ = writeln!(output, "{}", report.summary());
            if report.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(PROBLEMS) }
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(FAILED)
        }
    }
}

fn verify(args: &Args) -> Result<Report, Error> {
    #[expect(clippy::disallowed_methods, reason = "the program's edge: all other code is given the time")]
    let now = args.now.unwrap_or_else(Timestamp::now);
    let mut verifier = Verifier::new(Window { now, from: args.from }, args.workspace.clone());
    if let Some(checkpoints) = &args.checkpoints {
        let pem = fs::read_to_string(&checkpoints.key).map_err(of_file(&checkpoints.key))?;
        let invalid = |source| Error::Key { path: checkpoints.key.display().to_string(), source };
        let key = PublicKey::from_pem(&pem).map_err(invalid)?;
        for file in &checkpoints.files {
            let bytes = fs::read(file).map_err(of_file(file))?;
            verifier.add_checkpoints(&file.display().to_string(), &bytes, &key);
        }
    }
    for path in &args.pages {
        let name = path.display().to_string();
        let name = Some(name.as_str()).filter(|_| args.pages.len() > 1);
        let read = match path.to_str() {
            Some("-") => verifier.read_page(name, &mut io::stdin().lock()),
            Some(_) | None => File::open(path).and_then(|file| verifier.read_page(name, &mut BufReader::new(file))),
        };
        read.map_err(of_file(path))?;
    }
    Ok(verifier.finish())
}

fn of_file(path: &Path) -> impl Fn(io::Error) -> Error {
    move |source| Error::File { path: path.display().to_string(), source }
}
