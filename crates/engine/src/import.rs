//! Import: lines of the interchange format, into the store.
//!
//! Guarantees: whatever came before a bad line is kept; the same lines again change nothing; lines are applied in order,
//! many of a kind in one transaction.
//!
//! Must not know: where the lines come from, or how progress is shown.

mod batch;
mod forms;
mod importer;
mod known;
mod lines;
mod profiles;
mod put;
mod submissions;
mod written;

use crate::Error;
use fillhouse_model::Fault;
pub use importer::Importer;
use std::collections::HashMap;

/// The kinds of lines, in the order in which a dump writes them.
pub const KINDS: [&str; 14] = [
    "account",
    "user",
    "token",
    "audience",
    "profile",
    "segment",
    "form",
    "results_labels",
    "results_view",
    "look",
    "webhook",
    "integration",
    "submission",
    "schedule",
];
/// How many lines share a transaction.
const BATCH_LINES: usize = 1_000;

/// What became of the lines of each kind.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Counts {
    /// By kind: how many were new, how many replaced what was there, how many were there already.
    pub by_kind: HashMap<&'static str, [u64; 3]>,
    /// How many lines were bad, where those are skipped.
    pub bad: u64,
    /// How many lines were read.
    pub lines: u64,
    /// How many bytes were read.
    pub bytes: u64,
}

/// Why an import ended.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A line is bad.
    #[error("{file}:{line}: {fault}")]
    BadLine {
        /// The file, as it was named.
        file: String,
        /// The line's number, from 1.
        line: u64,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The file cannot be read.
    #[error("{file}: {source}")]
    Unreadable {
        /// The file, as it was named.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The store failed.
    #[error("{0}")]
    Engine(#[from] Error),
}

/// What a line did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Added,
    Replaced,
    Unchanged,
}

impl Change {
    /// What it means to store `new` where `before` is.
    pub(crate) fn of<T: PartialEq>(before: Option<&T>, new: &T) -> Self {
        match before {
            None => Self::Added,
            Some(before) if before == new => Self::Unchanged,
            Some(_) => Self::Replaced,
        }
    }
}

impl Counts {
    fn add(&mut self, kind: &'static str, change: Change) {
        let counts = self.by_kind.entry(kind).or_default();
        counts[match change {
            Change::Added => 0,
            Change::Replaced => 1,
            Change::Unchanged => 2,
        }] += 1;
    }
}

/// Why a line was not taken.
enum Refused {
    /// It is bad.
    Bad(Fault),
    /// The import is over, because of this line or of an earlier one.
    Over(ImportError),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Bad(fault)
    }
}

impl From<ImportError> for Refused {
    fn from(error: ImportError) -> Self {
        Self::Over(error)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Over(error.into())
    }
}
