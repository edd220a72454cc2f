//! An export as it is shown.
//!
//! Guarantees: every member is always there; what there is nothing to say of is null.
//!
//! Must not know: how an export comes to its state.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use fillhouse_engine::{Export, ExportState, FormsReader, Result};
use fillhouse_model::{Fault, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// What is said of a failure: its cause is about our insides, and in the log under the export's id.
const FAILURE: &str = "the export failed; the server's log says why";

/// An export.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(in super::super) struct ShownExport {
    id: String,
    form_id: i64,
    /// `queued`, `running`, `completed`, `failed`, `cancelled`, or `expired`: it was completed, and its file is gone
    state: &'static str,
    /// In percent; 100 once completed.
    progress: u8,
    /// How many submissions are in the finished part of the file.
    rows_written: i64,
    /// How many submissions must be looked at; once completed, how many are in the file.
    rows_total: i64,
    /// How many bytes the finished part of the file has.
    bytes_written: i64,
    /// In about how many seconds it is done, where that can be said.
    eta_seconds: Option<i64>,
    /// While it is queued, its place: 1 is the next.
    queue_position: Option<i64>,
    /// How often it was begun.
    attempt: i64,
    /// When whoever makes it was last heard of.
    heartbeat_at: Option<String>,
    created_at: String,
    finished_at: Option<String>,
    /// Until when the file is there.
    expires_at: Option<String>,
    file_name: Option<String>,
    /// Where the file is for everybody, until it expires; with a token, it is at `/v1/exports/{id}/file`, too.
    file_url: Option<String>,
    /// The SHA-256 of the file, in hex.
    sha256: Option<String>,
    /// The seq of the form's last change that it sees: what `as_of` takes.
    snapshot: i64,
    /// Once completed, what to give as `since` to get what has changed after it.
    cursor: Option<String>,
    error: Option<&'static str>,
}

impl ShownExport {
    pub(super) async fn of(reader: &FormsReader, export: Export) -> Result<Self> {
        let instant = |instant: Option<Timestamp>| instant.map(Timestamp::to_millis_string);
        let cursor = reader.cursor_of(&export).await?;
        let mut shown = Self {
            id: export.id.0,
            form_id: export.form_id.0,
            state: "",
            progress: 0,
            rows_written: export.rows_written,
            rows_total: export.rows_total,
            bytes_written: export.bytes_written,
            eta_seconds: export.eta_seconds,
            queue_position: export.queue_position,
            attempt: export.attempt,
            heartbeat_at: instant(export.heartbeat_at),
            created_at: export.created_at.to_millis_string(),
            finished_at: instant(export.finished_at),
            expires_at: None,
            file_name: None,
            file_url: None,
            sha256: None,
            snapshot: export.snapshot_seq,
            cursor,
            error: None,
        };
        (shown.state, shown.progress) = match export.state {
            ExportState::Queued => ("queued", 0),
            ExportState::Running { percent } => ("running", percent),
            ExportState::Completed(artifact) => {
                shown.file_url = Some(reader.signed_url(&artifact).await?);
                shown.expires_at = Some(artifact.expires_at.to_millis_string());
                (shown.file_name, shown.sha256) = (Some(artifact.name), Some(artifact.sha256));
                ("completed", 100)
            }
            ExportState::Expired => ("expired", 100),
            ExportState::Failed { .. } => {
                shown.error = Some(FAILURE);
                ("failed", 0)
            }
            ExportState::Cancelled => ("cancelled", 0),
        };
        Ok(shown)
    }

    pub(super) fn state(&self) -> &'static str {
        self.state
    }
}

/// What to go on with after the export of this number.
pub(super) fn cursor(number: i64) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(number.to_string())
}

/// The number that a cursor means.
pub(super) fn place(cursor: &str) -> Result<i64, Fault> {
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
    let number = decoded.and_then(|text| String::from_utf8(text).ok()?.parse().ok());
    number.ok_or_else(|| Fault::new("cursor", "is none that this list has given out"))
}
