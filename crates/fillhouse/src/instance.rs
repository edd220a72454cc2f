//! The instance: who this process is to others that share its database.
//!
//! Guarantees: two servers never run in one data folder; a server that was killed comes back as the same instance, so that
//! the work it had leased can be leased again at once.
//!
//! Must not know: what leases are.

use anyhow::{Context as _, Result, bail};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

/// An instance, for as long as this lives.
pub(crate) struct Instance {
    pub(crate) id: String,
    /// The system gives the lock up with the process, however that ends.
    _locked: File,
}

impl Instance {
    /// Takes the instance of a data folder; `new_id` is its id where it has none yet.
    pub(crate) fn take(data_dir: &Path, new_id: impl FnOnce() -> String) -> Result<Self> {
        let path = data_dir.join("instance");
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .with_context(|| format!("{} cannot be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("a server is running in {} already", data_dir.display()),
            Err(TryLockError::Error(error)) => return Err(error).context("the data folder cannot be locked"),
        }
        let mut id = String::new();
        file.read_to_string(&mut id)?;
        if id.trim().is_empty() {
            id = new_id();
            file.rewind()?;
            file.write_all(id.as_bytes())?;
            file.sync_all()?;
        }
        Ok(Self { id: id.trim().to_owned(), _locked: file })
    }
}

/// Whether a server runs in a data folder.
pub(crate) fn is_taken(data_dir: &Path) -> bool {
    let Ok(file) = File::open(data_dir.join("instance")) else { return false };
    matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_taken_once_and_comes_back_as_itself() {
        let folder = tempfile::tempdir().unwrap();
        let first = Instance::take(folder.path(), || "one".to_owned()).unwrap();
        let error = Instance::take(folder.path(), || "two".to_owned()).err().unwrap().to_string();
        assert!(error.contains("already"), "{error}");
        drop(first);
        assert_eq!(Instance::take(folder.path(), || "three".to_owned()).unwrap().id, "one");
    }
}
