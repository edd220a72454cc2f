//! `schedules`: exports that are made again and again, and delivered.
//!
//! Guarantees: a secret that came in never goes out.
//!
//! Must not know: when a schedule is due, or how a file is delivered.

mod body;
mod one;
mod shown;

use super::access::{Reader, Scheduler};
use super::exports::{number, queried};
use super::problem::Problem;
use super::submissions::must_be_json;
use crate::body as bodies;
use axum::Json;
use axum::body::Body;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use body::ScheduleBody;
use fillhouse_engine::{FormRef, ScheduleList};
pub(super) use one::{
    __path_change, __path_delete, __path_run, __path_runs, __path_show, change, delete, run, runs, show,
};
use serde::Serialize;
use shown::{ShownSchedule, cursor, place};
use utoipa::ToSchema;

/// How many a page of a list has at most, and unless something else is said.
const MOST_LISTED: u32 = 100;
const LISTED: u32 = 20;

/// A page of the list.
#[derive(Serialize, ToSchema)]
pub(super) struct ShownSchedules {
    schedules: Vec<ShownSchedule>,
    /// What to ask for the next page with; none on the last.
    next_cursor: Option<String>,
}

/// Makes a schedule.
#[utoipa::path(
    post,
    path = "/schedules",
    request_body = ScheduleBody,
    responses(
        (status = 201, description = "It is made", body = ShownSchedule),
        (status = "4XX", description = "It is not", body = Object, content_type = "application/problem+json"),
        (status = 503, description = "Something needed is not there just now", body = Object,
            content_type = "application/problem+json"),
    ),
)]
pub(super) async fn make(
    Scheduler(schedules): Scheduler,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    must_be_json(&headers)?;
    let body = bodies::read(body).await.map_err(|error| Problem::from(error).unreadable())?;
    let body = bodies::text(&body).map_err(|fault| Problem::from(fault).unreadable())?;
    let draft = ScheduleBody::draft(schedules.reader(), body).await?;
    let made = schedules.create(draft).await?;
    let location = format!("/v1/schedules/{}", made.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(ShownSchedule::from(made))).into_response())
}

/// Lists the schedules of the account's forms, in the order in which they were made.
#[utoipa::path(
    get,
    path = "/schedules",
    params(
        ("form" = Option<String>, Query, description = "Only those of this form: its id, shortname, slug or directory"),
        ("limit" = Option<u32>, Query, description = "How many at most, 1 to 100; else 20", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "The schedules", body = ShownSchedules),
        (status = "4XX", description = "They are not listed", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(Reader(reader): Reader, uri: Uri) -> Result<Json<ShownSchedules>, Problem> {
    let limit = queried(&uri, "limit")?.map(|text| number(&text, "limit", 1, MOST_LISTED)).transpose()?;
    let limit = limit.unwrap_or(LISTED);
    let after = queried(&uri, "cursor")?.map(|text| place(&text)).transpose()?;
    let form_id = match queried(&uri, "form")? {
        Some(form) => Some(reader.form_id(&FormRef::called(form)).await?),
        None => None,
    };
    let mut found = reader.schedules(ScheduleList { form_id, after, limit: limit + 1 }).await?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next_cursor = found.last().filter(|_| has_more).map(|last| cursor(&last.id));
    let schedules = found.into_iter().map(ShownSchedule::from).collect();
    Ok(Json(ShownSchedules { schedules, next_cursor }))
}
