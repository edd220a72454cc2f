//! What is known of a form's past: which submissions were deleted, and how far back the others can be read as they were.
//!
//! Guarantees: whoever was told that a moment can be read, and has a job for it by the end of the same unit of work, can read
//! it until that job ends.
//!
//! Must not know: what anybody wants of the past.

use crate::value::params;
use crate::{Result, Tx, key_of};
use fillhouse_model::{FormId, Timestamp};
use std::ops::Range;

const DELETED: &str =
    "SELECT key, id FROM deletions WHERE key >= $1 AND key < $2 AND seq > $3 AND seq <= $4 ORDER BY key";
const HOLD: &str = "INSERT INTO known_since (form_id, versions_seq, deletions_seq) VALUES ($1, 0, 0) \
     ON CONFLICT (form_id) DO UPDATE SET versions_seq = known_since.versions_seq \
     RETURNING versions_seq, deletions_seq";
// Before anything is dropped: who holds one of the forms has it until the end, and what holds its versions is seen then.
const RAISE: &str = "INSERT INTO known_since (form_id, versions_seq, deletions_seq) \
     SELECT key >> 32, MAX(replaced_seq), 0 FROM versions WHERE replaced_at < $1 \
     AND EXISTS (SELECT 1 FROM forms WHERE forms.id = versions.key >> 32) GROUP BY key >> 32 ORDER BY key >> 32 \
     ON CONFLICT (form_id) DO UPDATE SET versions_seq = CASE \
     WHEN excluded.versions_seq > known_since.versions_seq THEN excluded.versions_seq \
     ELSE known_since.versions_seq END";

/// How far back a form is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownSince {
    /// From this seq on, its submissions can be read as they were.
    pub versions_seq: i64,
    /// From this seq on, what was deleted is known.
    pub deletions_seq: i64,
}

impl Tx {
    /// How far back a form is known; that stays so until the unit of work ends.
    pub async fn hold_known_since(&mut self, form: FormId) -> Result<KnownSince> {
        let read = |row: crate::value::Row<'_>| {
            Ok(KnownSince { versions_seq: row.int(0)?, deletions_seq: row.int(1)? })
        };
        let known = self.query_one(HOLD, params![form.0], read).await?;
        Ok(known.unwrap_or(KnownSince { versions_seq: 0, deletions_seq: 0 }))
    }

    /// The keys and the ids of what was deleted at these ordinals of a form after one seq and up to another, by key.
    pub async fn deleted_of_ordinals(
        &mut self,
        form: FormId,
        ordinals: Range<i64>,
        (after, until): (i64, i64),
    ) -> Result<Vec<(i64, i64)>> {
        let values = params![key_of(form, ordinals.start), key_of(form, ordinals.end), after, until];
        self.query(DELETED, values, |row| Ok((row.int(0)?, row.int(1)?))).await
    }

    /// Says that what was replaced before `before` may be gone.
    pub(crate) async fn raise_known_since(&mut self, before: Timestamp) -> Result<()> {
        self.execute(RAISE, params![before]).await.map(drop)
    }
}
