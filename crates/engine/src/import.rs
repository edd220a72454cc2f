//! Import: lines of the interchange format, into the store.
//!
//! Guarantees: whatever came before a bad line is kept; the same lines again change nothing; lines are applied in order,
//! many of a kind in one transaction.
//!
//! Must not know: where the lines come from, or how progress is shown.

mod known;
mod profiles;
mod put;
mod submissions;

use crate::interchange::Record;
use crate::{Engine, Error};
use fillhouse_model::{Fault, FormId};
use known::KnownForm;
use profiles::ProfileBatch;
use std::collections::HashMap;
use std::io::BufRead;
use std::sync::Arc;
use submissions::SubmissionBatch;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// The kinds of lines, in the order in which a dump writes them.
pub const KINDS: [&str; 11] = [
    "account", "user", "token", "audience", "profile", "segment", "form", "results_labels", "results_view", "webhook",
    "submission",
];
/// How many lines share a transaction.
const BATCH_LINES: usize = 1_000;
/// How long a line may be, in bytes.
const MOST_LINE_BYTES: usize = 64 << 20;

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
enum Change {
    Added,
    Replaced,
    Unchanged,
}

/// What is applied in one transaction.
enum Batch {
    Submissions(SubmissionBatch),
    Profiles(ProfileBatch),
}

/// What became of a batch: the changes of its lines, up to the first bad one.
struct Applied {
    kind: &'static str,
    changes: Vec<Change>,
    bad: Option<(u64, Fault)>,
    /// What comes after the bad line.
    rest: Option<Batch>,
}

type BadLine<'a> = &'a mut dyn FnMut(&ImportError);

/// An import under way. Its methods block, so they are called from a thread that may.
pub struct Importer {
    engine: Engine,
    runtime: Handle,
    forms: HashMap<FormId, Arc<KnownForm>>,
    gathered: Option<Batch>,
    /// The batch that is being applied while the next is gathered.
    under_way: Option<JoinHandle<Result<Applied, Error>>>,
    counts: Counts,
    skip_bad: bool,
}

impl Engine {
    /// Begins an import, within a runtime. Bad lines end it unless `skip_bad` is set.
    pub fn importer(&self, skip_bad: bool) -> Importer {
        Importer {
            engine: self.clone(),
            runtime: Handle::current(),
            forms: HashMap::new(),
            gathered: None,
            under_way: None,
            counts: Counts::default(),
            skip_bad,
        }
    }
}

impl Importer {
    /// Imports all lines of a file. `progress` is called now and then; `bad_line` for each bad line that is skipped.
    ///
    /// # Errors
    /// A line is bad; all before it is stored. Or the file cannot be read, or the store failed.
    pub fn import(
        &mut self,
        file: &str,
        reader: &mut dyn BufRead,
        progress: &mut dyn FnMut(&Counts),
        bad_line: BadLine<'_>,
    ) -> Result<(), ImportError> {
        let mut text = Vec::new();
        for line in 1.. {
            text.clear();
            let read = read_line(reader, &mut text).map_err(|source| ImportError::Unreadable { file: file.to_owned(), source })?;
            if read == 0 {
                break;
            }
            self.counts.lines += 1;
            self.counts.bytes += read as u64;
            if let Err(fault) = self.line(file, line, &text, bad_line)? {
                self.settle(file, bad_line)?;
                self.bad(file, line, fault, bad_line)?;
            }
            if line % BATCH_LINES as u64 == 0 {
                progress(&self.counts);
            }
        }
        self.settle(file, bad_line)?;
        progress(&self.counts);
        Ok(())
    }

    /// What became of all lines so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    fn line(&mut self, file: &str, line: u64, text: &[u8], bad_line: BadLine<'_>) -> Result<Result<(), Fault>, ImportError> {
        let text = match std::str::from_utf8(text) {
            Ok(text) => text.trim_end_matches(['\n', '\r']),
            Err(error) => return Ok(Err(Fault::new("line", format!("is not UTF-8: {error}")))),
        };
        if text.is_empty() {
            return Ok(Ok(()));
        }
        let record = match Record::parse(text) {
            Ok(record) => record,
            Err(fault) => return Ok(Err(fault)),
        };
        match record {
            Record::Submission(record) => {
                let form = match self.form(file, record.form_id, bad_line)? {
                    Ok(form) => form,
                    Err(fault) => return Ok(Err(fault)),
                };
                let submission = match record.document.bind_imported(&form.leaves) {
                    Ok(submission) => submission,
                    Err(fault) => return Ok(Err(fault)),
                };
                if !matches!(&self.gathered, Some(Batch::Submissions(batch)) if batch.takes(&form, submission.id)) {
                    self.flush(file, bad_line)?;
                    self.gathered = Some(Batch::Submissions(SubmissionBatch::new(form)));
                }
                if let Some(Batch::Submissions(batch)) = &mut self.gathered {
                    batch.push(line, &submission);
                }
            }
            Record::Profile(profile) => {
                if !matches!(&self.gathered, Some(Batch::Profiles(batch)) if batch.takes(&profile)) {
                    self.flush(file, bad_line)?;
                    self.gathered = Some(Batch::Profiles(ProfileBatch::new(profile.audience_id)));
                }
                if let Some(Batch::Profiles(batch)) = &mut self.gathered {
                    batch.push(line, profile);
                }
            }
            other => return self.put_one(file, other, bad_line),
        }
        Ok(Ok(()))
    }

    fn put_one(&mut self, file: &str, record: Record<'_>, bad_line: BadLine<'_>) -> Result<Result<(), Fault>, ImportError> {
        self.settle(file, bad_line)?;
        let kind = put::kind(&record);
        if let Record::Form(form) = &record {
            self.forms.remove(&form.id);
        }
        match self.runtime.block_on(put::put(&self.engine.parts.store, record))? {
            Err(fault) => Ok(Err(fault)),
            Ok(change) => {
                self.count(kind, change);
                Ok(Ok(()))
            }
        }
    }

    fn form(&mut self, file: &str, id: FormId, bad_line: BadLine<'_>) -> Result<Result<Arc<KnownForm>, Fault>, ImportError> {
        if let Some(known) = self.forms.get(&id) {
            return Ok(Ok(known.clone()));
        }
        self.settle(file, bad_line)?;
        let Some(known) = self.runtime.block_on(KnownForm::load(&self.engine.parts.store, id))? else {
            return Ok(Err(Fault::new("form_id", format!("form {id} does not exist"))));
        };
        let known = Arc::new(known);
        self.forms.insert(id, known.clone());
        Ok(Ok(known))
    }

    /// Applies what is gathered while the next is gathered.
    fn flush(&mut self, file: &str, bad_line: BadLine<'_>) -> Result<(), ImportError> {
        self.wait(file, bad_line)?;
        if let Some(batch) = self.gathered.take() {
            let store = self.engine.parts.store.clone();
            let now = self.engine.now();
            self.under_way = Some(self.runtime.spawn(batch.apply(store, now)));
        }
        Ok(())
    }

    /// Applies everything that is gathered, and waits for it.
    fn settle(&mut self, file: &str, bad_line: BadLine<'_>) -> Result<(), ImportError> {
        self.flush(file, bad_line)?;
        self.wait(file, bad_line)
    }

    fn wait(&mut self, file: &str, bad_line: BadLine<'_>) -> Result<(), ImportError> {
        while let Some(under_way) = self.under_way.take() {
            let applied = self.runtime.block_on(under_way).map_err(Error::from)??;
            for change in applied.changes {
                self.count(applied.kind, change);
            }
            if let Some((line, fault)) = applied.bad {
                self.bad(file, line, fault, bad_line)?;
            }
            if let Some(rest) = applied.rest {
                let store = self.engine.parts.store.clone();
                self.under_way = Some(self.runtime.spawn(rest.apply(store, self.engine.now())));
            }
        }
        Ok(())
    }

    fn bad(&mut self, file: &str, line: u64, fault: Fault, bad_line: BadLine<'_>) -> Result<(), ImportError> {
        let error = ImportError::BadLine { file: file.to_owned(), line, fault };
        if !self.skip_bad {
            return Err(error);
        }
        self.counts.bad += 1;
        bad_line(&error);
        Ok(())
    }

    fn count(&mut self, kind: &'static str, change: Change) {
        let counts = self.counts.by_kind.entry(kind).or_default();
        counts[match change {
            Change::Added => 0,
            Change::Replaced => 1,
            Change::Unchanged => 2,
        }] += 1;
    }
}

/// Reads a line with its end; 0 at the end of the file.
fn read_line(mut reader: &mut dyn BufRead, text: &mut Vec<u8>) -> std::io::Result<usize> {
    use std::io::Read as _;
    let read = (&mut reader).take(MOST_LINE_BYTES as u64).read_until(b'\n', text)?;
    if read == MOST_LINE_BYTES && !text.ends_with(b"\n") {
        return Err(std::io::Error::other(format!("a line is longer than {MOST_LINE_BYTES} bytes")));
    }
    Ok(read)
}

impl Batch {
    async fn apply(self, store: fillhouse_store::Store, now: fillhouse_model::Timestamp) -> Result<Applied, Error> {
        match self {
            Self::Submissions(batch) => batch.apply(&store, now).await,
            Self::Profiles(batch) => batch.apply(&store).await,
        }
    }
}
