//! Upkeep: copies of a store and its blobs, and whether what is there belongs together.
//!
//! Guarantees: a copy has every blob that its database names, whatever is stored and dropped while it is made.
//!
//! Must not know: who asks; where a copy is kept.

use crate::files::blob_name;
use crate::{Engine, Error, Result};
use fillhouse_model::AccountId;
use fillhouse_store::{Blobs, Soundness};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is written to see whether blobs can be.
const PROBES: &str = "probes/";

/// What came of copying blobs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// How many there are.
    pub blobs: u64,
    /// How many of them were not there before.
    pub copied: u64,
    /// How many bytes those have.
    pub copied_bytes: u64,
}

/// How blobs and rows belong together.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Blobbing {
    /// How many blobs are named by rows.
    pub named: u64,
    /// Those of them that are not there, or have another size.
    pub missing: Vec<String>,
    /// How many are there that nothing names: those of work under way, and those that are swept in time.
    pub unnamed: u64,
}

impl Engine {
    /// Looks at the database; on SQLite at all of it.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn soundness(&self) -> Result<Soundness> {
        Ok(self.parts.store.soundness().await?)
    }

    /// Looks for blobs without rows and for rows without blobs.
    ///
    /// # Errors
    /// The database does not answer, or the blobs cannot be listed.
    pub async fn blobbing(&self) -> Result<Blobbing> {
        let named = self.named().await?;
        let mut there = names(&self.parts.blobs).await?;
        let mut found = Blobbing { named: named.len() as u64, ..Blobbing::default() };
        for (name, size_bytes) in named {
            let size = self.parts.blobs.size(&name).await?;
            there.remove(&name);
            if size != u64::try_from(size_bytes).ok() {
                found.missing.push(name);
            }
        }
        found.unnamed = there.len() as u64;
        if !found.missing.is_empty() {
            // What was dropped meanwhile is not missed.
            let named = self.named().await?;
            found.missing.retain(|name| named.contains_key(name));
        }
        Ok(found)
    }

    /// The blobs that rows name, with their sizes.
    async fn named(&self) -> Result<BTreeMap<String, i64>> {
        let read = self
            .parts
            .store
            .read(|tx| Box::pin(async move { Ok((tx.named_blobs().await?, tx.named_files().await?)) }));
        let (named, files) = read.await?;
        let files =
            files.into_iter().map(|file| (blob_name(AccountId(file.account_id), &file.id), file.size_bytes));
        Ok(named.into_iter().chain(files).collect())
    }

    /// Copies a database in SQLite into `file`, which is not there.
    ///
    /// # Errors
    /// The database is no SQLite; something cannot be read or written.
    pub async fn copy_database(&self, file: &Path) -> Result<()> {
        if self.parts.store.copy_to(file).await? {
            return Ok(());
        }
        Err(Error::internal("only a database in SQLite can be copied from here"))
    }

    /// Copies the blobs into the folder `blobs`, and the database by `database`, which copies it as of one moment within its
    /// time; a copy of blobs that was made there before is brought up to date. `progress` is told of each blob.
    ///
    /// # Errors
    /// Something cannot be read or written.
    pub async fn back_up<E: From<Error>>(
        &self,
        blobs: &Path,
        database: impl Future<Output = Result<(), E>>,
        progress: &mut (dyn FnMut(Copied) + Send),
    ) -> Result<Copied, E> {
        let (from, to) = (&self.parts.blobs, Blobs::in_folder(blobs).map_err(Error::from)?);
        // What the database names at its moment was there before it, or has come since: a row goes before its blob does.
        let mut copied = Copied::default();
        let mut kept = copy(from, &to, &mut copied, progress).await?;
        database.await?;
        kept.extend(copy(from, &to, &mut copied, progress).await?);
        for left in names(&to).await?.difference(&kept) {
            to.delete(left).await.map_err(Error::from)?;
        }
        copied.blobs = kept.len() as u64;
        Ok(copied)
    }

    /// Takes the blobs of a copy over.
    ///
    /// # Errors
    /// Something cannot be read or written.
    pub async fn take_blobs(
        &self,
        blobs: &Path,
        progress: &mut (dyn FnMut(Copied) + Send),
    ) -> Result<Copied> {
        let mut copied = Copied::default();
        let taken = copy(&Blobs::in_folder(blobs)?, &self.parts.blobs, &mut copied, progress).await?;
        copied.blobs = taken.len() as u64;
        Ok(copied)
    }
}

async fn names(blobs: &Blobs) -> Result<BTreeSet<String>> {
    Ok(blobs.list("").await?.into_iter().filter(|name| !name.starts_with(PROBES)).collect())
}

/// Copies what is not there yet: a blob is never changed, so that one of the same name and size is the same.
async fn copy(
    from: &Blobs,
    to: &Blobs,
    copied: &mut Copied,
    progress: &mut (dyn FnMut(Copied) + Send),
) -> Result<BTreeSet<String>> {
    let mut there = BTreeSet::new();
    for name in names(from).await? {
        // One that has gone meanwhile is named by nothing any more.
        let Some(size_bytes) = from.size(&name).await? else { continue };
        if to.size(&name).await? != Some(size_bytes) {
            if size_bytes == 0 {
                to.put(&name, bytes::Bytes::new()).await?;
            } else {
                to.put_stream(&name, from.stream(name.clone(), 0..size_bytes)).await?;
            }
            copied.copied += 1;
            copied.copied_bytes += size_bytes;
        }
        copied.blobs += 1;
        there.insert(name);
        progress(*copied);
    }
    Ok(there)
}
