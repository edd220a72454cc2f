//! `open/forms/{form}/submissions`: what was filled in.
//!
//! Must not know: how submissions are stored.

use super::access::{FormViewer, FormWriter, InPath};
use super::answer::refused;
use super::error::{Refusal, Refusals};
use super::object::read;
use super::page::{Asked, MOST_LINES, Paged};
use super::said::Said;
use super::sent::Sent;
use super::submission::{Shapes, SubmissionShape};
use super::value;
use axum::Json;
use axum::extract::State;
use fillhouse_engine::{Edit, Engine, Error, FormRef, Query};
use fillhouse_model::row::{Malformed, Row};
use fillhouse_model::{AnswerKind, Status};
use serde::Serialize;
use utoipa::ToSchema;

/// A submission that was changed.
#[derive(Serialize, ToSchema)]
pub(super) struct Updated {
    #[serde(flatten)]
    said: Said,
    data: SubmissionShape,
}

/// Lists the submissions of a form, the latest first.
#[utoipa::path(
    get,
    path = "/forms/{form}/submissions",
    params(
        ("form" = String, Path, description = "The form's id, else its slug"),
        ("page" = Option<i64>, Query, description = "The page, from 1"),
        ("per_page" = Option<i64>, Query, description = "How many submissions a page has, 1 to 100"),
        ("search" = Option<String>, Query, description = "Only those with this in a text, in whatever case"),
        ("status" = Option<String>, Query, description = "`completed`, `partial` or `all`"),
    ),
    responses((status = 200, description = "A page of submissions", body = Paged<SubmissionShape>), Refusals),
)]
pub(super) async fn list(
    State(engine): State<Engine>,
    FormViewer { viewer, form }: FormViewer,
    asked: Asked,
) -> Result<Json<Paged<SubmissionShape>>, Refusal> {
    let per_page = asked.per_page(MOST_LINES);
    let query = Query {
        status: asked.get("status").and_then(status),
        any_text_contains: asked.get("search").map(str::to_owned),
        page: u64::try_from(asked.page() - 1).unwrap_or(0),
        limit: u32::try_from(per_page).unwrap_or(1),
        ..Query::default()
    };
    let page = viewer.query(&FormRef::Id(form.form.id), query).await?;
    let form = &page.form.form;
    let kinds: Vec<AnswerKind> = form.slots.iter().map(|slot| slot.kind).collect();
    let shapes = Shapes::of(form);
    let submissions = page.rows.iter().map(|row| Ok(shapes.shape(&Row::read(row)?.decode(&kinds)?)));
    let data = submissions.collect::<Result<_, Malformed>>().map_err(Error::from)?;
    let total = i64::try_from(page.total).unwrap_or(i64::MAX);
    Ok(Json(asked.paged(engine.public_url(), per_page, total, data)))
}

/// The status that a word stands for; any other word stands for all.
fn status(word: &str) -> Option<Status> {
    match word {
        "completed" => Some(Status::Complete),
        "partial" => Some(Status::Incomplete),
        _ => None,
    }
}

/// Gives a submission.
#[utoipa::path(
    get,
    path = "/forms/{form}/submissions/{submission}",
    params(
        ("form" = String, Path, description = "The form's id, else its slug"),
        ("submission" = i64, Path, description = "The submission's id"),
    ),
    responses((status = 200, description = "The submission", body = SubmissionShape), Refusals),
)]
pub(super) async fn show(
    FormViewer { viewer, form }: FormViewer,
    InPath(id): InPath,
) -> Result<Json<SubmissionShape>, Refusal> {
    let found = viewer.submission(&FormRef::Id(form.form.id), id).await?;
    Ok(Json(Shapes::of(&found.form).shape(&found.submission)))
}

/// Puts other answers in place of those that a submission has.
#[utoipa::path(
    put,
    path = "/forms/{form}/submissions/{submission}",
    params(
        ("form" = String, Path, description = "The form's id, else its slug"),
        ("submission" = i64, Path, description = "The submission's id"),
    ),
    request_body(content = Object, description = "The answers by property id"),
    responses((status = 200, description = "It has them", body = Updated), Refusals),
)]
pub(super) async fn update(
    FormWriter { writer, form }: FormWriter,
    InPath(id): InPath,
    Sent(body): Sent,
) -> Result<Json<Updated>, Refusal> {
    let answers = value::answers(&form.form, &read(&body)?)?;
    let changed = writer.replace_submission(&FormRef::Id(form.form.id), id, Edit::Answers(&answers)).await;
    let changed = changed.map_err(|error| refused(&form.form, error))?;
    let data = Shapes::of(&changed.form).shape(&changed.submission);
    Ok(Json(Updated { said: Said::success("Record successfully updated."), data }))
}

/// Deletes a submission.
#[utoipa::path(
    delete,
    path = "/forms/{form}/submissions/{submission}",
    params(
        ("form" = String, Path, description = "The form's id, else its slug"),
        ("submission" = i64, Path, description = "The submission's id"),
    ),
    responses((status = 200, description = "It is deleted", body = Said), Refusals),
)]
pub(super) async fn delete(
    FormWriter { writer, form }: FormWriter,
    InPath(id): InPath,
) -> Result<Json<Said>, Refusal> {
    writer.delete_submission(&FormRef::Id(form.form.id), id).await?;
    Ok(Json(Said::success("Record successfully removed.")))
}
