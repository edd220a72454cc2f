//! What a form's submissions are, all together, in pictures.
//!
//! Must not know: how anything is counted.

use super::asked::Asked;
use super::cells::{label, last_answered};
use super::draw::part;
use super::over_time::{OverTime, over_time};
use super::pairs::Faults;
use super::say::{number, seconds};
use super::session::InForm;
use super::view::{Frame, Refusal, page};
use super::words;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use fillhouse_engine::{
    COMPLETION_SECONDS, Engine, LAST_ANSWERED, LeftAt, NOT_BEGUN, Spread, Summary, TOOK_SECONDS,
};
use fillhouse_model::{Form, ItemType, Status};

#[derive(Template)]
#[template(path = "console/summary.html")]
struct Shown {
    frame: Frame,
    form: i64,
    name: String,
    total: String,
    days: OverTime,
    /// What days are.
    days_of: String,
    asked: Asked,
    /// What of the address was not understood.
    faults: Faults,
    chips: Vec<(String, String)>,
    /// How many were finished, and of how many, in words.
    finished: String,
    took: Vec<Line>,
    /// After which question people stopped.
    left: Vec<Line>,
    leaves: Vec<Leaf>,
}

struct Leaf {
    label: String,
    /// Of whom percentages are, where that is not plain.
    hint: Option<String>,
    lines: Vec<Line>,
}

struct Line {
    label: String,
    count: String,
    percent: String,
    picture: String,
    /// The address of the same with this bar alone; none where that cannot be asked for.
    query: Option<String>,
}

/// Shows the summary.
pub(super) async fn show(
    State(engine): State<Engine>,
    place: InForm,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let (asked, faults) = Asked::read(&query.unwrap_or_default());
    let asked = Asked { page: 0, ..asked };
    let form = place.reader.overview(&place.form).await?.form;
    let form_days = place.days(&form).await?;
    let query = asked.query(&form, &form_days);
    let summary = place.reader.summary(&place.form, &query, &form_days).await?;
    let left = place.reader.left_at(&place.form, &query).await?;
    let days = over_time(&summary.days, engine.today(&form_days), &asked);
    let leaves = summary.form.leaves();
    let leaves = summary.leaves.iter().filter_map(|(id, spread)| {
        let leaf = leaves.iter().find(|leaf| leaf.item.id == *id)?;
        Some(Leaf { label: label(leaf), hint: hint(leaf, spread), lines: lines(leaf, spread, &asked) })
    });
    let leaves = leaves.collect();
    let Summary { form, total, finished, took, .. } = &summary;
    let (id, name) = (form.id.0, form.name.clone());
    let percent = *finished as f64 * 100.0 / (*total).max(1) as f64;
    Ok(page(&Shown {
        frame: place.frame,
        form: id,
        name,
        total: number(*total),
        days,
        days_of: words::table::days_of(form_days.zone_name()),
        faults: Faults::new(faults),
        chips: asked.chips(form),
        finished: format!("{} ({percent:.0}%)", number(*finished)),
        left: left_lines(form, &left, &asked),
        took: if took.iter().any(|count| *count > 0) { times(took, &asked) } else { Vec::new() },
        leaves,
        asked,
    }))
}

/// The times of completion.
fn times(took: &[u64], asked: &Asked) -> Vec<Line> {
    let ends = || TOOK_SECONDS.iter().map(|most| Some(*most)).chain([None]);
    let begins = std::iter::once(None).chain(ends());
    let labels = begins.zip(ends()).map(|(begin, end)| {
        let label = end.map_or(words::LONGER.to_owned(), |end| format!("{} {}", words::UP_TO, seconds(end)));
        // Whoever needed no time at all needed some.
        let (begin, end) = (Some(begin.unwrap_or(0).to_string()), end.map(|end| end.to_string()));
        (label, Some(asked.with_range(COMPLETION_SECONDS, begin, end).to_query()))
    });
    bars_of(labels, took)
}

fn bars_of(labels: impl Iterator<Item = (String, Option<String>)>, counts: &[u64]) -> Vec<Line> {
    parts_of(counts.iter().sum(), labels, counts)
}

/// Bars of parts of so many.
fn parts_of(all: u64, labels: impl Iterator<Item = (String, Option<String>)>, counts: &[u64]) -> Vec<Line> {
    let all = all.max(1) as f64;
    let line = |((label, query), count): ((String, Option<String>), &u64)| {
        let percent = *count as f64 * 100.0 / all;
        Line { label, count: number(*count), percent: format!("{percent:.0}"), picture: part(percent), query }
    };
    labels.zip(counts).map(line).collect()
}

/// After which question people stopped; those after which nobody did are left out.
fn left_lines(form: &Form, left: &LeftAt, asked: &Asked) -> Vec<Line> {
    let unfinished = Asked { status: Status::Incomplete.name().to_owned(), ..asked.clone() };
    let line = |(id, count): (&str, u64)| {
        let query = unfinished.with(LAST_ANSWERED, id).to_query();
        ((last_answered(form, id), Some(query)), count)
    };
    let named = left.leaves.iter().map(|(id, count)| (id.as_str(), *count));
    let all = [(NOT_BEGUN, left.before_any)].into_iter().chain(named);
    let (labels, counts): (Vec<_>, Vec<_>) = all.filter(|(_, count)| *count > 0).map(line).unzip();
    bars_of(labels.into_iter(), &counts)
}

/// Of whom percentages are, where people may have made several choices.
fn hint(leaf: &fillhouse_model::Leaf<'_>, spread: &Spread) -> Option<String> {
    let Spread::Choices { counts, answered } = spread else { return None };
    let has_several = leaf.item.kind == ItemType::Checkbox || counts.iter().sum::<u64>() > *answered;
    has_several.then(|| words::table::of_people(&number(*answered)))
}

fn lines(leaf: &fillhouse_model::Leaf<'_>, spread: &Spread, asked: &Asked) -> Vec<Line> {
    let id = &leaf.item.id;
    match spread {
        Spread::Choices { counts, answered } => {
            let named = leaf.item.choices.iter().map(|choice| {
                let is_named = !choice.label.trim().is_empty();
                (choice.label.clone(), is_named.then(|| asked.with(id, &choice.label).to_query()))
            });
            parts_of(*answered, named, counts)
        }
        Spread::Numbers { begins, most, bars } => {
            let range = |n: usize| {
                let begin = begins.get(n).map(f64::to_string);
                asked.with_range(id, begin, begins.get(n + 1).map(f64::to_string)).to_query()
            };
            let labels = ranges(begins, *most).into_iter().enumerate();
            bars_of(labels.map(|(n, label)| (label, Some(range(n)))), bars)
        }
    }
}

/// What the ranges of numbers are called.
fn ranges(begins: &[f64], most: f64) -> Vec<String> {
    let first = begins.first().copied().unwrap_or(most);
    // As they are made where each number has a range of its own.
    if first.fract() == 0.0 && most.fract() == 0.0 && most - first < begins.len() as f64 {
        return begins.iter().map(f64::to_string).collect();
    }
    let ends = begins.iter().skip(1).chain([&most]);
    begins.iter().zip(ends).map(|(begin, end)| format!("{begin:.1} to {end:.1}")).collect()
}
