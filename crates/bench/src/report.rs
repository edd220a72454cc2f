//! What was measured, as a table of Markdown.
//!
//! Must not know: what the rows mean.

use std::time::Duration;

/// A table under way.
pub(crate) struct Report {
    rows: Vec<[String; 4]>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { rows: vec![] }
    }

    /// A measure without a bound.
    pub(crate) fn note(&mut self, measure: &str, value: String) {
        self.rows.push([measure.to_owned(), value, String::new(), String::new()]);
    }

    /// A measure that must be at most `bound`.
    pub(crate) fn at_most(&mut self, measure: &str, value: f64, bound: f64, unit: &str) {
        self.bounded(measure, value, value <= bound, &format!("at most {bound} {unit}"), unit);
    }

    /// A measure that must be at least `bound`.
    pub(crate) fn at_least(&mut self, measure: &str, value: f64, bound: f64, unit: &str) {
        self.bounded(measure, value, value >= bound, &format!("at least {bound} {unit}"), unit);
    }

    fn bounded(&mut self, measure: &str, value: f64, kept: bool, bound: &str, unit: &str) {
        let kept = if kept { "kept" } else { "**not kept**" };
        self.rows.push([measure.to_owned(), format!("{value:.3} {unit}"), bound.to_owned(), kept.to_owned()]);
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        println!("| measure | value | bound | |\n| --- | --- | --- | --- |");
        for [measure, value, bound, kept] in &self.rows {
            println!("| {measure} | {value} | {bound} | {kept} |");
        }
    }
}

/// A time as it is printed beside a bound.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The middle one; the later of the two middle ones, where their number is even.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
