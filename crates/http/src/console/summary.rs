//! What a form's submissions are, all together, in pictures.
//!
//! Must not know: how anything is counted.

use super::asked::Asked;
use super::cells::label;
use super::draw::{leading_bars, part};
use super::say::{number, seconds};
use super::session::InForm;
use super::view::{Frame, Refusal, page};
use super::words;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use fillhouse_engine::{Engine, LeftAt, Spread, Summary, TOOK_SECONDS};
use fillhouse_model::Form;
use jiff::Span;
use jiff::civil::Date;

/// How many days are shown at most; before them, each bar is of several.
const MOST_BARS: i64 = 120;

#[derive(Template)]
#[template(path = "console/summary.html")]
struct Shown {
    frame: Frame,
    form: i64,
    name: String,
    total: String,
    days: String,
    /// What the days are, in words.
    days_said: String,
    asked: Asked,
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
    let asked = Asked { page: 0, ..Asked::of(&query.unwrap_or_default()) };
    let form = place.reader.overview(&place.form).await?.form;
    let query = asked.to_query_of(&form);
    let summary = place.reader.summary(&place.form, &query).await?;
    let left = place.reader.left_at(&place.form, &query).await?;
    let (days, days_said) = over_time(&summary, engine.today(), &asked);
    let leaves = summary.form.leaves();
    let leaves = summary.leaves.iter().filter_map(|(id, spread)| {
        let leaf = leaves.iter().find(|leaf| leaf.item.id == *id)?;
        let names: Vec<String> = leaf.item.choices.iter().map(|choice| choice.label.clone()).collect();
        Some(Leaf {
            label: label(leaf),
            lines: lines(&names, spread, &|text| asked.with(id, text).to_query()),
        })
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
        days_said,
        chips: asked.chips(form),
        finished: format!("{} ({percent:.0}%)", number(*finished)),
        left: left_lines(form, &left),
        took: if took.iter().any(|count| *count > 0) { times(took) } else { Vec::new() },
        leaves,
        asked,
    }))
}

/// The times of completion.
fn times(took: &[u64]) -> Vec<Line> {
    let mut labels: Vec<String> =
        TOOK_SECONDS.iter().map(|most| format!("{} {}", words::UP_TO, seconds(*most))).collect();
    labels.push(words::LONGER.to_owned());
    bars_of(labels.into_iter().map(|label| (label, None)), took)
}

fn bars_of(labels: impl Iterator<Item = (String, Option<String>)>, counts: &[u64]) -> Vec<Line> {
    let all = counts.iter().sum::<u64>().max(1) as f64;
    let line = |((label, query), count): ((String, Option<String>), &u64)| {
        let percent = *count as f64 * 100.0 / all;
        Line { label, count: number(*count), percent: format!("{percent:.0}"), picture: part(percent), query }
    };
    labels.zip(counts).map(line).collect()
}

/// After which question people stopped; those after which nobody did are left out.
fn left_lines(form: &Form, left: &LeftAt) -> Vec<Line> {
    let leaves = form.leaves();
    let named = left.leaves.iter().map(|(id, count)| {
        let leaf = leaves.iter().find(|leaf| leaf.item.id == *id);
        (leaf.map_or_else(|| id.clone(), label), *count)
    });
    let all = [(words::BEFORE_ANY.to_owned(), left.before_any)].into_iter().chain(named);
    let (labels, counts): (Vec<_>, Vec<_>) =
        all.filter(|(_, count)| *count > 0).map(|(label, count)| ((label, None), count)).unzip();
    bars_of(labels.into_iter(), &counts)
}

/// The day of this number since 1970.
fn date(day: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(Span::new().try_days(day).ok()?).ok()
}

/// A picture of the days, each bar with the address of its days alone, and what it shows.
fn over_time(summary: &Summary, today: i64, asked: &Asked) -> (String, String) {
    let first = summary.days.keys().next().copied().unwrap_or(today);
    let each = (today - first).max(0) / MOST_BARS + 1;
    let mut counts = vec![0; usize::try_from((today - first).max(0) / each + 1).unwrap_or(1)];
    for (day, count) in &summary.days {
        let place = usize::try_from((day - first) / each).unwrap_or(0).min(counts.len() - 1);
        if let Some(bar) = counts.get_mut(place) {
            *bar += count;
        }
    }
    let most = number(counts.iter().max().copied().unwrap_or(0));
    let said = match each {
        1 => format!("{} days, the last of them today; at most {most} in a day.", counts.len()),
        each => {
            format!("{} spans of {each} days, the last of them now; at most {most} in one.", counts.len())
        }
    };
    let bar = |(place, count): (i64, &u64)| {
        let (from, to) = (date(first + place * each)?, date(first + (place + 1) * each - 1)?);
        let days = if from == to { from.to_string() } else { format!("{from} – {to}") };
        Some((*count, asked.of_days(from, to).to_query(), format!("{days}: {}", number(*count))))
    };
    let bars: Vec<_> = (0..).zip(&counts).filter_map(bar).collect();
    (leading_bars(&bars, 720, 120, "days"), said)
}

fn lines(names: &[String], spread: &Spread, to: &impl Fn(&str) -> String) -> Vec<Line> {
    match spread {
        Spread::Choices(counts) => {
            let ask = |name: &String| (!name.trim().is_empty()).then(|| to(name));
            bars_of(names.iter().map(|name| (name.clone(), ask(name))), counts)
        }
        Spread::Numbers { least, most, bars } => {
            let is_each = is_of_one_each(*least, *most, bars.len());
            let labels = ranges(*least, *most, bars.len()).into_iter();
            bars_of(labels.map(|label| (label.clone(), is_each.then(|| to(&label)))), bars)
        }
    }
}

/// Whether each bar is of one number.
fn is_of_one_each(least: f64, most: f64, bars: usize) -> bool {
    let width = most - least;
    least.fract() == 0.0 && width.fract() == 0.0 && width < bars as f64
}

/// What the ranges of numbers are called.
fn ranges(least: f64, most: f64, bars: usize) -> Vec<String> {
    let width = most - least;
    if is_of_one_each(least, most, bars) {
        return (0..bars).map(|n| format!("{}", least + n as f64)).collect();
    }
    let each = width / bars as f64;
    (0..bars)
        .map(|n| format!("{:.1} to {:.1}", least + n as f64 * each, least + (n + 1) as f64 * each))
        .collect()
}
