//! Forms as they are listed: what each is, how much it holds, and by which names its items are shown.
//!
//! Must not know: how a dialect writes any of it.

use crate::forms::with_removed;
use crate::{Engine, FormRef, FormsReader, FormsWriter, Result};
use fillhouse_model::{AccountId, Form, FormId, ResultsLabels};
use fillhouse_store::{FormDates, StoredForm, Tx};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A form, and how much it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormOverview {
    /// The form.
    pub form: Arc<Form>,
    /// How many submissions it holds.
    pub submissions: i64,
    /// How many bytes the files have that its submissions have.
    pub files_bytes: i64,
    /// When it was made and last changed, as far as that is known.
    pub dates: FormDates,
}

impl FormsReader {
    /// All forms, in the order of their ids.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn overviews(&self) -> Result<Vec<FormOverview>> {
        let account = self.account;
        let overviews = self.engine.parts.store.read(move |tx| {
            Box::pin(async move {
                let mut overviews = Vec::new();
                for stored in tx.forms_of(account).await? {
                    overviews.push(overview(tx, stored).await?);
                }
                Ok(overviews)
            })
        });
        Ok(overviews.await?)
    }

    /// What each form is called.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn form_names(&self) -> Result<BTreeMap<FormId, String>> {
        let account = self.account;
        let forms = self.engine.parts.store.read(move |tx| Box::pin(tx.forms_of(account))).await?;
        Ok(forms.into_iter().map(|stored| (stored.form.id, stored.form.name)).collect())
    }

    /// One form.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn overview(&self, form: &FormRef) -> Result<FormOverview> {
        find(&self.engine, self.account, form).await
    }

    /// A form with the items behind its own that it had once and has no more, as they were then.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn whole_form(&self, id: FormId) -> Result<Form> {
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| {
            Box::pin(async move {
                let Some(StoredForm { form, revision }) = tx.form_of(account, id).await? else {
                    return Ok(None);
                };
                let ever = tx.items_ever(id, revision).await?;
                Ok(Some(with_removed(form, &ever)))
            })
        });
        found.await?.ok_or_else(|| FormRef::Id(id).missing())
    }

    /// A form, and its results labels of this id, where it has such.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn form_labelled(
        &self,
        form: &FormRef,
        labels: Option<&str>,
    ) -> Result<(Form, Option<ResultsLabels>)> {
        let store = &self.engine.parts.store;
        let form = form.find(store, self.account).await?.form;
        let Some(labels) = labels.map(str::to_owned) else { return Ok((form, None)) };
        let id = form.id;
        let found = store.read(move |tx| {
            let labels = labels.clone();
            Box::pin(async move { tx.results_labels(id, &labels).await })
        });
        Ok((form, found.await?))
    }
}

impl FormsWriter {
    /// One form: whoever may change it sees what there is to change.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn form(&self, form: &FormRef) -> Result<FormOverview> {
        find(&self.engine, self.account, form).await
    }
}

async fn find(engine: &Engine, account: AccountId, form: &FormRef) -> Result<FormOverview> {
    let store = &engine.parts.store;
    let stored = form.find(store, account).await?;
    let overview = store.read(move |tx| {
        let stored = stored.clone();
        Box::pin(async move { overview(tx, stored).await })
    });
    Ok(overview.await?)
}

async fn overview(tx: &mut Tx, stored: StoredForm) -> Result<FormOverview, fillhouse_store::Error> {
    let submissions = tx.rows_of(stored.form.id).await?;
    let files_bytes = tx.files_size(stored.form.id).await?;
    let dates = tx.form_dates(stored.form.id).await?;
    Ok(FormOverview { form: Arc::new(stored.form), submissions, files_bytes, dates })
}
