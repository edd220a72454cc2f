//! A form's submissions as a table: columns to choose, searched, filtered, sorted, a page at a time.
//!
//! Must not know: how submissions are found.

use super::asked::{Asked, PAGE};
use super::cells::{Cell, cell, kinds, label};
use super::conditions;
use super::say::{minute, number};
use super::session::InForm;
use super::view::{Frame, Refusal, page};
use super::words;
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use fillhouse_engine::Error;
use fillhouse_model::row::Row;
use fillhouse_model::{Form, Submission};

#[derive(Template)]
#[template(path = "console/table.html")]
struct Table {
    frame: Frame,
    form: i64,
    name: String,
    /// Which of how many are shown.
    total: String,
    first: String,
    last: String,
    asked: Asked,
    /// The same in words, and the addresses without each.
    chips: Vec<(String, String)>,
    items: Vec<(String, String)>,
    /// Room for one more condition.
    more: conditions::Row,
    choosable: Vec<Choosable>,
    /// The form's views: names, and the addresses of the table with their columns.
    views: Vec<(String, String)>,
    heads: Vec<Head>,
    rows: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
}

/// A column that can be chosen.
struct Choosable {
    id: String,
    label: String,
    is_chosen: bool,
}

/// The head of a column, which sorts by it.
struct Head {
    label: String,
    query: String,
    /// `ascending` or `descending`; `none` where another column is sorted by.
    order: &'static str,
}

struct Line {
    id: i64,
    date: String,
    is_finished: bool,
    cells: Vec<Cell>,
}

/// Shows the table.
pub(super) async fn show(place: InForm, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let asked = Asked::of(&query.unwrap_or_default());
    let form = place.reader.overview(&place.form).await?.form;
    let found = place.reader.query(&place.form, asked.to_query_of(&form)).await?;
    // The one that the rows are of.
    let form = &found.form.form;
    let (leaves, kinds) = (asked.leaves(form), kinds(form));
    let mut rows = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        let submission = Row::read(row).and_then(|row| row.decode(&kinds)).map_err(Error::from)?;
        let cells = leaves.iter().map(|leaf| cell(leaf, &submission)).collect();
        rows.push(Line {
            id: submission.id.0,
            date: shown_date(&submission),
            is_finished: submission.date_finish.is_some(),
            cells,
        });
    }
    let views = place.reader.presentations(&place.form).await?.views;
    let views = views
        .into_iter()
        .map(|view| (view.name, Asked { columns: view.columns, ..asked.clone() }.to_query()));
    let to = |page: u64| Asked { page, ..asked.clone() }.to_query();
    let first = asked.page.saturating_mul(u64::from(PAGE));
    let last = first.saturating_add(rows.len() as u64);
    let choosable = form.leaves().into_iter().map(|leaf| Choosable {
        label: label(&leaf),
        is_chosen: leaves.iter().any(|chosen| chosen.item.id == leaf.item.id),
        id: leaf.item.id.clone(),
    });
    Ok(page(&Table {
        form: form.id.0,
        name: form.name.clone(),
        total: number(found.total),
        first: number(if rows.is_empty() { 0 } else { first.saturating_add(1) }),
        last: number(last),
        items: conditions::items(form),
        more: conditions::Row::default(),
        choosable: choosable.collect(),
        views: views.collect(),
        heads: heads(form, &asked),
        chips: asked.chips(form),
        newer: (asked.page > 0).then(|| to(asked.page - 1)),
        older: (last < found.total && !rows.is_empty()).then(|| to(asked.page + 1)),
        rows,
        frame: place.frame,
        asked,
    }))
}

fn heads(form: &Form, asked: &Asked) -> Vec<Head> {
    let own =
        [("result_id".to_owned(), "Id".to_owned()), ("date_update".to_owned(), "Last changed".to_owned())];
    let items = asked.leaves(form).into_iter().map(|leaf| (leaf.item.id.clone(), label(&leaf)));
    let sorted_by = if asked.sort.is_empty() { "result_id" } else { &asked.sort };
    let head = |(id, label): (String, String)| {
        let is_sorted = id == sorted_by;
        let order = match (is_sorted, asked.ascending) {
            (false, _) => "none",
            (true, true) => "ascending",
            (true, false) => "descending",
        };
        let ascending = is_sorted && !asked.ascending;
        Head { label, order, query: Asked { sort: id, ascending, page: 0, ..asked.clone() }.to_query() }
    };
    own.into_iter().chain(items).map(head).collect()
}

/// When a submission was last changed.
pub(super) fn shown_date(submission: &Submission) -> String {
    minute(submission.date_update)
}
