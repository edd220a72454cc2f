//! How far an export is, in words and as a bar: what a page shows, and what it is told while it is open.
//!
//! Must not know: where it is shown.

use super::super::say::{count, minute, number, seconds, size};
use super::super::words::exports as words;
use askama::Template;
use fillhouse_engine::{Export, ExportState};

/// How far an export is.
#[derive(Template)]
#[template(path = "console/export_state.html")]
pub(super) struct State {
    /// The path of the export.
    path: String,
    percent: u8,
    said: String,
    pub(super) is_running: bool,
    /// The file's name.
    file: Option<String>,
    facts: Vec<(&'static str, String)>,
}

impl State {
    pub(super) fn of(path: &str, export: &Export) -> Self {
        let (said, percent) = said(export);
        let mut facts = vec![
            (words::NUMBER, export.number.to_string()),
            (words::ASKED, minute(export.created_at)),
            (words::ATTEMPT, number(export.attempt)),
        ];
        let mut file = None;
        if let ExportState::Completed(artifact) = &export.state {
            facts.push((words::EXPIRES, minute(artifact.expires_at)));
            facts.push((words::SHA256, artifact.sha256.clone()));
            file = Some(artifact.name.clone());
        }
        Self { path: path.to_owned(), percent, said, is_running: !export.has_ended(), file, facts }
    }
}

/// An export's state in a sentence, and in percent.
fn said(export: &Export) -> (String, u8) {
    let left = export.eta_seconds.map(|left| format!(" About {} are left.", seconds(left)));
    match &export.state {
        ExportState::Queued => {
            let place = export.queue_position.filter(|place| *place > 1);
            let place = place.map(|place| format!(": number {} in the queue", number(place)));
            (format!("{}{}.", words::QUEUED, place.unwrap_or_default()), 0)
        }
        ExportState::Running { percent } => {
            let (written, total) = (number(export.rows_written), number(export.rows_total));
            let size = size(export.bytes_written);
            let left = left.unwrap_or_default();
            (
                format!("{}: {percent}%, {written} of {total} submissions, {size}.{left}", words::RUNNING),
                *percent,
            )
        }
        ExportState::Completed(artifact) => {
            let rows = count(artifact.rows, "submission", "submissions");
            (format!("{} {rows}, {}.", words::COMPLETED, size(artifact.size_bytes)), 100)
        }
        ExportState::Expired => (words::EXPIRED.to_owned(), 100),
        ExportState::Cancelled => (words::CANCELLED.to_owned(), 0),
        ExportState::Failed { .. } => (words::FAILED.to_owned(), 0),
    }
}

/// The same in a word.
pub(super) fn word(state: &ExportState) -> String {
    match state {
        ExportState::Queued => "queued".to_owned(),
        ExportState::Running { percent } => format!("running, {percent}%"),
        ExportState::Completed(_) => "completed".to_owned(),
        ExportState::Expired => "expired".to_owned(),
        ExportState::Cancelled => "cancelled".to_owned(),
        ExportState::Failed { .. } => "failed".to_owned(),
    }
}
