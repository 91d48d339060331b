//! Builds the dashboard: installs npm's packages if the lock file changed, then runs Vite.

use crate::{
    Error, Result, console,
    dashboard::{Npm, npm::source},
    programs::process,
    workspace::Workspace,
};
use std::{
    fs::{self, File},
    path::PathBuf,
};

/// Builds into the target folder and returns the folder of the built files.
pub(crate) fn build(workspace: &Workspace, npm: &Npm) -> Result<PathBuf> {
    let state = workspace.target.join("local");
    fs::create_dir_all(&state).map_err(Error::file(&state))?;
    // The lock is needed because two clouds of one workspace build into the same folders.
    let lock_path = state.join("dashboard.lock");
    let lock = File::create(&lock_path).map_err(Error::file(&lock_path))?;
    lock.lock().map_err(Error::file(&lock_path))?;
    npm.install(workspace)?;
    console::print_step("building the dashboard");
    let built = state.join("dashboard");
    let mut vite = npm.command();
    vite.current_dir(source(workspace)).args([
        "run",
        "--silent",
        "build",
        "--",
        "--logLevel",
        "warn",
        "--emptyOutDir",
        "--outDir",
    ]);
    process::run("building the dashboard", vite.arg(&built))?;
    Ok(built)
}
