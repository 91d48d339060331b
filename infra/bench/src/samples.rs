//! Sample events, which are in `events/<function>/<case>.json`.

use local::{Error, Result, workspace::Workspace};
use std::{fs, path::PathBuf};

/// Sample event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Function that it is for.
    pub function: String,
    /// Name of the case.
    pub case: String,
    /// File of the event.
    pub path: PathBuf,
}

impl Sample {
    /// Reads its text.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub fn text(&self) -> Result<String> {
        fs::read_to_string(&self.path).map_err(Error::file(&self.path))
    }
}

/// Lists all sample events, by function and case.
///
/// # Errors
/// Returns an error if the folder cannot be read.
pub fn all(workspace: &Workspace) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for (function, folder) in entries(workspace.root.join("events"))? {
        if !folder.is_dir() {
            continue;
        }
        for (file, path) in entries(folder)? {
            if let Some(case) = file.strip_suffix(".json") {
                samples.push(Sample { function: function.clone(), case: case.to_owned(), path });
            }
        }
    }
    samples.sort_by(|a, b| (&a.function, &a.case).cmp(&(&b.function, &b.case)));
    Ok(samples)
}

fn entries(folder: PathBuf) -> Result<Vec<(String, PathBuf)>> {
    let entries = fs::read_dir(&folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(Error::file(folder))?;
    Ok(entries.into_iter().map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect())
}
