//! `forms/fills`: asking for the fills of a form over a period, as a task.
//!
//! Must not know: how the task is done.

use super::call::Call;
use super::data::Data;
use super::document::{Answers, FillsRequest};
use super::parameters::Parameters;
use axum::response::Response;
use fillhouse_engine::{ExportRequest, FileShape, FormRef, FormsReader, Result, Wanted};
use fillhouse_model::{ErrorKind, Fault, FormId, JobId, Period, parse_date};

/// What is asked for, as it is spelled here.
struct Asked {
    id: Option<i64>,
    shortname: Option<String>,
    period: Period,
    include_incomplete: bool,
    shape: FileShape,
}

/// Makes a task.
#[utoipa::path(
    post,
    path = "/forms/fills",
    request_body(content((FillsRequest = "application/json"), (FillsRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn start(call: Call) -> Response {
    let started = start_export(&call.reader, &call.parameters).await;
    call.format.answer(started.map(|task| Data::from([("task_id", task.to_string().into())])))
}

async fn start_export(reader: &FormsReader, parameters: &Parameters) -> Result<JobId> {
    let Asked { id, shortname, period, include_incomplete, shape } = Asked::of(parameters)?;
    let form = form(reader, id, shortname).await?;
    reader
        .start_export(ExportRequest { form, wanted: Wanted::Period { period, include_incomplete }, shape })
        .await
}

impl Asked {
    fn of(parameters: &Parameters) -> Result<Self, Fault> {
        let id = parameters.int("id")?;
        let shortname = parameters.text("shortname")?;
        if id.is_none() && shortname.is_none() {
            return Err(Fault::new("id", "is missing, and so is shortname"));
        }
        let day = |name| parameters.required_text(name).and_then(|text| parse_date(name, &text));
        let period = Period::new(day("date_from")?, day("date_to")?)?;
        let include_incomplete = parameters.flag("include_incomplete")?.unwrap_or(false);
        let shape = shape(parameters)?;
        Ok(Self { id, shortname, period, include_incomplete, shape })
    }
}

/// The format of the file that fills are exported in.
pub(super) fn shape(parameters: &Parameters) -> Result<FileShape, Fault> {
    match parameters.text("file_format")?.as_deref() {
        None | Some("csv") => Ok(FileShape::zipped_table()),
        Some("json") => Ok(FileShape::zipped_results()),
        Some(_) => Err(Fault::new("file_format", "is neither csv nor json")),
    }
}

/// The form that is named, by whatever names it.
pub(super) async fn form(
    reader: &FormsReader,
    id: Option<i64>,
    shortname: Option<String>,
) -> Result<FormRef> {
    match (id, shortname) {
        (Some(id), None) => Ok(FormRef::Id(FormId(id))),
        (id, shortname) => {
            let named = FormRef::Name(shortname.unwrap_or_default());
            let Some(id) = id else { return Ok(named) };
            let by_id = reader.form_id(&FormRef::Id(FormId(id))).await?;
            match reader.form_id(&named).await {
                Ok(by_name) if by_name == by_id => Ok(FormRef::Id(by_id)),
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                _ => Err(Fault::new("shortname", "is not that of the form with this id").into()),
            }
        }
    }
}
