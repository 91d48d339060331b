//! Asks Node for its version.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Node that printed a version.
pub(crate) struct Answered {
    /// Major and minor version.
    pub(crate) version: (u32, u32),
    /// Version as Node prints it.
    pub(crate) text: String,
    /// Absolute path of the program.
    pub(crate) path: PathBuf,
}

/// Runs `program` for its version.
///
/// # Errors
/// A description of the program that was found instead of Node.
pub(crate) fn ask(program: &Path) -> Result<Answered, String> {
    let asked = Command::new(program).args(["-p", "process.version + ' ' + process.execPath"]).output();
    let answer = asked.map_err(|_| format!("no program called {}", program.display()))?;
    let answer = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    let known = answer.split_once(' ').and_then(|(text, path)| Some((version(text)?, text, path)));
    let (version, text, path) =
        known.ok_or_else(|| format!("{}, which does not print a version", program.display()))?;
    Ok(Answered { version, text: text.to_owned(), path: path.into() })
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_two_numbers_are_the_version() {
        let found = ["v20.20.2", "v9.1.0", "20.1.0", "v20", ""].map(version);
        assert_eq!(found, [Some((20, 20)), Some((9, 1)), None, None, None]);
    }
}
