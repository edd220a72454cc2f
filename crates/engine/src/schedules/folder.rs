//! Putting a file into a folder of the server.
//!
//! Guarantees: whoever looks there sees a file whole or not at all, and it is on the disk when this returns; nothing is
//! written outside of the folder that the operator has set, also where somebody has put a link into it.
//!
//! Must not know: what the file is.

use super::deliver::Trouble;
use super::destination::names;
use crate::Download;
use crate::random::hex;
use futures::StreamExt as _;
use sha2::{Digest as _, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt as _;

/// Where a file goes.
pub(super) struct Place<'a> {
    /// The folder that the operator has set.
    pub(super) root: &'a Path,
    /// The one of the account below it.
    pub(super) account: &'a str,
    /// The one below that: names with `/` in between.
    pub(super) folder: &'a str,
    /// What the file is called.
    pub(super) file_name: &'a str,
    /// The run, and which attempt of it this is: what the file is called until it is whole.
    pub(super) run: &'a str,
    pub(super) attempt: i64,
}

/// Puts a file there, and says where that is, as seen from the account's folder.
pub(super) async fn put(place: &Place<'_>, download: &Download) -> Result<String, Trouble> {
    let folder = folder(place).await.map_err(|error| failed(place, &error))?;
    // Those of attempts that nobody lived to end.
    for attempt in 0..place.attempt {
        fs::remove_file(folder.join(unfinished(place, attempt))).await.ok();
    }
    let temporary = folder.join(unfinished(place, place.attempt));
    let written = write(&temporary, download).await;
    let published = match written {
        Ok(()) => publish(&temporary, &folder, place.file_name).await.map_err(|error| failed(place, &error)),
        Err(trouble) => Err(trouble),
    };
    if published.is_err() {
        fs::remove_file(&temporary).await.ok();
    }
    published?;
    Ok(names(place.folder).chain([place.file_name]).collect::<Vec<_>>().join("/"))
}

/// The folder, made where it is not there; none of its own is a link.
async fn folder(place: &Place<'_>) -> io::Result<PathBuf> {
    fs::create_dir_all(place.root).await?;
    let mut folder = place.root.to_owned();
    for name in [place.account].into_iter().chain(names(place.folder)) {
        let parent = folder.clone();
        folder.push(name);
        match fs::create_dir(&folder).await {
            Ok(()) => sync_folder(&parent).await?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if !fs::symlink_metadata(&folder).await?.is_dir() {
                    return Err(io::Error::other(format!("{name} is there and no folder")));
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(folder)
}

async fn write(path: &Path, download: &Download) -> Result<(), Trouble> {
    let writing =
        |error: io::Error| Trouble::again(format!("the file could not be written: {}", error.kind()));
    let mut file = File::create_new(path).await.map_err(writing)?;
    let (mut digest, mut size_bytes) = (Sha256::new(), 0);
    let mut pieces = download.stream(0..download.facts.size_bytes);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| Trouble::of(&error))?;
        digest.update(&piece);
        size_bytes += piece.len() as u64;
        file.write_all(&piece).await.map_err(writing)?;
    }
    if size_bytes != download.facts.size_bytes || hex(&digest.finalize()) != download.facts.sha256 {
        return Err(Trouble::again("the export's file is not what it was".to_owned()));
    }
    file.flush().await.map_err(writing)?;
    file.sync_all().await.map_err(writing)
}

async fn publish(temporary: &Path, folder: &Path, name: &str) -> io::Result<()> {
    fs::rename(temporary, folder.join(name)).await?;
    sync_folder(folder).await
}

/// Makes names in a folder last.
async fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).await?.sync_all().await
}

/// What a file is called until it is whole.
fn unfinished(place: &Place<'_>, attempt: i64) -> String {
    format!(".{}.{}-{attempt}.part", place.file_name, place.run)
}

/// The server's own paths are in the log alone.
fn failed(place: &Place<'_>, error: &io::Error) -> Trouble {
    tracing::warn!(run = place.run, folder = %place.root.display(), %error, "a file could not be put into its folder");
    Trouble::again(format!("the folder cannot be written to: {}", error.kind()))
}
