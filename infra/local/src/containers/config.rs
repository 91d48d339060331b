//! The settings of the process that looks after containers.

use std::path::PathBuf;

/// What it takes to look after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Containers {
    /// The emulator's port.
    pub port: u16,
    /// The cluster.
    pub cluster: String,
    /// Node.
    pub node: PathBuf,
    /// The folder of the image.
    pub image: PathBuf,
    /// Where each has a folder of its own.
    pub scratch: PathBuf,
}
