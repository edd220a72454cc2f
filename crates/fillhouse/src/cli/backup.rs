//! `fillhouse backup` and `fillhouse restore`: a copy of a store in a folder, and a store of such a copy. A PostgreSQL is copied by
//! its own programs (`postgres.rs`).
//!
//! Guarantees: a backup is of one moment, whatever a server does meanwhile; one that was interrupted is not taken for whole; a
//! store that is there is not written over.
//!
//! Must not know: what is in the store.

mod postgres;

use crate::config::Config;
use crate::files::make_private;
use crate::instance::Instance;
use crate::output;
use crate::progress::{Progress, Unit};
use crate::wiring::{self, with_source};
use anyhow::{Context as _, Result, bail};
use fillhouse_engine::Copied;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The names of what is in a backup, and of the database in a data folder.
const DATABASE: &str = "fillhouse.sqlite";
const POSTGRES: &str = "fillhouse.pgdump";
const BLOBS: &str = "blobs";
const NOTES: &str = "backup.json";
/// What is in a data folder while a store is made there.
const UNFINISHED: &str = "restoring";

/// The command.
#[derive(clap::Args)]
pub(crate) struct Backup {
    /// The folder to copy into
    folder: PathBuf,
    /// Print the result as a JSON object
    #[arg(long)]
    json: bool,
}

/// The command.
#[derive(clap::Args)]
pub(crate) struct Restore {
    /// The folder of the backup
    folder: PathBuf,
    /// Print the result as a JSON object
    #[arg(long)]
    json: bool,
}

/// What is said of a backup.
#[derive(Serialize, Deserialize)]
struct Notes {
    made_at: String,
    made_by: String,
    /// The name of the database's file.
    #[serde(default = "sqlite")]
    database: String,
    database_sha256: String,
    database_bytes: u64,
    blobs: u64,
    /// How many blobs were not in it before, and their bytes.
    copied_blobs: u64,
    copied_bytes: u64,
}

/// Of backups that do not say so.
fn sqlite() -> String {
    DATABASE.to_owned()
}

impl Backup {
    /// Copies the store.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let engine = wiring::open_existing(&config).await?;
        let blobs = self.folder.join(BLOBS);
        make_private(&blobs)?;
        let name = if config.database_url.is_some() { POSTGRES } else { DATABASE };
        let (database, new) = (self.folder.join(name), self.folder.join(format!("{name}.new")));
        // Of a backup that was interrupted.
        fs::remove_file(&new).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        let made_at = engine.time().to_seconds_string();
        let mut progress = Progress::new("copying", None, Unit::Bytes).unless(self.json);
        let mut say = |copied: Copied| {
            progress.set(copied.copied_bytes, &format!("{} blobs", copied.blobs));
        };
        let copying = async {
            match &config.database_url {
                Some(url) => postgres::dump(url, &new).await,
                None => engine.copy_database(&new).await.map_err(with_source),
            }
        };
        let copied = engine.back_up(&blobs, copying, &mut say).await?;
        progress.finish();
        let (database_sha256, database_bytes) = digest(&new)?;
        let notes = Notes {
            made_at,
            made_by: format!("fillhouse {}", env!("CARGO_PKG_VERSION")),
            database: name.to_owned(),
            database_sha256,
            database_bytes,
            blobs: copied.blobs,
            copied_blobs: copied.copied,
            copied_bytes: copied.copied_bytes,
        };
        fs::rename(&new, &database)?;
        let written = fs::File::create(self.folder.join(NOTES)).and_then(|mut file| {
            std::io::Write::write_all(&mut file, serde_json::to_string(&notes)?.as_bytes())?;
            file.sync_all()
        });
        written.context("the backup has no notes, and is not whole")?;
        if self.json {
            output::json(&notes)
        } else {
            output::line(format!(
                "{}: a database of {} bytes and {} blobs, {} of them new with {} bytes",
                self.folder.display(),
                notes.database_bytes,
                notes.blobs,
                notes.copied_blobs,
                notes.copied_bytes
            ))
        }
    }
}

impl Restore {
    /// Makes a store.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let notes = self.folder.join(NOTES);
        let notes =
            fs::read_to_string(&notes).with_context(|| format!("{} is no backup", self.folder.display()))?;
        let notes: Notes = serde_json::from_str(&notes).context("the notes of the backup cannot be read")?;
        let from = match (notes.database.as_str(), &config.database_url) {
            (DATABASE, None) => self.folder.join(DATABASE),
            (POSTGRES, Some(_)) => self.folder.join(POSTGRES),
            (POSTGRES, None) => {
                bail!("the backup is of PostgreSQL: name an empty database with --database-url")
            }
            (DATABASE, Some(_)) => bail!(
                "the backup is of SQLite: restore it into a data folder, and move it with `fillhouse dump` and `import`"
            ),
            (other, _) => bail!("the backup has its database in {other:?}, which this program does not know"),
        };
        if digest(&from)?.0 != notes.database_sha256 {
            bail!("the backup is not whole: it was interrupted, or changed since; make it anew");
        }
        fs::create_dir_all(&config.data_dir)
            .with_context(|| format!("the folder {} cannot be made", config.data_dir.display()))?;
        let instance =
            Instance::take(&config.data_dir, || uuid::Uuid::from_u128(rand::random()).to_string())?;
        let unfinished = config.data_dir.join(UNFINISHED);
        match &config.database_url {
            None => put_sqlite(&config, &from, &unfinished)?,
            // Whoever was interrupted goes on with the blobs.
            Some(_) if fs::read_to_string(&unfinished).is_ok_and(|done| done == notes.database_sha256) => {}
            Some(url) => {
                postgres::restore(url, &from).await?;
                fs::write(&unfinished, &notes.database_sha256)?;
            }
        }
        let engine = wiring::open(&config, &instance.id, config.listen).await?;
        let mut progress = Progress::new("restoring", Some(notes.blobs), Unit::Things).unless(self.json);
        let mut say = |copied: Copied| progress.set(copied.blobs, "blobs");
        let taken = engine.take_blobs(&self.folder.join(BLOBS), &mut say).await.map_err(with_source)?;
        progress.finish();
        let there = engine.blobbing().await.map_err(with_source)?;
        if let Some(first) = there.missing.first() {
            bail!("the backup lacks {} blobs, such as {first}", there.missing.len());
        }
        engine.migrate().await?;
        fs::remove_file(&unfinished)?;
        let data_dir = config.data_dir.display();
        if self.json {
            return output::json(&json!({
                "data_dir": data_dir.to_string(), "made_at": notes.made_at, "made_by": notes.made_by,
                "blobs": taken.blobs
            }));
        }
        output::line(format!("{data_dir}: as of {}, with {} blobs", notes.made_at, taken.blobs))
    }
}

/// Puts a database where no other is.
fn put_sqlite(config: &Config, from: &Path, unfinished: &Path) -> Result<()> {
    let database = config.data_dir.join(DATABASE);
    if database.exists() && !unfinished.exists() {
        bail!(
            "there is a store in {} already: name an empty folder with --data-dir, or move that one away",
            config.data_dir.display()
        );
    }
    File::create(unfinished)?.sync_all()?;
    for beside in ["-wal", "-shm"] {
        fs::remove_file(config.data_dir.join(format!("{DATABASE}{beside}"))).ok();
    }
    fs::copy(from, &database).with_context(|| format!("{} cannot be written", database.display()))?;
    Ok(())
}

/// The SHA-256 of a file in hex, and how many bytes it has.
fn digest(path: &Path) -> Result<(String, u64)> {
    let mut file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let (mut digest, mut size_bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 18]);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => {
                digest.update(&buffer[..read]);
                size_bytes += read as u64;
            }
        }
    }
    let hex = digest.finalize().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    Ok((hex, size_bytes))
}
