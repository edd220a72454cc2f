//! Snapshots: a form and its blocks, all of one moment.
//!
//! Must not know: what is asked of them.

use crate::engine::Parts;
use crate::{FormRef, Result};
use fillhouse_model::AccountId;
use fillhouse_render::json::ResultLayout;
use fillhouse_store::{Block, StoredForm};
use std::sync::{Arc, OnceLock};

/// A form at one of its seqs.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(super) form: Arc<StoredForm>,
    /// How its results are written: made for the first who wants any, and kept while the form stays as it is.
    pub(super) layout: Arc<OnceLock<ResultLayout>>,
    pub(super) seq: i64,
    /// Its blocks, in order.
    pub(super) blocks: Vec<Block>,
}

impl Snapshot {
    /// What changes whenever the form or what it holds does.
    pub(super) fn mark(&self) -> (i64, i64) {
        (self.form.revision, self.seq)
    }

    /// The form as it is now; the one that was there before where nothing has changed.
    pub(super) async fn load(parts: &Parts, account: AccountId, form: &FormRef) -> Result<Arc<Self>> {
        let known = parts.queries.snapshot(account, form);
        let (wanted, before) = (form.clone(), known);
        let loaded = parts.store.read(move |tx| {
            let (wanted, before) = (wanted.clone(), before.clone());
            Box::pin(async move {
                let mark = match &before {
                    Some(before) => tx.form_mark(before.form.form.id).await?,
                    None => None,
                };
                let (form, layout) = match before {
                    Some(before) if mark == Some(before.mark()) => return Ok(Some(before)),
                    Some(before) if mark.map(|(revision, _)| revision) == Some(before.form.revision) => {
                        (before.form.clone(), before.layout.clone())
                    }
                    _ => match wanted.find_in(tx, account).await? {
                        Some(form) => (Arc::new(form), Arc::default()),
                        None => return Ok(None),
                    },
                };
                let seq = tx.form_seq(form.form.id).await?;
                let blocks = tx.blocks(form.form.id).await?;
                Ok(Some(Arc::new(Self { form, layout, seq, blocks })))
            })
        });
        let loaded = loaded.await?.ok_or_else(|| form.missing())?;
        parts.queries.put_snapshot(account, form, loaded.clone());
        Ok(loaded)
    }
}
