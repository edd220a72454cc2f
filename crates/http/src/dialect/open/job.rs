//! The status of an export, on both spellings of its path, and the file that came of it.
//!
//! Guarantees: a job is seen under its own form and account only; what does not apply to its state is absent.
//!
//! Must not know: how a file is made.

use super::access::{caller, form_in_path, not_yours, param};
use super::error::{Refusal, Refusals};
use super::page::Asked;
use crate::file::{self, FileAnswers};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use fillhouse_engine::{Engine, ExportState, ExportStatus, FormRef, FormsReader};
use fillhouse_model::{ErrorKind, JobId};
use serde::Serialize;
use utoipa::ToSchema;

/// What is said of a job that is not there.
const NO_JOB: &str = "Export job not found or has expired.";
/// What is said of a failure: its cause is about our insides, and in the log under the job's id.
const FAILURE: &str = "The export failed. The server's log says why.";

/// How far an export is.
#[derive(Serialize, ToSchema)]
pub(super) struct JobStatus {
    /// `processing`, `completed` or `failed`
    status: &'static str,
    /// In percent.
    progress: u8,
    form_id: i64,
    /// Who asked for it.
    user_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    processed_submissions: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_submissions: Option<i64>,
    /// Where the file is; needs no token.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_url: Option<String>,
    /// Until when it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'static str>,
    created_at: String,
    updated_at: String,
    job_id: String,
}

/// Tells how far an export is.
#[utoipa::path(
    get,
    path = "/forms/{form}/submissions/export/{job}/status",
    params(
        ("form" = String, Path, description = "The form's id, else its slug"),
        ("job" = String, Path, description = "The job's id"),
    ),
    responses((status = 200, description = "How far it is", body = JobStatus), Refusals),
)]
pub(super) async fn status(State(engine): State<Engine>, head: Parts) -> Result<Json<JobStatus>, Refusal> {
    find(&engine, head).await.map(Json)
}

/// Tells how far an export is, like the path with the job's id before the last word.
#[utoipa::path(
    get,
    path = "/forms/{form}/submissions/export/status/{job}",
    params(
        ("form" = String, Path, description = "The form's id, else its slug"),
        ("job" = String, Path, description = "The job's id"),
    ),
    responses((status = 200, description = "How far it is", body = JobStatus), Refusals),
)]
pub(super) async fn status_of(State(engine): State<Engine>, head: Parts) -> Result<Json<JobStatus>, Refusal> {
    find(&engine, head).await.map(Json)
}

async fn find(engine: &Engine, mut head: Parts) -> Result<JobStatus, Refusal> {
    let reader = caller(&head, engine).await?.forms_reader()?;
    let form = form_in_path(&mut head, engine).await?;
    let job = JobId(param(&mut head, engine, "job").await.unwrap_or_default());
    let found = match reader.export(&job).await {
        Ok(found) => Some(found),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    // A form that was deleted since still shows what was begun before.
    let is_its_own = |found: &ExportStatus| form == FormRef::Id(found.form_id);
    let found = match found {
        Some(found) if is_its_own(&found) => Some(found),
        found => {
            let there = match reader.overview(&form).await {
                Ok(there) => there.form.id,
                Err(error) => return Err(not_yours(engine, &form, error).await),
            };
            found.filter(|found| found.form_id == there)
        }
    };
    let missing = || Refusal::typed(StatusCode::NOT_FOUND, NO_JOB);
    shown(engine, &reader, &job, found.ok_or_else(missing)?).await?.ok_or_else(missing)
}

/// The status as it is told; none where the file has expired.
async fn shown(
    engine: &Engine,
    reader: &FormsReader,
    job: &JobId,
    found: ExportStatus,
) -> Result<Option<JobStatus>, Refusal> {
    let total = (found.rows_total > 0).then_some(found.rows_total);
    let mut shown = JobStatus {
        status: "processing",
        progress: 0,
        form_id: found.form_id.0,
        user_id: found.user_id.0,
        processed_submissions: None,
        total_submissions: None,
        file_url: None,
        expires_at: None,
        error_message: None,
        created_at: found.created_at.to_millis_string(),
        updated_at: found.updated_at.to_millis_string(),
        job_id: job.0.clone(),
    };
    match found.state {
        ExportState::Queued => {}
        ExportState::Running { percent } => {
            shown.progress = percent;
            shown.total_submissions = total;
            shown.processed_submissions = total.map(|total| total * i64::from(percent) / 100);
        }
        ExportState::Completed(artifact) => {
            (shown.status, shown.progress) = ("completed", 100);
            shown.processed_submissions = Some(artifact.rows);
            shown.total_submissions = Some(artifact.rows);
            let path = reader.signed_path(&artifact).await?;
            shown.file_url = Some(format!("{}/open/exports/{path}", engine.public_url()));
            shown.expires_at = Some(artifact.expires_at.to_millis_string());
        }
        ExportState::Failed { .. } | ExportState::Cancelled => {
            (shown.status, shown.error_message) = ("failed", Some(FAILURE));
        }
        ExportState::Expired => return Ok(None),
    }
    Ok(Some(shown))
}

/// Gives the file of an export, or what is asked for of it, to whoever has its address.
#[utoipa::path(
    get,
    path = "/exports/{file}/{name}",
    params(
        ("file" = String, Path, description = "The file's id"),
        ("name" = String, Path, description = "The file's name"),
        ("expires" = i64, Query, description = "Until when the address holds"),
        ("signature" = String, Query, description = "That it is one of ours"),
    ),
    responses(FileAnswers, Refusals),
    security(()),
)]
pub(super) async fn download(
    State(engine): State<Engine>,
    asked: Asked,
    mut head: Parts,
) -> Result<Response, Refusal> {
    let id = param(&mut head, &engine, "file").await.unwrap_or_default();
    let name = param(&mut head, &engine, "name").await.unwrap_or_default();
    let expires = asked.get("expires").and_then(|expires| expires.parse().ok()).unwrap_or(0);
    let signature = asked.get("signature").unwrap_or_default();
    let found = engine.download_signed(&id, &name, expires, signature).await;
    let found = found.map_err(|error| match error.kind() {
        ErrorKind::Forbidden => Refusal::new(StatusCode::FORBIDDEN, "Invalid signature."),
        ErrorKind::NotFound => Refusal::typed(StatusCode::NOT_FOUND, "File not found."),
        _ => error.into(),
    })?;
    match file::answer(&found, &head.method, &head.headers) {
        Ok(response) => Ok(response),
        Err(refused) => {
            let mut response = Refusal::new(refused.status, refused.message).into_response();
            response.headers_mut().extend(refused.headers);
            Ok(response)
        }
    }
}
