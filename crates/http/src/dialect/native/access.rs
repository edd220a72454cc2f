//! Who calls, let in.
//!
//! Must not know: what is called.

use super::problem::Problem;
use crate::token;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use fillhouse_engine::{Caller, Engine, FormsReader, FormsWriter, Schedules};

/// Someone who may store submissions.
pub(super) struct Writer(pub(super) FormsWriter);

/// Someone who may read them.
pub(super) struct Reader(pub(super) FormsReader);

/// Someone who may have them exported again and again.
pub(super) struct Scheduler(pub(super) Schedules);

impl FromRequestParts<Engine> for Scheduler {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Problem> {
        Ok(Self(caller(head, engine).await?.schedules()?))
    }
}

impl FromRequestParts<Engine> for Writer {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Problem> {
        Ok(Self(caller(head, engine).await?.forms_writer()?))
    }
}

impl FromRequestParts<Engine> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Problem> {
        Ok(Self(caller(head, engine).await?.forms_reader()?))
    }
}

async fn caller(head: &Parts, engine: &Engine) -> Result<Caller, Problem> {
    // From a command of this very program, which asks the routes themselves. What comes over a network has no extensions
    // but those that the server gives it.
    if let Some(caller) = head.extensions.get::<Caller>() {
        return Ok(caller.clone());
    }
    let secret =
        token::find(&head.headers, std::iter::empty()).map_err(|error| Problem::from(error).unreadable())?;
    Ok(engine.caller(secret).await?)
}
