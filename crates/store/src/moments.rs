//! Which change was a form's last at what time, for whoever wants a form as it was then.
//!
//! Guarantees: whatever was changed within a second counts as of that second; what is known of is known without a gap.
//!
//! Must not know: what anybody wants of the past.

use crate::value::params;
use crate::{Result, Tx};
use fillhouse_model::{FormId, Timestamp};

const NOTE: &str = "INSERT INTO moments (form_id, at, seq) VALUES ($1, $2, $3) \
     ON CONFLICT (form_id, at) DO UPDATE SET seq = excluded.seq";
const SEQ_AT: &str = "SELECT seq FROM moments WHERE form_id = $1 AND at <= $2 ORDER BY at DESC LIMIT 1";
// But for the last of them: what was so then stayed so until the next.
const FORGET: &str = "DELETE FROM moments WHERE at < $1 AND EXISTS (SELECT 1 FROM moments AS later \
     WHERE later.form_id = moments.form_id AND later.at > moments.at AND later.at <= $2)";
const FORGET_FORM: &str = "DELETE FROM moments WHERE form_id = $1";

/// How many microseconds are told apart.
const SECOND_MICROS: i64 = 1_000_000;

impl Tx {
    /// The seq of a form's last change at a time, to the second; none where that was before all that is known of it.
    pub async fn seq_at(&mut self, form: FormId, at: Timestamp) -> Result<Option<i64>> {
        self.query_one(SEQ_AT, params![form.0, at.micros()], |row| row.int(0)).await
    }

    /// Records that a form's last change was that of `seq` at `now`.
    pub(crate) async fn note_moment(&mut self, form: FormId, seq: i64, now: Timestamp) -> Result<()> {
        let second = now.micros().div_euclid(SECOND_MICROS) * SECOND_MICROS;
        self.execute(NOTE, params![form.0, second, seq]).await.map(drop)
    }

    /// Forgets what was before `before`.
    pub(crate) async fn forget_moments(&mut self, before: Timestamp) -> Result<()> {
        self.execute(FORGET, params![before.micros(), before.micros()]).await.map(drop)
    }

    /// Forgets all moments of a form.
    pub(crate) async fn forget_moments_of(&mut self, form: FormId) -> Result<()> {
        self.execute(FORGET_FORM, params![form.0]).await.map(drop)
    }
}
