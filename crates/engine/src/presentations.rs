//! Presentations of a form's results: other labels for its items, and choices of its columns.
//!
//! Guarantees: what is stored anew names nothing that the form does not have, but for what it named before; none is stored
//! beyond a bound.
//!
//! Must not know: how any dialect gives results by them.

use crate::accounts::check_name;
use crate::hold::hold_form;
use crate::{Error, FormRef, FormsReader, FormsWriter, Result};
use fillhouse_model::{Fault, Form, Item, ResultsLabels, ResultsView};
use fillhouse_render::table::META_NAMES;
use fillhouse_store::{Result as StoreResult, Tx};
use std::collections::HashSet;

/// How many labels, and how many views, a form may have.
const MOST: usize = 100;
/// How long an id may be, in bytes.
const LONGEST_ID: usize = 60;
/// How long a label may be, in characters.
const LONGEST_LABEL: usize = 2_000;
/// The name that a view knows the id of a result by, beside `id`.
const RESULT_ID: &str = "result_id";

/// The presentations of a form, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Presentations {
    /// Other labels for its items.
    pub labels: Vec<ResultsLabels>,
    /// Choices of its columns.
    pub views: Vec<ResultsView>,
}

impl FormsReader {
    /// The presentations of a form.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn presentations(&self, form: &FormRef) -> Result<Presentations> {
        let id = self.form_id(form).await?;
        let found = self.engine.parts.store.read(move |tx| {
            Box::pin(async move {
                Ok(Presentations {
                    labels: tx.results_labels_of(id).await?,
                    views: tx.results_views_of(id).await?,
                })
            })
        });
        Ok(found.await?)
    }
}

impl FormsWriter {
    /// Stores labels, new or in place of those with their id.
    ///
    /// # Errors
    /// There is no such form; a fault names its field.
    pub async fn put_labels(&self, form: &FormRef, labels: ResultsLabels) -> Result<()> {
        check_names(&labels.id, &labels.name)?;
        let is_long = |(_, label): &(String, String)| label.chars().count() > LONGEST_LABEL;
        if let Some((item, _)) = labels.labels.iter().find(|label| is_long(label)) {
            let message = format!("is longer than {LONGEST_LABEL} characters");
            return Err(Fault::new(format!("labels.{item}"), message).into());
        }
        self.present(form, Presentation::Labels(labels)).await
    }

    /// Stores a view, new or in place of the one with its id.
    ///
    /// # Errors
    /// There is no such form; a fault names its field.
    pub async fn put_view(&self, form: &FormRef, view: ResultsView) -> Result<()> {
        check_names(&view.id, &view.name)?;
        if view.columns.is_empty() {
            return Err(Fault::new("columns", "are none").into());
        }
        self.present(form, Presentation::View(view)).await
    }

    async fn present(&self, form: &FormRef, presentation: Presentation) -> Result<()> {
        let before = form.find(&self.engine.parts.store, self.account).await?.form;
        let id = before.id;
        let (what, subject) = presentation.named();
        let entry = self.engine.entry(self.account, &self.actor, what).of(format!("{subject} of form {id}"));
        let stored = self.engine.parts.store.write(move |tx| {
            let (presentation, entry) = (presentation.clone(), entry.clone());
            Box::pin(async move {
                // Held, so that it is not deleted meanwhile.
                let Some(held) = hold_form(tx, id).await? else { return Ok(None) };
                let put = presentation.put(tx, &held.form).await?;
                if put.is_ok() {
                    tx.audit(&entry).await?;
                }
                Ok(Some(put))
            })
        });
        Ok(stored.await?.ok_or_else(|| Error::not_found(form))??)
    }

    /// Deletes labels of a form.
    ///
    /// # Errors
    /// There is no such form, or it has no such labels.
    pub async fn delete_labels(&self, form: &FormRef, id: &str) -> Result<()> {
        self.withdraw(form, Kind::Labels, id).await
    }

    /// Deletes a view of a form.
    ///
    /// # Errors
    /// There is no such form, or it has no such view.
    pub async fn delete_view(&self, form: &FormRef, id: &str) -> Result<()> {
        self.withdraw(form, Kind::View, id).await
    }

    async fn withdraw(&self, form: &FormRef, kind: Kind, id: &str) -> Result<()> {
        let (form, wanted) =
            (form.find(&self.engine.parts.store, self.account).await?.form.id, id.to_owned());
        let (what, name) = match kind {
            Kind::Labels => ("labels.deleted", "labels"),
            Kind::View => ("view.deleted", "view"),
        };
        let entry = self.engine.entry(self.account, &self.actor, what);
        let entry = entry.of(format!("{name} {wanted} of form {form}"));
        let deleted = self.engine.parts.store.write(move |tx| {
            let (wanted, entry) = (wanted.clone(), entry.clone());
            Box::pin(async move {
                let is_deleted = match kind {
                    Kind::Labels => tx.delete_results_labels(form, &wanted).await?,
                    Kind::View => tx.delete_results_view(form, &wanted).await?,
                };
                if is_deleted {
                    tx.audit(&entry).await?;
                }
                Ok(is_deleted)
            })
        });
        if deleted.await? { Ok(()) } else { Err(Error::not_found(format!("the {name}"))) }
    }
}

/// What is deleted.
#[derive(Clone, Copy)]
enum Kind {
    Labels,
    View,
}

#[derive(Clone)]
enum Presentation {
    Labels(ResultsLabels),
    View(ResultsView),
}

impl Presentation {
    /// What storing it is called in the audit log, and what it is.
    fn named(&self) -> (&'static str, String) {
        match self {
            Self::Labels(labels) => ("labels.stored", format!("labels {}", labels.id)),
            Self::View(view) => ("view.stored", format!("view {}", view.id)),
        }
    }

    async fn put(self, tx: &mut Tx, form: &Form) -> StoreResult<Result<(), Fault>> {
        let too_many = || Fault::new("id", format!("would be one of more than {MOST}"));
        let mut known = HashSet::new();
        visit(&form.items, &mut |item| {
            known.insert(item.id.clone());
        });
        match self {
            Self::Labels(labels) => {
                let there = tx.results_labels_of(form.id).await?;
                let before = there.iter().find(|other| other.id == labels.id);
                if before.is_none() && there.len() >= MOST {
                    return Ok(Err(too_many()));
                }
                known.extend(
                    before.into_iter().flat_map(|before| &before.labels).map(|(item, _)| item.clone()),
                );
                if let Some((item, _)) = labels.labels.iter().find(|(item, _)| !known.contains(item)) {
                    return Ok(Err(Fault::new(format!("labels.{item}"), "is of no item of the form")));
                }
                tx.put_results_labels(&ResultsLabels { form_id: form.id, ..labels }).await.map(Ok)
            }
            Self::View(view) => {
                let there = tx.results_views_of(form.id).await?;
                let before = there.iter().find(|other| other.id == view.id);
                if before.is_none() && there.len() >= MOST {
                    return Ok(Err(too_many()));
                }
                known.extend(before.into_iter().flat_map(|before| &before.columns).cloned());
                known.extend(META_NAMES.into_iter().chain([RESULT_ID]).map(str::to_owned));
                if let Some(n) = view.columns.iter().position(|column| !known.contains(column)) {
                    return Ok(Err(Fault::new(format!("columns[{n}]"), "is no column of the form")));
                }
                tx.put_results_view(&ResultsView { form_id: form.id, ..view }).await.map(Ok)
            }
        }
    }
}

fn visit(items: &[Item], see: &mut impl FnMut(&Item)) {
    for item in items {
        see(item);
        visit(&item.children, see);
    }
}

fn check_names(id: &str, name: &str) -> Result<(), Fault> {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(is_fine) {
        let message = format!("is not 1 to {LONGEST_ID} letters, digits, hyphens, dots and underscores");
        return Err(Fault::new("id", message));
    }
    check_name("name", name)
}
