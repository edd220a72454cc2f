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

/// The envelope of every answer.
#[derive(ToSchema)]
#[schema(title = "xml")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct Envelope {
    /// What was asked for; absent where something went wrong.
    #[schema(value_type = Option<Object>)]
    data: Option<()>,
    /// 0, or the status of the answer where something went wrong.
    error: i64,
    /// `Successful operation`, or what went wrong.
    error_text: String,
}

/// What every method answers: the envelope, in either format.
pub(super) struct Answers;

impl IntoResponses for Answers {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let content = || Content::new(Some(Ref::from_schema_name("Envelope")));
        let enveloped = |description: &str| {
            ResponseBuilder::new()
                .description(description)
                .content("application/json", content())
                .content("application/xml", content())
                .build()
                .into()
        };
        BTreeMap::from([
            ("200".to_owned(), enveloped("It worked")),
            ("4XX".to_owned(), enveloped("It was refused; the status is in the envelope, too")),
            ("503".to_owned(), enveloped("Something needed is not there just now")),
        ])
    }
}
