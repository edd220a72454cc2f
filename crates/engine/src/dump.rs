//! Dump: everything that is stored, as lines of the interchange format.
//!
//! Guarantees: all lines are of one moment; importing them into an empty store and dumping that gives the same bytes.
//!
//! Must not know: where the lines go, or how progress is shown.

use crate::interchange::{self, Leaves};
use crate::schedules::schedules_of;
use crate::{Engine, Error, Result};
use fillhouse_model::row::Row;
use fillhouse_model::{
    AccountId, AnswerKind, AudienceId, FormId, ProfileId, SegmentId, Submission, Timestamp, UserId,
};
use fillhouse_store::{Error as StoreError, Result as StoreResult, StoredForm, Tx, key_of};
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// How many rows are read at once.
const PAGE: i64 = 1_000;

/// How far a dump is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct DumpProgress {
    /// How many lines were written.
    pub lines: u64,
    /// How many bytes were written.
    pub bytes: u64,
}

/// Called now and then while a dump is written.
type OnProgress = Box<dyn FnMut(DumpProgress) + Send>;

/// Where a dump goes, and how far it is.
struct Sink {
    to: Box<dyn Write + Send>,
    on_progress: OnProgress,
    progress: DumpProgress,
    /// The lines of a page.
    page: Vec<u8>,
    /// Why the first write that failed did so.
    failed: Option<std::io::Error>,
}

impl Engine {
    /// Writes everything as lines to `to`, and gives how much it was.
    ///
    /// # Errors
    /// The database cannot be read, or `to` not be written.
    pub async fn dump(
        &self,
        to: impl Write + Send + 'static,
        on_progress: impl FnMut(DumpProgress) + Send + 'static,
    ) -> Result<DumpProgress> {
        let sink = Sink {
            to: Box::new(to),
            on_progress: Box::new(on_progress),
            progress: DumpProgress::default(),
            page: Vec::new(),
            failed: None,
        };
        // A unit of work may not borrow, so it shares the sink; nobody else locks it.
        let shared = Arc::new(Mutex::new(sink));
        let (written, now) = (shared.clone(), self.now());
        let dumped = self.parts.store.read(move |tx| {
            let shared = shared.clone();
            Box::pin(async move { dump(tx, &shared, now).await })
        });
        let dumped = dumped.await;
        let mut sink = written.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failed) = sink.failed.take() {
            return Err(Error::internal(failed));
        }
        dumped?;
        sink.to.flush().map_err(Error::internal)?;
        Ok(sink.progress)
    }
}

type Shared = Mutex<Sink>;

/// Adds lines to the page and writes it. `false` where that failed and the dump is to end.
fn page<T>(sink: &Shared, rows: &[T], write: impl Fn(&T, &mut Vec<u8>)) -> bool {
    let mut sink = sink.lock().unwrap_or_else(PoisonError::into_inner);
    let Sink { to, on_progress, progress, page, failed } = &mut *sink;
    page.clear();
    rows.iter().for_each(|row| write(row, page));
    if let Err(error) = to.write_all(page) {
        *failed = Some(error);
        return false;
    }
    progress.lines += rows.len() as u64;
    progress.bytes += page.len() as u64;
    on_progress(*progress);
    true
}

async fn dump(tx: &mut Tx, sink: &Shared, now: Timestamp) -> StoreResult<()> {
    let has_begun = sink.lock().unwrap_or_else(PoisonError::into_inner).progress.lines > 0;
    if has_begun {
        // A unit of work may be run again; what was written cannot be taken back.
        return Err(StoreError::Driver("the database wants the dump to begin anew".to_owned()));
    }
    if dump_people(tx, sink).await? && dump_audiences(tx, sink).await? {
        dump_forms(tx, sink, now).await?;
    }
    Ok(())
}

async fn dump_people(tx: &mut Tx, sink: &Shared) -> StoreResult<bool> {
    let mut after = AccountId(0);
    loop {
        let accounts = tx.accounts_after(after, PAGE).await?;
        let Some(last) = accounts.last() else { break };
        after = last.id;
        if !page(sink, &accounts, interchange::write_account) {
            return Ok(false);
        }
    }
    let mut after = UserId(0);
    loop {
        let users = tx.users_after(after, PAGE).await?;
        let Some(last) = users.last() else { break };
        after = last.id;
        if !page(sink, &users, interchange::write_user) {
            return Ok(false);
        }
    }
    let mut after = 0;
    loop {
        let tokens = tx.tokens_after(after, PAGE).await?;
        let Some((_, last)) = tokens.last() else { return Ok(true) };
        after = *last;
        if !page(sink, &tokens, |(token, _), out| interchange::write_token(token, out)) {
            return Ok(false);
        }
    }
}

async fn dump_audiences(tx: &mut Tx, sink: &Shared) -> StoreResult<bool> {
    let mut after = AudienceId(0);
    loop {
        let audiences = tx.audiences_after(after, PAGE).await?;
        let Some(last) = audiences.last() else { break };
        after = last.id;
        for audience in &audiences {
            let written = page(sink, std::slice::from_ref(audience), interchange::write_audience);
            if !(written && dump_profiles(tx, sink, audience.id).await?) {
                return Ok(false);
            }
        }
    }
    let mut after = SegmentId(0);
    loop {
        let segments = tx.segments_after(after, PAGE).await?;
        let Some(last) = segments.last() else { break };
        after = last.id;
        if !page(sink, &segments, interchange::write_segment) {
            return Ok(false);
        }
    }
    let mut after = SegmentId(0);
    loop {
        let deleted = tx.deleted_segments_after(after, PAGE).await?;
        let Some(last) = deleted.last() else { return Ok(true) };
        after = last.id;
        if !page(sink, &deleted, interchange::write_deleted_segment) {
            return Ok(false);
        }
    }
}

async fn dump_profiles(tx: &mut Tx, sink: &Shared, audience: AudienceId) -> StoreResult<bool> {
    let mut after = None;
    loop {
        let profiles = tx.profiles_after(audience, after, PAGE).await?;
        let Some(last) = profiles.last() else { return Ok(true) };
        after = Some(last.id);
        if !page(sink, &profiles, interchange::write_profile) {
            return Ok(false);
        }
    }
}

async fn dump_forms(tx: &mut Tx, sink: &Shared, now: Timestamp) -> StoreResult<()> {
    let mut after = FormId(0);
    loop {
        let forms = tx.forms_after(after, PAGE).await?;
        let Some(last) = forms.last() else { return Ok(()) };
        after = last.form.id;
        for stored in &forms {
            if !(dump_form(tx, sink, stored).await? && dump_schedules(tx, sink, stored, now).await?) {
                return Ok(());
            }
        }
    }
}

async fn dump_form(tx: &mut Tx, sink: &Shared, stored: &StoredForm) -> StoreResult<bool> {
    let id = stored.form.id;
    let written = page(sink, std::slice::from_ref(&stored.form), interchange::write_form)
        && page(sink, &tx.results_labels_of(id).await?, interchange::write_results_labels)
        && page(sink, &tx.results_views_of(id).await?, interchange::write_results_view)
        && page(sink, &tx.looks_of_form(id).await?, interchange::write_look)
        && page(sink, &tx.webhooks_of(id).await?, interchange::write_webhook)
        && page(sink, &tx.integrations_of(id).await?, interchange::write_integration);
    if !written {
        return Ok(false);
    }
    let leaves = Leaves::of(&stored.form);
    let kinds: Vec<AnswerKind> = stored.form.slots.iter().map(|slot| slot.kind).collect();
    let mut after = key_of(id, 0) - 1;
    loop {
        let rows = tx.rows_after(id, after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(true) };
        after = last.key;
        let mut submissions: Vec<Submission> = rows
            .iter()
            .map(|row| Row::read(&row.body).and_then(|read| read.decode(&kinds)))
            .collect::<Result<_, _>>()
            .map_err(|error| StoreError::Driver(format!("a row of form {id}: {error}")))?;
        drop_dead_links(tx, &mut submissions).await?;
        if !page(sink, &submissions, |submission, out| {
            interchange::write_submission(&leaves, submission, out);
        }) {
            return Ok(false);
        }
    }
}

/// A schedule comes after the submissions, of which it may have delivered all.
async fn dump_schedules(
    tx: &mut Tx,
    sink: &Shared,
    stored: &StoredForm,
    now: Timestamp,
) -> StoreResult<bool> {
    let schedules = schedules_of(tx, stored.form.account_id, stored.form.id, now).await?;
    Ok(page(sink, &schedules, interchange::write_schedule))
}

/// A profile may be deleted while submissions stay that are linked to it; a line cannot refer to what is not there.
async fn drop_dead_links(tx: &mut Tx, submissions: &mut [Submission]) -> StoreResult<()> {
    let links: Vec<(AudienceId, ProfileId)> =
        submissions.iter().filter_map(|submission| submission.profile).collect();
    let there: BTreeSet<(AudienceId, ProfileId)> =
        tx.profiles(&links).await?.into_iter().flatten().map(|found| (found.audience_id, found.id)).collect();
    for submission in submissions {
        submission.profile = submission.profile.filter(|link| there.contains(link));
    }
    Ok(())
}
