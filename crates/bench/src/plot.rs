//! Durations as a picture: a bar for each, in SVG, for light and dark pages alike.
//!
//! Must not know: what took so long.

use std::fmt::Write as _;
use std::time::Duration;

const WIDTH: usize = 720;
/// Where bars begin, and how long the longest is.
const LEFT: usize = 230;
const LONGEST: f64 = 400.0;
const LINE: usize = 34;
const STYLE: &str = "text{font:14px system-ui,sans-serif;fill:#222}.ours{fill:#2456a6}.other{fill:#9aa5b1}\
    @media(prefers-color-scheme:dark){text{fill:#ddd}.ours{fill:#7aa7f0}.other{fill:#5b6570}}";

/// Something that took so long.
pub(crate) struct Bar {
    pub(crate) name: &'static str,
    pub(crate) time: Duration,
    /// Whether it is what is compared with the others.
    pub(crate) is_ours: bool,
}

/// A picture of these, which says the same in words to whoever cannot see it.
pub(crate) fn svg(title: &str, bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.time).max().unwrap_or_default().as_secs_f64().max(f64::EPSILON);
    let height = LINE * (bars.len() + 1) + 8;
    let said: Vec<String> = bars.iter().map(|bar| format!("{} {}", bar.name, seconds(bar.time))).collect();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"{title}: {}\"><style>{STYLE}</style><text x=\"0\" y=\"18\">{title}</text>",
        said.join(", ")
    );
    for (n, bar) in bars.iter().enumerate() {
        let (y, text) = (LINE * (n + 1), LINE * (n + 1) + 18);
        let long = (bar.time.as_secs_f64() / most * LONGEST).max(1.0);
        let (class, behind) = (if bar.is_ours { "ours" } else { "other" }, LEFT as f64 + long + 8.0);
        // Writing to a text does not fail.
        write!(
            svg,
            "<text x=\"{}\" y=\"{text}\" text-anchor=\"end\">{}</text><rect class=\"{class}\" x=\"{LEFT}\" \
             y=\"{y}\" width=\"{long:.1}\" height=\"24\" rx=\"3\"/><text x=\"{behind:.1}\" y=\"{text}\">{}</text>",
            LEFT - 10,
            bar.name,
            seconds(bar.time)
        )
        .ok();
    }
    svg.push_str("</svg>\n");
    svg
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_what_they_stand_for() {
        let bar = |name, millis, is_ours| Bar { name, time: Duration::from_millis(millis), is_ours };
        let svg = svg("Times", &[bar("Ours", 500, true), bar("Other", 2_000, false)]);
        assert!(svg.contains("aria-label=\"Times: Ours 0.50 s, Other 2.00 s\""), "{svg}");
        assert!(svg.contains("class=\"ours\" x=\"230\" y=\"34\" width=\"100.0\""), "{svg}");
        assert!(svg.contains("class=\"other\" x=\"230\" y=\"68\" width=\"400.0\""), "{svg}");
    }
}
