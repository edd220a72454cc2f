//! Who calls, let in, and the form that the path is about.
//!
//! Guarantees: the token is looked at first, then what it may do, then whether the form is there; a form of another account
//! is refused as such, which says no more than that form's own public page does.
//!
//! Must not know: what is done with the form.

use super::error::Refusal;
use crate::token;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use fillhouse_engine::{
    Caller, Engine, Error, FormOverview, FormRef, FormsReader, FormsWriter, Integrations, PublicForm,
};
use fillhouse_model::{ErrorKind, FormId, SubmissionId};

/// Someone who may read forms.
pub(super) struct Reader(pub(super) FormsReader);

/// A form, and someone who may read it.
pub(super) struct FormReader {
    pub(super) reader: FormsReader,
    pub(super) form: FormOverview,
}

/// A form, and someone who may look at it and at what was filled in: whoever may read it, or have all of that sent.
pub(super) struct FormViewer {
    pub(super) viewer: FormsReader,
    pub(super) form: FormOverview,
}

/// A form, for everybody.
pub(super) struct Public(pub(super) PublicForm);

/// Someone who may make forms.
pub(super) struct Writer(pub(super) FormsWriter);

/// A form, and someone who may change it and what it holds.
pub(super) struct FormWriter {
    pub(super) writer: FormsWriter,
    pub(super) form: FormOverview,
}

/// A form, and someone who may manage who is told of its submissions.
pub(super) struct Manager {
    pub(super) integrations: Integrations,
    pub(super) form: FormRef,
}

impl FromRequestParts<Engine> for Reader {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        Ok(Self(caller(head, engine).await?.forms_reader()?))
    }
}

impl FromRequestParts<Engine> for FormReader {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let reader = caller(head, engine).await?.forms_reader()?;
        let wanted = form_in_path(head, engine).await?;
        match reader.overview(&wanted).await {
            Ok(form) => Ok(Self { reader, form }),
            Err(error) => Err(not_yours(engine, &wanted, error).await),
        }
    }
}

impl FromRequestParts<Engine> for FormViewer {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let viewer = caller(head, engine).await?.forms_viewer()?;
        let wanted = form_in_path(head, engine).await?;
        match viewer.overview(&wanted).await {
            Ok(form) => Ok(Self { viewer, form }),
            Err(error) => Err(not_yours(engine, &wanted, error).await),
        }
    }
}

impl FromRequestParts<Engine> for Public {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let wanted = form_in_path(head, engine).await?;
        Ok(Self(engine.public_form(&wanted).await?))
    }
}

impl FromRequestParts<Engine> for Writer {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        Ok(Self(caller(head, engine).await?.forms_writer()?))
    }
}

impl FromRequestParts<Engine> for FormWriter {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let writer = caller(head, engine).await?.forms_writer()?;
        let wanted = form_in_path(head, engine).await?;
        match writer.form(&wanted).await {
            Ok(form) => Ok(Self { writer, form }),
            Err(error) => Err(not_yours(engine, &wanted, error).await),
        }
    }
}

impl FromRequestParts<Engine> for Manager {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let integrations = caller(head, engine).await?.integrations()?;
        let form = form_in_path(head, engine).await?;
        match integrations.form(&form).await {
            Ok(_) => Ok(Self { integrations, form }),
            Err(error) => Err(not_yours(engine, &form, error).await),
        }
    }
}

/// Whoever has the token of the request.
pub(super) async fn caller(head: &Parts, engine: &Engine) -> Result<Caller, Refusal> {
    let secret =
        token::find(&head.headers, std::iter::empty()).map_err(|error| Refusal::from(error).unreadable())?;
    Ok(engine.caller(secret).await?)
}

/// The form that the path names: by its id where it is a number, else by its slug.
pub(super) async fn form_in_path(head: &mut Parts, engine: &Engine) -> Result<FormRef, Refusal> {
    let named = param(head, engine, "form").await;
    named.as_deref().map(form_named).ok_or_else(|| Error::not_found("the form").into())
}

/// What the path has in this place; none where that is no text.
pub(super) async fn param(head: &mut Parts, engine: &Engine, name: &str) -> Option<String> {
    let params = RawPathParams::from_request_parts(head, engine).await.ok()?;
    params.iter().find_map(|(known, value)| (known == name).then(|| value.to_owned()))
}

/// The form of this id, else of this name.
pub(super) fn form_named(name: &str) -> FormRef {
    name.parse().map_or_else(|_| FormRef::Name(name.to_owned()), |id| FormRef::Id(FormId(id)))
}

/// Why a form that an account does not have is refused: it is another's, or there is none.
pub(super) async fn not_yours(engine: &Engine, form: &FormRef, error: Error) -> Refusal {
    if error.kind() == ErrorKind::NotFound && engine.public_form(form).await.is_ok() {
        return Refusal::unauthorized();
    }
    error.into()
}

/// The submission that the path names.
pub(super) struct InPath(pub(super) SubmissionId);

impl FromRequestParts<Engine> for InPath {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let named = param(head, engine, "submission").await.and_then(|id| id.parse().ok());
        named.map(|id| Self(SubmissionId(id))).ok_or_else(|| Error::not_found("the submission").into())
    }
}
