//! Pictures, as SVG: a line of days, bars of counts.
//!
//! Guarantees: a picture is made of numbers and of texts of this program; what it shows is beside it in words.
//!
//! Must not know: what is counted.

use std::fmt::Write as _;

/// A small line of bars without words.
pub(super) fn spark(counts: &[u64]) -> String {
    row(counts, (120, 24), "spark", "")
}

/// A row of bars that each lead somewhere, as far as it is behind `?`, with what is said of it. People who do not point at
/// things get there by other means.
pub(super) fn leading_bars(
    bars: &[(u64, String, String)],
    width: usize,
    height: usize,
    class: &str,
) -> String {
    let counts: Vec<u64> = bars.iter().map(|(count, ..)| *count).collect();
    let each = width as f64 / bars.len().max(1) as f64;
    let mut links = String::new();
    for (n, (_, query, said)) in bars.iter().enumerate() {
        let (x, query) = (n as f64 * each, query.replace('&', "&amp;"));
        // Writing to a text does not fail.
        write!(
            links,
            "<a href=\"?{query}\" tabindex=\"-1\"><title>{said}</title>\
             <rect class=\"whole\" x=\"{x:.2}\" width=\"{each:.2}\" height=\"{height}\"/></a>"
        )
        .ok();
    }
    row(&counts, (width, height), class, &links)
}

/// A row of bars, and what lies above them.
fn row(counts: &[u64], (width, height): (usize, usize), class: &str, above: &str) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let each = width as f64 / counts.len().max(1) as f64;
    let mut svg = format!(
        "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
    );
    for (n, count) in counts.iter().enumerate() {
        let tall = *count as f64 / most * (height as f64 - 1.0);
        // What is there at all can be seen.
        let tall = if *count > 0 { tall.max(1.5) } else { 0.5 };
        let (x, y, wide) = (n as f64 * each, height as f64 - tall, (each * 0.8).max(0.4));
        // Writing to a text does not fail.
        write!(svg, "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{wide:.2}\" height=\"{tall:.2}\"/>").ok();
    }
    svg.push_str(above);
    svg.push_str("</svg>");
    svg
}

/// A bar of a part of a whole, in percent.
pub(super) fn part(percent: f64) -> String {
    format!(
        "<svg class=\"part\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">\
         <rect class=\"all\" width=\"100\" height=\"8\"/><rect width=\"{percent:.2}\" height=\"8\"/></svg>"
    )
}
