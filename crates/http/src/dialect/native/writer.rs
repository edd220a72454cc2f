//! Who calls, let in.
//!
//! Must not know: what is called.

use super::problem::Problem;
use crate::token;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use fillhouse_engine::{Engine, FormsWriter};

/// Someone who may store submissions.
pub(super) struct Writer(pub(super) FormsWriter);

impl FromRequestParts<Engine> for Writer {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Problem> {
        let secret = token::find(&head.headers, std::iter::empty())
            .map_err(|error| Problem::from(error).unreadable())?;
        Ok(Self(engine.caller(secret).await?.forms_writer()?))
    }
}
