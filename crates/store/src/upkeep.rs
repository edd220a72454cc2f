//! Upkeep: whether the database is sound, a copy of it, and which blobs it names.
//!
//! Must not know: what becomes of what is found.

use crate::dialect::{CLOCK, INTEGRITY, VERSION};
use crate::tx::Tx;
use crate::{Result, Store};
use std::path::Path;

/// The blobs that rows name, with their sizes where the rows say them.
const NAMED: &str = "SELECT blob, deflated_bytes FROM renditions WHERE blob IS NOT NULL \
     UNION ALL SELECT blob, size_bytes FROM profile_parts WHERE blob IS NOT NULL";
const FILES: &str = "SELECT account_id, id, size_bytes FROM files WHERE state = 'stored'";

/// A database that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soundness {
    /// The version of the database's program.
    pub version: String,
    /// What its clock says, in whole seconds since 1970.
    pub clock_seconds: i64,
    /// What is wrong with it; nothing, it is hoped.
    pub faults: Vec<String>,
}

/// An uploaded file as far as upkeep knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Whose it is.
    pub account_id: i64,
    /// Its id.
    pub id: String,
    /// How many bytes it has.
    pub size_bytes: i64,
}

impl Store {
    /// Looks at the database, all of it: which takes as long as reading it. Of PostgreSQL only what it says of itself.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn soundness(&self) -> Result<Soundness> {
        self.read(|tx| Box::pin(soundness(tx))).await
    }

    /// Copies the database as it is at one moment into a file that is not there yet, while others go on to use it. Only
    /// SQLite has this; `false` where it is PostgreSQL.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn copy_to(&self, file: &Path) -> Result<bool> {
        match self.sqlite() {
            Some(sqlite) => sqlite.copy_to(file).await.map(|()| true),
            None => Ok(false),
        }
    }
}

async fn soundness(tx: &mut Tx) -> Result<Soundness> {
    let version = tx.query_one(VERSION.of(tx), &[], |row| row.text(0)).await?;
    let clock_seconds = tx.query_one(CLOCK.of(tx), &[], |row| row.int(0)).await?;
    let faults = tx.query(INTEGRITY.of(tx), &[], |row| row.text(0)).await?;
    Ok(Soundness {
        version: version.unwrap_or_default(),
        clock_seconds: clock_seconds.unwrap_or_default(),
        faults: faults.into_iter().filter(|fault| fault != "ok").collect(),
    })
}

impl Tx {
    /// The blobs of renditions and of profiles that rows name, each with its size.
    pub async fn named_blobs(&mut self) -> Result<Vec<(String, i64)>> {
        self.query(NAMED, &[], |row| Ok((row.text(0)?, row.int(1)?))).await
    }

    /// The uploaded files that are there.
    pub async fn named_files(&mut self) -> Result<Vec<NamedFile>> {
        let read = |row: crate::value::Row<'_>| {
            Ok(NamedFile { account_id: row.int(0)?, id: row.text(1)?, size_bytes: row.int(2)? })
        };
        self.query(FILES, &[], read).await
    }
}
