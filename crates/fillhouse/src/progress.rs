//! Progress, for whoever is waiting: a bar on a terminal, a line every few seconds elsewhere; nothing where a program reads the
//! result.
//!
//! Guarantees: progress goes to standard error, so that it never mixes with a result.
//!
//! Must not know: what progresses.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// How it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ShownAs {
    Bar,
    Lines,
    Nothing,
}

/// Something that progresses.
pub(crate) struct Progress {
    bar: ProgressBar,
    shown_as: ShownAs,
    last_line: Instant,
}

impl Progress {
    /// Progress towards `total`, in `{pos}` and `{len}` as `what` shows them; without an end where there is no total.
    pub(crate) fn new(what: &str, total: Option<u64>, unit: Unit) -> Self {
        let shown_as = if std::io::stderr().is_terminal() { ShownAs::Bar } else { ShownAs::Lines };
        let target = match shown_as {
            ShownAs::Bar => ProgressDrawTarget::stderr(),
            _ => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(total, target).with_message(what.to_owned());
        let counts = match (unit, total) {
            (Unit::Bytes, Some(_)) => "{bar:32} {bytes}/{total_bytes}, {eta} left {prefix}",
            (Unit::Bytes, None) => "{spinner} {bytes}, {binary_bytes_per_sec} {prefix}",
            (Unit::Things, _) => "{bar:32} {human_pos}/{human_len} {prefix}",
        };
        if let Ok(style) = ProgressStyle::with_template(&format!("{{msg}} {counts}")) {
            bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        }
        Self { bar, shown_as, last_line: Instant::now() }
    }

    /// The same, unseen where `json` is wanted: whoever reads that does not look on.
    pub(crate) fn unless(mut self, json: bool) -> Self {
        if json {
            self.shown_as = ShownAs::Nothing;
            self.bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        self
    }

    /// It has come to `position`; `note` says more.
    pub(crate) fn set(&mut self, position: u64, note: &str) {
        self.bar.set_position(position);
        self.bar.set_prefix(note.to_owned());
        if self.shown_as == ShownAs::Lines && self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            eprintln!("{} {note}", self.bar.message());
        }
    }

    /// Writes a line above the bar.
    pub(crate) fn say(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }

    /// It is over; the bar goes.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit {
    /// Bytes.
    Bytes,
    /// Anything else.
    Things,
}
