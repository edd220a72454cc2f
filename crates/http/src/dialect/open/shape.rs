//! A form as clients see it.
//!
//! Must not know: how forms are found or changed.

use super::field::fields;
use super::property::Property;
use fillhouse_engine::FormOverview;
use fillhouse_model::FormState;
use serde::Serialize;
use utoipa::ToSchema;

/// A form with all that is known of it.
#[derive(Serialize, ToSchema)]
pub(super) struct FormShape {
    id: i64,
    slug: String,
    title: String,
    description: Option<String>,
    /// `public`, or `closed` where it takes no submissions.
    visibility: &'static str,
    workspace_id: i64,
    properties: Vec<Property>,
    /// How many submissions it has, unfinished ones included.
    submissions_count: i64,
    is_closed: bool,
    enable_partial_submissions: bool,
}

impl FormShape {
    pub(super) fn of(overview: &FormOverview) -> Self {
        let form = &overview.form;
        let is_closed = form.state != FormState::Open;
        Self {
            id: form.id.0,
            slug: form.slug.clone(),
            title: form.name.clone(),
            description: form.description.clone(),
            visibility: if is_closed { "closed" } else { "public" },
            workspace_id: form.account_id.0,
            properties: fields(form).iter().map(Property::of).collect(),
            submissions_count: overview.submissions,
            is_closed,
            enable_partial_submissions: form.partial,
        }
    }
}
