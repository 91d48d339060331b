//! Stand-ins for the receivers of integrations: a process in the emulator's group, which ends with it.

use crate::{
    Error, Result,
    clock::clock_file,
    programs::{Binaries, RECEIVERS, process::Group},
};
use std::{
    fs::File,
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};

/// Environment variable that redirects all deliveries of the functions to the stand-ins, so that none goes to the
/// Internet.
pub(crate) const DETOUR: &str = "DEVELOPMENT_ONLY_SEND_EVERY_DELIVERY_TO";

/// Returns an unused port.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|source| Error::Start { program: RECEIVERS.to_owned(), source })
}

/// Returns the URL of the stand-ins.
pub(crate) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Starts the stand-ins in the emulator's group, which ends them too. Their output goes to `state`. Their page of letters
/// lists those at the URL `sent_letters`.
pub(crate) fn start(binaries: &Binaries, emulator: &Group, state: &Path, port: u16, sent_letters: &str) -> Result<()> {
    let binary = binaries.get(RECEIVERS).ok_or_else(|| Error::lacks("cargo build", RECEIVERS))?;
    let log = state.join("receivers.log");
    let output = File::create(&log).map_err(Error::file(&log))?;
    let mut program = Command::new(binary);
    program.arg(port.to_string()).arg(clock_file(state)).arg(sent_letters);
    program.current_dir(state.join("scratch")).env_clear();
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(output);
    emulator.join(&mut program).map(drop)
}
