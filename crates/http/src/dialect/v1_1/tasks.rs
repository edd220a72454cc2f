//! `tasks/status`: how far a task is.
//!
//! Guarantees: the result has its whole shape from the start, so that a client may look into it at any time.
//!
//! Must not know: what a task does.

use super::call::Call;
use super::data::Data;
use super::document::{Answers, StatusRequest};
use super::parameters::Parameters;
use axum::response::Response;
use fillhouse_engine::{Error, ExportState, ExportStatus, FormsReader, Result};
use fillhouse_model::JobId;
use uuid::Uuid;

/// What other methods of this dialect put before the id of a task.
const PREFIX: &str = "task_";
/// What is said of a failure: its cause is about our insides, and in the log under the task's id.
const FAILURE: &str = "the export failed; the server's log says why";

/// Tells how far a task is.
#[utoipa::path(
    post,
    path = "/tasks/status",
    request_body(content((StatusRequest = "application/json"), (StatusRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn status(call: Call) -> Response {
    let found = export(&call.reader, &call.parameters).await;
    call.format.answer(found.and_then(|status| data(&status)))
}

async fn export(reader: &FormsReader, parameters: &Parameters) -> Result<ExportStatus> {
    let given = parameters.required_text("task_id")?;
    let id = Uuid::try_parse(given.strip_prefix(PREFIX).unwrap_or(&given)).map_err(|_| unknown())?;
    reader.export(&JobId(id.to_string())).await
}

fn unknown() -> Error {
    Error::not_found("the task")
}

/// The status as it is told. A task whose file has expired is as unknown as one that never was.
pub(super) fn data(status: &ExportStatus) -> Result<Data> {
    let (word, progress, total, url) = match &status.state {
        ExportState::Queued => ("queued", 0, 0, String::new()),
        ExportState::Running { percent } => ("processing", i64::from(*percent), 0, String::new()),
        ExportState::Completed(artifact) => {
            ("completed", 100, artifact.rows, format!("{}/{}", artifact.id, artifact.name))
        }
        ExportState::Failed { .. } => ("failed", 0, 0, String::new()),
        ExportState::Expired => return Err(unknown()),
    };
    let mut result = vec![("form_id", status.form_id.0.into()), ("total", total.into()), ("url", url.into())];
    if let ExportState::Failed { .. } = status.state {
        result.push(("errors", Data::List(vec![FAILURE.into()])));
    }
    let result = Data::Object(result);
    Ok(Data::Object(vec![("status", word.into()), ("progress", progress.into()), ("result", result)]))
}
