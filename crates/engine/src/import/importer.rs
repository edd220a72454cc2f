//! The importer: it gathers lines, and applies a batch while it gathers the next.
//!
//! Guarantees: lines are applied in their order; nothing after a bad line is applied, unless bad lines are skipped.
//!
//! Must not know: how a kind is stored.

use super::batch::{Applied, Batch, Manner};
use super::known::KnownForm;
use super::profiles::ProfileBatch;
use super::submissions::SubmissionBatch;
use super::written::Written;
use super::{BATCH_LINES, Counts, ImportError, Refused, lines, put};
use crate::interchange::{Record, SubmissionRecord};
use crate::{Engine, Error};
use fillhouse_model::{Fault, FormId, Profile};
use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// The largest id of a submission: more cannot be told apart by whoever reads JSON numbers as floats.
const LAST_ID: i64 = (1 << 53) - 1;

/// An import under way. Its methods block, so they are called from a thread that may.
pub struct Importer {
    engine: Engine,
    runtime: Handle,
    forms: HashMap<FormId, Arc<KnownForm>>,
    gathered: Option<Batch>,
    /// The batch that is being applied while the next is gathered.
    under_way: Option<JoinHandle<Result<Applied, Error>>>,
    counts: Counts,
    /// How many submissions of each form were read, of all files.
    read: BTreeMap<FormId, u64>,
    /// What the audit log says of each form and the file at hand.
    written: BTreeMap<FormId, Written>,
    skip_bad: bool,
}

/// Where lines come from, and who is told of the bad ones.
struct Source<'a> {
    file: &'a str,
    bad_line: &'a mut dyn FnMut(&ImportError),
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
            read: BTreeMap::new(),
            written: BTreeMap::new(),
            skip_bad,
        }
    }
}

impl Importer {
    /// Imports all lines of a file. `progress` is called now and then; `bad_line` for each bad line that is skipped.
    ///
    /// # Errors
    /// A line is bad, or the file cannot be read to its end; all before that is stored. Or the store failed.
    pub fn import(
        &mut self,
        file: &str,
        reader: &mut dyn BufRead,
        progress: &mut dyn FnMut(&Counts),
        bad_line: &mut dyn FnMut(&ImportError),
    ) -> Result<(), ImportError> {
        let imported = self.import_all(&mut Source { file, bad_line }, reader, progress);
        // What came after a bad line must not be stored with the next file.
        self.gathered = None;
        self.written.clear();
        progress(&self.counts);
        imported
    }

    /// What became of all lines so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    fn import_all(
        &mut self,
        source: &mut Source<'_>,
        reader: &mut dyn BufRead,
        progress: &mut dyn FnMut(&Counts),
    ) -> Result<(), ImportError> {
        let mut bytes = Vec::new();
        for line in 1.. {
            let read = match lines::read(reader, &mut bytes) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => {
                    self.settle(source)?;
                    return Err(ImportError::Unreadable { file: source.file.to_owned(), source: error });
                }
            };
            self.counts.lines += 1;
            self.counts.bytes += read as u64;
            match self.take(source, line, &bytes) {
                Ok(()) => {}
                Err(Refused::Over(error)) => return Err(error),
                Err(Refused::Bad(fault)) => {
                    self.settle(source)?;
                    self.bad(source, line, fault)?;
                }
            }
            if line % BATCH_LINES as u64 == 0 {
                progress(&self.counts);
            }
        }
        self.settle(source)
    }

    fn take(&mut self, source: &mut Source<'_>, line: u64, bytes: &[u8]) -> Result<(), Refused> {
        let text = lines::text(bytes)?;
        if text.is_empty() {
            return Ok(());
        }
        let record = Record::parse(text).map_err(|fault| match fault.field.as_str() {
            "" => Fault::new("line", fault.message),
            _ => fault,
        })?;
        match record {
            Record::Submission(record) => self.gather_submission(source, line, record),
            Record::Profile(profile) => Ok(self.gather_profile(source, line, profile)?),
            single => self.put(source, single),
        }
    }

    fn gather_submission(
        &mut self,
        source: &mut Source<'_>,
        line: u64,
        record: SubmissionRecord<'_>,
    ) -> Result<(), Refused> {
        let form = self.form(source, record.form_id)?;
        let submission = record.document.bind_imported(&form.leaves)?;
        if submission.id.0 > LAST_ID {
            return Err(Fault::new("id", format!("is larger than {LAST_ID}")).into());
        }
        match &mut self.gathered {
            Some(Batch::Submissions(batch)) if batch.takes(&form, submission.id) => {
                batch.push(line, &submission);
            }
            _ => {
                self.flush(source)?;
                let mut batch = SubmissionBatch::new(form);
                batch.push(line, &submission);
                self.gathered = Some(Batch::Submissions(batch));
            }
        }
        Ok(())
    }

    fn gather_profile(
        &mut self,
        source: &mut Source<'_>,
        line: u64,
        profile: Profile,
    ) -> Result<(), ImportError> {
        match &mut self.gathered {
            Some(Batch::Profiles(batch)) if batch.takes(&profile) => batch.push(line, profile),
            _ => {
                self.flush(source)?;
                let mut batch = ProfileBatch::new(profile.audience_id);
                batch.push(line, profile);
                self.gathered = Some(Batch::Profiles(batch));
            }
        }
        Ok(())
    }

    fn put(&mut self, source: &mut Source<'_>, record: Record<'_>) -> Result<(), Refused> {
        self.settle(source)?;
        let kind = put::kind(&record);
        if let Record::Form(form) = &record {
            self.forms.remove(&form.id);
        }
        let change = match record {
            Record::Schedule(line) => {
                let came_along = self.read.get(&line.form_id).copied().unwrap_or_default();
                self.runtime.block_on(self.engine.take_in_schedule(*line, came_along))??
            }
            single => {
                self.runtime.block_on(put::put(&self.engine.parts.store, single, self.engine.now()))??
            }
        };
        self.counts.add(kind, change);
        Ok(())
    }

    fn form(&mut self, source: &mut Source<'_>, id: FormId) -> Result<Arc<KnownForm>, Refused> {
        if let Some(known) = self.forms.get(&id) {
            return Ok(known.clone());
        }
        self.settle(source)?;
        let known = self.runtime.block_on(KnownForm::load(&self.engine.parts.store, id))?;
        let known =
            Arc::new(known.ok_or_else(|| Fault::new("form_id", format!("form {id} does not exist")))?);
        self.forms.insert(id, known.clone());
        Ok(known)
    }

    /// Applies what is gathered while the next is gathered.
    fn flush(&mut self, source: &mut Source<'_>) -> Result<(), ImportError> {
        self.wait(source)?;
        if let Some(batch) = self.gathered.take() {
            let written = batch.form().and_then(|form| self.written.get(&form)).copied().unwrap_or_default();
            let manner = Manner { now: self.engine.now(), skip_bad: self.skip_bad, written };
            self.under_way = Some(self.runtime.spawn(batch.apply(self.engine.clone(), manner)));
        }
        Ok(())
    }

    /// Applies everything that is gathered, and waits for it.
    fn settle(&mut self, source: &mut Source<'_>) -> Result<(), ImportError> {
        self.flush(source)?;
        self.wait(source)
    }

    fn wait(&mut self, source: &mut Source<'_>) -> Result<(), ImportError> {
        let Some(under_way) = self.under_way.take() else { return Ok(()) };
        let applied = self.runtime.block_on(under_way).map_err(Error::from)??;
        if let Some((form, written)) = applied.of {
            *self.read.entry(form).or_default() += applied.changes.len() as u64;
            self.written.insert(form, written);
        }
        applied.changes.into_iter().for_each(|change| self.counts.add(applied.kind, change));
        applied.bad.into_iter().try_for_each(|(line, fault)| self.bad(source, line, fault))
    }

    fn bad(&mut self, source: &mut Source<'_>, line: u64, fault: Fault) -> Result<(), ImportError> {
        let error = ImportError::BadLine { file: source.file.to_owned(), line, fault };
        if !self.skip_bad {
            return Err(error);
        }
        self.counts.bad += 1;
        (source.bad_line)(&error);
        Ok(())
    }
}
