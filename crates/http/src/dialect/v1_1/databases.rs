//! `databases/…`: what databases of profiles there are.
//!
//! Must not know: what is in them.

use super::call::Call;
use super::data::Data;
use super::document::{Answers, IdRequest, PageRequest};
use super::format::Format;
use super::parameters::Parameters;
use super::profiles::limit;
use axum::response::Response;
use fillhouse_engine::{AudienceWiper, ProfilesReader, Result};
use fillhouse_model::{Audience, AudienceId, Fault, Field, FieldType};

/// Lists the databases, page by page.
#[utoipa::path(
    post,
    path = "/databases/list",
    request_body(content((PageRequest = "application/json"), (PageRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn list(call: Call<ProfilesReader>) -> Response {
    call.format.answer_page(page(&call.reader, &call.parameters, call.format).await)
}

async fn page(reader: &ProfilesReader, parameters: &Parameters, format: Format) -> Result<[Data; 3]> {
    let from = parameters.int("from_id")?.unwrap_or(1);
    let limit = limit(parameters)?;
    if is_narrowed(parameters) {
        return Ok(NOTHING);
    }
    let page = reader.audiences(AudienceId(from), limit).await?;
    let data = page.audiences.iter().map(|audience| listed(audience.id.0, &audience.name, format));
    let next = page.next.map_or(0, |id| id.0);
    Ok([Data::List(data.collect()), next.into(), page.total.into()])
}

/// A page of a list that has nothing.
pub(super) const NOTHING: [Data; 3] = [Data::List(Vec::new()), Data::Int(0), Data::Int(0)];

/// Whether only what has certain tags or is in certain groups is asked for, which nothing here has or is.
pub(super) fn is_narrowed(parameters: &Parameters) -> bool {
    ["ui_tags", "groups", "groups_id"].iter().any(|name| parameters.says(name))
}

/// A thing as lists show it. The groups are spelled in two ways, as they have always been.
pub(super) fn listed(id: i64, name: &str, format: Format) -> Data {
    let groups = match format {
        Format::Json => "Groups",
        Format::Xml => "groups",
    };
    let none = || Data::List(Vec::new());
    Data::from([("id", id.into()), ("name", name.into()), ("ui_tags", none()), (groups, none())])
}

/// Shows a database.
#[utoipa::path(
    post,
    path = "/databases/get",
    request_body(content((IdRequest = "application/json"), (IdRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn get(call: Call<ProfilesReader>) -> Response {
    call.format.answer(one(&call.reader, &call.parameters).await)
}

async fn one(reader: &ProfilesReader, parameters: &Parameters) -> Result<Data> {
    let Audience { id, name, fields, .. } =
        reader.audience(AudienceId(parameters.required_int("id")?)).await?;
    Ok(Data::from([
        ("id", id.0.into()),
        ("name", name.into()),
        ("suppress_id", 0.into()),
        ("description", "".into()),
        ("fields", shown(fields)),
    ]))
}

fn shown(fields: Vec<Field>) -> Data {
    let field = |Field { name, kind }: Field| {
        let (_, kind) =
            FieldType::ALL.iter().find(|(known, _)| *known == kind).expect("the list has every type");
        Data::from([("name", name.into()), ("type", (*kind).into())])
    };
    Data::List(fields.into_iter().map(field).collect())
}

/// Lists the fields of a database.
#[utoipa::path(
    post,
    path = "/databases/fields_get",
    request_body(content((IdRequest = "application/json"), (IdRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn fields(call: Call<ProfilesReader>) -> Response {
    call.format.answer(fields_of(&call.reader, &call.parameters).await)
}

async fn fields_of(reader: &ProfilesReader, parameters: &Parameters) -> Result<Data> {
    // Methods that are about what is in a database call it `db_id`.
    let id = parameters.int("id")?.or(parameters.int("db_id")?);
    let id = id.ok_or_else(|| Fault::new("id", "is missing"))?;
    Ok(shown(reader.audience(AudienceId(id)).await?.fields))
}

/// Deletes all profiles of a database; for a token that may do everything.
#[utoipa::path(
    post,
    path = "/databases/wipe",
    request_body(content((IdRequest = "application/json"), (IdRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn wipe(call: Call<AudienceWiper>) -> Response {
    call.format.answer(wiped(&call.reader, &call.parameters).await)
}

async fn wiped(wiper: &AudienceWiper, parameters: &Parameters) -> Result<Data> {
    let count = wiper.wipe(AudienceId(parameters.required_int("id")?)).await?;
    // There are no actions here.
    Ok(Data::from([("count_action", 0.into()), ("count_profile", count.into())]))
}
