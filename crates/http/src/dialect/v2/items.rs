//! `{user_dir}/forms/{form_dir}/items`: the items of a form, those above others included.
//!
//! Guarantees: an item comes before what is below it, and all that is below it before the next; each has the position of
//! the topmost item that it is below.
//!
//! Must not know: what an item is answered with.

use super::access::InForm;
use super::error::{Refusal, Refusals};
use super::query::Queried;
use axum::Json;
use axum::http::Uri;
use fillhouse_model::{Fault, Form, ResultsLabels};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// The items of a form.
#[derive(Serialize, ToSchema)]
pub(super) struct Items {
    items: Vec<Item>,
}

#[derive(Serialize, ToSchema)]
struct Item {
    /// Its id.
    #[schema(example = "100")]
    id: String,
    /// The place on the form, from 0; an item below another has the other's.
    position: usize,
    /// The question, or its results label.
    label: String,
    /// The ids of the items below it; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    children: Vec<String>,
}

/// The items of a form.
#[utoipa::path(
    get,
    path = "/{user_dir}/forms/{form_dir}/items",
    params(
        ("user_dir" = String, Path, description = "The account's directory"),
        ("form_dir" = String, Path, description = "The form's directory"),
        ("results_labels" = Option<String>, Query, description = "The id of results labels, in place of the questions"),
    ),
    responses((status = 200, description = "The items", body = Items), Refusals),
)]
pub(super) async fn list(place: InForm, uri: Uri) -> Result<Json<Items>, Refusal> {
    let queried = Queried::of(&uri);
    let wanted = queried.one("results_labels")?;
    let (form, labels) = place.reader.form_labelled(&place.form, wanted).await?;
    match (wanted, labels) {
        (Some(_), None) => Err(Fault::new("results_labels", "are not labels of the form").into()),
        (_, labels) => Ok(Json(Items { items: items(&form, labels.as_ref()) })),
    }
}

fn items(form: &Form, labels: Option<&ResultsLabels>) -> Vec<Item> {
    let labels = labels.map_or(&[][..], |labels| &labels.labels);
    let labels = labels.iter().map(|(id, label)| (id.as_str(), label.as_str())).collect();
    let mut items = Vec::new();
    for (position, top) in form.items.iter().enumerate() {
        put(top, position, &labels, &mut items);
    }
    items
}

/// A form has three levels at most.
fn put(item: &fillhouse_model::Item, position: usize, labels: &HashMap<&str, &str>, items: &mut Vec<Item>) {
    // Clients refuse an answer that has an empty label in it.
    let label = labels.get(item.id.as_str()).copied().filter(|label| !label.trim().is_empty());
    items.push(Item {
        id: item.id.clone(),
        position,
        label: label.unwrap_or(&item.label).to_owned(),
        children: item.children.iter().map(|child| child.id.clone()).collect(),
    });
    for child in &item.children {
        put(child, position, labels, items);
    }
}
