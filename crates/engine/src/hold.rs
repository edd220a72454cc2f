//! Holding a form still: for units of work that need what a form is and what it holds to be of one moment.
//!
//! Guarantees: until the unit of work ends, nobody else changes the form or anything that it holds. Whoever holds a form
//! and an account takes the form first, so that two of them never wait for each other.
//!
//! Must not know: what for.

use fillhouse_model::FormId;
use fillhouse_store::{Error, Result, StoredForm, Tx};

/// How often a form is looked at again because it was changed in between.
const TRIES: usize = 5;

/// The form as it is, and stays until the unit of work ends; none where there is none.
pub(crate) async fn hold_form(tx: &mut Tx, id: FormId) -> Result<Option<StoredForm>> {
    for _ in 0..TRIES {
        let Some(stored) = tx.form(id).await? else { return Ok(None) };
        // Whoever takes ordinals, be it none, keeps others from it and from changing the form.
        if tx.take_ordinals(id, stored.revision, 0, 0).await?.is_some() {
            return Ok(Some(stored));
        }
    }
    Err(Error::Busy(format!("form {id} is being changed all the time")))
}
