//! Finds a supported Python and creates a virtual environment with exactly the packages of requirements.txt.

use crate::{Error, Result, console, programs::process};
use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

/// Packages of the virtual environment.
const REQUIREMENTS: &str = include_str!("../../requirements.txt");
const REQUIREMENTS_FILE: &str = "infra/local/requirements.txt";

/// Script that prints an interpreter's version and the modules that it lacks.
const PROBE: &str = "import sys, importlib.util as u
print('%d.%d' % sys.version_info[:2])
print(' '.join(m for m in ('venv', 'ensurepip') if not u.find_spec(m)))";

/// Returns the virtual environment's interpreter. Creates the environment if it is missing or out of date.
///
/// # Errors
/// A description of what is missing, or the failure of pip.
pub fn environment(root: &Path, target: &Path) -> Result<PathBuf> {
    let folder = target.join("local/venv");
    let python = folder.join("bin/python");
    let (system, version) = interpreter()?;
    let stamp = stamp(REQUIREMENTS, &system, &version);
    fs::create_dir_all(target.join("local")).map_err(Error::file(target))?;
    let lock_path = target.join("local/venv.lock");
    let lock = File::create(&lock_path).map_err(Error::file(&lock_path))?;
    lock.lock().map_err(Error::file(&lock_path))?;
    let stamp_path = folder.join("requirements.stamp");
    if fs::read_to_string(&stamp_path).is_ok_and(|found| found == stamp) && probe(&python).is_some() {
        return Ok(python);
    }
    console::print_step("installing the emulator into target/local/venv (once, about half a minute)");
    process::run("making a virtual environment", Command::new(&system).args(["-m", "venv", "--clear"]).arg(&folder))?;
    // The index, proxies and certificates are the user's: pip reads PIP_* and its own configuration.
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--requirement"]);
    process::run("pip install", pip.arg(root.join(REQUIREMENTS_FILE)))?;
    fs::write(&stamp_path, stamp).map_err(Error::file(&stamp_path))?;
    Ok(python)
}

/// Identifies an environment's contents: another list or another Python gives another environment.
fn stamp(requirements: &str, python: &str, version: &str) -> String {
    format!("# made by {python} {version}\n{requirements}")
}

fn interpreter() -> Result<(String, String)> {
    let named = env::var("PYTHON").ok();
    let candidates: Vec<&str> = named.as_deref().map_or(vec!["python3", "python"], |python| vec![python]);
    let mut found = "none".to_owned();
    for python in candidates {
        let Some((version, lacks)) = probe(Path::new(python)) else { continue };
        if !new_enough(&version) {
            found = version;
        } else if let Some(module) = lacks.split_whitespace().next() {
            return Err(Error::PythonIncomplete { python: python.to_owned(), module: module.to_owned() });
        } else {
            return Ok((python.to_owned(), version));
        }
    }
    Err(Error::PythonMissing { found })
}

fn probe(python: &Path) -> Option<(String, String)> {
    let output = Command::new(python).args(["-c", PROBE]).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (version, lacks) = text.split_once('\n')?;
    Some((version.trim().to_owned(), lacks.trim().to_owned()))
}

fn new_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (3, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_3_10_is_the_oldest() {
        for (version, expected) in
            [("3.9", false), ("3.10", true), ("3.14", true), ("2.7", false), ("4.0", true), ("", false)]
        {
            assert_eq!(new_enough(version), expected, "{version}");
        }
    }

    #[test]
    fn the_stamp_depends_on_the_list_and_the_python() {
        let stamps =
            [stamp("a==1", "python3", "3.11"), stamp("a==2", "python3", "3.11"), stamp("a==1", "python3", "3.12")];
        assert_eq!(stamps[0], stamp("a==1", "python3", "3.11"));
        assert!(stamps[0] != stamps[1] && stamps[0] != stamps[2]);
    }

    #[test]
    fn every_requirement_is_pinned() {
        let lines = REQUIREMENTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(lines.filter(|line| !line.contains("==")).collect::<Vec<_>>(), Vec::<&str>::new());
    }
}
