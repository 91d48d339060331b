//! The cargo workspace: its folders, and the packages that are functions.

use crate::{Error, Result};
use serde_json::Value;
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

/// The workspace that this program was built from.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Folder of template.yaml.
    pub root: PathBuf,
    /// Folder that cargo builds into.
    pub target: PathBuf,
    /// Packages in functions/. Each is one Lambda function and one binary of the same name.
    pub functions: Vec<String>,
}

impl Workspace {
    /// Reads the workspace from `cargo metadata`.
    pub fn find() -> Result<Self> {
        let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let output = Command::new(cargo())
            .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
            .current_dir(here)
            .output()
            .map_err(|source| Error::Start { program: "cargo".to_owned(), source })?;
        let metadata: Value =
            serde_json::from_slice(&output.stdout).map_err(|_| Error::lacks("cargo metadata", "readable answer"))?;
        let path = |key: &str| {
            metadata
                .get(key)
                .and_then(Value::as_str)
                .map(PathBuf::from)
                .ok_or_else(|| Error::lacks("cargo metadata", key))
        };
        let root = path("workspace_root")?;
        let functions = root.join("functions");
        let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
        Ok(Self {
            functions: packages.filter_map(|package| function(package, &functions)).collect(),
            target: path("target_directory")?,
            root,
        })
    }
}

fn function(package: &Value, functions: &Path) -> Option<String> {
    let manifest = Path::new(package.get("manifest_path")?.as_str()?);
    let folder = manifest.parent()?;
    (folder.parent()? == functions).then(|| Some(package.get("name")?.as_str()?.to_owned())).flatten()
}

/// Returns the cargo that runs this program, else the one in the path.
#[must_use]
pub fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
