//! The functions as programs for this machine: built by cargo and packaged for Lambda. The Stripe stand-in is built with
//! them.

use crate::{
    Error, Result, console,
    programs::{ALONGSIDE, Binaries, process::Group},
    workspace::{Workspace, cargo},
};
use serde_json::Value;
use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Cursor, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::UNIX_EPOCH,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Builds all functions and the Stripe stand-in and returns their binaries. `selection` is the arguments that select what
/// cargo builds.
pub fn build(workspace: &Workspace, selection: &[&str]) -> Result<Binaries> {
    console::print_step("building the functions");
    let mut cargo = Command::new(cargo());
    // Progress and compiler messages go to the terminal; the list of built binaries is read as JSON.
    cargo.args(["build", "--message-format=json-render-diagnostics"]).args(selection);
    cargo.current_dir(&workspace.root).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut group = Group::start(&mut cargo)?;
    let messages = group.child().stdout.take().ok_or_else(|| Error::lacks("cargo", "output"))?;
    let binaries = BufReader::new(messages)
        .lines()
        .map_while(std::result::Result::ok)
        .filter_map(|line| binary(&serde_json::from_str(&line).ok()?))
        .filter(|(name, _)| ALONGSIDE.contains(&name.as_str()) || workspace.functions.contains(name))
        .collect();
    let status = group.wait().map_err(|source| Error::Start { program: "cargo".to_owned(), source })?;
    if status.success() { Ok(binaries) } else { Err(Error::Program { what: "cargo build".to_owned(), status }) }
}

/// Reads the binary that a message of cargo announces. A test binary of the same name is another program and is skipped.
fn binary(message: &Value) -> Option<(String, PathBuf)> {
    let target = message.get("target")?;
    let is_bin = target.get("kind")?.as_array()?.iter().any(|kind| kind == "bin");
    let is_test = message.pointer("/profile/test")?.as_bool()?;
    let executable = message.get("executable")?.as_str()?;
    (is_bin && !is_test).then(|| Some((target.get("name")?.as_str()?.to_owned(), executable.into()))).flatten()
}

/// Returns a version of this build of a binary, made of size and time as in make: hashing debug builds takes longer than
/// everything else in a second run.
pub(crate) fn version(binary: &Path) -> Result<String> {
    let about = fs::metadata(binary).map_err(Error::file(binary))?;
    let modified = about.modified().map_err(Error::file(binary))?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{:x}-{:x}", about.len(), modified.as_nanos()))
}

/// Packages a binary for Lambda: one executable file called `bootstrap`, stored uncompressed because it stays on this
/// machine.
pub fn package(binary: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(binary).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(Error::file(binary))?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + 256)));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).unix_permissions(0o755);
    let packed = zip
        .start_file("bootstrap", options)
        .and_then(|()| Ok(zip.write_all(&bytes)?))
        .and_then(|()| zip.finish())
        .map_err(std::io::Error::other);
    Ok(packed.map_err(Error::file(binary))?.into_inner())
}
