//! Exporting a form: asked for, watched, downloaded.
//!
//! Must not know: how a file is made.

use super::session::{InForm, word};
use super::view::{Frame, Refusal, page, see_other};
use super::words;
use crate::body;
use crate::file;
use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use fillhouse_engine::{Engine, ExportRequest, ExportState, ExportStatus, FileShape, Wanted};
use fillhouse_model::JobId;

/// An export, and somebody who is signed in to its account.
pub(super) struct InExport {
    place: InForm,
    job: JobId,
    status: ExportStatus,
}

impl FromRequestParts<Engine> for InExport {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let place = InForm::from_request_parts(head, engine).await?;
        let job = JobId(word(head, engine, "job").await.ok_or_else(Refusal::missing)?);
        let status = place.reader.export(&job).await?;
        if status.form_id != place.reader.form_id(&place.form).await? {
            return Err(Refusal::missing());
        }
        Ok(Self { place, job, status })
    }
}

/// Asks for an export of all submissions.
pub(super) async fn start(State(engine): State<Engine>, request: Request) -> Result<Response, Refusal> {
    let (mut head, body) = request.into_parts();
    let place = InForm::from_request_parts(&mut head, &engine).await?;
    let body = body::read(body).await?;
    let is_json = form_urlencoded::parse(&body).any(|(name, value)| name == "format" && value == "json");
    let shape = if is_json { FileShape::zipped_results() } else { FileShape::zipped_table() };
    let request = ExportRequest { form: place.form.clone(), wanted: Wanted::All, shape };
    let form = place.reader.form_id(&place.form).await?;
    let job = place.reader.start_export(request).await?;
    Ok(see_other(&format!("{}/console/forms/{form}/exports/{}", place.frame.base, job.0)))
}

#[derive(Template)]
#[template(path = "console/export.html")]
struct Shown {
    frame: Frame,
    form: i64,
    name: String,
    job: String,
    percent: u8,
    said: String,
    is_running: bool,
    file: Option<String>,
}

/// Shows how far an export is.
pub(super) async fn show(InExport { place, job, status }: InExport) -> Result<Response, Refusal> {
    let form = place.reader.overview(&place.form).await?.form;
    let (percent, said, is_running, file) = match &status.state {
        ExportState::Queued => (0, "It waits for its turn.".to_owned(), true, None),
        ExportState::Running { percent } => {
            (*percent, format!("{percent}% of {} submissions.", status.rows_total), true, None)
        }
        ExportState::Completed(artifact) => {
            let said = format!(
                "{} submissions, {} bytes, SHA-256 {}.",
                artifact.rows, artifact.size_bytes, artifact.sha256
            );
            (100, said, false, Some(artifact.name.clone()))
        }
        ExportState::Expired => {
            (100, "Its file is not kept any more. Export once more.".to_owned(), false, None)
        }
        ExportState::Cancelled => (0, "It was cancelled.".to_owned(), false, None),
        ExportState::Failed { .. } => (0, "It failed; the server's log says why.".to_owned(), false, None),
    };
    let (frame, form, name) = (place.frame, form.id.0, form.name.clone());
    Ok(page(&Shown { frame, form, name, job: job.0, percent, said, is_running, file }))
}

/// Gives an export's file.
pub(super) async fn file(State(engine): State<Engine>, mut head: Parts) -> Result<Response, Refusal> {
    let here = InExport::from_request_parts(&mut head, &engine).await?;
    let ExportState::Completed(artifact) = &here.status.state else { return Err(Refusal::missing()) };
    let found = here.place.reader.download(&artifact.id, &artifact.name).await?;
    match file::answer(&found, &head.method, &head.headers) {
        Ok(response) => Ok(response),
        Err(refused) => {
            let mut response = Refusal::new(refused.status, refused.message).into_response();
            response.headers_mut().extend(refused.headers);
            Ok(response)
        }
    }
}
