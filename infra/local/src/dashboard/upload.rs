//! Uploads the built files to the emulated bucket, as infra/dashboard/deploy.mjs does to a bucket of AWS.

use crate::{Error, Result, aws::Aws};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Cache-Control of files whose names change with their content.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Cache-Control of all other files: browsers revalidate them on each request.
const NO_CACHE: &str = "no-cache";

/// Uploads assets first and index.html last, so that a page never refers to a missing file. Deletes nothing, because open
/// tabs still load files of the previous build.
pub(crate) fn upload(aws: &Aws, bucket: &str, built: &Path) -> Result<()> {
    let mut files = Vec::new();
    find(built, &mut files)?;
    files.sort_by_key(|path| order(built, path));
    for path in files {
        let Some(name) = name(built, &path) else { continue };
        let key = format!("/{bucket}/{name}");
        let immutable = name.starts_with("assets/");
        if immutable && aws.has(&key)? {
            continue;
        }
        let bytes = fs::read(&path).map_err(Error::file(&path))?;
        let cache = if immutable { IMMUTABLE } else { NO_CACHE };
        aws.put_with(&key, bytes, &[("content-type", media_type(&path)), ("cache-control", cache)])?;
    }
    Ok(())
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::file(folder))? {
        let path = entry.map_err(Error::file(folder))?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Returns the object's name. `None` for files that are not uploaded: Vite's manifest, and the configuration, which the
/// distribution answers.
fn name(built: &Path, path: &Path) -> Option<String> {
    let name = path.strip_prefix(built).ok()?.to_str()?.to_owned();
    (!name.starts_with('.') && name != "config.json").then_some(name)
}

fn order(built: &Path, path: &Path) -> u8 {
    match name(built, path).as_deref() {
        Some("index.html") => 2,
        Some(name) if name.starts_with("assets/") => 0,
        Some(_) | None => 1,
    }
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some(_) | None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_comes_last_and_the_configuration_not_at_all() {
        let built = Path::new("/built");
        let mut files: Vec<PathBuf> = ["index.html", ".vite/manifest.json", "config.json", "icon.svg", "assets/a.js"]
            .map(|name| built.join(name))
            .into();
        files.sort_by_key(|path| order(built, path));
        let names: Vec<_> = files.iter().filter_map(|path| name(built, path)).collect();
        assert_eq!(names, ["assets/a.js", "icon.svg", "index.html"]);
    }
}
