//! `segments/…` and `profiles/segstatic/…`: what segments there are, making one, and who is in the fixed ones.
//!
//! Must not know: how a segment's query is evaluated.

use super::call::Call;
use super::data::Data;
use super::databases::{NOTHING, is_narrowed, listed};
use super::document::{AddSegmentRequest, Answers, IdRequest, MemberRequest, PageRequest};
use super::format::Format;
use super::parameters::Parameters;
use super::profiles::limit;
use super::rules;
use axum::response::Response;
use fillhouse_engine::{Error, NewSegment, ProfileQuery, ProfilesReader, ProfilesWriter, Result};
use fillhouse_model::{AudienceId, Fault, SegmentId};

/// Lists the segments, page by page.
#[utoipa::path(
    post,
    path = "/segments/list",
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
    let page = reader.segments(SegmentId(from), limit).await?;
    let data = page.segments.iter().map(|(id, name)| listed(id.0, name, format));
    let next = page.next.map_or(0, |id| id.0);
    Ok([Data::List(data.collect()), next.into(), page.total.into()])
}

/// Shows a segment, and how many are in it.
#[utoipa::path(
    post,
    path = "/segments/get",
    request_body(content((IdRequest = "application/json"), (IdRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn get(call: Call<ProfilesReader>) -> Response {
    call.format.answer(one(&call.reader, &call.parameters).await)
}

async fn one(reader: &ProfilesReader, parameters: &Parameters) -> Result<Data> {
    let segment = reader.segment(SegmentId(parameters.required_int("id")?)).await?;
    let query = match &segment.query {
        Some(query) => Data::from_json(query).map_err(Error::internal)?,
        None => Data::Null,
    };
    Ok(Data::from([
        ("count", segment.count.into()),
        ("id", segment.id.0.into()),
        ("name", segment.name.into()),
        ("list_id", segment.audience_id.0.into()),
        ("is_static", segment.query.is_none().into()),
        ("query", query),
        ("segment", Data::List(Vec::new())),
    ]))
}

/// Makes a segment: one of those for whom a query holds, or a fixed one, which is empty at first.
#[utoipa::path(
    post,
    path = "/segments/add",
    request_body(content((AddSegmentRequest = "application/json"), (AddSegmentRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn add(call: Call<ProfilesWriter>) -> Response {
    let added = make(&call.reader, &call.parameters).await;
    call.format.answer(added.map(|id| Data::from([("id", id.0.into())])))
}

async fn make(writer: &ProfilesWriter, parameters: &Parameters) -> Result<SegmentId> {
    let name = parameters.required_text("name")?;
    let audience_id = AudienceId(parameters.required_int("list_id")?);
    if parameters.flag("is_refresh_daily")?.unwrap_or(false) {
        return Err(Fault::new("is_refresh_daily", "is not taken: a query is always up to date").into());
    }
    let query =
        parameters.object("query")?.map(|given| ProfileQuery { json: given.json, spelling: given.spelling });
    let sets = parameters.objects("segment")?.filter(|sets| !sets.is_empty());
    let query = match (query, sets) {
        (Some(_), Some(_)) => return Err(Fault::new("query", "is given beside segment").into()),
        (None, Some(sets)) => {
            Some(rules::query(&sets, audience_id.0).map_err(|fault| fault.within("segment"))?)
        }
        (query, None) => query,
    };
    let is_static = parameters.flag("is_static")?.unwrap_or(false);
    match (is_static, &query) {
        (false, None) => return Err(Fault::new("query", "is missing").into()),
        (true, Some(_)) => return Err(Fault::new("query", "is given for a fixed segment").into()),
        _ => {}
    }
    writer.add_segment(NewSegment { audience_id, name, query }).await
}

/// Puts a profile into a fixed segment.
#[utoipa::path(
    post,
    path = "/profiles/segstatic/add",
    request_body(content((MemberRequest = "application/json"), (MemberRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn add_member(call: Call<ProfilesWriter>) -> Response {
    set(&call, true).await
}

/// Takes a profile out of a fixed segment.
#[utoipa::path(
    post,
    path = "/profiles/segstatic/remove",
    request_body(content((MemberRequest = "application/json"), (MemberRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn remove_member(call: Call<ProfilesWriter>) -> Response {
    set(&call, false).await
}

async fn set(call: &Call<ProfilesWriter>, is_member: bool) -> Response {
    match set_member(&call.reader, &call.parameters, is_member).await {
        Ok(()) => call.format.success_with([]),
        Err(error) => call.format.fail(&error),
    }
}

async fn set_member(writer: &ProfilesWriter, parameters: &Parameters, is_member: bool) -> Result<()> {
    let segment = SegmentId(parameters.required_int("segment_id")?);
    let database = AudienceId(parameters.required_int("db_id")?);
    let profile = parameters.required_text("profile_id")?.to_ascii_lowercase().parse();
    let profile = profile.map_err(|_| Fault::new("profile_id", "is not 24 hex digits"))?;
    writer.set_member((database, segment), profile, is_member).await
}
