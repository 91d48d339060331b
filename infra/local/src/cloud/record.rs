//! Record of a running cloud. By it, another `cargo dev` finds the cloud, or ends the processes that a killed one left.

use crate::{
    Error, Result,
    cloud::outputs,
    programs::process::{self, Identity},
};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Processes and ports of a cloud.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Port of the emulator.
    pub(crate) port: u16,
    /// Port of the integration receivers.
    pub(crate) receivers: u16,
    /// The emulator, which leads the process group of the cloud.
    pub(crate) emulator: Identity,
    /// Port of the Stripe stand-in.
    #[serde(default)]
    pub(crate) stripe_port: u16,
    /// The Stripe stand-in, in the emulator's group. `None` until it is started.
    #[serde(default)]
    pub(crate) stripe: Option<Identity>,
    /// The process that runs workspaces' containers, in the emulator's group. `None` if containers have no processes.
    #[serde(default)]
    pub(crate) containers: Option<Identity>,
    /// The dashboard, if the cloud has one.
    #[serde(default)]
    pub(crate) dashboard: Option<Forwarding>,
    /// The `cargo dev` that ends the cloud. `None` if the cloud was detached.
    pub(crate) owner: Option<Identity>,
}

/// Forwarder of the dashboard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Forwarding {
    /// Port that it listens on.
    pub(crate) port: u16,
    /// Its process, in the emulator's group.
    pub(crate) process: Identity,
}

impl Record {
    fn path(state: &Path) -> PathBuf {
        state.join("running.json")
    }

    /// Reads the record. The recorded processes may have ended.
    pub(crate) fn read(state: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(state)).ok()?).ok()
    }

    pub(crate) fn write(&self, state: &Path) -> Result<()> {
        let path = Self::path(state);
        let text = serde_json::to_vec_pretty(self).map_err(std::io::Error::other);
        text.and_then(|text| fs::write(&path, text)).map_err(Error::file(path))
    }

    /// Removes the record and the outputs.
    pub(crate) fn remove(state: &Path) {
        for path in [Self::path(state), outputs::outputs_path(state)] {
            // Another process that ended the cloud may have removed it already.
            drop(fs::remove_file(path));
        }
    }

    /// Returns true if the cloud runs with all its processes and has an owner or is detached.
    pub(crate) fn serves(&self) -> bool {
        let whole = self.emulator.is_alive() && self.stripe.as_ref().is_some_and(Identity::is_alive);
        let whole = whole && self.containers.as_ref().is_none_or(Identity::is_alive);
        let whole = whole && self.dashboard.as_ref().is_none_or(|forwarding| forwarding.process.is_alive());
        whole && self.owner.as_ref().is_none_or(Identity::is_alive)
    }

    /// Ends the cloud and removes its record. Returns true if any process was left to end.
    pub(crate) fn end(&self, state: &Path) -> bool {
        let ran = self.emulator.is_alive();
        if ran {
            process::end_group(&self.emulator);
        } else {
            process::end_orphans(self.emulator.pid, state);
        }
        Self::remove(state);
        ran
    }
}
