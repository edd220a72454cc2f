//! What an export would come to, without making it: from a few of its blocks, and from how fast others were made.
//!
//! Guarantees: nothing is stored; no more than a few blocks are rendered, whatever is asked for; what is said to be exact
//! is what the export would have.
//!
//! Must not know: jobs.

use super::ExportRequest;
use super::block::BlockWork;
use super::pinned::{Pinned, pin};
use super::selection::Share;
use super::workbench::RenderTask;
use crate::{Error, FormsReader, Result};
use fillhouse_model::{FormId, JobId};
use fillhouse_store::Lease;
use std::sync::{Arc, Mutex, PoisonError};

/// How many blocks are rendered for an estimate.
const SAMPLES: usize = 3;
/// How many rows a core renders in a second where nothing was measured yet: few, so that nobody waits longer than was said.
const DEFAULT_ROWS_PER_SECOND: i64 = 100_000;

/// What an export would come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// How many rows the file would have.
    pub rows: i64,
    /// About how many bytes.
    pub size_bytes: i64,
    /// In about how many seconds it would be made, once it is its turn.
    pub seconds: i64,
    /// Whether there will be exactly so many rows.
    pub is_exact: bool,
}

/// How fast exports of this process were rendered.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<Measured>);

#[derive(Debug, Default, Clone, Copy)]
struct Measured {
    rows: i64,
    micros: i64,
}

impl Pace {
    /// That so many rows took so long. What was measured last counts most.
    pub(crate) fn note(&self, rows: i64, micros: i64) {
        let mut measured = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        measured.rows = measured.rows / 2 + rows;
        measured.micros = measured.micros / 2 + micros.max(0);
    }

    /// How many microseconds so many rows are about to take, on so many cores where nothing was measured yet.
    fn micros(&self, rows: i64, cores: usize) -> i64 {
        let Measured { rows: measured, micros } = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if measured > 0 && micros > 0 {
            return of_share(rows, micros, measured);
        }
        let cores = i64::try_from(cores).unwrap_or(1).max(1);
        of_share(rows, 1_000_000, DEFAULT_ROWS_PER_SECOND.saturating_mul(cores))
    }
}

/// What was found out about some blocks.
#[derive(Debug, Default, Clone, Copy)]
struct Found {
    /// How many rows had to be looked at.
    looked_at: i64,
    rows: i64,
    size_bytes: i64,
}

impl FormsReader {
    /// What an export would come to.
    ///
    /// # Errors
    /// As for [`FormsReader::start_export`].
    pub async fn estimate_export(&self, request: ExportRequest) -> Result<Estimate> {
        let form_id = self.form_id(&request.form).await?;
        let (account, shape) = (self.account, request.shape.clone());
        let pinned = self.engine.parts.store.write(move |tx| {
            let request = request.clone();
            Box::pin(async move {
                let Some(form) = tx.form_of(account, form_id).await? else { return Ok(None) };
                pin(tx, &request, form).await
            })
        });
        let pinned = pinned.await?.ok_or_else(|| Error::not_found("the form"))??;
        let task = Arc::new(RenderTask::new(&pinned.form, &shape, pinned.selection.clone())?);
        let head_bytes = task.renderer.head().len() as i64;
        let estimate = self.estimate_pinned(form_id, pinned, task).await?;
        Ok(Estimate { size_bytes: estimate.size_bytes + head_bytes, ..estimate })
    }

    async fn estimate_pinned(
        &self,
        form_id: FormId,
        pinned: Pinned,
        task: Arc<RenderTask>,
    ) -> Result<Estimate> {
        let parts = &self.engine.parts;
        // Nothing is written on behalf of it.
        let lease = Lease { job_id: JobId(String::new()), attempt: 0 };
        let work = BlockWork::new(parts.clone(), lease, (form_id, pinned.seq), task);
        let touched = pinned.blocks.iter().map(|block| (*block, pinned.selection.of(block)));
        let touched: Vec<_> = touched.filter(|(_, share)| *share != Share::Nothing).collect();
        let known = work.rendered(&touched).await?;
        let mut sure = Found::default();
        let mut unknown = Vec::new();
        for (block, share) in touched {
            match known.get(&work.place(block.block)) {
                Some(there) => sure.add(block.rows, there.rows, there.deflated_bytes),
                None => unknown.push((block, share)),
            }
        }
        let expected: i64 = unknown.iter().map(|(block, _)| block.rows).sum();
        let mut sampled = Found::default();
        let places = samples(unknown.len());
        for (block, _) in places.iter().filter_map(|&place| unknown.get(place)) {
            let (rows, size_bytes) = work.try_out(block).await?;
            sampled.add(block.rows, rows, size_bytes);
        }
        let seconds = parts.pace.micros(expected, parts.settings.render_threads);
        Ok(Estimate {
            rows: sure.rows + of_share(sampled.rows, expected, sampled.looked_at),
            size_bytes: sure.size_bytes + of_share(sampled.size_bytes, expected, sampled.looked_at),
            seconds: seconds.saturating_add(999_999) / 1_000_000,
            is_exact: places.len() == unknown.len(),
        })
    }
}

impl Found {
    fn add(&mut self, looked_at: i64, rows: i64, size_bytes: i64) {
        self.looked_at += looked_at;
        self.rows += rows;
        self.size_bytes += size_bytes;
    }
}

/// The places that stand for `count` of them: the first, the last, and those in between.
fn samples(count: usize) -> Vec<usize> {
    if count <= SAMPLES {
        return (0..count).collect();
    }
    (0..SAMPLES).map(|n| n * (count - 1) / (SAMPLES - 1)).collect()
}

/// `part` of `whole`, of which it was found that it is in `all`.
fn of_share(part: i64, whole: i64, all: i64) -> i64 {
    let share = i128::from(part) * i128::from(whole) / i128::from(all.max(1));
    i64::try_from(share).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_spread() {
        assert_eq!((samples(0), samples(2), samples(3)), (vec![], vec![0, 1], vec![0, 1, 2]));
        assert_eq!((samples(4), samples(101)), (vec![0, 1, 3], vec![0, 50, 100]));
    }

    #[test]
    fn what_was_measured_last_counts_most() {
        let pace = Pace::default();
        assert_eq!(pace.micros(400_000, 4), 1_000_000);
        pace.note(1_000_000, 1_000_000);
        assert_eq!(pace.micros(3_000_000, 4), 3_000_000);
        for _ in 0..30 {
            pace.note(1_000_000, 2_000_000);
        }
        assert!((1_900_000..=2_000_000).contains(&pace.micros(1_000_000, 4)));
    }
}
