//! What an export is of: a form, which of its submissions, and as of which of its changes, all of one moment.
//!
//! Guarantees: whatever is made of a request (a job, an estimate, a file at once) takes it to mean the same.
//!
//! Must not know: what becomes of it.

use super::ExportRequest;
use super::selection::Selection;
use super::wanted::resolve;
use crate::forms::with_removed;
use fillhouse_model::{Fault, Form};
use fillhouse_store::{Block, Result as StoreResult, StoredForm, Tx};

/// What an export is of.
pub(super) struct Pinned {
    /// The form, with what it had once where the file may show that.
    pub(super) form: Form,
    /// The revision of its items.
    pub(super) revision: i64,
    pub(super) selection: Selection,
    /// The seq of the form's change as of which its rows are read.
    pub(super) seq: i64,
    /// All blocks of the form.
    pub(super) blocks: Vec<Block>,
}

/// What is asked for of a form as it is; none where its account is gone. A request of a certain moment needs a unit of work that
/// holds the form.
pub(super) async fn pin(
    tx: &mut Tx,
    request: &ExportRequest,
    form: StoredForm,
) -> StoreResult<Option<Result<Pinned, Fault>>> {
    let (form_id, revision) = (form.form.id, form.revision);
    let Some(account) = tx.account(form.form.account_id).await? else { return Ok(None) };
    if let Err(fault) = request.check_shape(&form.form) {
        return Ok(Some(Err(fault)));
    }
    let seq = match request.wanted.moment(tx, form_id).await? {
        Ok(Some(seq)) => seq,
        Ok(None) => tx.form_seq(form_id).await?,
        Err(fault) => return Ok(Some(Err(fault))),
    };
    let selection = match resolve(tx, &request.wanted, &form, &account).await? {
        Ok(selection) => selection,
        Err(fault) => return Ok(Some(Err(fault))),
    };
    let blocks = tx.blocks(form_id).await?;
    let form = shown(tx, form.form, revision, request.shape.content.shows_removed()).await?;
    Ok(Some(Ok(Pinned { form, revision, selection, seq, blocks })))
}

/// A form of this revision as an export sees it: with the items that it had before, where they may be shown.
pub(super) async fn shown(tx: &mut Tx, form: Form, revision: i64, shows_removed: bool) -> StoreResult<Form> {
    if !shows_removed {
        return Ok(form);
    }
    let ever = tx.items_ever(form.id, revision).await?;
    Ok(with_removed(form, &ever))
}
