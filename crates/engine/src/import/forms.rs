//! Importing a form.
//!
//! Guarantees: a slot that was given to a leaf is never given to another, also where two change the form at once; no name
//! leads to two forms.
//!
//! Must not know: other kinds.

use super::Change;
use super::put::{Put, done, has_account, same_account};
use crate::hold::hold_form;
use crate::matches::reindex;
use fillhouse_model::{Fault, Form, Timestamp};
use fillhouse_store::{Error as StoreError, Tx};

/// Stores a form, new or in place of the one with its id.
pub(super) async fn put_form(tx: &mut Tx, mut form: Form, now: Timestamp) -> Put {
    let before = hold_form(tx, form.id).await?.map(|stored| stored.form);
    let same = same_account(before.as_ref().map(|before| before.account_id), form.account_id);
    if let Err(fault) = same.and(has_account(tx, form.account_id).await?) {
        return Ok(Err(fault));
    }
    // What it held may be on its way out: it must not come to be another's.
    if tx.is_deleted_form(form.id).await? {
        return Ok(Err(Fault::new("id", format!("{} was the id of a form that was deleted", form.id))));
    }
    if let Some(rival) = tx.rival_of(&form).await? {
        return Ok(Err(taken_from(&form, &rival)));
    }
    form.assign_slots(before.as_ref().map_or(&[], |before| before.slots.as_slice()));
    let put = done(Change::of(before.as_ref(), &form), tx.put_form(&form)).await?;
    reindex(tx, before.as_ref(), &form).await?;
    // What is not there yet cannot be held. Whoever was faster has given slots, which are to be kept.
    if before.is_none() && tx.form(form.id).await?.is_some_and(|stored| stored.revision > 1) {
        return Err(StoreError::Busy(format!("form {} was stored by two at once", form.id)));
    }
    if !matches!(put, Ok(Change::Unchanged)) {
        tx.date_form(form.id, now).await?;
    }
    Ok(put)
}

/// Which name of a form another has. A slug and a shortname are looked for in the same places, so they share their names.
fn taken_from(form: &Form, rival: &Form) -> Fault {
    let Form { shortname, slug, directory, .. } = form;
    let is_taken = |name: &String| [&rival.shortname, &rival.slug].contains(&name);
    let (field, name) = if is_taken(shortname) {
        ("shortname", shortname)
    } else if is_taken(slug) {
        ("slug", slug)
    } else {
        ("directory", directory)
    };
    Fault::new(field, format!("{name} is taken"))
}
