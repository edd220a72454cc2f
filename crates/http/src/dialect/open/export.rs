//! `open/forms/{form}/submissions/export`: the submissions of a form as CSV, at once where there are few.
//!
//! Guarantees: a column is found by its very id; columns that are called alike are told apart by their ids; the bytes are
//! the same whether they come at once or from a job.
//!
//! Must not know: how a file is made.

mod request;

use super::access::FormReader;
use super::error::{Refusal, Refusals};
use super::look::{self, DIALECT};
use super::page::Asked;
use super::said::Said;
use super::sent::Sent;
use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use fillhouse_engine::{Error, ExportRequest, FileShape, FormRef, Wanted};
use fillhouse_model::{ErrorKind, Fault};
pub(super) use request::ExportBody;
use request::Wish;
use serde::Serialize;
use utoipa::ToSchema;

/// How many submissions are exported while the client waits.
const MOST_AT_ONCE: i64 = 1_000;

/// That an export was begun.
#[derive(Serialize, ToSchema)]
pub(super) struct Started {
    #[serde(flatten)]
    said: Said,
    /// What to ask for its status by.
    job_id: String,
    /// `true`
    is_async: bool,
}

/// Exports submissions.
#[utoipa::path(
    post,
    path = "/forms/{form}/submissions/export",
    params(("form" = String, Path, description = "The form's id, else its slug")),
    request_body = ExportBody,
    responses(
        (
            status = 200,
            description = "The file, or that it is being made in the background",
            content((Started = "application/json"), (String = "text/csv")),
        ),
        Refusals,
    ),
)]
pub(super) async fn start(
    FormReader { reader, form }: FormReader,
    asked: Asked,
    Sent(body): Sent,
) -> Result<Response, Refusal> {
    let layout = look::layout_ids(reader.look(form.form.id, DIALECT).await?.as_deref());
    let whole = reader.whole_form(form.form.id).await?;
    let Wish { columns, chosen, is_async } = Wish::read((&form.form, &whole), &layout, &body, &asked)?;
    let request = ExportRequest {
        form: FormRef::Id(form.form.id),
        wanted: chosen.map_or(Wanted::All, Wanted::Chosen),
        shape: FileShape::chosen(columns),
    };
    if !is_async
        && let Some(file) = reader.export_now(request.clone(), MOST_AT_ONCE).await.map_err(refused)?
    {
        let mut response = file.bytes.into_response();
        let name = format!("attachment; filename={}-submission-data.csv", form.form.slug);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.media_type));
        headers.extend(HeaderValue::from_str(&name).ok().map(|name| (CONTENT_DISPOSITION, name)));
        return Ok(response);
    }
    let job = reader.start_export(request).await.map_err(refused)?;
    let said = Said::success("Export started. Large export will be processed in the background.");
    Ok(Json(Started { said, job_id: job.0, is_async: true }).into_response())
}

/// Why the chosen submissions were refused: their places are told as this dialect's clients know them.
fn refused(error: Error) -> Refusal {
    if error.kind() != ErrorKind::InvalidArgument {
        return error.into();
    }
    let faults = error.faults().iter().map(|Fault { field, message }| {
        let place = field.trim_start_matches("ids[").trim_end_matches(']');
        (format!("submissionIds.{place}"), format!("submissionIds.{place} {message}."))
    });
    Refusal::invalid(faults.collect())
}
