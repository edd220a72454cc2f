//! `open/forms`: forms.
//!
//! Must not know: what makes a form valid.

use super::access::{FormReader, Reader};
use super::error::{Refusal, Refusals};
use super::shape::FormShape;
use axum::Json;

/// Gives a form.
#[utoipa::path(
    get,
    path = "/forms/{form}",
    params(("form" = String, Path, description = "The form's id, else its slug")),
    responses((status = 200, description = "The form", body = FormShape), Refusals),
)]
pub(super) async fn show(FormReader { form }: FormReader) -> Json<FormShape> {
    Json(FormShape::of(&form))
}

/// Lists the forms, the newest first.
#[utoipa::path(
    get,
    path = "/forms",
    responses((status = 200, description = "All forms", body = Vec<FormShape>), Refusals),
)]
pub(super) async fn list(Reader(reader): Reader) -> Result<Json<Vec<FormShape>>, Refusal> {
    Ok(Json(reader.overviews().await?.iter().rev().map(FormShape::of).collect()))
}
