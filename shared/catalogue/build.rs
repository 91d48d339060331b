//! Checks `infra/plans.toml` against `infra/plans.lock` and writes it as a Rust constant.

mod written;

use domain::plans::{
    catalogue::Plans,
    file::{self, lock::Lock},
};
use std::{env, fs, io, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let plans = match read() {
        Ok(plans) => plans,
        Err(mistakes) => return failed(&mistakes),
    };
    let written = written::catalogue(&plans);
    let out = env::var_os("OUT_DIR").map(|out| Path::new(&out).join("catalogue.rs"));
    match out.map(|out| fs::write(out, written)) {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(_)) | None => failed(&["the catalogue cannot be written".to_owned()]),
    }
}

/// Reads the catalogue, or returns what is wrong with it.
fn read() -> Result<Plans, Vec<String>> {
    let unreadable = |name, error: io::Error| vec![format!("infra/{name} cannot be read: {error}")];
    let text = infra("plans.toml").map_err(|error| unreadable("plans.toml", error))?;
    let lock = match infra("plans.lock") {
        // Nothing was sold yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        lock => lock.map_err(|error| unreadable("plans.lock", error))?,
    };
    let lock = Lock::parse(&lock).map_err(|error| vec![format!("infra/plans.lock:{}: {error}", error.line)])?;
    file::read(&text, &lock).map_err(|mistakes| {
        mistakes.0.into_iter().map(|found| format!("infra/plans.toml:{}: {}", found.line, found.message)).collect()
    })
}

/// Reads a file in `infra`. Cargo runs this program again if it changes.
fn infra(name: &str) -> io::Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra").join(name);
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path)
}

fn failed(reasons: &[String]) -> ExitCode {
    for reason in reasons {
        println!("cargo::error={reason}");
    }
    ExitCode::FAILURE
}
