//! Workspaces' containers without Docker: for each task that the emulated ECS runs, this program runs the processes of
//! infra/workspace-image in Node. The first container has the environment of the launch, the second one runs the plugins.
//! It is a separate program in the emulator's group, which ends with it.

mod config;
mod node;
mod task;
mod users;
mod watch;

pub use config::Containers;
pub use node::Node;
pub use task::reachable;

use crate::{
    Error, Result,
    programs::{
        Binaries, LOCAL,
        process::{Group, Identity},
    },
};
use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
};

/// Argument that makes the program run the containers.
pub(crate) const WORD: &str = "containers";

/// Starts the program in the emulator's group. Its output goes to `state`.
pub(crate) fn start(binaries: &Binaries, emulator: &Group, state: &Path, containers: &Containers) -> Result<Identity> {
    let binary = binaries.get(LOCAL).ok_or_else(|| Error::lacks("cargo build", LOCAL))?;
    let log = state.join("containers.log");
    let output = File::create(&log).map_err(Error::file(&log))?;
    let errors = output.try_clone().map_err(Error::file(&log))?;
    let Containers { port, cluster, node, image, scratch } = containers;
    let mut program = Command::new(binary);
    program.args([WORD, &port.to_string(), cluster]).args([node, image, scratch]);
    program.current_dir(scratch).env_clear();
    program.stdin(Stdio::null()).stdout(output).stderr(errors);
    emulator.join(&mut program)
}
