//! Telling a receiver where a file is.
//!
//! Guarantees: every attempt of a run has the same id, in `webhook-id`, and is signed as deliveries are.
//!
//! Must not know: how a post is made.

use super::deliver::Trouble;
use crate::Engine;
use crate::deliver::Message;
use crate::retry;
use fillhouse_model::FormId;
use fillhouse_store::Artifact;
use serde::Serialize;

const MEDIA_TYPE: &str = "application/json";
const EVENT: &str = "export_completed";

/// What the receiver is told.
pub(super) struct News<'a> {
    pub(super) schedule_id: &'a str,
    pub(super) schedule_name: &'a str,
    pub(super) run_id: &'a str,
    pub(super) form_id: FormId,
    pub(super) export_id: &'a str,
    pub(super) is_incremental: bool,
    pub(super) artifact: &'a Artifact,
    pub(super) file_url: &'a str,
}

/// The body of a post.
#[derive(Serialize)]
struct Body<'a> {
    event: &'static str,
    schedule_id: &'a str,
    schedule_name: &'a str,
    run_id: &'a str,
    form_id: i64,
    export_id: &'a str,
    mode: &'static str,
    rows: i64,
    file_name: &'a str,
    media_type: &'a str,
    size_bytes: i64,
    sha256: &'a str,
    file_url: &'a str,
    expires_at: String,
}

/// Posts the news, signed with `secret`.
pub(super) async fn post(
    engine: &Engine,
    url: &str,
    secret: Option<&str>,
    news: &News<'_>,
) -> Result<(), Trouble> {
    let body = serde_json::to_vec(&news.body()).map_err(|error| Trouble::again(error.to_string()))?;
    let message = Message {
        url,
        id: news.run_id,
        media_type: MEDIA_TYPE,
        body: &body,
        headers: &[],
        secret,
        is_test: false,
    };
    let client = engine.delivery_client().map_err(|error| Trouble::of(&error))?;
    let answer = client.post(&message).await;
    match answer.status {
        Some(200..=299) => Ok(()),
        Some(410) => Err(Trouble { pauses: true, ..Trouble::last("it answered 410: it is gone".to_owned()) }),
        Some(status) => {
            let asked = answer.retry_after.as_deref();
            let not_before = asked.and_then(|header| retry::retry_after(header, engine.now()));
            Err(Trouble { not_before, ..Trouble::again(format!("it answered {status}")) })
        }
        None => Err(Trouble::again(answer.error.unwrap_or_else(|| "there was no answer".to_owned()))),
    }
}

impl News<'_> {
    fn body(&self) -> Body<'_> {
        let Artifact { name, media_type, size_bytes, sha256, rows, expires_at, .. } = self.artifact;
        Body {
            event: EVENT,
            schedule_id: self.schedule_id,
            schedule_name: self.schedule_name,
            run_id: self.run_id,
            form_id: self.form_id.0,
            export_id: self.export_id,
            mode: if self.is_incremental { "incremental" } else { "full" },
            rows: *rows,
            file_name: name,
            media_type,
            size_bytes: *size_bytes,
            sha256,
            file_url: self.file_url,
            expires_at: expires_at.to_millis_string(),
        }
    }
}
