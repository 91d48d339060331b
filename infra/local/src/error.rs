//! What can go wrong between `cargo dev` and a running cloud. Each message says what to do where something can be done.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the local cloud does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line has something that is not understood.
    #[error("{0}\n\n{usage}", usage = crate::console::usage::USAGE)]
    Usage(String),
    /// No Python that is new enough.
    #[error(
        "Python 3.10 or newer is needed for the emulator, found {found}: install it (apt install python3 python3-venv, \
         brew install python), or name one in the variable PYTHON"
    )]
    PythonMissing {
        /// What is there instead.
        found: String,
    },
    /// A Python that cannot make virtual environments; Debian splits that off.
    #[error("{python} lacks the module {module}: install it (apt install python3-venv)")]
    PythonIncomplete {
        /// The interpreter that was asked.
        python: String,
        /// The module it cannot import.
        module: String,
    },
    /// No Node that is new enough for what runs in containers.
    #[error(
        "--with-runtime needs Node 20 or newer for what runs in workspaces' containers, found {found}: install it \
         (https://nodejs.org), name one in the variable NODE, or leave --with-runtime out"
    )]
    NodeMissing {
        /// What is there instead.
        found: String,
    },
    /// No Node and npm that build the dashboard.
    #[error(
        "it needs Node 20.19, 22.12 or newer with npm, found {found}: install it ({line}), or name one in the variable NODE",
        line = if cfg!(target_os = "macos") {
            "brew install node"
        } else {
            "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install -y nodejs"
        }
    )]
    NpmMissing {
        /// What is there instead.
        found: String,
    },
    /// A cloud runs whose tasks have no processes.
    #[error(
        "the local cloud already runs, without what runs in containers: end it with `cargo dev stop`, then begin it with \
         `cargo dev --with-runtime`"
    )]
    RunsWithoutContainers,
    /// A program that this crate starts ended badly; it has said why itself.
    #[error("{what} failed ({status})")]
    Program {
        /// What the program was to do.
        what: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// A program could not be started.
    #[error("cannot start {program}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// Somebody else listens on the port.
    #[error("port {port} is taken by another program: choose one with `cargo dev --port {next}`", next = port.wrapping_add(1))]
    PortTaken {
        /// The port.
        port: u16,
    },
    /// A cloud runs already, elsewhere than asked for.
    #[error("the local cloud already runs on port {port}: leave out --port, or end it with `cargo dev stop`")]
    OtherPort {
        /// Where it runs.
        port: u16,
    },
    /// None runs that could be asked.
    #[error("no local cloud runs: start one with `cargo dev --detach`")]
    NoCloud,
    /// Two runs at once over the same state.
    #[error("another `cargo dev` is setting up the local cloud: wait for it")]
    Busy,
    /// Somebody else listens where the stand-in for Stripe would.
    #[error(
        "port {port}, where the stand-in for Stripe answers, is taken by another program: `cargo dev --port` moves both \
         the emulator's and this"
    )]
    StripePortTaken {
        /// The port.
        port: u16,
    },
    /// The emulator or the stand-in ended, or never answered.
    #[error("the {program} {what}; the end of {log}:\n{tail}", log = log.display())]
    Ended {
        /// Which one.
        program: &'static str,
        /// What it did.
        what: &'static str,
        /// Its log.
        log: PathBuf,
        /// The last lines of its log.
        tail: String,
    },
    /// A file could not be read or written.
    #[error("{path}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The emulator could not be reached.
    #[error("no answer from {url}")]
    Transport {
        /// The address.
        url: String,
        /// Why.
        source: Box<ureq::Error>,
    },
    /// A call was refused.
    #[error("{call}: {status} {code} {message}")]
    Refused {
        /// Service and action.
        call: String,
        /// The HTTP status.
        status: u16,
        /// The error's code, such as `UsernameExistsException`.
        code: String,
        /// What the service says.
        message: String,
    },
    /// An answer, a template or a file without something that must be in it.
    #[error("{what} has no {lacks}")]
    Lacks {
        /// Where it should be.
        what: String,
        /// What should be there.
        lacks: String,
    },
    /// Something in the template that the local cloud cannot do.
    #[error("the template: {0}")]
    Template(String),
    /// The stack was not deployed.
    #[error("the stack ended in {status}:\n{reasons}")]
    Stack {
        /// Its status.
        status: String,
        /// One line for each event that failed.
        reasons: String,
    },
    /// The gateway does not refuse strangers.
    #[error("the gateway answered {status} to a request without a token, not 401")]
    GatewayOpen {
        /// What it answered.
        status: u16,
    },
}

impl Error {
    /// For `map_err`: a file could not be read or written.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::File { path, source }
    }

    /// A program is not there any more, or never was: the end of its log says why.
    pub fn ended(program: &'static str, what: &'static str, log: &Path) -> Self {
        let text = fs::read(log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines.get(lines.len().saturating_sub(15)..).unwrap_or_default().join("\n");
        Self::Ended { program, what, log: log.to_owned(), tail }
    }

    /// Something that must be there is not.
    pub fn lacks(what: impl Into<String>, lacks: impl Into<String>) -> Self {
        Self::Lacks { what: what.into(), lacks: lacks.into() }
    }

    /// The code with which a call was refused, if one was.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        if let Self::Refused { code, .. } = self { Some(code) } else { None }
    }
}
