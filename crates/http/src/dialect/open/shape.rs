//! Forms as clients see them: whole, and as lines of a list.
//!
//! Must not know: how forms are found or changed.

use super::look::{self, Shown, ShownProperty};
use fillhouse_engine::FormOverview;
use fillhouse_model::{FormState, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// A form as a line of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct FormLine {
    id: i64,
    slug: String,
    title: String,
    /// `public`, or `closed` where it takes no submissions.
    visibility: &'static str,
    tags: [String; 0],
    views_count: i64,
    /// How many submissions it has, unfinished ones included.
    submissions_count: i64,
    /// Unknown where the form came by an import into an older database.
    created_at: Option<String>,
    updated_at: Option<String>,
    closes_at: Option<String>,
    is_closed: bool,
    max_submissions_count: Option<i64>,
    max_number_of_submissions_reached: bool,
    workspace_id: i64,
    share_url: String,
}

/// A form with all that is known of it.
#[derive(Serialize, ToSchema)]
pub(super) struct FormShape {
    #[serde(flatten)]
    line: FormLine,
    description: Option<String>,
    properties: Vec<ShownProperty>,
    /// What was asked before and is asked no more; there may be answers to it.
    #[schema(value_type = Vec<Object>)]
    removed_properties: Vec<Box<RawValue>>,
    enable_partial_submissions: bool,
}

impl FormLine {
    pub(super) fn of(overview: &FormOverview, public_url: &str) -> Self {
        let form = &overview.form;
        let is_closed = form.state != FormState::Open;
        Self {
            id: form.id.0,
            slug: form.slug.clone(),
            title: form.name.clone(),
            visibility: if is_closed { "closed" } else { "public" },
            tags: [],
            views_count: 0,
            submissions_count: overview.submissions,
            created_at: overview.dates.created_at.map(with_offset),
            updated_at: overview.dates.updated_at.map(with_offset),
            closes_at: None,
            is_closed,
            max_submissions_count: None,
            max_number_of_submissions_reached: false,
            workspace_id: form.account_id.0,
            share_url: format!("{public_url}/forms/{}", form.slug),
        }
    }
}

impl FormShape {
    /// A form, with what was kept of its look.
    pub(super) fn of(overview: &FormOverview, look: Option<&str>, public_url: &str) -> Self {
        let form = &overview.form;
        let Shown { properties, removed } = look::properties(form, look);
        Self {
            line: FormLine::of(overview, public_url),
            description: form.description.clone(),
            properties,
            removed_properties: removed,
            enable_partial_submissions: form.partial,
        }
    }
}

/// `2026-04-01T09:00:00+00:00`
fn with_offset(instant: Timestamp) -> String {
    instant.to_seconds_string().replace('Z', "+00:00")
}
