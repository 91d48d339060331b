//! The record of a running cloud, by which another `cargo dev` finds it, or ends what a killed one left behind.

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

/// What runs, and for whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The emulator's port.
    pub(crate) port: u16,
    /// The port of the receivers of integrations.
    pub(crate) receivers: u16,
    /// The emulator, leader of the group of all that runs.
    pub(crate) emulator: Identity,
    /// The port of the stand-in for Stripe. A cloud that was begun before there was one is ended, not forgotten.
    #[serde(default)]
    pub(crate) stripe_port: u16,
    /// The stand-in, one of that group. `None` until it has been started.
    #[serde(default)]
    pub(crate) stripe: Option<Identity>,
    /// What looks after workspaces' containers, one of that group. `None` if they have no processes.
    #[serde(default)]
    pub(crate) containers: Option<Identity>,
    /// The dashboard, if the cloud has it.
    #[serde(default)]
    pub(crate) dashboard: Option<Forwarding>,
    /// The `cargo dev` that ends it. `None` if it was left running on purpose.
    pub(crate) owner: Option<Identity>,
}

/// The dashboard's forwarder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Forwarding {
    /// The port it listens on.
    pub(crate) port: u16,
    /// Its process, one of the emulator's group.
    pub(crate) process: Identity,
}

impl Record {
    fn path(state: &Path) -> PathBuf {
        state.join("running.json")
    }

    /// What is recorded, whether or not it still runs.
    pub(crate) fn read(state: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(state)).ok()?).ok()
    }

    pub(crate) fn write(&self, state: &Path) -> Result<()> {
        let path = Self::path(state);
        let text = serde_json::to_vec_pretty(self).map_err(std::io::Error::other);
        text.and_then(|text| fs::write(&path, text)).map_err(Error::file(path))
    }

    /// Forgets the cloud, and with it what callers were told about it.
    pub(crate) fn remove(state: &Path) {
        for path in [Self::path(state), outputs::path(state)] {
            // It may be gone already: whoever ends a cloud removes it.
            drop(fs::remove_file(path));
        }
    }

    /// Whether the cloud runs, whole, and somebody wants it to.
    pub(crate) fn serves(&self) -> bool {
        let whole = self.emulator.is_alive() && self.stripe.as_ref().is_some_and(Identity::is_alive);
        let whole = whole && self.containers.as_ref().is_none_or(Identity::is_alive);
        let whole = whole && self.dashboard.as_ref().is_none_or(|forwarding| forwarding.process.is_alive());
        whole && self.owner.as_ref().is_none_or(Identity::is_alive)
    }

    /// Ends the cloud and forgets it. Says whether anything was left to end.
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
