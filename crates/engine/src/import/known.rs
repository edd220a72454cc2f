//! What an import knows of a form while its submissions are read.
//!
//! Must not know: lines.

use crate::Result;
use crate::interchange::Leaves;
use fillhouse_model::{AccountId, FormId};
use fillhouse_store::Store;

/// A form whose submissions are being imported. It may change meanwhile: its slots stay what they are, so that what was
/// read for it is good for what became of it.
pub(super) struct KnownForm {
    pub(super) id: FormId,
    pub(super) account_id: AccountId,
    pub(super) leaves: Leaves,
}

impl KnownForm {
    /// The form of this id, if there is one.
    pub(super) async fn load(store: &Store, id: FormId) -> Result<Option<Self>> {
        let found = store.read(move |tx| Box::pin(tx.form(id))).await?;
        Ok(found.map(|stored| Self {
            id,
            account_id: stored.form.account_id,
            leaves: Leaves::of(&stored.form),
        }))
    }
}
