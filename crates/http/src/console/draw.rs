//! Pictures, as SVG: a line of days, bars of counts.
//!
//! Guarantees: a picture is made of numbers and of texts of this program; what it shows is beside it in words.
//!
//! Must not know: what is counted.

use std::fmt::Write as _;

/// How wide a bar is at most.
const WIDEST: f64 = 48.0;

/// A small line of bars without words.
pub(super) fn spark(counts: &[u64]) -> String {
    let most = counts.iter().max().copied().unwrap_or(0);
    row(counts, most, (120, 24), "spark", ("", ""))
}

/// A bar that leads somewhere, as far as it is behind `?`, with what is said of it.
pub(super) struct Bar {
    pub(super) count: u64,
    pub(super) query: String,
    pub(super) said: String,
}

/// A row of bars as high as `top`, with a line at every `step`. People who do not point at things get where the bars lead by
/// other means.
pub(super) fn leading_bars(bars: &[Bar], top: u64, step: u64, class: &str) -> String {
    let (width, height) = (720, 120);
    let counts: Vec<u64> = bars.iter().map(|bar| bar.count).collect();
    let each = f64::from(width) / bars.len().max(1) as f64;
    let (mut steps, mut links) = (String::new(), String::new());
    for at in (1..top / step.max(1)).map(|n| n * step) {
        let y = f64::from(height) * (1.0 - at as f64 / top as f64);
        // Writing to a text does not fail.
        write!(steps, "<path class=\"step\" vector-effect=\"non-scaling-stroke\" d=\"M0 {y:.2}H{width}\"/>")
            .ok();
    }
    for (n, bar) in bars.iter().enumerate() {
        let (x, query, said) = (n as f64 * each, bar.query.replace('&', "&amp;"), &bar.said);
        write!(
            links,
            "<a href=\"?{query}\" tabindex=\"-1\"><title>{said}</title>\
             <rect class=\"whole\" x=\"{x:.2}\" width=\"{each:.2}\" height=\"{height}\"/></a>"
        )
        .ok();
    }
    row(&counts, top, (width, height), class, (&steps, &links))
}

/// Dates below some of so many bars, as they stand below them whatever the width: the first and the last within the picture. Of
/// more than three, every other one gives way where there is little room.
pub(super) fn dates_below(dates: &[(usize, String)], bars: usize) -> String {
    let mut svg = String::from("<svg class=\"dates\" aria-hidden=\"true\" focusable=\"false\">");
    for (n, (bar, date)) in dates.iter().enumerate() {
        let place = (*bar as f64 + 0.5) * 100.0 / bars.max(1) as f64;
        let (x, anchor) = match n {
            _ if dates.len() == 1 => (place, "middle"),
            0 => (0.0, "start"),
            n if n + 1 == dates.len() => (100.0, "end"),
            _ => (place, "middle"),
        };
        let class = if dates.len() > 3 && n % 2 == 1 { " class=\"more\"" } else { "" };
        write!(svg, "<text{class} x=\"{x:.2}%\" y=\"1.1em\" text-anchor=\"{anchor}\">{date}</text>").ok();
    }
    svg.push_str("</svg>");
    svg
}

/// A row of bars as high as `top`, what lies behind them and what lies above.
fn row(
    counts: &[u64],
    top: u64,
    (width, height): (i32, i32),
    class: &str,
    (behind, above): (&str, &str),
) -> String {
    let top = top.max(1) as f64;
    let each = f64::from(width) / counts.len().max(1) as f64;
    let mut svg = format!(
        "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">{behind}"
    );
    for (n, count) in counts.iter().enumerate() {
        let tall = *count as f64 / top * f64::from(height);
        // What is there at all can be seen.
        let tall = if *count > 0 { tall.max(1.5) } else { 0.5 };
        let wide = (each * 0.8).clamp(0.4, WIDEST);
        let (x, y) = (n as f64 * each + (each - wide) / 2.0, f64::from(height) - tall);
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
