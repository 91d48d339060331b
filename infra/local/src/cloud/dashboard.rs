//! The dashboard of a cloud: whether it has one, and the parts of the stack that it needs.

use crate::{
    Result,
    aws::Aws,
    cloud::{
        Plan,
        record::{Forwarding, Record},
    },
    console,
    dashboard::{self, Forwarder},
    programs::{Binaries, process::Group},
    settings::port_beside,
    template::stack::Stack,
    workspace::Workspace,
};
use std::path::{Path, PathBuf};

/// The dashboard's port next to an emulator on the port of its own.
const PORT: u16 = 3000;

/// A dashboard, or its absence.
pub(super) struct Dashboard {
    port: u16,
    hosted: bool,
    /// The built files, to be uploaded.
    built: Option<PathBuf>,
}

impl Dashboard {
    /// Decides whether the cloud on `port` has a dashboard, and builds it. One that runs keeps what it began with.
    pub(super) fn prepare(workspace: &Workspace, plan: &Plan, running: Option<&Record>, port: u16) -> Result<Self> {
        let follows = plan.dashboard_port.unwrap_or(port_beside(port, PORT));
        let forwarding = running.and_then(|record| record.dashboard.as_ref());
        let port = forwarding.map_or(follows, |forwarding| forwarding.port);
        let hosted = match (&plan.npm, running) {
            (_, Some(_)) if forwarding.is_some() => true,
            (None, Some(_) | None) => false,
            (Some(_), Some(_)) => {
                console::step(
                    "the dashboard is left out: the cloud began without it. `cargo dev --fresh` begins with it",
                );
                false
            }
            (Some(_), None) if dashboard::is_free(port) => true,
            (Some(_), None) => {
                console::step(format!(
                    "the dashboard is left out: its port {port} is taken by another program. `cargo dev --port` moves it"
                ));
                false
            }
        };
        let npm = plan.npm.as_ref().filter(|_| hosted);
        let built = npm.map(|npm| dashboard::build(workspace, npm)).transpose()?;
        Ok(Self { port, hosted, built })
    }

    pub(super) fn is_hosted(&self) -> bool {
        self.hosted
    }

    /// The origin that browsers reach it at.
    pub(super) fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Uploads what was built.
    pub(super) fn upload(&self, aws: &Aws, stack: &Stack) -> Result<()> {
        let Some(built) = &self.built else { return Ok(()) };
        dashboard::upload(aws, &stack.output("DashboardBucket")?, built)
    }

    /// Starts to forward to the distribution, in the group of the emulator on `emulator`, and records it.
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
