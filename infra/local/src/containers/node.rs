//! The Node that runs them.

use crate::{Error, Result};
use std::{env, path::PathBuf, process::Command};

/// The oldest that the image's package takes.
const OLDEST: u32 = 20;

/// A Node that is new enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node(pub PathBuf);

impl Node {
    /// The one that the variable NODE names, else the one in the path.
    ///
    /// # Errors
    /// [`Error::NodeMissing`].
    pub fn find() -> Result<Self> {
        Self::at(env::var_os("NODE").map_or_else(|| "node".into(), PathBuf::from))
    }

    /// The one called `program`, which is then known by its whole path.
    ///
    /// # Errors
    /// [`Error::NodeMissing`].
    pub fn at(program: PathBuf) -> Result<Self> {
        let asked = Command::new(&program).args(["-p", "process.version + ' ' + process.execPath"]).output();
        let missing = |found: String| Error::NodeMissing { found };
        let answer = asked.map_err(|_| missing(format!("no program called {}", program.display())))?;
        let answer = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        let known = answer.split_once(' ').and_then(|(version, path)| Some((major(version)?, version, path)));
        match known {
            Some((major, _, path)) if major >= OLDEST => Ok(Self(path.into())),
            Some((_, version, path)) => Err(missing(format!("{version} at {path}"))),
            None => Err(missing(format!("{}, which does not tell its version", program.display()))),
        }
    }
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_what_stands_before_the_first_dot() {
        assert_eq!((major("v20.20.2"), major("v9.1.0"), major("20.1"), major("")), (Some(20), Some(9), None, None));
    }

    #[test]
    fn without_node_it_is_told_what_to_do() {
        for (program, found) in
            [("no-such-node", "no program called no-such-node"), ("echo", "which does not tell its version")]
        {
            let told = Node::at(program.into()).unwrap_err().to_string();
            assert!(told.contains(found) && told.contains("Node 20 or newer"), "{told}");
        }
    }
}
