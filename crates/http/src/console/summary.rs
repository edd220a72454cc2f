//! What a form's submissions are, all together, in pictures.
//!
//! Must not know: how anything is counted.

use super::cells::label;
use super::draw::{bars, part};
use super::session::InForm;
use super::view::{Frame, Refusal, page};
use super::words;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use fillhouse_engine::{Engine, Spread, Summary};

/// How many days are shown at most; before them, each bar is of several.
const MOST_BARS: i64 = 120;

#[derive(Template)]
#[template(path = "console/summary.html")]
struct Shown {
    frame: Frame,
    form: i64,
    name: String,
    total: u64,
    days: String,
    /// What the days are, in words.
    days_said: String,
    leaves: Vec<Leaf>,
}

struct Leaf {
    label: String,
    lines: Vec<Line>,
}

struct Line {
    label: String,
    count: u64,
    percent: String,
    picture: String,
}

/// Shows the summary.
pub(super) async fn show(State(engine): State<Engine>, place: InForm) -> Result<Response, Refusal> {
    let summary = place.reader.summary(&place.form).await?;
    let (days, days_said) = over_time(&summary, engine.today());
    let leaves = summary.form.leaves();
    let leaves = summary.leaves.iter().filter_map(|(id, spread)| {
        let leaf = leaves.iter().find(|leaf| leaf.item.id == *id)?;
        let names: Vec<String> = leaf.item.choices.iter().map(|choice| choice.label.clone()).collect();
        Some(Leaf { label: label(leaf), lines: lines(&names, spread) })
    });
    let leaves = leaves.collect();
    let Summary { form, total, .. } = &summary;
    let (id, name, total) = (form.id.0, form.name.clone(), *total);
    Ok(page(&Shown { frame: place.frame, form: id, name, total, days, days_said, leaves }))
}

/// A picture of the days, and what it shows.
fn over_time(summary: &Summary, today: i64) -> (String, String) {
    let first = summary.days.keys().next().copied().unwrap_or(today);
    let each = (today - first).max(0) / MOST_BARS + 1;
    let mut counts = vec![0; usize::try_from((today - first).max(0) / each + 1).unwrap_or(1)];
    for (day, count) in &summary.days {
        let place = usize::try_from((day - first) / each).unwrap_or(0).min(counts.len() - 1);
        if let Some(bar) = counts.get_mut(place) {
            *bar += count;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let said = match each {
        1 => format!("{} days, the last of them today; at most {most} in a day.", counts.len()),
        each => {
            format!("{} spans of {each} days, the last of them now; at most {most} in one.", counts.len())
        }
    };
    (bars(&counts, 720, 120, "days"), said)
}

fn lines(names: &[String], spread: &Spread) -> Vec<Line> {
    let (labels, counts) = match spread {
        Spread::Choices(counts) => (names.to_vec(), counts),
        Spread::Numbers { least, most, bars } => (ranges(*least, *most, bars.len()), bars),
    };
    let all = counts.iter().sum::<u64>().max(1) as f64;
    let line = |(label, count): (String, &u64)| {
        let percent = *count as f64 * 100.0 / all;
        Line { label, count: *count, percent: format!("{percent:.0}"), picture: part(percent) }
    };
    labels.into_iter().zip(counts).map(line).collect()
}

/// What the ranges of numbers are called.
fn ranges(least: f64, most: f64, bars: usize) -> Vec<String> {
    let width = most - least;
    if least.fract() == 0.0 && width.fract() == 0.0 && width < bars as f64 {
        return (0..bars).map(|n| format!("{}", least + n as f64)).collect();
    }
    let each = width / bars as f64;
    (0..bars)
        .map(|n| format!("{:.1} to {:.1}", least + n as f64 * each, least + (n + 1) as f64 * each))
        .collect()
}
