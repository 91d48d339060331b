//! The company's files: the catalogue, the lock next to it, and the template with what is generated from the catalogue.

use crate::error::{Error, Result};
use domain::plans::{
    catalogue::Plans,
    file::{
        self,
        lock::{InvalidLock, Lock},
    },
};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
};

/// Folder of the company's files.
const INFRA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A catalogue, its lock, and the template that follows it, if one does.
#[derive(Debug, Clone)]
pub struct Files {
    catalogue: Named,
    lock: Named,
    template: Option<Named>,
}

/// A file, with its name in messages.
#[derive(Debug, Clone)]
struct Named {
    path: PathBuf,
    name: String,
}

impl Named {
    fn inside(folder: &Path, name: &str) -> Self {
        Self { path: folder.join(name), name: format!("infra/{name}") }
    }

    fn given(path: PathBuf) -> Self {
        Self { name: path.display().to_string(), path }
    }

    fn read(&self) -> Result<String> {
        fs::read_to_string(&self.path).map_err(Error::file(&self.name))
    }

    /// Replaces the file at once, so that it is never half written.
    fn write(&self, text: &str) -> Result<()> {
        let part = self.path.with_extension(format!("{}.part", process::id()));
        let written = File::create(&part).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&part, &self.path)
        });
        written.map_err(Error::file(&self.name))
    }
}

impl Files {
    /// The files in `infra`.
    #[must_use]
    pub fn of_the_company() -> Self {
        Self::inside(Path::new(INFRA))
    }

    /// The files in `folder`, in place of `infra`.
    #[must_use]
    pub fn inside(folder: &Path) -> Self {
        let names = ["plans.toml", "plans.lock", "runtime.yaml"];
        let [catalogue, lock, template] = names.map(|name| Named::inside(folder, name));
        Self { catalogue, lock, template: Some(template) }
    }

    /// The catalogue `path`, and the lock of the same name next to it.
    #[must_use]
    pub fn of(path: PathBuf) -> Self {
        let lock = Named::given(path.with_extension("lock"));
        Self { catalogue: Named::given(path), lock, template: None }
    }

    /// Name of the catalogue in messages.
    #[must_use]
    pub fn catalogue_name(&self) -> &str {
        &self.catalogue.name
    }

    /// Name of the lock in messages.
    #[must_use]
    pub fn lock_name(&self) -> &str {
        &self.lock.name
    }

    /// Reads the catalogue, with the versions in the lock.
    ///
    /// # Errors
    /// [`Error::File`] if one cannot be read, [`Error::Mistakes`] if one is not valid.
    pub fn read(&self) -> Result<Plans> {
        let text = self.catalogue.read()?;
        let lock = self.read_lock()?;
        file::read(&text, &lock).map_err(|mistakes| {
            let name = &self.catalogue.name;
            Error::Mistakes(
                mistakes.0.iter().map(|found| format!("{name}:{}: {}", found.line, found.message)).collect(),
            )
        })
    }

    /// Changes the lock. Other programs wait that change it at the same time, and each adds to what the others wrote.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be written, [`Error::Mistakes`] if what is there is no lock.
    pub fn change_lock(&self, change: impl FnOnce(&mut Lock)) -> Result<()> {
        let turn = File::open(&self.catalogue.path).map_err(Error::file(&self.catalogue.name))?;
        turn.lock().map_err(Error::file(&self.catalogue.name))?;
        let before = self.read_lock()?;
        let mut lock = before.clone();
        change(&mut lock);
        if lock == before {
            return Ok(());
        }
        let text = lock.write().map_err(|error| Error::file(&self.lock.name)(io::Error::other(error)))?;
        self.lock.write(&text)
    }

    fn read_lock(&self) -> Result<Lock> {
        let text = match self.lock.read() {
            // Nothing was sold yet.
            Err(Error::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => String::new(),
            text => text?,
        };
        let mistake = |error: InvalidLock| Error::Mistakes(vec![format!("{}:{}: {error}", self.lock.name, error.line)]);
        Lock::parse(&text).map_err(mistake)
    }

    /// Reads the template that follows the catalogue, with its name; `None` if none does.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be read.
    pub fn read_template(&self) -> Result<Option<(&str, String)>> {
        self.template.as_ref().map(|template| Ok((template.name.as_str(), template.read()?))).transpose()
    }

    /// Writes the template that follows the catalogue.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be written.
    pub fn write_template(&self, text: &str) -> Result<()> {
        self.template.as_ref().map_or(Ok(()), |template| template.write(text))
    }
}
