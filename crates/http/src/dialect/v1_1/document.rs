//! The shapes of requests and answers, for the document only: requests are read by name, answers written by hand, since
//! both are XML as well.
//!
//! Must not know: how anything is read or written.

use std::collections::BTreeMap;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// `forms/fills`: the form, by one of its names, and whole days.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct FillsRequest {
    /// The form's id.
    #[schema(example = 1)]
    id: Option<i64>,
    /// The form's short name.
    #[schema(example = "form_6Ven2v7O")]
    shortname: Option<String>,
    /// The first day.
    #[schema(format = Date)]
    date_from: String,
    /// The last day.
    #[schema(format = Date)]
    date_to: String,
    /// Whether unfinished fills are exported too.
    include_incomplete: Option<bool>,
    /// `csv` or `json`.
    file_format: Option<FileFormat>,
}

/// `forms/fill`: the form, and the user by one of the ways in which a profile is known.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct FillRequest {
    /// The form's id.
    #[schema(example = 1)]
    id: Option<i64>,
    /// The form's short name.
    #[schema(example = "form_6Ven2v7O")]
    shortname: Option<String>,
    /// The database that the user is looked for in.
    #[schema(example = 3)]
    db_id: i64,
    /// What the user is known by: `email`, `phone`, `profile_id` or `custom`; where it is absent, whatever is given.
    #[schema(example = "email")]
    matching: Option<String>,
    /// A profile's id.
    profile_id: Option<String>,
    /// An e-mail address.
    #[schema(example = "user@example.com")]
    email: Option<String>,
    /// A phone number.
    phone: Option<String>,
    /// The name of a field of profiles.
    field_name: Option<String>,
    /// Its value.
    field_value: Option<String>,
    /// `csv` or `json`.
    file_format: Option<FileFormat>,
}

/// The format of an exported file.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) enum FileFormat {
    Csv,
    Json,
}

/// `tasks/status`.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct StatusRequest {
    /// The task's id, as it was given.
    task_id: String,
}

/// `profiles/get_all`: whose profiles, as what, and which.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct GetAllRequest {
    /// `database` or `segment`.
    source_type: SourceType,
    /// The id of the database or of the segment.
    #[schema(example = 1)]
    source_id: i64,
    /// `csv` or `json`.
    file_format: Option<FileFormat>,
    /// A filter in MongoDB's language.
    #[schema(value_type = Option<Object>)]
    custom_request: Option<()>,
}

/// Where profiles are.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) enum SourceType {
    Database,
    Segment,
}

/// `profiles/get` and `profiles/delete`: who is meant.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct ProfileRequest {
    /// The database.
    db_id: i64,
    /// `email`, `phone`, `profile_id` or `custom`.
    matching: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    profile_id: Option<String>,
    field_name: Option<String>,
    field_value: Option<String>,
}

/// `profiles/list`: a page of a database's profiles.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct ListProfilesRequest {
    /// The database.
    db_id: i64,
    /// The `next_from_id` of the page before.
    from_id: Option<String>,
    /// How many at most, up to 1,000.
    limit: Option<i64>,
    /// A filter in MongoDB's language.
    #[schema(value_type = Option<Object>)]
    query: Option<()>,
    /// What to show of each; everything, where none is named.
    fields: Option<Vec<String>>,
}

/// `profiles/import`: who is meant, and what becomes of them.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct ImportRequest {
    /// The database.
    db_id: i64,
    /// `email`, `phone`, `profile_id` or `custom`.
    matching: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    profile_id: Option<String>,
    field_name: Option<String>,
    field_value: Option<String>,
    /// The values that the profile is to have.
    #[schema(value_type = Object)]
    data: (),
    /// Fixed segments that the profile is put into.
    add_to_segments: Option<Vec<i64>>,
    /// Fixed segments that it is taken out of.
    remove_from_segments: Option<Vec<i64>>,
}

/// `profiles/import_batch` and `profiles/add_batch`.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct ImportBatchRequest {
    /// The database.
    db_id: i64,
    /// By what of its data a profile is known: `email`, `phone`, `profile_id` or `custom`.
    matching: Option<String>,
    /// The field that `custom` means.
    field_name: Option<String>,
    /// The values of each profile.
    #[schema(value_type = Vec<Object>)]
    data: (),
}

/// `…/list`: a page.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct PageRequest {
    /// The id that the page begins with.
    from_id: Option<i64>,
    /// How many at most, up to 1,000.
    limit: Option<i64>,
}

/// `…/get`: one thing.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct IdRequest {
    /// Its id.
    id: i64,
}

/// `forms/get`: a form, by one of its names.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct FormRequest {
    /// The form's id.
    id: Option<i64>,
    /// The form's short name.
    shortname: Option<String>,
    /// Whether to show what it asks.
    form: Option<bool>,
    /// Whether to show what happens when it is filled in.
    actions: Option<bool>,
}

/// `segments/add`.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct AddSegmentRequest {
    /// What it is called.
    name: String,
    /// The database that it is a part of.
    list_id: i64,
    /// Whether it is a fixed one.
    is_static: Option<bool>,
    /// Who is in it, where it is not a fixed one: a filter in MongoDB's language.
    #[schema(value_type = Option<Object>)]
    query: Option<()>,
    /// The same as rules: `[{"queries": [{"name", "operator", "value": [{"value"}], "compo", "child"}]}]`.
    #[schema(value_type = Option<Vec<Object>>)]
    segment: Option<()>,
}

/// `profiles/segstatic/…`: a profile, and a fixed segment.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(
    dead_code,
    clippy::struct_field_names,
    reason = "it is described, not made, and with the names it has"
)]
pub(super) struct MemberRequest {
    segment_id: i64,
    db_id: i64,
    profile_id: String,
}

/// The envelope of every answer.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct Envelope {
    /// What was asked for; absent where something went wrong.
    #[schema(value_type = Option<serde_json::Value>)]
    data: Option<()>,
    /// 0, or the status of the answer where something went wrong.
    error: i64,
    /// `Successful operation`, or what went wrong.
    error_text: String,
}

/// What every method answers: the envelope, in either format.
pub(super) struct Answers;

/// What every method may answer where it does not do what was asked.
pub(super) struct Refusals;

impl IntoResponses for Answers {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut responses = Refusals::responses();
        responses.insert("200".to_owned(), enveloped("It worked"));
        responses
    }
}

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        BTreeMap::from([
            ("4XX".to_owned(), enveloped("It was refused; the status is in the envelope, too")),
            ("503".to_owned(), enveloped("Something needed is not there just now")),
        ])
    }
}

fn enveloped(description: &str) -> RefOr<Response> {
    let content = || Content::new(Some(Ref::from_schema_name("Envelope")));
    ResponseBuilder::new()
        .description(description)
        .content("application/json", content())
        .content("application/xml", content())
        .build()
        .into()
}
