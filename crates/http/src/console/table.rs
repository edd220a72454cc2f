//! A form's submissions as a table: columns to choose, searched, filtered, sorted, a page at a time.
//!
//! Must not know: how submissions are found.

use super::asked::{Asked, PAGE};
use super::cells::{Cell, kinds};
use super::columns::Column;
use super::conditions;
use super::pairs::Faults;
use super::say::{minute, number};
use super::session::InForm;
use super::view::{Frame, Refusal, page};
use super::words;
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use fillhouse_engine::{Error, FormDays};
use fillhouse_model::row::Row;
use fillhouse_model::{AnswerKind, Fault, Status, Submission};

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
    /// Whose clock dates are of.
    times_of: String,
    asked: Asked,
    /// What of the address was not understood.
    faults: Faults,
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
    pages: Pages,
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
    /// None where nothing is sorted by it.
    query: Option<String>,
    /// `ascending` or `descending`; `none` where another column is sorted by.
    order: &'static str,
}

struct Line {
    id: i64,
    is_finished: bool,
    /// Whether each is a date.
    cells: Vec<(bool, Cell)>,
}

/// Where one can go from a page.
struct Pages {
    number: u64,
    count: u64,
    count_said: String,
    /// The addresses of the first page, the ones beside this one, and the last.
    first: Option<String>,
    newer: Option<String>,
    older: Option<String>,
    last: Option<String>,
}

impl Pages {
    fn of(asked: &Asked, total: u64) -> Self {
        let to = |page: u64| Asked { page, ..asked.clone() }.to_query();
        let last = last_page(total);
        let (is_first, is_last) = (asked.page == 0, asked.page >= last);
        Self {
            number: asked.page.saturating_add(1),
            count: last + 1,
            count_said: number(last + 1),
            first: (!is_first).then(|| to(0)),
            newer: (!is_first).then(|| to(asked.page.saturating_sub(1))),
            older: (!is_last).then(|| to(asked.page.saturating_add(1))),
            last: (!is_last).then(|| to(last)),
        }
    }
}

/// The last page, from 0, where there are so many submissions.
fn last_page(total: u64) -> u64 {
    total.saturating_sub(1) / u64::from(PAGE)
}

/// Shows the table.
pub(super) async fn show(place: InForm, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let (mut asked, mut faults) = Asked::read(&query.unwrap_or_default());
    let form = place.reader.overview(&place.form).await?.form;
    let days = place.days(&form).await?;
    let mut found = place.reader.query(&place.form, asked.query(&form, &days)).await?;
    if found.rows.is_empty() && asked.page > last_page(found.total) {
        let said = format!("{} is beyond the last one, which this is", number(asked.page.saturating_add(1)));
        faults.push(Fault::new("page", said));
        asked.page = last_page(found.total);
        found = place.reader.query(&place.form, asked.query(&form, &days)).await?;
    }
    // The one that the rows are of.
    let form = &found.form.form;
    let (columns, unknown) = Column::chosen(form, &asked.columns);
    faults.extend(unknown);
    let rows = found.rows.iter().map(|row| line(row, &kinds(form), &columns, &days));
    let rows = rows.collect::<Result<Vec<_>, Refusal>>()?;
    let views = place.reader.presentations(&place.form).await?.views;
    let views = views
        .into_iter()
        .map(|view| (view.name, Asked { columns: view.columns, ..asked.clone() }.to_query()));
    let first = asked.page.saturating_mul(u64::from(PAGE));
    let choosable = Column::all(form).into_iter().map(|column| Choosable {
        label: column.label(),
        is_chosen: columns.iter().any(|chosen| chosen.id() == column.id()),
        id: column.id().to_owned(),
    });
    Ok(page(&Table {
        form: form.id.0,
        name: form.name.clone(),
        total: number(found.total),
        first: number(if rows.is_empty() { 0 } else { first.saturating_add(1) }),
        last: number(first.saturating_add(rows.len() as u64)),
        times_of: words::table::times_of(days.zone_name()),
        items: conditions::askable(form),
        more: conditions::Row::default(),
        choosable: choosable.collect(),
        views: views.collect(),
        heads: heads(&columns, &asked),
        chips: asked.chips(form),
        pages: Pages::of(&asked, found.total),
        rows,
        frame: place.frame,
        faults: Faults::new(faults),
        asked,
    }))
}

fn line(row: &[u8], kinds: &[AnswerKind], columns: &[Column<'_>], days: &FormDays) -> Result<Line, Refusal> {
    let submission = Row::read(row).and_then(|row| row.decode(kinds)).map_err(Error::from)?;
    let cells = columns.iter().map(|column| (column.is_date(), column.cell(&submission, days)));
    Ok(Line {
        id: submission.id.0,
        is_finished: submission.status == Status::Complete,
        cells: cells.collect(),
    })
}

fn heads(columns: &[Column<'_>], asked: &Asked) -> Vec<Head> {
    let sorted_by = if asked.sort.is_empty() { "result_id" } else { &asked.sort };
    let head = |id: &str, label: String| {
        let is_sorted = id == sorted_by;
        let order = match (is_sorted, asked.ascending) {
            (false, _) => "none",
            (true, true) => "ascending",
            (true, false) => "descending",
        };
        let ascending = is_sorted && !asked.ascending;
        let query = Asked { sort: id.to_owned(), ascending, page: 0, ..asked.clone() }.to_query();
        Head { label, order, query: Some(query) }
    };
    let head_of = |column: &Column<'_>| {
        let head = head(column.id(), column.label());
        Head { query: head.query.filter(|_| column.is_sorted_by()), ..head }
    };
    std::iter::once(head("result_id", "Id".to_owned())).chain(columns.iter().map(head_of)).collect()
}

/// When a submission was last changed.
pub(super) fn shown_date(submission: &Submission) -> String {
    minute(submission.date_update)
}
