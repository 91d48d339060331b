//! Settings of the process that runs containers.

use std::path::PathBuf;

/// Settings for running containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Containers {
    /// Port of the emulator.
    pub port: u16,
    /// ARN of the cluster.
    pub cluster: String,
    /// Path of Node.
    pub node: PathBuf,
    /// Folder of the image.
    pub image: PathBuf,
    /// Folder in which each container has its own folder.
    pub scratch: PathBuf,
}
