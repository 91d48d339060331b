//! Dashboard of a cloud: decides if the cloud has one, and uploads and serves it.

use crate::{
    Result,
    aws::Aws,
    cloud::record::{Forwarding, Record},
    console,
    dashboard::{self, Forwarder, Npm},
    programs::{Binaries, process::Group},
    settings,
    template::stack::Stack,
    workspace::Workspace,
};
use std::path::{Path, PathBuf};

/// Returns the dashboard's port for an emulator on `emulator`.
pub(super) fn port_for(emulator: u16) -> u16 {
    settings::port_for(emulator, 3000)
}

/// Dashboard, or its absence.
pub(super) struct Dashboard {
    port: u16,
    hosted: bool,
    /// Folder of the built files, to be uploaded.
    built: Option<PathBuf>,
}

impl Dashboard {
    /// Decides if the cloud has a dashboard on `port`, and builds it. A running cloud keeps the choice that it was
    /// started with.
    pub(super) fn prepare(
        workspace: &Workspace,
        npm: Option<&Npm>,
        running: Option<&Record>,
        port: u16,
    ) -> Result<Self> {
        let forwarding = running.and_then(|record| record.dashboard.as_ref());
        let port = forwarding.map_or(port, |forwarding| forwarding.port);
        let hosted = match (npm, running) {
            (_, Some(_)) if forwarding.is_some() => true,
            (None, Some(_) | None) => false,
            (Some(_), Some(_)) => {
                console::print_step(
                    "the dashboard is left out because the running cloud has none; run `cargo dev --fresh` to add it",
                );
                false
            }
            (Some(_), None) if dashboard::is_free(port) => true,
            (Some(_), None) => {
                console::print_step(format!(
                    "the dashboard is left out because its port {port} is taken; choose others with `cargo dev --port`"
                ));
                false
            }
        };
        let npm = npm.filter(|_| hosted);
        let built = npm.map(|npm| dashboard::build(workspace, npm)).transpose()?;
        Ok(Self { port, hosted, built })
    }

    pub(super) fn is_hosted(&self) -> bool {
        self.hosted
    }

    /// Returns the origin of the dashboard for browsers.
    pub(super) fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Uploads the built files.
    pub(super) fn upload(&self, aws: &Aws, stack: &Stack) -> Result<()> {
        let Some(built) = &self.built else { return Ok(()) };
        dashboard::upload(aws, &stack.output("DashboardBucket")?, built)
    }

    /// Starts the forwarder to the distribution, in the process group of the emulator on `emulator`, and records it.
    pub(super) fn start(
        &self,
        binaries: &Binaries,
        group: &Group,
        state: &Path,
        stack: &Stack,
        emulator: u16,
    ) -> Result<()> {
        if !self.hosted {
            return Ok(());
        }
        let forwarder = Forwarder { port: self.port, emulator, host: stack.output("DashboardDistributionDomain")? };
        let process = dashboard::start(binaries, group, state, &forwarder)?;
        if let Some(record) = Record::read(state) {
            Record { dashboard: Some(Forwarding { port: self.port, process }), ..record }.write(state)?;
        }
        Ok(())
    }
}
