//! Runs both programs and compares what they find.

use crate::export::{Line, day, write};
use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
    sync::atomic::{AtomicU32, Ordering},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_audit-verify");
const TWIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verify.py");

/// Files and arguments of a run.
#[derive(Debug, Default, Clone)]
pub(crate) struct Run {
    /// Pages of the export.
    pub(crate) pages: Vec<Vec<u8>>,
    /// Files of checkpoints.
    pub(crate) checkpoints: Vec<Vec<u8>>,
    /// Public key in PEM.
    pub(crate) key: Option<String>,
    /// Other arguments.
    pub(crate) args: Vec<String>,
}

/// Result of a program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Exit code.
    pub(crate) code: i32,
    /// Places and reasons.
    pub(crate) problems: Vec<String>,
    /// Last line.
    pub(crate) summary: String,
}

impl Run {
    /// A run at day 20, when all records of the tests count.
    pub(crate) fn of(lines: &[Line]) -> Self {
        Self::of_page(write(lines)).arg("--now", &day(20).to_string())
    }

    /// A run with a page that is not made of lines.
    pub(crate) fn of_page(page: Vec<u8>) -> Self {
        Self { pages: vec![page], ..Self::default() }
    }

    /// Adds an argument. The last one of a name counts.
    pub(crate) fn arg(mut self, name: &str, value: &str) -> Self {
        self.args.extend([name.to_owned(), value.to_owned()]);
        self
    }

    /// Adds a file of checkpoints.
    pub(crate) fn with_checkpoints(mut self, checkpoints: Vec<u8>, pem: String) -> Self {
        self.checkpoints.push(checkpoints);
        self.key = Some(pem);
        self
    }

    /// Runs both programs and checks that they find the problems `wanted`, each a place without the record, and a reason.
    /// Returns the summary of `audit-verify`.
    #[track_caller]
    pub(crate) fn check(&self, wanted: &[&str]) -> String {
        let [ours, twin] = self.outcomes();
        assert_eq!(ours.problems, twin.problems, "audit-verify and verify.py differ");
        let found: Vec<_> = ours.problems.iter().map(|problem| without_record(problem)).collect();
        assert_eq!(found, wanted);
        for Outcome { code, summary, .. } in [&ours, &twin] {
            assert_eq!(*code, i32::from(!wanted.is_empty()), "{summary}");
            assert_eq!(summary.contains("whole"), wanted.is_empty(), "{summary}");
        }
        ours.summary
    }

    /// Runs `audit-verify` and `verify.py`.
    pub(crate) fn outcomes(&self) -> [Outcome; 2] {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("tampering-{run}"));
        fs::create_dir_all(&folder).unwrap();
        let mut args = self.args.clone();
        let mut add = |option: Option<&str>, name: String, bytes: &[u8]| {
            fs::write(folder.join(&name), bytes).unwrap();
            args.extend(option.map(str::to_owned));
            args.push(name);
        };
        for (number, page) in (1..).zip(&self.pages) {
            add(None, format!("page{number}"), page);
        }
        for (number, checkpoints) in (1..).zip(&self.checkpoints) {
            add(Some("--checkpoints"), format!("checkpoints{number}"), checkpoints);
        }
        if let Some(key) = &self.key {
            add(Some("--key"), "key".to_owned(), key.as_bytes());
        }
        let ours = Command::new(PROGRAM).args(&args).current_dir(&folder).output().unwrap();
        let twin = Command::new("python3").arg(TWIN).args(&args).current_dir(&folder).output().unwrap();
        fs::remove_dir_all(&folder).unwrap();
        [outcome(&ours), outcome(&twin)]
    }
}

fn outcome(output: &Output) -> Outcome {
    let code = output.status.code().unwrap();
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(code == 2 || errors.is_empty(), "{errors}");
    let mut lines: Vec<_> = text.lines().collect();
    let summary = lines.pop().unwrap_or_default().to_owned();
    let problem = |line: &&str| line.splitn(3, ": ").take(2).collect::<Vec<_>>().join(": ");
    Outcome { code, problems: lines.iter().map(problem).collect(), summary }
}

/// Removes the record from a place such as `line 12 (record 7 of log, aud_…): missing`.
fn without_record(problem: &str) -> String {
    match (problem.split_once(" ("), problem.split_once(')')) {
        (Some((place, _)), Some((_, reason))) => format!("{place}{reason}"),
        _ => problem.to_owned(),
    }
}
