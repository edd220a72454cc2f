//! What is applied in one transaction.
//!
//! Must not know: where its lines stood.

use super::profiles::ProfileBatch;
use super::submissions::SubmissionBatch;
use super::{BATCH_LINES, Change};
use crate::Result;
use fillhouse_model::{AccountId, Fault, FormId, Timestamp};
use fillhouse_store::Store;

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
}

/// What became of a batch.
pub(super) struct Applied {
    pub(super) kind: &'static str,
    /// Which form its lines are of, and which account that, where they are submissions.
    pub(super) of: Option<(AccountId, FormId)>,
    /// What its good lines did.
    pub(super) changes: Vec<Change>,
    /// The bad lines, by number; those after the first say nothing where bad lines are not skipped.
    pub(super) bad: Vec<(u64, Fault)>,
}

impl Batch {
    pub(super) async fn apply(self, store: Store, manner: Manner) -> Result<Applied> {
        match self {
            Self::Submissions(batch) => batch.apply(&store, manner).await,
            Self::Profiles(batch) => batch.apply(&store, manner.now).await,
        }
    }
}

/// Whether a batch of so many lines is full.
pub(super) fn is_full(lines: usize) -> bool {
    lines >= BATCH_LINES
}
