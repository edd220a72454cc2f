//! Looks: what a dialect keeps of how a form is shown.
//!
//! Guarantees: a look is a JSON object of at most [`MOST_BYTES`], in one spelling.
//!
//! Must not know: what is in a look.

use crate::interchange::canonical_object;
use crate::{Error, FormsReader, FormsWriter, PublicForm, Result};
use fillhouse_model::{AccountId, ErrorKind, FormId, FormLook};
use fillhouse_store::Store;
use std::collections::HashMap;

/// How large a look may be.
const MOST_BYTES: usize = 1_000_000;

/// A look that a dialect has made of a form, on its way into the store.
///
/// # Errors
/// It is too large, or none.
pub(crate) fn look(form_id: FormId, dialect: &str, json: &str) -> Result<FormLook> {
    let look = canonical_object(json)?;
    if look.len() > MOST_BYTES {
        let message = format!("what is kept of how the form is shown is larger than {MOST_BYTES} bytes");
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    Ok(FormLook { form_id, dialect: dialect.to_owned(), look })
}

impl FormsReader {
    /// What a dialect keeps of how a form of the account is shown.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn look(&self, form: FormId, dialect: &'static str) -> Result<Option<String>> {
        find(&self.engine.parts.store, self.account, form, dialect).await
    }

    /// What a dialect keeps of how the forms of the account are shown.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn looks(&self, dialect: &'static str) -> Result<HashMap<FormId, String>> {
        let account = self.account;
        let store = &self.engine.parts.store;
        let looks = store.read(move |tx| Box::pin(tx.looks_of_account(account, dialect))).await?;
        Ok(looks.into_iter().map(|look| (look.form_id, look.look)).collect())
    }
}

impl FormsWriter {
    /// What a dialect keeps of how a form of the account is shown.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn look(&self, form: FormId, dialect: &'static str) -> Result<Option<String>> {
        find(&self.engine.parts.store, self.account, form, dialect).await
    }
}

impl PublicForm {
    /// What a dialect keeps of how the form is shown.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn look(&self, dialect: &'static str) -> Result<Option<String>> {
        find(&self.engine.parts.store, self.form().account_id, self.form().id, dialect).await
    }
}

async fn find(
    store: &Store,
    account: AccountId,
    form: FormId,
    dialect: &'static str,
) -> Result<Option<String>> {
    let found = store.read(move |tx| {
        Box::pin(async move {
            match tx.form_of(account, form).await? {
                Some(_) => tx.form_look(form, dialect).await,
                None => Ok(None),
            }
        })
    });
    Ok(found.await?)
}
