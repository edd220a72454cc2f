//! What everybody may do with a form, without a token: see what it asks, and answer it.
//!
//! Guarantees: a handle opens one form and nothing else of its account.
//!
//! Must not know: tokens; how answers are stored.

use crate::submission::find;
use crate::{Engine, Error, FormRef, FoundSubmission, Result};
use fillhouse_model::{Form, Status};
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
                    FormRef::Directory(_) | FormRef::Called(_) => Ok(None),
                }
            })
        });
        let stored = found.await?.ok_or_else(|| Error::not_found(form))?;
        Ok(PublicForm { engine: self.clone(), stored })
    }
}

/// A submission that somebody has the word of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfinished {
    /// It can be gone on with.
    Open(Box<FoundSubmission>),
    /// It was finished since.
    Finished(Box<FoundSubmission>),
}

impl Engine {
    /// The form in this directory of the account with that one: what a form's page is the page of.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn form_at(&self, user_dir: &str, directory: &str) -> Result<PublicForm> {
        let wanted = (user_dir.to_owned(), directory.to_owned());
        let found = self.parts.store.read(move |tx| {
            let (user_dir, directory) = wanted.clone();
            Box::pin(async move {
                let Some(account) = tx.account_in(&user_dir).await? else { return Ok(None) };
                tx.form_in(account.id, &directory).await
            })
        });
        let stored = found.await?.ok_or_else(|| Error::not_found("the form"))?;
        Ok(PublicForm { engine: self.clone(), stored })
    }
}

impl PublicForm {
    /// The submission that a word was given for.
    ///
    /// # Errors
    /// It is no word of this form, or the submission was deleted.
    pub async fn unfinished(&self, word: &str) -> Result<Unfinished> {
        let id = self.id_of(word).await?;
        let found = find(&self.engine, self.form().account_id, &self.form_ref(), id).await?;
        Ok(match found.submission.status {
            Status::Complete => Unfinished::Finished(Box::new(found.into())),
            Status::Incomplete => Unfinished::Open(Box::new(found.into())),
        })
    }

    /// What the form asks.
    pub fn form(&self) -> &Form {
        &self.stored.form
    }

    /// How the form is found again.
    pub(crate) fn form_ref(&self) -> FormRef {
        FormRef::Id(self.stored.form.id)
    }
}
