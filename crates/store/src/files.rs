//! Uploaded files: what each is, and which submissions have it.
//!
//! Guarantees: a row is there before its bytes are and goes after them; a file that a submission has is not dropped.
//!
//! Must not know: the bytes, or when a file has had its time.

use crate::submissions::LAST_ORDINAL;
use crate::value::{Param, Row, params};
use crate::{Result, Tx, key_of};
use fillhouse_model::{AccountId, FormId, SubmissionId, Timestamp};

const CREATE: &str = "INSERT INTO files (id, account_id, form_id, name, media_type, size_bytes, sha256, state, \
     loose_at, created_at) VALUES ($1, $2, $3, $4, $5, 0, '', 'uploading', $6, $6)";
const FINISH: &str = "UPDATE files SET state = 'stored', size_bytes = $1, sha256 = $2 \
     WHERE id = $3 AND state = 'uploading'";
const FIND: &str = "SELECT id, account_id, form_id, name, media_type, size_bytes, sha256, created_at FROM files \
     WHERE id = $1 AND state = 'stored'";
const USE: &str = "INSERT INTO file_uses (account_id, submission_id, file_id) \
     SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), id FROM files \
     WHERE id = $3 AND account_id = $1 AND state = 'stored' ON CONFLICT DO NOTHING";
const FASTEN: &str =
    "UPDATE files SET loose_at = NULL WHERE id = $1 AND account_id = $2 AND state = 'stored'";
const RELEASE: &str = "DELETE FROM file_uses WHERE account_id = $1 AND submission_id = $2 RETURNING file_id";
const LOOSEN: &str = "UPDATE files SET loose_at = $1 WHERE id = $2 \
     AND NOT EXISTS (SELECT 1 FROM file_uses WHERE file_id = files.id)";
const DROP_UNUSED: &str = "UPDATE files SET state = 'dropped', loose_at = 0 WHERE id = $1 \
     AND NOT EXISTS (SELECT 1 FROM file_uses WHERE file_id = files.id)";
const DROP_LOOSE: &str = "UPDATE files SET state = 'dropped' WHERE id IN \
     (SELECT id FROM files WHERE loose_at < $1 ORDER BY loose_at LIMIT $2) RETURNING id, account_id";
const FORGET: &str = "DELETE FROM files WHERE id = $1 AND state = 'dropped'";
const RELEASE_ALL: &str = "DELETE FROM file_uses WHERE file_id IN (SELECT id FROM files WHERE form_id = $1) \
     AND EXISTS (SELECT 1 FROM submissions WHERE submissions.account_id = file_uses.account_id \
     AND submissions.id = file_uses.submission_id AND submissions.key >= $2 AND submissions.key <= $3)";
const DROP_ALL: &str = "UPDATE files SET state = 'dropped', loose_at = 0 WHERE form_id = $1 \
     AND NOT EXISTS (SELECT 1 FROM file_uses WHERE file_id = files.id)";
const RELEASE_BETWEEN: &str = "DELETE FROM file_uses WHERE (account_id, submission_id) IN \
     (SELECT account_id, id FROM submissions WHERE key >= $1 AND key < $2) RETURNING file_id";
const SIZE: &str = "SELECT CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM files \
     WHERE form_id = $1 AND state = 'stored' AND loose_at IS NULL";

/// A file that is being uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its id, which cannot be guessed.
    pub id: String,
    /// The account.
    pub account_id: AccountId,
    /// The form it was uploaded to.
    pub form_id: FormId,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
}

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// What was said of it before.
    pub file: NewFile,
    /// How many bytes it has.
    pub size_bytes: i64,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
}

impl Tx {
    /// Makes a place for a file whose bytes come later.
    pub async fn create_file(&mut self, file: &NewFile, now: Timestamp) -> Result<()> {
        let NewFile { id, account_id, form_id, name, media_type } = file;
        self.execute(CREATE, params![id, account_id.0, form_id.0, name, media_type, now]).await.map(drop)
    }

    /// Says that a file's bytes are there; whether its place still was.
    pub async fn finish_file(&mut self, id: &str, size_bytes: i64, sha256: &str) -> Result<bool> {
        Ok(self.execute(FINISH, params![size_bytes, sha256, id]).await? == 1)
    }

    /// The file of this id, of whatever account, where all its bytes are there.
    pub async fn file(&mut self, id: &str) -> Result<Option<StoredFile>> {
        self.query_one(FIND, params![id], read_file).await
    }

    /// Notes that a submission has these files, as far as they are files of its account.
    pub async fn use_files(
        &mut self,
        account: AccountId,
        submission: SubmissionId,
        files: &[String],
    ) -> Result<()> {
        for id in files {
            self.execute(USE, params![account.0, submission.0, id]).await?;
            self.execute(FASTEN, params![id, account.0]).await?;
        }
        Ok(())
    }

    /// Notes that a submission has no files any more, and gives those it had.
    pub async fn release_files(
        &mut self,
        account: AccountId,
        submission: SubmissionId,
    ) -> Result<Vec<String>> {
        self.query(RELEASE, params![account.0, submission.0], |row| row.text(0)).await
    }

    /// Notes that from `now` on nobody has these files, as far as that is so.
    pub async fn loosen_files(&mut self, files: &[String], now: Timestamp) -> Result<()> {
        let lists: Vec<Vec<Param<'_>>> = files.iter().map(|id| params![now, id].to_vec()).collect();
        self.execute_each(LOOSEN, &lists).await.map(drop)
    }

    /// Drops those of these files that nobody has: they are not found any more.
    pub async fn drop_unused_files(&mut self, files: &[String]) -> Result<()> {
        let lists: Vec<Vec<Param<'_>>> = files.iter().map(|id| params![id].to_vec()).collect();
        self.execute_each(DROP_UNUSED, &lists).await.map(drop)
    }

    /// Drops the files that were uploaded to a form that is deleted, but for those that submissions of other forms have,
    /// too: they are not found any more.
    pub async fn drop_files_of_form(&mut self, form: FormId) -> Result<()> {
        self.execute(RELEASE_ALL, params![form.0, key_of(form, 0), key_of(form, LAST_ORDINAL)]).await?;
        self.execute(DROP_ALL, params![form.0]).await.map(drop)
    }

    /// Drops the files of the submissions whose keys are from `first` up to `end`, which are about to be dropped, too;
    /// not those that others have.
    pub(crate) async fn drop_files_between(&mut self, first: i64, end: i64) -> Result<()> {
        let files = self.query(RELEASE_BETWEEN, params![first, end], |row| row.text(0)).await?;
        self.drop_unused_files(&files).await
    }

    /// Drops up to `limit` files that nobody has had since `before`, and gives them with those that were dropped before:
    /// their bytes can go, and then they can be forgotten.
    pub async fn drop_loose_files(
        &mut self,
        before: Timestamp,
        limit: i64,
    ) -> Result<Vec<(String, AccountId)>> {
        self.query(DROP_LOOSE, params![before, limit], |row| Ok((row.text(0)?, AccountId(row.int(1)?)))).await
    }

    /// Forgets a dropped file.
    pub async fn forget_file(&mut self, id: &str) -> Result<()> {
        self.execute(FORGET, params![id]).await.map(drop)
    }

    /// How many bytes the files have that submissions of a form have.
    pub async fn files_size(&mut self, form: FormId) -> Result<i64> {
        Ok(self.query_one(SIZE, params![form.0], |row| row.int(0)).await?.unwrap_or(0))
    }
}

fn read_file(row: Row<'_>) -> Result<StoredFile> {
    let file = NewFile {
        id: row.text(0)?,
        account_id: AccountId(row.int(1)?),
        form_id: FormId(row.int(2)?),
        name: row.text(3)?,
        media_type: row.text(4)?,
    };
    Ok(StoredFile { file, size_bytes: row.int(5)?, sha256: row.text(6)?, created_at: row.instant(7)? })
}
