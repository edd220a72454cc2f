//! A call of a method: whoever calls, let in, and what was sent, read.
//!
//! Guarantees: the body is readable, then the token holds, then the parameters are looked at; whatever fails is answered
//! in the format that was asked for, as far as it got known.
//!
//! Must not know: any method.

use super::format::Format;
use super::parameters::Parameters;
use super::query::Queried;
use crate::{body, token};
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{AudienceWiper, Caller, Engine, FormsReader, ProfilesReader, ProfilesWriter, Result};
use fillhouse_model::Fault;

/// A call by someone who may do what `H` does.
pub(super) struct Call<H = FormsReader> {
    pub(super) reader: H,
    pub(super) parameters: Parameters,
    /// The format of the answer.
    pub(super) format: Format,
}

/// What a caller may be let into.
pub(super) trait Handle: Sized {
    /// The handle of a caller.
    fn of(caller: Caller) -> Result<Self>;
}

impl Handle for Caller {
    fn of(caller: Caller) -> Result<Self> {
        Ok(caller)
    }
}

impl Handle for FormsReader {
    fn of(caller: Caller) -> Result<Self> {
        caller.forms_reader()
    }
}

impl Handle for ProfilesReader {
    fn of(caller: Caller) -> Result<Self> {
        caller.profiles_reader()
    }
}

impl Handle for ProfilesWriter {
    fn of(caller: Caller) -> Result<Self> {
        caller.profiles_writer()
    }
}

impl Handle for AudienceWiper {
    fn of(caller: Caller) -> Result<Self> {
        caller.audience_wiper()
    }
}

impl<H: Handle> FromRequest<Engine> for Call<H> {
    type Rejection = Response;

    async fn from_request(request: Request, engine: &Engine) -> Result<Self, Response> {
        let (head, body) = request.into_parts();
        let mut format = Format::without_body(&head);
        match let_in(engine, &head, body, &mut format).await {
            Ok((reader, parameters)) => Ok(Self { reader, parameters, format }),
            Err(error) => Err(format.fail(&error)),
        }
    }
}

async fn let_in<H: Handle>(
    engine: &Engine,
    head: &Parts,
    body: Body,
    format: &mut Format,
) -> Result<(H, Parameters)> {
    let body = body::read(body).await?;
    let text = body::text(&body)?;
    let own = Format::declared(&head.headers).or_else(|| Format::sniffed(text));
    *format = Format::of_answer(&head.headers, None, own);
    let own = own.ok_or_else(|| Fault::new("body", "is neither JSON nor XML"))?;
    let parameters = Parameters::read(own, text)?;
    let queried = Queried::of(&head.uri);
    let asked = asked_format(&parameters, &queried);
    *format = Format::of_answer(&head.headers, asked.as_ref().ok().copied().flatten(), Some(own));

    let in_body = parameters.text("token")?;
    let elsewhere = in_body.iter().chain(&queried.tokens).map(String::as_str);
    let secret = token::find(&head.headers, elsewhere)?;
    let reader = H::of(engine.caller(secret).await?)?;
    asked?;
    Ok((reader, parameters))
}

fn asked_format(parameters: &Parameters, queried: &Queried) -> Result<Option<Format>, Fault> {
    let in_body = parameters.text("format")?;
    Format::asked(queried.formats.iter().chain(&in_body).map(String::as_str))
}
