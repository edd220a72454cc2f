//! `profiles/…`: exporting profiles as a task, looking at them, storing and deleting them.
//!
//! Must not know: how any of it is done.

use super::call::Call;
use super::data::Data;
use super::document::{
    Answers, GetAllRequest, ImportBatchRequest, ImportRequest, ListProfilesRequest, ProfileRequest,
};
use super::fill::matching;
use super::format::Format;
use super::parameters::{Given, Parameters};
use super::person::Key;
use super::tasks::PREFIX;
use axum::response::Response;
use fillhouse_engine::{
    Error, NewProfile, ProfileExport, ProfileFormat, ProfilePage, ProfileQuery, ProfileSource,
    ProfilesReader, ProfilesWriter, Result, Stored,
};
use fillhouse_model::{AudienceId, Fault, JobId, ProfileId, SegmentId};

/// How many profiles a page has, where nobody says.
const PAGE: i64 = 1_000;

/// Makes a task that exports the profiles of a database or of a segment.
#[utoipa::path(
    post,
    path = "/profiles/get_all",
    request_body(content((GetAllRequest = "application/json"), (GetAllRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn get_all(call: Call<ProfilesReader>) -> Response {
    let started = start_export(&call.reader, &call.parameters).await;
    call.format.answer(started.map(|task| Data::from([("task_id", format!("{PREFIX}{task}").into())])))
}

async fn start_export(reader: &ProfilesReader, parameters: &Parameters) -> Result<JobId> {
    let kind = parameters.required_text("source_type")?;
    let id = parameters.required_int("source_id")?;
    let source = match kind.as_str() {
        "database" => ProfileSource::Audience(AudienceId(id)),
        "segment" => ProfileSource::Segment(SegmentId(id)),
        _ => return Err(Fault::new("source_type", "is neither database nor segment").into()),
    };
    let format = match parameters.text("file_format")?.as_deref() {
        None | Some("csv") => ProfileFormat::Csv,
        Some("json") => ProfileFormat::Json,
        Some(_) => return Err(Fault::new("file_format", "is neither csv nor json").into()),
    };
    let query = parameters.object("custom_request")?.map(query);
    let started = reader.start_export(ProfileExport { source, format, query }).await;
    started.map_err(|error| renamed(error, "query", "custom_request"))
}

fn query(given: Given) -> ProfileQuery {
    ProfileQuery { json: given.json, spelling: given.spelling }
}

/// The same error, about a field as it is called here.
fn renamed(error: Error, inner: &str, outer: &str) -> Error {
    let rest = |fault: &Fault| fault.field.strip_prefix(inner).map(str::to_owned);
    let Some((fault, rest)) = error.faults().first().and_then(|fault| Some((fault, rest(fault)?))) else {
        return error;
    };
    Fault::new(format!("{outer}{rest}"), fault.message.clone()).into()
}

/// Shows the profile that is meant.
#[utoipa::path(
    post,
    path = "/profiles/get",
    request_body(content((ProfileRequest = "application/json"), (ProfileRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn get(call: Call<ProfilesReader>) -> Response {
    call.format.answer(show(&call.reader, &call.parameters).await)
}

async fn show(reader: &ProfilesReader, parameters: &Parameters) -> Result<Data> {
    let database = database(parameters)?;
    let json = reader.profile_json(database, matching(parameters)?).await?;
    shown(&json, database)
}

/// A profile as this dialect shows it: with the database that it is in.
fn shown(json: &str, database: AudienceId) -> Result<Data> {
    let mut data = Data::from_json(json).map_err(Error::internal)?;
    if let Data::Object(members) = &mut data {
        let place = members.iter().take_while(|(name, _)| name == "id").count();
        members.insert(place, ("db_id".into(), database.0.into()));
    }
    Ok(data)
}

/// Lists the profiles of a database, page by page.
#[utoipa::path(
    post,
    path = "/profiles/list",
    request_body(content((ListProfilesRequest = "application/json"), (ListProfilesRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn list(call: Call<ProfilesReader>) -> Response {
    match page(&call.reader, &call.parameters).await {
        Ok((data, next)) => call.format.success_with([("data", data), ("next_from_id", next)]),
        Err(error) => call.format.fail(&error),
    }
}

async fn page(reader: &ProfilesReader, parameters: &Parameters) -> Result<(Data, Data)> {
    let database = database(parameters)?;
    let after = match parameters.text("from_id")?.filter(|id| !id.is_empty()) {
        Some(id) => {
            let id = id.parse();
            Some(id.map_err(|_| Fault::new("from_id", "is not the id of a profile"))?)
        }
        None => None,
    };
    let limit = limit(parameters)?;
    let names = parameters.texts("fields")?.unwrap_or_default();
    let query = parameters.object("query")?.map(query);
    let limit = usize::try_from(limit).unwrap_or(1);
    let ProfilePage { profiles, next } = reader.profiles(database, after, limit, query, &names).await?;
    let data = profiles.iter().map(|json| {
        if names.is_empty() { shown(json, database) } else { Data::from_json(json).map_err(Error::internal) }
    });
    let next = next.map(|id: ProfileId| id.to_string()).unwrap_or_default();
    Ok((Data::List(data.collect::<Result<_>>()?), next.into()))
}

/// How many are wanted, at most as many as a page has.
pub(super) fn limit(parameters: &Parameters) -> Result<i64, Fault> {
    match parameters.int("limit")? {
        None => Ok(PAGE),
        Some(limit) if limit >= 1 => Ok(limit.min(PAGE)),
        Some(_) => Err(Fault::new("limit", "is not 1 or more")),
    }
}

fn database(parameters: &Parameters) -> Result<AudienceId, Fault> {
    parameters.required_int("db_id").map(AudienceId)
}

/// Stores a profile: a new one, or changes of the one that is meant.
#[utoipa::path(
    post,
    path = "/profiles/import",
    request_body(content((ImportRequest = "application/json"), (ImportRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn import(call: Call<ProfilesWriter>) -> Response {
    answer_one(&call, Who::Anybody).await
}

/// Changes the profile that is meant, which must be there.
#[utoipa::path(
    post,
    path = "/profiles/update",
    request_body(content((ImportRequest = "application/json"), (ImportRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn update(call: Call<ProfilesWriter>) -> Response {
    answer_one(&call, Who::Known).await
}

/// Stores a new profile; nobody is looked for.
#[utoipa::path(
    post,
    path = "/profiles/add",
    request_body(content((ImportRequest = "application/json"), (ImportRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn add(call: Call<ProfilesWriter>) -> Response {
    answer_one(&call, Who::New).await
}

/// Whom a profile may be stored for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Whoever is meant, known or not.
    Anybody,
    /// Somebody who is known.
    Known,
    /// Somebody new.
    New,
}

async fn answer_one(call: &Call<ProfilesWriter>, who: Who) -> Response {
    match store_one(&call.reader, &call.parameters, who).await {
        Ok(id) => call.format.success_with([("profile_id", id.to_string().into())]),
        Err(error) => call.format.fail(&error),
    }
}

async fn store_one(writer: &ProfilesWriter, parameters: &Parameters, who: Who) -> Result<ProfileId> {
    let database = database(parameters)?;
    let data = parameters.object("data")?.ok_or_else(|| Fault::new("data", "is missing"))?;
    let segments = |name| {
        let ids = parameters.ints(name)?.unwrap_or_default();
        Ok::<_, Fault>(ids.into_iter().map(SegmentId).collect::<Vec<_>>())
    };
    let (add_to, remove_from) = (segments("add_to_segments")?, segments("remove_from_segments")?);
    let is_said = ["email", "phone", "profile_id", "field_name"].iter().any(|name| parameters.has(name));
    let profile = if who == Who::New {
        NewProfile { matching: None, json: data.json, spelling: data.spelling }
    } else if is_said {
        let matching = Some(matching(parameters)?);
        NewProfile { matching, json: data.json, spelling: data.spelling }
    } else {
        let key = Key::of(parameters.text("matching")?.as_deref(), None)?;
        key.person(data).map_err(|fault| fault.within("data"))?
    };
    match who {
        Who::Known if profile.matching.is_none() => Err(Fault::new("email", "is missing").into()),
        Who::Known => writer.change_one(database, profile, add_to, remove_from).await,
        Who::Anybody | Who::New => writer.store_one(database, profile, add_to, remove_from).await,
    }
}

/// Stores profiles, each a new one or changes of the one with its address.
#[utoipa::path(
    post,
    path = "/profiles/import_batch",
    request_body(content((ImportBatchRequest = "application/json"), (ImportBatchRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn import_batch(call: Call<ProfilesWriter>) -> Response {
    batch(&call, true).await
}

/// Stores new profiles.
#[utoipa::path(
    post,
    path = "/profiles/add_batch",
    request_body(content((ImportBatchRequest = "application/json"), (ImportBatchRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn add_batch(call: Call<ProfilesWriter>) -> Response {
    batch(&call, false).await
}

async fn batch(call: &Call<ProfilesWriter>, changes_known: bool) -> Response {
    match store_all(&call.reader, &call.parameters, changes_known).await {
        Ok(stored) => {
            let result = stored.iter().map(Format::of_one);
            call.format.success_with([("result", Data::List(result.collect()))])
        }
        Err(error) => call.format.fail(&error),
    }
}

async fn store_all(
    writer: &ProfilesWriter,
    parameters: &Parameters,
    changes_known: bool,
) -> Result<Vec<Stored>> {
    let database = database(parameters)?;
    let data = parameters.objects("data")?.ok_or_else(|| Fault::new("data", "is missing"))?;
    let key = if changes_known {
        Key::of(parameters.text("matching")?.as_deref(), parameters.text("field_name")?)?
    } else {
        Key::Nobody
    };
    let person = |(n, data)| key.person(data).map_err(|fault| fault.within(&format!("data[{n}]")));
    let profiles = data.into_iter().enumerate().map(person).collect::<Result<_, Fault>>()?;
    writer.store(database, profiles).await
}

/// Deletes the profile that is meant.
#[utoipa::path(
    post,
    path = "/profiles/delete",
    request_body(content((ProfileRequest = "application/json"), (ProfileRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn delete(call: Call<ProfilesWriter>) -> Response {
    call.format.answer(delete_one(&call.reader, &call.parameters).await)
}

async fn delete_one(writer: &ProfilesWriter, parameters: &Parameters) -> Result<Data> {
    let (database, matching) = (database(parameters)?, matching(parameters)?);
    let id = writer.delete(database, matching).await?;
    Ok(Data::from([("profile_id", id.to_string().into())]))
}
