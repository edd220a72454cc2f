//! What everybody may do with a form, without a token: see what it asks, and answer it.
//!
//! Guarantees: a handle opens one form and nothing else of its account.
//!
//! Must not know: tokens; how answers are stored.

use crate::{Engine, Error, FormRef, Result};
use fillhouse_model::Form;
use fillhouse_store::StoredForm;

/// A form, for whoever knows where it is.
#[derive(Clone)]
pub struct PublicForm {
    pub(crate) engine: Engine,
    pub(crate) stored: StoredForm,
}

impl Engine {
    /// The form of this id or slug, in whatever account.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn public_form(&self, form: &FormRef) -> Result<PublicForm> {
        let wanted = form.clone();
        let found = self.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                match wanted {
                    FormRef::Id(id) => tx.form(id).await,
                    FormRef::Name(slug) => tx.form_with_slug(&slug).await,
                    // It is unique in its account only.
                    FormRef::Directory(_) => Ok(None),
                }
            })
        });
        let stored = found.await?.ok_or_else(|| Error::not_found(form))?;
        Ok(PublicForm { engine: self.clone(), stored })
    }
}

impl PublicForm {
    /// What the form asks.
    pub fn form(&self) -> &Form {
        &self.stored.form
    }

    /// How the form is found again.
    pub(crate) fn form_ref(&self) -> FormRef {
        FormRef::Id(self.stored.form.id)
    }
}
