//! `schedules/{id}`: one schedule, its runs, and running it now.
//!
//! Must not know: how a run goes on.

use super::super::access::{Reader, Scheduler};
use super::super::exports::{number, queried};
use super::super::problem::Problem;
use super::super::submissions::must_be_json;
use super::body::ChangeBody;
use super::shown::{ShownRun, ShownSchedule, cursor, place};
use super::{LISTED, MOST_LISTED};
use crate::body as bodies;
use axum::Json;
use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderMap, StatusCode, Uri};
use fillhouse_engine::Error;
use serde::Serialize;
use utoipa::ToSchema;

type InPath = Result<Path<String>, PathRejection>;

/// A page of the runs.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct ShownRuns {
    runs: Vec<ShownRun>,
    /// What to ask for the next page with; none on the last.
    next_cursor: Option<String>,
}

/// Shows a schedule.
#[utoipa::path(
    get,
    path = "/schedules/{id}",
    params(("id" = String, Path, description = "The schedule's id")),
    responses(
        (status = 200, description = "The schedule", body = ShownSchedule),
        (status = "4XX", description = "It is not shown", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn show(
    Reader(reader): Reader,
    path: InPath,
) -> Result<Json<ShownSchedule>, Problem> {
    Ok(Json(reader.schedule(&named(path)?).await?.into()))
}

/// Changes what the body names of a schedule, and nothing else.
#[utoipa::path(
    patch,
    path = "/schedules/{id}",
    params(("id" = String, Path, description = "The schedule's id")),
    request_body = ChangeBody,
    responses(
        (status = 200, description = "The schedule as it is now", body = ShownSchedule),
        (status = "4XX", description = "It is not changed", body = Object, content_type = "application/problem+json"),
        (status = 503, description = "Something needed is not there just now", body = Object,
            content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn change(
    Scheduler(schedules): Scheduler,
    path: InPath,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ShownSchedule>, Problem> {
    let id = named(path)?;
    // Of what is not there, nothing can be said of how it would be changed.
    schedules.reader().schedule(&id).await?;
    must_be_json(&headers)?;
    let body = bodies::read(body).await.map_err(|error| Problem::from(error).unreadable())?;
    let body = bodies::text(&body).map_err(|fault| Problem::from(fault).unreadable())?;
    let edit = ChangeBody::edit(schedules.reader(), body).await?;
    Ok(Json(schedules.change(&id, edit).await?.into()))
}

/// Deletes a schedule with its runs. Its exports stay for as long as others do.
#[utoipa::path(
    delete,
    path = "/schedules/{id}",
    params(("id" = String, Path, description = "The schedule's id")),
    responses(
        (status = 204, description = "It is deleted"),
        (status = "4XX", description = "It is not", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn delete(
    Scheduler(schedules): Scheduler,
    path: InPath,
) -> Result<StatusCode, Problem> {
    schedules.delete(&named(path)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Runs a schedule now, beside its times, whether it is paused or not.
#[utoipa::path(
    post,
    path = "/schedules/{id}/run",
    params(("id" = String, Path, description = "The schedule's id")),
    responses(
        (status = 201, description = "The run", body = ShownRun),
        (status = "4XX", description = "It is not run", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn run(
    Scheduler(schedules): Scheduler,
    path: InPath,
) -> Result<(StatusCode, Json<ShownRun>), Problem> {
    Ok((StatusCode::CREATED, Json(schedules.run(&named(path)?).await?.into())))
}

/// Lists the runs of a schedule, the latest first.
#[utoipa::path(
    get,
    path = "/schedules/{id}/runs",
    params(
        ("id" = String, Path, description = "The schedule's id"),
        ("limit" = Option<u32>, Query, description = "How many at most, 1 to 100; else 20", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "The runs", body = ShownRuns),
        (status = "4XX", description = "They are not listed", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn runs(
    Reader(reader): Reader,
    path: InPath,
    uri: Uri,
) -> Result<Json<ShownRuns>, Problem> {
    let id = named(path)?;
    let limit = queried(&uri, "limit")?.map(|text| number(&text, "limit", 1, MOST_LISTED)).transpose()?;
    let limit = limit.unwrap_or(LISTED);
    let before = queried(&uri, "cursor")?.map(|text| place(&text)).transpose()?;
    let mut found = reader.schedule_runs(&id, before, limit + 1).await?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next_cursor = found.last().filter(|_| has_more).map(|last| cursor(&last.id));
    Ok(Json(ShownRuns { runs: found.into_iter().map(ShownRun::from).collect(), next_cursor }))
}

/// The schedule that a path names.
fn named(path: InPath) -> Result<String, Error> {
    let Path(id) = path.map_err(|_| Error::not_found("the schedule"))?;
    Ok(id)
}
