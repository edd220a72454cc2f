//! How forms come and go: the ids and the dates they get, and what is left of one that was deleted.
//!
//! Guarantees: the id of a form that was deleted is never another's.
//!
//! Must not know: who may make or delete a form.

use crate::value::{Row, params};
use crate::{BLOCK_ROWS, Error, Result, Tx, key_of};
use fillhouse_model::{FormId, Timestamp};

// The first id after a run of ids that are taken, 0 among them.
const FREE_ID: &str = "SELECT MIN(taken.id) + 1 FROM (SELECT CAST(0 AS BIGINT) AS id UNION ALL SELECT id FROM forms) AS taken \
     WHERE NOT EXISTS (SELECT 1 FROM forms WHERE forms.id = taken.id + 1)";
const DATES: &str = "SELECT created_at, updated_at FROM forms WHERE id = $1";
const DATE: &str = "UPDATE forms SET created_at = COALESCE(created_at, $1), updated_at = $1 WHERE id = $2";
// Its names are free again: the new ones are no names that a form can have.
const DELETE: &str = "UPDATE forms SET deleted_at = $1, shortname = 'deleted~' || id, slug = 'deleted~' || id, \
     directory = 'deleted~' || id WHERE id = $2";
const RAISE: &str = "UPDATE form_counters SET revision = revision + 1 WHERE form_id = $1";
const IS_DELETED: &str = "SELECT 1 FROM forms WHERE id = $1 AND deleted_at IS NOT NULL";

// An export that is under way reads what its form held, whatever became of the form.
const DELETED_BLOCK: &str = "SELECT blocks.form_id, blocks.block FROM forms JOIN blocks ON blocks.form_id = forms.id \
     WHERE forms.deleted_at IS NOT NULL AND NOT EXISTS \
     (SELECT 1 FROM jobs WHERE jobs.form_id = forms.id AND jobs.state IN ('queued', 'running')) LIMIT 1";
const DROP_ROWS: &str = "DELETE FROM submissions WHERE key >= $1 AND key < $2";
const DROP_VERSIONS: &str = "DELETE FROM versions WHERE key >= $1 AND key < $2";
const DROP_MATCHES: &str = "DELETE FROM matches WHERE key >= $1 AND key < $2";
const DROP_DELETIONS: &str = "DELETE FROM deletions WHERE key >= $1 AND key < $2";
const DROP_BLOCK: &str = "DELETE FROM blocks WHERE form_id = $1 AND block = $2";

/// When a form was made and last changed, as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FormDates {
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
}

impl Tx {
    /// An id that no form has or had.
    pub async fn free_form_id(&mut self) -> Result<FormId> {
        let free = self.query_one(FREE_ID, &[], |row| row.int(0)).await?;
        free.map(FormId).ok_or_else(|| Error::inconsistent("forms", "", "no id is free"))
    }

    /// When a form was made and last changed.
    pub async fn form_dates(&mut self, id: FormId) -> Result<FormDates> {
        let read = |row: Row<'_>| {
            Ok(FormDates { created_at: row.instant_or_null(0)?, updated_at: row.instant_or_null(1)? })
        };
        Ok(self.query_one(DATES, params![id.0], read).await?.unwrap_or_default())
    }

    /// Records that a form was changed at `now`, which is also when it was made where nothing is known of that.
    pub async fn date_form(&mut self, id: FormId, now: Timestamp) -> Result<()> {
        self.execute(DATE, params![now, id.0]).await.map(drop)
    }

    /// Deletes a form: nobody finds it any more, and whoever knew it learns so from its revision. What it holds stays, for
    /// the exports that are under way.
    pub async fn delete_form(&mut self, id: FormId, now: Timestamp) -> Result<()> {
        if self.execute(RAISE, params![id.0]).await? == 0 {
            return Err(Error::inconsistent("form_counters", id, "it is missing"));
        }
        self.forget_moments_of(id).await?;
        self.execute(DELETE, params![now, id.0]).await.map(drop)
    }

    /// Drops what a block of a deleted form held, once no export of the form is under way; whether there was one.
    pub async fn drop_deleted_block(&mut self) -> Result<bool> {
        let found = self.query_one(DELETED_BLOCK, &[], |row| Ok((FormId(row.int(0)?), row.int(1)?))).await?;
        let Some((form, block)) = found else { return Ok(false) };
        let first = key_of(form, block * BLOCK_ROWS);
        self.drop_files_between(first, first + BLOCK_ROWS).await?;
        for sql in [DROP_ROWS, DROP_VERSIONS, DROP_MATCHES, DROP_DELETIONS] {
            self.execute(sql, params![first, first + BLOCK_ROWS]).await?;
        }
        self.execute(DROP_BLOCK, params![form.0, block]).await?;
        Ok(true)
    }

    /// Whether the form of this id was deleted.
    pub async fn is_deleted_form(&mut self, id: FormId) -> Result<bool> {
        Ok(self.query_one(IS_DELETED, params![id.0], |_| Ok(())).await?.is_some())
    }
}
