//! Errors between `cargo dev` and a running cloud. Each message says what to do where the user can act.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Reason why the local cloud does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line is invalid.
    #[error("{0}\n\n{usage}", usage = crate::console::usage::USAGE)]
    Usage(String),
    /// There is no Python, or it is too old.
    #[error(
        "the emulator needs Python 3.10 or newer, found {found}: install it (apt install python3 python3-venv, \
         brew install python), or set the variable PYTHON"
    )]
    PythonMissing {
        /// Python that was found, or none.
        found: String,
    },
    /// Python cannot create virtual environments; Debian has a separate package for that.
    #[error("{python} lacks the module {module}: install it (apt install python3-venv)")]
    PythonIncomplete {
        /// The interpreter.
        python: String,
        /// The missing module.
        module: String,
    },
    /// There is no Node for the containers' processes, or it is too old.
    #[error(
        "--with-runtime needs Node 20 or newer to run workspaces' containers, found {found}: install it \
         (https://nodejs.org), set the variable NODE, or leave out --with-runtime"
    )]
    NodeMissing {
        /// Node that was found, or none.
        found: String,
    },
    /// There is no Node with npm for building the dashboard, or it is too old.
    #[error(
        "it needs Node 20.19, 22.12 or newer with npm, found {found}: install it ({line}), or set the variable NODE",
        line = if cfg!(target_os = "macos") {
            "brew install node"
        } else {
            "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install -y nodejs"
        }
    )]
    NpmMissing {
        /// Node or npm that was found, or none.
        found: String,
    },
    /// A cloud without processes for its tasks is running.
    #[error(
        "the local cloud already runs without processes for containers: end it with `cargo dev stop`, then start it with \
         `cargo dev --with-runtime`"
    )]
    RunsWithoutContainers,
    /// A program that this crate started failed; its own output says why.
    #[error("{what} failed ({status})")]
    Program {
        /// Task of the program.
        what: String,
        /// Its exit status.
        status: std::process::ExitStatus,
    },
    /// A program could not be started.
    #[error("cannot start {program}")]
    Start {
        /// The program.
        program: String,
        /// Cause.
        source: io::Error,
    },
    /// Another program listens on the port.
    #[error("port {port} is taken by another program: choose one with `cargo dev --port {next}`", next = port.wrapping_add(1))]
    PortTaken {
        /// The port.
        port: u16,
    },
    /// A cloud is already running on another port than the requested one.
    #[error("the local cloud already runs on port {port}: leave out --port, or end it with `cargo dev stop`")]
    OtherPort {
        /// Port of the running cloud.
        port: u16,
    },
    /// No cloud is running.
    #[error("no local cloud is running: start one with `cargo dev --detach`")]
    NoCloud,
    /// Another `cargo dev` uses the same state.
    #[error("another `cargo dev` is setting up the local cloud: wait until it has finished")]
    Busy,
    /// Another program listens on the Stripe stand-in's port.
    #[error(
        "the Stripe stand-in's port {port} is taken by another program: move both ports with `cargo dev --port`, \
         the emulator's and this one"
    )]
    StripePortTaken {
        /// The port.
        port: u16,
    },
    /// A program of the cloud ended or did not answer.
    #[error("the {program} {what}; the end of {log}:\n{tail}", log = log.display())]
    Ended {
        /// Name of the program.
        program: &'static str,
        /// Its failure, as the end of a sentence.
        what: &'static str,
        /// Its log file.
        log: PathBuf,
        /// Last lines of its log.
        tail: String,
    },
    /// A file could not be read or written.
    #[error("{path}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// The emulator could not be reached.
    #[error("no answer from {url}")]
    Transport {
        /// The address.
        url: String,
        /// Cause.
        source: Box<ureq::Error>,
    },
    /// A call was refused.
    #[error("{call}: {status} {code} {message}")]
    Refused {
        /// Service and action.
        call: String,
        /// HTTP status.
        status: u16,
        /// Error code, such as `UsernameExistsException`.
        code: String,
        /// Message of the service.
        message: String,
    },
    /// An answer, a template or a file lacks something that it must contain.
    #[error("{what} has no {lacks}")]
    Lacks {
        /// The answer, template or file.
        what: String,
        /// The missing part.
        lacks: String,
    },
    /// The template uses something that the local cloud does not support.
    #[error("the template: {0}")]
    Template(String),
    /// The deployment of the stack failed.
    #[error("the stack ended in {status}:\n{reasons}")]
    Stack {
        /// Status of the stack.
        status: String,
        /// One line for each failed event.
        reasons: String,
    },
    /// Something was still due when the time for sweeps was over.
    #[error("items were still due after {sweeps} sweeps; the last one counted {last}; the functions' logs say why")]
    Unsettled {
        /// Number of sweeps.
        sweeps: u32,
        /// Answer of the last sweep.
        last: String,
    },
    /// The gateway accepts requests without a token.
    #[error("the gateway answered {status} to a request without a token, not 401")]
    GatewayOpen {
        /// Status that it answered.
        status: u16,
    },
}

impl Error {
    /// Returns a function for `map_err` that makes an [`Error::File`].
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::File { path, source }
    }

    /// Makes an [`Error::Ended`] with the end of the program's log.
    pub fn ended(program: &'static str, what: &'static str, log: &Path) -> Self {
        let text = fs::read(log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines.get(lines.len().saturating_sub(15)..).unwrap_or_default().join("\n");
        Self::Ended { program, what, log: log.to_owned(), tail }
    }

    /// Makes an [`Error::Lacks`].
    pub fn lacks(what: impl Into<String>, lacks: impl Into<String>) -> Self {
        Self::Lacks { what: what.into(), lacks: lacks.into() }
    }

    /// Returns the error code of a refused call.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        if let Self::Refused { code, .. } = self { Some(code) } else { None }
    }
}
