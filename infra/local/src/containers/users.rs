//! Users of the containers' processes. On Fargate, the containers of a task do not see each other's processes. Here,
//! processes stand for containers, and separate users keep them from each other's environment, which takes root. It shows
//! that plugins need nothing of the other container. It is not the isolation of Fargate: the containers here share the
//! list of processes, the file system and, with all tasks, the network.

use super::config::Containers;
use std::{
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};

/// Users of the two containers of every task, by number. They need no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Users {
    /// User of the container that reports.
    pub(super) reporter: u32,
    /// User of the container in which plugins run.
    pub(super) plugins: u32,
}

impl Users {
    /// Returns the users, if this process may change to them and they can run the image.
    pub(super) fn available(containers: &Containers) -> Option<Self> {
        let users = Self { reporter: 64_001, plugins: 64_002 };
        let runs = |script: &str, user| {
            let mut program = Command::new(&containers.node);
            program.arg("--check").arg(containers.image.join("src").join(script));
            program.current_dir(&containers.scratch).env_clear().stdin(Stdio::null());
            program.stdout(Stdio::null()).stderr(Stdio::null());
            Self::run_as(&mut program, user);
            program.status().is_ok_and(|status| status.success())
        };
        let available = runs("main.js", users.reporter) && runs("plugin-host.js", users.plugins);
        available.then_some(users)
    }

    /// Makes `program` run as `user`, in no other group.
    pub(super) fn run_as(program: &mut Command, user: u32) {
        program.uid(user).gid(user);
    }
}
