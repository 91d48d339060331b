//! Builds the dashboard: installs npm's packages if the lock file changed, then runs Vite.

use crate::{Error, Result, console, dashboard::Npm, programs::process, workspace::Workspace};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

/// Builds into the target folder and returns the folder of the built files.
pub(crate) fn build(workspace: &Workspace, npm: &Npm) -> Result<PathBuf> {
    let source = workspace.root.join("infra/dashboard");
    let state = workspace.target.join("local");
    fs::create_dir_all(&state).map_err(Error::file(&state))?;
    // The lock is needed because two clouds of one workspace build into the same folders.
    let lock_path = state.join("dashboard.lock");
    let lock = File::create(&lock_path).map_err(Error::file(&lock_path))?;
    lock.lock().map_err(Error::file(&lock_path))?;
    install(&source, npm)?;
    console::print_step("building the dashboard");
    let built = state.join("dashboard");
    let mut vite = npm.command();
    vite.current_dir(&source).args([
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

/// Installs the packages of the lock file, unless they are installed.
fn install(source: &Path, npm: &Npm) -> Result<()> {
    let wanted_path = source.join("package-lock.json");
    let wanted = fs::read(&wanted_path).map_err(Error::file(&wanted_path))?;
    let stamp = source.join("node_modules/.berth-installed.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    console::print_step(
        "installing the dashboard's packages into infra/dashboard/node_modules (once, about half a minute)",
    );
    let mut ci = npm.command();
    ci.current_dir(source).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::run("npm ci in infra/dashboard", &mut ci)?;
    fs::write(&stamp, wanted).map_err(Error::file(stamp))
}
