//! `open/forms`: forms.
//!
//! Must not know: what makes a form valid.

use super::access::{FormReader, FormWriter, Reader, Writer};
use super::draft::{GivenForm, refused};
use super::error::{Refusal, Refusals};
use super::object::{read, whole};
use super::said::Said;
use super::shape::FormShape;
use axum::Json;
use axum::body::Body;
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
    FormReader { form, .. }: FormReader,
) -> Json<FormShape> {
    Json(FormShape::of(&form, engine.public_url()))
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
    let forms = reader.overviews().await?;
    Ok(Json(forms.iter().rev().map(|form| FormShape::of(form, engine.public_url())).collect()))
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
    body: Body,
) -> Result<Json<Done>, Refusal> {
    let body = whole(body).await?;
    let given: GivenForm = read(&body)?;
    if given.workspace_id.is_some_and(|id| id != writer.account_id().0) {
        return Err(Refusal::unauthorized());
    }
    let draft = given.create().map_err(refused)?;
    let form = writer.create_form(draft).await.map_err(refused)?;
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
    body: Body,
) -> Result<Json<Done>, Refusal> {
    let body = whole(body).await?;
    let given: GivenForm = read(&body)?;
    let form = FormRef::Id(form.form.id);
    let form = writer.update_form(&form, |before| given.update(before)).await.map_err(refused)?;
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
    writer.delete_form(&FormRef::Id(form.form.id)).await?;
    Ok(Json(Done::new("Form was deleted.", &form, &engine)))
}

async fn done(
    message: &'static str,
    engine: &Engine,
    writer: &FormsWriter,
    form: &Form,
) -> Result<Json<Done>, Refusal> {
    let form = writer.form(&FormRef::Id(form.id)).await?;
    Ok(Json(Done::new(message, &form, engine)))
}

impl Done {
    fn new(message: &'static str, form: &FormOverview, engine: &Engine) -> Self {
        Self { said: Said::success(message), form: FormShape::of(form, engine.public_url()) }
    }
}
