//! Who calls, let in: by a token in the header, into the account that owns the directory in the path.
//!
//! Guarantees: nobody is let in anywhere but below the directory of the token's own account; below another's there is
//! nothing to be found. Whoever has a known token is counted, whatever comes of the call.
//!
//! Must not know: what is called.

use super::error::Refusal;
use super::limits::Slot;
use crate::token;
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use fillhouse_engine::{Caller, Engine, FormRef, FormsReader};
use fillhouse_model::Account;
use serde::Deserialize;
use std::sync::Arc;

/// Someone with a token, below the directory of their account.
pub(super) struct Access {
    pub(super) caller: Caller,
    pub(super) account: Arc<Account>,
    form_dir: Option<String>,
}

/// Someone who may read the form in the path, if there is one.
pub(super) struct InForm {
    pub(super) reader: FormsReader,
    pub(super) account: Arc<Account>,
    pub(super) form: FormRef,
}

#[derive(Deserialize)]
struct Place {
    user_dir: String,
    form_dir: Option<String>,
}

impl Access {
    /// The form in the path.
    pub(super) fn form(&self) -> FormRef {
        FormRef::Directory(self.form_dir.clone().unwrap_or_default())
    }
}

impl FromRequestParts<Engine> for Access {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let secret = token::find(&head.headers, std::iter::empty())
            .map_err(|error| Refusal::from(error).unreadable())?;
        let caller = engine.caller(secret).await?;
        count(&caller, head)?;
        let account = caller.account().await?;
        let place = Path::<Place>::from_request_parts(head, engine).await;
        match place {
            Ok(Path(Place { user_dir, form_dir })) if user_dir == account.user_dir => {
                Ok(Self { caller, account, form_dir })
            }
            _ => Err(Refusal::new(StatusCode::NOT_FOUND, "The user directory was not found.")),
        }
    }
}

/// Counts a call.
fn count(caller: &Caller, head: &Parts) -> Result<(), Refusal> {
    let counted = caller.count_call();
    let is_refused = counted.retry_after_seconds.is_some();
    if let Some(slot) = head.extensions.get::<Slot>() {
        slot.put(counted);
    }
    if is_refused {
        let message = "Too many requests; Retry-After says when to go on.";
        return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, message));
    }
    Ok(())
}

impl FromRequestParts<Engine> for InForm {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let access = Access::from_request_parts(head, engine).await?;
        let (reader, form) = (access.caller.forms_reader()?, access.form());
        Ok(Self { reader, account: access.account, form })
    }
}
