//! What is applied in one transaction.
//!
//! Must not know: where its lines stood.

use super::profiles::ProfileBatch;
use super::submissions::SubmissionBatch;
use super::written::Written;
use super::{BATCH_LINES, Change};
use crate::{Engine, Result};
use fillhouse_model::{Fault, FormId, Timestamp};

/// Lines of one kind that are applied together.
pub(super) enum Batch {
    Submissions(SubmissionBatch),
    Profiles(ProfileBatch),
}

/// How a batch is applied.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub(super) now: Timestamp,
    /// Whether the lines after a bad one are applied, too.
    pub(super) skip_bad: bool,
    /// What was stored of the form and the file before, where its lines are submissions.
    pub(super) written: Written,
}

/// What became of a batch.
pub(super) struct Applied {
    pub(super) kind: &'static str,
    /// Which form its lines are of, and what is stored of it now, where they are submissions.
    pub(super) of: Option<(FormId, Written)>,
    /// What its good lines did.
    pub(super) changes: Vec<Change>,
    /// The bad lines, by number; those after the first say nothing where bad lines are not skipped.
    pub(super) bad: Vec<(u64, Fault)>,
}

impl Batch {
    /// The form whose submissions it has, where it has any.
    pub(super) fn form(&self) -> Option<FormId> {
        match self {
            Self::Submissions(batch) => Some(batch.form()),
            Self::Profiles(_) => None,
        }
    }

    pub(super) async fn apply(self, engine: Engine, manner: Manner) -> Result<Applied> {
        match self {
            Self::Submissions(batch) => batch.apply(engine, manner).await,
            Self::Profiles(batch) => batch.apply(&engine.parts.store, manner.now).await,
        }
    }
}

/// Whether a batch of so many lines is full.
pub(super) fn is_full(lines: usize) -> bool {
    lines >= BATCH_LINES
}
