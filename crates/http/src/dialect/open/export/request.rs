//! What an export is asked for with.
//!
//! Guarantees: every column that is asked for is one that the form has or had.
//!
//! Must not know: what is made of it.

use crate::dialect::open::error::Refusal;
use crate::dialect::open::field::{Field, fields};
use crate::dialect::open::object::{Keyed, read};
use crate::dialect::open::page::Asked;
use fillhouse_engine::{ChosenColumn, Shows};
use fillhouse_model::{Form, SubmissionId};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;

/// How many submissions can be chosen one by one.
const MOST_CHOSEN: usize = 10_000;
/// How many of the columns that are not known are told.
const MOST_SHOWN: usize = 20;
/// What is known of where somebody came from is not kept here; columns of it can be asked for, and are empty.
const ATTRIBUTION: &str = "meta.attribution.";
const ATTRIBUTIONS: [&str; 16] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_id",
    "utm_term",
    "utm_content",
    "utm_source_platform",
    "utm_creative_format",
    "utm_marketing_tactic",
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "ttclid",
    "msclkid",
];

/// The body of a request.
#[derive(Deserialize, ToSchema)]
pub(in crate::dialect::open) struct ExportBody<'a> {
    /// The columns by property id, `true` for those that are wanted, in their order; `created_at` and `status`, too.
    #[serde(borrow)]
    #[schema(value_type = Object)]
    columns: Option<Keyed<'a>>,
    /// Only these submissions.
    #[serde(rename = "submissionIds")]
    submission_ids: Option<Vec<i64>>,
    /// Whether it is to be made in the background however small it is.
    is_async: Option<bool>,
}

/// What is wished for.
pub(super) struct Wish {
    pub(super) columns: Vec<ChosenColumn>,
    pub(super) chosen: Option<Vec<SubmissionId>>,
    pub(super) is_async: bool,
}

impl Wish {
    /// Reads a request; columns may stand in the query, too. `whole` is the form with what it had once. The ids of `layout` are
    /// asked nothing, and are known.
    pub(super) fn read(
        (form, whole): (&Form, &Form),
        layout: &HashSet<String>,
        body: &[u8],
        asked: &Asked,
    ) -> Result<Self, Refusal> {
        let body: ExportBody<'_> = read(body)?;
        let mut wanted = Vec::new();
        for (id, value) in body.columns.iter().flat_map(Keyed::each) {
            wanted.push((id, truth(value)));
        }
        let in_query = asked.within("columns");
        wanted.extend(in_query.map(|(id, value)| (id, truth_of_text(value))));
        let columns = columns((form, whole), layout, &wanted)?;
        let chosen = body.submission_ids.map(|ids| ids.into_iter().map(SubmissionId).collect::<Vec<_>>());
        if chosen.as_ref().is_some_and(|chosen| chosen.len() > MOST_CHOSEN) {
            let message = format!("submissionIds has more than {MOST_CHOSEN} items.");
            return Err(Refusal::invalid(vec![("submissionIds".to_owned(), message)]));
        }
        Ok(Self { columns, chosen, is_async: body.is_async.unwrap_or(false) })
    }
}

/// The columns of the file, or what is wrong with those that are asked for.
fn columns(
    (form, whole): (&Form, &Form),
    layout: &HashSet<String>,
    wanted: &[(&str, Option<bool>)],
) -> Result<Vec<ChosenColumn>, Refusal> {
    if wanted.is_empty() {
        let message = "The columns field is required.".to_owned();
        return Err(Refusal::invalid(vec![("columns".to_owned(), message)]));
    }
    let known = Known::of(form, whole);
    let unknown: Vec<&str> =
        wanted.iter().map(|(id, _)| *id).filter(|id| !known.knows(id) && !layout.contains(*id)).collect();
    let mut faults = Vec::new();
    if !unknown.is_empty() {
        let shown = &unknown[..unknown.len().min(MOST_SHOWN)];
        let message = format!("The columns contain invalid values: {}", shown.join(", "));
        faults.push(("columns".to_owned(), message));
    }
    let unclear = wanted.iter().filter(|(_, truth)| truth.is_none());
    faults.extend(
        unclear.map(|(id, _)| {
            (format!("columns.{id}"), format!("The columns.{id} field must be true or false."))
        }),
    );
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults));
    }
    let is_wanted = |id: &str| wanted.iter().any(|(known, truth)| *known == id && *truth == Some(true));
    let fields = wanted
        .iter()
        .filter(|(_, truth)| *truth == Some(true))
        .filter_map(|(id, _)| Some(((*id).to_owned(), known.fields.get(*id)?.clone())));
    let mut columns = vec![("id".to_owned(), column("id", Shows::Id))];
    columns.extend(fields);
    if is_wanted("created_at") {
        columns.push(("created_at".to_owned(), column("created_at", Shows::Created)));
    }
    if form.partial {
        let (incomplete, complete) = ("In Progress".to_owned(), "Completed".to_owned());
        columns.push(("status".to_owned(), column("status", Shows::Status { incomplete, complete })));
    }
    Ok(told_apart(columns))
}

/// Columns that are called alike get their ids behind their names.
fn told_apart(columns: Vec<(String, ChosenColumn)>) -> Vec<ChosenColumn> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (_, column) in &columns {
        *counts.entry(column.name.clone()).or_default() += 1;
    }
    let named = columns.into_iter().map(|(id, column)| {
        let is_shared = counts.get(&column.name).is_some_and(|count| *count > 1);
        let name =
            if is_shared && id != column.name { format!("{} ({id})", column.name) } else { column.name };
        ChosenColumn { name, ..column }
    });
    named.collect()
}

fn column(name: &str, shows: Shows) -> ChosenColumn {
    ChosenColumn { name: name.to_owned(), shows }
}

/// The columns that can be asked for.
struct Known {
    fields: HashMap<String, ChosenColumn>,
}

impl Known {
    fn of(form: &Form, whole: &Form) -> Self {
        let column_of = |field: &Field<'_>, name| {
            (field.id(), ChosenColumn { name, shows: Shows::Item(field.item.id.clone()) })
        };
        let removed =
            fields(whole).into_iter().map(|field| column_of(&field, format!("{} (deleted)", field.name)));
        let mut fields_by_id: HashMap<String, ChosenColumn> = removed.collect();
        fields_by_id.extend(fields(form).into_iter().map(|field| column_of(&field, field.name.clone())));
        for name in ATTRIBUTIONS {
            let id = format!("{ATTRIBUTION}{name}");
            fields_by_id.insert(id.clone(), column(name, Shows::Item(id)));
        }
        Self { fields: fields_by_id }
    }

    /// Whether an id can be asked for; what pages and texts of a form are answered is nothing.
    fn knows(&self, id: &str) -> bool {
        matches!(id, "created_at" | "status") || id.starts_with("nf-") || self.fields.contains_key(id)
    }
}

fn truth(value: &RawValue) -> Option<bool> {
    truth_of_text(value.get().trim_matches('"'))
}

fn truth_of_text(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" | "" => Some(false),
        _ => None,
    }
}
