//! `forms/fill`: asking for the fills of one user, as a task.
//!
//! Must not know: how a user is found, or what a fill is from.

use super::call::Call;
use super::data::Data;
use super::document::{Answers, FillRequest};
use super::fills::{form, shape};
use super::parameters::Parameters;
use axum::response::Response;
use fillhouse_engine::{FillsOf, FormsReader, Matching, Result};
use fillhouse_model::{AudienceId, Fault, JobId};

/// Makes a task, which is mostly done by then.
#[utoipa::path(
    post,
    path = "/forms/fill",
    request_body(content((FillRequest = "application/json"), (FillRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn start(call: Call) -> Response {
    let started = start_export(&call.reader, &call.parameters).await;
    call.format.answer(started.map(|task| Data::from([("task_id", task.to_string().into())])))
}

async fn start_export(reader: &FormsReader, parameters: &Parameters) -> Result<JobId> {
    let (id, shortname) = (parameters.int("id")?, parameters.text("shortname")?);
    if id.is_none() && shortname.is_none() {
        return Err(Fault::new("id", "is missing, and so is shortname").into());
    }
    let audience = parameters.int("db_id")?.ok_or_else(|| Fault::new("db_id", "is missing"))?;
    let matching = matching(parameters)?;
    let shape = shape(parameters)?;
    let form = form(reader, id, shortname).await?;
    reader.start_fills_of(FillsOf { form, audience: AudienceId(audience), matching, shape }).await
}

/// Who is meant: by what `matching` says, else by the first that is given.
pub(super) fn matching(parameters: &Parameters) -> Result<Matching, Fault> {
    let missing = |name: &str| Fault::new(name, "is missing, and matching asks for it");
    match parameters.text("matching")?.as_deref() {
        None => first(parameters),
        Some("email" | "email_profile" | "email_sub") => {
            by_email(parameters)?.ok_or_else(|| missing("email"))
        }
        Some("phone" | "phone_sub") => by_phone(parameters)?.ok_or_else(|| missing("phone")),
        Some("email_phone" | "email_phone_sub") => match by_email(parameters)? {
            Some(matching) => Ok(matching),
            None => by_phone(parameters)?.ok_or_else(|| missing("email")),
        },
        Some("profile_id") => by_id(parameters)?.ok_or_else(|| missing("profile_id")),
        Some("custom" | "custom_sub") => by_field(parameters)?.ok_or_else(|| missing("field_name")),
        Some(_) => Err(Fault::new("matching", "is none of email, phone, profile_id and custom")),
    }
}

fn first(parameters: &Parameters) -> Result<Matching, Fault> {
    for by in [by_email, by_phone, by_id, by_field] {
        if let Some(matching) = by(parameters)? {
            return Ok(matching);
        }
    }
    Err(Fault::new("email", "is missing, and so are phone, profile_id and field_name"))
}

fn by_email(parameters: &Parameters) -> Result<Option<Matching>, Fault> {
    Ok(given(parameters, "email")?.map(Matching::Email))
}

fn by_phone(parameters: &Parameters) -> Result<Option<Matching>, Fault> {
    Ok(given(parameters, "phone")?.map(Matching::Phone))
}

fn by_id(parameters: &Parameters) -> Result<Option<Matching>, Fault> {
    let Some(id) = given(parameters, "profile_id")? else { return Ok(None) };
    let id = id.to_ascii_lowercase().parse().map_err(|_| Fault::new("profile_id", "is not 24 hex digits"))?;
    Ok(Some(Matching::Id(id)))
}

fn by_field(parameters: &Parameters) -> Result<Option<Matching>, Fault> {
    match (given(parameters, "field_name")?, given(parameters, "field_value")?) {
        (Some(name), Some(value)) => Ok(Some(Matching::Field { name, value })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Fault::new("field_value", "is missing beside field_name")),
        (None, Some(_)) => Err(Fault::new("field_name", "is missing beside field_value")),
    }
}

/// A text that says something.
fn given(parameters: &Parameters, name: &str) -> Result<Option<String>, Fault> {
    Ok(parameters.text_or_int(name)?.filter(|text| !text.trim().is_empty()))
}
