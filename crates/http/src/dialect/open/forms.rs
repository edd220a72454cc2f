//! `open/forms`: forms.
//!
//! Must not know: what makes a form valid.

use super::access::{FormViewer, FormWriter, Reader, Writer};
use super::draft::{GivenForm, SentForm, refused};
use super::error::{Refusal, Refusals};
use super::look::{self, DIALECT, Named};
use super::object::read;
use super::said::Said;
use super::sent::Sent;
use super::shape::FormShape;
use axum::Json;
use axum::extract::State;
use fillhouse_engine::{Engine, FormOverview, FormRef, FormsWriter};
use fillhouse_model::Form;
use serde::Serialize;
use utoipa::ToSchema;

/// A form that was made, changed or deleted.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    #[serde(flatten)]
    said: Said,
    form: FormShape,
}

/// Gives a form.
#[utoipa::path(
    get,
    path = "/forms/{form}",
    params(("form" = String, Path, description = "The form's id, else its slug")),
    responses((status = 200, description = "The form", body = FormShape), Refusals),
)]
pub(super) async fn show(
    State(engine): State<Engine>,
    FormViewer { viewer, form }: FormViewer,
) -> Result<Json<FormShape>, Refusal> {
    let look = viewer.look(form.form.id, DIALECT).await?;
    Ok(Json(FormShape::of(&form, look.as_deref(), engine.public_url())))
}

/// Lists the forms, the newest first.
#[utoipa::path(
    get,
    path = "/forms",
    responses((status = 200, description = "All forms", body = Vec<FormShape>), Refusals),
)]
pub(super) async fn list(
    State(engine): State<Engine>,
    Reader(reader): Reader,
) -> Result<Json<Vec<FormShape>>, Refusal> {
    let (forms, looks) = (reader.overviews().await?, reader.looks(DIALECT).await?);
    let look = |form: &FormOverview| looks.get(&form.form.id).map(String::as_str);
    Ok(Json(forms.iter().rev().map(|form| FormShape::of(form, look(form), engine.public_url())).collect()))
}

/// Makes a form.
#[utoipa::path(
    post,
    path = "/forms",
    request_body = GivenForm,
    responses((status = 200, description = "It is made", body = Done), Refusals),
)]
pub(super) async fn create(
    State(engine): State<Engine>,
    Writer(writer): Writer,
    Sent(body): Sent,
) -> Result<Json<Done>, Refusal> {
    let given: GivenForm = read(&body)?;
    if given.workspace_id.is_some_and(|id| id != writer.account_id().0) {
        return Err(Refusal::unauthorized());
    }
    let sent = sent(&body)?;
    let draft = given.create().map_err(refused)?;
    let look = |after: &Form| look::of_given(&given, &sent, None, after, None);
    let form = writer.create_form_shown(draft, DIALECT, look).await.map_err(refused)?;
    done("Form created.", &engine, &writer, &form).await
}

/// Changes a form.
#[utoipa::path(
    put,
    path = "/forms/{form}",
    params(("form" = String, Path, description = "The form's id, else its slug")),
    request_body = GivenForm,
    responses((status = 200, description = "It is changed", body = Done), Refusals),
)]
pub(super) async fn update(
    State(engine): State<Engine>,
    FormWriter { writer, form }: FormWriter,
    Sent(body): Sent,
) -> Result<Json<Done>, Refusal> {
    let given: GivenForm = read(&body)?;
    let (sent, form) = (sent(&body)?, FormRef::Id(form.form.id));
    let look = |before: &Form, after: &Form, kept: Option<&str>| {
        look::of_given(&given, &sent, Some(before), after, kept)
    };
    let edit = |before: &Form| given.update(before);
    let form = writer.update_form_shown(&form, edit, DIALECT, look).await.map_err(refused)?;
    done("Form updated.", &engine, &writer, &form).await
}

/// Deletes a form with all that it holds.
#[utoipa::path(
    delete,
    path = "/forms/{form}",
    params(("form" = String, Path, description = "The form's id, else its slug")),
    responses((status = 200, description = "It is deleted", body = Done), Refusals),
)]
pub(super) async fn delete(
    State(engine): State<Engine>,
    FormWriter { writer, form }: FormWriter,
) -> Result<Json<Done>, Refusal> {
    let look = writer.look(form.form.id, DIALECT).await?;
    writer.delete_form(&FormRef::Id(form.form.id)).await?;
    Ok(Json(Done::new("Form was deleted.", &form, look.as_deref(), &engine)))
}

async fn done(
    message: &'static str,
    engine: &Engine,
    writer: &FormsWriter,
    form: &Form,
) -> Result<Json<Done>, Refusal> {
    let look = writer.look(form.id, DIALECT).await?;
    let form = writer.form(&FormRef::Id(form.id)).await?;
    Ok(Json(Done::new(message, &form, look.as_deref(), engine)))
}

/// The properties as they were sent, with all that they say.
fn sent(body: &[u8]) -> Result<Vec<Named>, Refusal> {
    Ok(read::<SentForm>(body)?.properties.unwrap_or_default())
}

impl Done {
    fn new(message: &'static str, form: &FormOverview, look: Option<&str>, engine: &Engine) -> Self {
        Self { said: Said::success(message), form: FormShape::of(form, look, engine.public_url()) }
    }
}
