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
use fillhouse_engine::{ProfilesReader, Result};
use fillhouse_model::{Audience, AudienceId, FieldType};

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
    let page = reader.audiences(AudienceId(from), limit(parameters)?).await?;
    let data = page.audiences.iter().map(|audience| listed(audience.id.0, &audience.name, format));
    let next = page.next.map_or(0, |id| id.0);
    Ok([Data::List(data.collect()), next.into(), page.total.into()])
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
    let field = |(name, kind): (String, FieldType)| {
        let (_, kind) =
            FieldType::ALL.iter().find(|(known, _)| *known == kind).expect("the list has every type");
        Data::from([("name", name.into()), ("type", (*kind).into())])
    };
    let fields = fields.into_iter().map(|known| field((known.name, known.kind)));
    Ok(Data::from([
        ("id", id.0.into()),
        ("name", name.into()),
        ("suppress_id", 0.into()),
        ("description", "".into()),
        ("fields", Data::List(fields.collect())),
    ]))
}
