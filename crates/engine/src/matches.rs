//! The index of who filled what: kept with every change of a submission, and made anew when the form speaks of others.
//!
//! Guarantees: what is in the index is what [`Marks`] says of the rows that are there; values are kept as digests, which are
//! short whatever was answered, and say nothing to who should not know.
//!
//! Must not know: profiles.

use crate::random::hex;
use fillhouse_model::matching::Marks;
use fillhouse_model::row::Row;
use fillhouse_model::{Form, FormId};
use fillhouse_store::{Error, Result, Tx, key_of};
use sha2::{Digest as _, Sha256};

/// How many rows are read at once while the index is made anew.
const ROWS_AT_ONCE: i64 = 1_000;
/// How much of a digest is kept: enough for none to be another's.
const DIGEST_BYTES: usize = 16;

/// What a text is known by in the index.
pub(crate) fn digest(said: &str) -> String {
    hex(&Sha256::digest(said.as_bytes())[..DIGEST_BYTES])
}

/// What a row says, as it is indexed.
pub(crate) fn said_by(marks: &Marks, body: &[u8]) -> Result<Vec<String>> {
    let said = Row::read(body).and_then(|row| marks.said_by(&row));
    let said = said.map_err(|error| Error::Driver(error.to_string()))?;
    Ok(said.iter().map(|said| digest(said)).collect())
}

/// Indexes the submissions of `form` anew, where it speaks of others than `before` did. The caller holds the form.
pub(crate) async fn reindex(tx: &mut Tx, before: Option<&Form>, form: &Form) -> Result<()> {
    let marks = Marks::of(form);
    let Some(before) = before.filter(|before| Marks::of(before) != marks) else { return Ok(()) };
    tx.drop_matches_of(before.id).await?;
    index_all(tx, form.id, &marks).await
}

async fn index_all(tx: &mut Tx, form: FormId, marks: &Marks) -> Result<()> {
    let mut after = key_of(form, 0) - 1;
    loop {
        let rows = tx.rows_after(form, after, ROWS_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.key;
        let mut matches = Vec::new();
        for row in &rows {
            matches.extend(said_by(marks, &row.body)?.into_iter().map(|value| (row.key, value)));
        }
        tx.put_matches(form, &matches).await?;
    }
}
