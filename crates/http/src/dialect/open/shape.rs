//! Forms as clients see them: whole, and as lines of a list.
//!
//! Must not know: how forms are found or changed.

use super::field::fields;
use super::property::Property;
use fillhouse_engine::FormOverview;
use fillhouse_model::{FormState, Timestamp};
use serde::Serialize;
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
    properties: Vec<Property>,
    /// What was asked before and is asked no more.
    removed_properties: Vec<RemovedProperty>,
    enable_partial_submissions: bool,
}

/// A property that was removed; there may be answers to it.
#[derive(Serialize, ToSchema)]
pub(super) struct RemovedProperty {
    id: String,
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
    pub(super) fn of(overview: &FormOverview, public_url: &str) -> Self {
        let form = &overview.form;
        let fields = fields(form);
        let is_there =
            |id: &str| fields.iter().any(|field| field.leaves.iter().any(|leaf| leaf.item.id == id));
        let mut removed: Vec<&str> =
            form.slots.iter().map(|slot| slot.item_id.as_str()).filter(|id| !is_there(id)).collect();
        removed.dedup();
        Self {
            line: FormLine::of(overview, public_url),
            description: form.description.clone(),
            properties: fields.iter().map(Property::of).collect(),
            removed_properties: removed.into_iter().map(RemovedProperty::of).collect(),
            enable_partial_submissions: form.partial,
        }
    }
}

impl RemovedProperty {
    fn of(item_id: &str) -> Self {
        Self { id: super::property_id::shown(item_id) }
    }
}

/// `2026-04-01T09:00:00+00:00`
fn with_offset(instant: Timestamp) -> String {
    instant.to_seconds_string().replace('Z', "+00:00")
}
