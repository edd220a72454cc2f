//! `tasks/status`: how far a task is.
//!
//! Guarantees: the result has its whole shape from the start, so that a client may look into it at any time.
//!
//! Must not know: what a task does.

use super::call::Call;
use super::data::Data;
use super::document::{Answers, StatusRequest};
use super::format::Format;
use super::parameters::Parameters;
use axum::response::Response;
use fillhouse_engine::{
    Caller, Error, ExportState, ExportStatus, ProfileExportStatus, ProfileSource, Result, TaskStatus,
};
use fillhouse_model::JobId;
use uuid::Uuid;

/// What stands before the id of a task of profiles.
pub(super) const PREFIX: &str = "task_";
/// What is said of a failure: its cause is about our insides, and in the log under the task's id.
const FAILURE: &str = "the export failed; the server's log says why";

/// Tells how far a task is.
#[utoipa::path(
    post,
    path = "/tasks/status",
    request_body(content((StatusRequest = "application/json"), (StatusRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn status(call: Call<Caller>) -> Response {
    let found = task(&call.reader, &call.parameters).await;
    call.format.answer(found.and_then(|status| match status {
        TaskStatus::Form(status) => of_form(&status),
        TaskStatus::Profiles(status) => of_profiles(&status, call.format),
    }))
}

async fn task(caller: &Caller, parameters: &Parameters) -> Result<TaskStatus> {
    let given = parameters.required_text("task_id")?;
    let id = Uuid::try_parse(given.strip_prefix(PREFIX).unwrap_or(&given)).map_err(|_| unknown())?;
    caller.task(&JobId(id.to_string())).await
}

fn unknown() -> Error {
    Error::not_found("the task")
}

/// What is told of a state.
struct Told {
    status: &'static str,
    progress: i64,
    total: i64,
    /// The unguessable id and the name of the file, once there is one.
    file: Option<(String, String)>,
    has_failed: bool,
}

impl Told {
    /// A task whose file has expired is as unknown as one that never was.
    fn of(state: &ExportState) -> Result<Self> {
        let told = |status, progress| Self { status, progress, total: 0, file: None, has_failed: false };
        Ok(match state {
            ExportState::Queued => told("queued", 0),
            ExportState::Running { percent } => told("processing", i64::from(*percent)),
            ExportState::Completed(artifact) => {
                let file = Some((artifact.id.clone(), artifact.name.clone()));
                Self { total: artifact.rows, file, ..told("completed", 100) }
            }
            ExportState::Failed { .. } | ExportState::Cancelled => {
                Self { has_failed: true, ..told("failed", 0) }
            }
            ExportState::Expired => return Err(unknown()),
        })
    }

    fn errors(&self) -> Data {
        Data::List(self.has_failed.then(|| FAILURE.into()).into_iter().collect())
    }
}

/// The status of an export of fills.
pub(super) fn of_form(status: &ExportStatus) -> Result<Data> {
    let told = Told::of(&status.state)?;
    let url = told.file.as_ref().map(|(id, name)| format!("{id}/{name}")).unwrap_or_default();
    let (form, total) = (status.form_id.0.into(), told.total.into());
    let result = if told.has_failed {
        Data::from([("form_id", form), ("total", total), ("url", url.into()), ("errors", told.errors())])
    } else {
        Data::from([("form_id", form), ("total", total), ("url", url.into())])
    };
    Ok(Data::from([("status", told.status.into()), ("progress", told.progress.into()), ("result", result)]))
}

/// The status of an export of profiles. In XML it has always had another order.
pub(super) fn of_profiles(status: &ProfileExportStatus, format: Format) -> Result<Data> {
    let told = Told::of(&status.state)?;
    let (id, kind) = match status.source {
        ProfileSource::Audience(id) => (id.0, "database"),
        ProfileSource::Segment(id) => (id.0, "segment"),
    };
    let urls = told.file.iter().map(|(id, name)| format!("/api/download/data/{id}/{name}").into());
    let result = Data::from([
        ("errors", told.errors()),
        ("source_id", id.into()),
        ("total", told.total.into()),
        ("type", kind.into()),
        ("urls", Data::List(urls.collect())),
    ]);
    let (status, progress) = (told.status.into(), told.progress.into());
    Ok(match format {
        Format::Json => Data::from([("status", status), ("progress", progress), ("result", result)]),
        Format::Xml => Data::from([("progress", progress), ("result", result), ("status", status)]),
    })
}
