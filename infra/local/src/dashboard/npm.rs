//! Node and npm that build the dashboard.

use crate::{
    Error, Result, console,
    programs::{node, process},
    workspace::Workspace,
};
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// npm with a Node version that Vite supports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Npm {
    /// Search path, with the folder of Node first.
    path: OsString,
}

impl Npm {
    /// Finds npm next to the Node that the variable NODE names, else next to the one in the path.
    ///
    /// # Errors
    /// [`Error::NpmMissing`] if npm is missing or Node is too old.
    pub fn find() -> Result<Self> {
        Self::at(env::var_os("NODE").map_or_else(|| "node".into(), PathBuf::from))
    }

    /// Finds npm next to the Node called `program`.
    ///
    /// # Errors
    /// [`Error::NpmMissing`] if npm is missing or Node is too old.
    pub fn at(program: PathBuf) -> Result<Self> {
        let missing = |found: String| Error::NpmMissing { found };
        let node = node::ask(&program).map_err(missing)?;
        if !is_new_enough(node.version) {
            return Err(missing(format!("{} at {}", node.text, node.path.display())));
        }
        let folders = node.path.parent().map(Path::to_owned).into_iter();
        let known = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(folders.chain(env::split_paths(&known))).unwrap_or(known);
        let npm = Self { path };
        let answer = npm.command().arg("--version").output();
        if answer.is_ok_and(|answer| answer.status.success()) {
            Ok(npm)
        } else {
            Err(missing(format!("{} without npm", node.text)))
        }
    }

    /// Runs the script `name` of infra/dashboard/package.json, with its output shown.
    #[must_use]
    pub fn script(&self, workspace: &Workspace, name: &str) -> Command {
        let mut npm = self.command();
        npm.current_dir(source(workspace)).args(["run", "--silent", name]).stdout(Stdio::inherit());
        npm
    }

    /// Installs the packages of the lock file, unless they are installed.
    ///
    /// # Errors
    /// [`Error::Program`] if npm fails, [`Error::File`] if the lock file cannot be read.
    pub fn install(&self, workspace: &Workspace) -> Result<()> {
        let source = source(workspace);
        let wanted_path = source.join("package-lock.json");
        let wanted = fs::read(&wanted_path).map_err(Error::file(&wanted_path))?;
        let stamp = source.join("node_modules/.berth-installed.json");
        if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        console::print_step(
            "installing the dashboard's packages into infra/dashboard/node_modules (once, about half a minute)",
        );
        let mut ci = self.command();
        ci.current_dir(source).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        process::run("npm ci in infra/dashboard", &mut ci)?;
        fs::write(&stamp, wanted).map_err(Error::file(stamp))
    }

    /// Creates an npm command without standard output, which is for the results of `cargo dev`.
    pub(super) fn command(&self) -> Command {
        let mut npm = Command::new("npm");
        npm.env("PATH", &self.path).stdin(Stdio::null()).stdout(Stdio::null());
        npm
    }
}

/// The dashboard's folder.
pub(super) fn source(workspace: &Workspace) -> PathBuf {
    workspace.root.join("infra/dashboard")
}

/// Checks the version against the field `engines` of infra/dashboard/package.json, which is Vite's requirement.
fn is_new_enough(version: (u32, u32)) -> bool {
    matches!(version, (20, 19..) | (22, 12..) | (23.., _))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vite_decides_which_node_is_new_enough() {
        let package = include_str!("../../../dashboard/package.json");
        assert!(package.contains(r#""node": "^20.19.0 || >=22.12.0""#), "{package}");
        for (version, expected) in [
            ((18, 20), false),
            ((20, 18), false),
            ((20, 19), true),
            ((21, 7), false),
            ((22, 11), false),
            ((22, 12), true),
        ] {
            assert_eq!(is_new_enough(version), expected, "{version:?}");
        }
        assert!(is_new_enough((24, 0)));
    }

    #[test]
    fn without_node_the_message_says_how_to_install_it() {
        let message = Npm::at("no-such-node".into()).unwrap_err().to_string();
        assert!(message.contains("no program called no-such-node") && message.contains("Node 20.19"), "{message}");
        assert!(message.contains("install"), "{message}");
    }
}
