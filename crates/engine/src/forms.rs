//! Making, changing and deleting forms.
//!
//! Guarantees: ids and names are handed out here, and none leads to two forms; a slot that was given to a leaf is never given
//! to another; a form that was deleted is found no more, and the exports of it that are under way end as if it were there.
//!
//! Must not know: how any dialect spells a form.

mod names;
mod positions;
mod removed;

use crate::hold::hold_form;
use crate::looks;
use crate::matches::reindex;
use crate::{Error, FormRef, FormsWriter, Result};
use fillhouse_model::{AccountId, ErrorKind, Fault, Form, FormId, FormLook, FormState, Item, Timestamp};
use fillhouse_store::{Error as StoreError, Result as StoreResult, Tx};
use names::{Names, give_ids};
use positions::keep_apart;
pub(crate) use removed::with_removed;
use std::sync::Arc;

/// How often a form is made or changed again because others came between.
const TRIES: usize = 5;
/// How long a form's name may be, in characters.
const LONGEST_NAME: usize = 255;

/// What a form is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDraft {
    /// What people call it.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Whether it takes submissions.
    pub state: FormState,
    /// Whether unfinished submissions are accepted.
    pub partial: bool,
    /// Its questions. Those whose id is empty are given one.
    pub items: Vec<Item>,
}

impl FormDraft {
    /// A form as it is.
    pub fn of(form: &Form) -> Self {
        let Form { name, description, state, partial, items, .. } = form.clone();
        Self { name, description, state, partial, items }
    }

    fn check(&self) -> Result<(), Fault> {
        let characters = self.name.chars().count();
        if self.name.trim().is_empty() || characters > LONGEST_NAME {
            return Err(Fault::new("name", format!("is not 1 to {LONGEST_NAME} characters long")));
        }
        Ok(())
    }

    /// The form of this draft, in place of `before`.
    fn onto(mut self, before: &Form) -> Result<Form, Fault> {
        self.check()?;
        give_ids(&mut self.items, &before.slots);
        let Self { name, description, state, partial, items } = self;
        let mut form = Form { name, description, state, partial, items, ..before.clone() };
        form.assign_slots(&before.slots);
        form.check()?;
        Ok(form)
    }
}

impl FormsWriter {
    /// Makes a form, and gives it with its id and its names.
    ///
    /// # Errors
    /// The draft is no form.
    pub async fn create_form(&self, draft: FormDraft) -> Result<Form> {
        self.create_form_shown(draft, "", |_| None).await
    }

    /// The same, and keeps what `look` says of how a dialect shows the form.
    ///
    /// # Errors
    /// The draft is no form; its look is none, or too large.
    pub async fn create_form_shown(
        &self,
        draft: FormDraft,
        dialect: &'static str,
        look: impl Fn(&Form) -> Option<String>,
    ) -> Result<Form> {
        for _ in 0..TRIES {
            let names = Names::fresh(&draft.name, &self.engine.parts.random);
            let form = draft.clone().onto(&names.form(self.account))?;
            let look = look(&form).map(|json| looks::look(form.id, dialect, &json)).transpose()?;
            let now = self.engine.now();
            let entry = self.engine.entry(self.account, &self.actor, "form.created");
            let created = self.engine.parts.store.write(move |tx| {
                let (form, look, entry) = (form.clone(), look.clone(), entry.clone());
                Box::pin(async move {
                    let created = create(tx, form, look, now).await?;
                    if let Some(form) = &created {
                        tx.audit(&entry.of(named(form))).await?;
                    }
                    Ok(created)
                })
            });
            match created.await {
                Ok(Some(form)) => return Ok(form),
                // Somebody has one of the names, or got the same id at the same moment.
                Ok(None) | Err(StoreError::Constraint(_) | StoreError::Busy(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::new(ErrorKind::Unavailable, "others keep making forms; try again"))
    }

    /// Changes a form into what `edit` makes of it, and gives it as it is then.
    ///
    /// # Errors
    /// There is no such form; what it would be is none.
    pub async fn update_form(
        &self,
        form: &FormRef,
        edit: impl Fn(&Form) -> Result<FormDraft>,
    ) -> Result<Form> {
        self.update_form_shown(form, edit, "", |_, _, _| None).await
    }

    /// The same, and keeps what `look` says of how a dialect shows the form, if it says anything: it is given the form as it
    /// was, as it is to be, and what was kept before.
    ///
    /// # Errors
    /// There is no such form; what it would be is none; its look is none, or too large.
    pub async fn update_form_shown(
        &self,
        form: &FormRef,
        edit: impl Fn(&Form) -> Result<FormDraft>,
        dialect: &'static str,
        look: impl Fn(&Form, &Form, Option<&str>) -> Option<String>,
    ) -> Result<Form> {
        for _ in 0..TRIES {
            let before = form.find(&self.engine.parts.store, self.account).await?;
            let (id, revision) = (before.form.id, before.revision);
            let known = self.engine.parts.store.read(move |tx| {
                Box::pin(
                    async move { Ok((tx.items_ever(id, revision).await?, tx.form_look(id, dialect).await?)) },
                )
            });
            let (ever, kept) = known.await?;
            let mut draft = edit(&before.form)?;
            keep_apart(&mut draft.items, &before.form.items, &ever);
            let after = draft.onto(&before.form)?;
            let look = look(&before.form, &after, kept.as_deref());
            let look = look.map(|json| looks::look(id, dialect, &json)).transpose()?;
            let look = look.filter(|look| kept.as_ref() != Some(&look.look));
            let now = self.engine.now();
            let entry = self.engine.entry(self.account, &self.actor, "form.changed").of(named(&after));
            let is_other = before.form != after || look.is_some();
            let changed = Arc::new((after.clone(), look, entry));
            let updated = self.engine.parts.store.write(move |tx| {
                let changed = changed.clone();
                Box::pin(async move {
                    let (form, look, entry) = &*changed;
                    let is_updated = update(tx, form, look.as_ref(), revision, now).await?;
                    if is_updated && is_other {
                        tx.audit(entry).await?;
                    }
                    Ok(is_updated)
                })
            });
            if updated.await? {
                return Ok(after);
            }
        }
        Err(Error::new(ErrorKind::Unavailable, "the form is being changed; try again"))
    }

    /// Deletes a form with all that it holds, and gives it as it was. Its subscriptions and schedules end, what is owed to
    /// them is called off, and its files are found no more; its submissions are dropped once no export needs them (see `retention`).
    ///
    /// # Errors
    /// There is no such form.
    pub async fn delete_form(&self, form: &FormRef) -> Result<Form> {
        let before = form.find(&self.engine.parts.store, self.account).await?.form;
        let (id, now) = (before.id, self.engine.now());
        let entry = self.engine.entry(self.account, &self.actor, "form.deleted").of(named(&before));
        let deleted = self.engine.parts.store.write(move |tx| {
            let entry = entry.clone();
            Box::pin(async move {
                if hold_form(tx, id).await?.is_none() {
                    return Ok(false);
                }
                tx.delete_subscriptions(id, now).await?;
                tx.delete_schedules_of(id).await?;
                tx.delete_presentations(id).await?;
                tx.drop_files_of_form(id).await?;
                tx.delete_form(id, now).await?;
                tx.audit(&entry).await?;
                Ok(true)
            })
        });
        if deleted.await? { Ok(before) } else { Err(Error::not_found(form)) }
    }
}

/// What a form is called in the audit log.
fn named(form: &Form) -> String {
    format!("form {}: {}", form.id, form.name)
}

/// Stores a new form under an id of its own; none where one of its names is taken.
async fn create(
    tx: &mut Tx,
    form: Form,
    look: Option<FormLook>,
    now: Timestamp,
) -> StoreResult<Option<Form>> {
    let form = Form { id: tx.free_form_id().await?, ..form };
    if tx.rival_of(&form).await?.is_some() {
        return Ok(None);
    }
    tx.put_form(&form).await?;
    // What is not there yet cannot be held: whoever was faster has the id, and this must not stay.
    if tx.form(form.id).await?.is_none_or(|stored| stored.revision > 1) {
        return Err(StoreError::Busy(format!("form {} was stored by two at once", form.id)));
    }
    tx.date_form(form.id, now).await?;
    if let Some(look) = look {
        tx.put_look(&FormLook { form_id: form.id, ..look }).await?;
    }
    Ok(Some(form))
}

/// Stores a form in place of its `revision`; `false` where it has another by now.
async fn update(
    tx: &mut Tx,
    form: &Form,
    look: Option<&FormLook>,
    revision: i64,
    now: Timestamp,
) -> StoreResult<bool> {
    let Some(held) = hold_form(tx, form.id).await?.filter(|held| held.revision == revision) else {
        return Ok(false);
    };
    let is_changed = held.form != *form;
    if is_changed {
        tx.put_form(form).await?;
        reindex(tx, Some(&held.form), form).await?;
    }
    if let Some(look) = look {
        tx.put_look(look).await?;
    }
    if is_changed || look.is_some() {
        tx.date_form(form.id, now).await?;
    }
    Ok(true)
}

impl Names {
    /// A form of these names and nothing else. Its id is given when it is stored; until then it has one that is valid.
    fn form(self, account_id: AccountId) -> Form {
        Form {
            id: FormId(1),
            account_id,
            shortname: self.shortname,
            directory: self.slug.clone(),
            slug: self.slug,
            name: String::new(),
            description: None,
            state: FormState::Open,
            timezone: None,
            partial: false,
            items: Vec::new(),
            slots: Vec::new(),
        }
    }
}
