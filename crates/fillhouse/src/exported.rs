//! An export, asked for and followed to its end, and its file, downloaded.
//!
//! Guarantees: what was downloaded is what was exported, by its digest; a download that breaks off goes on where it was.
//!
//! Must not know: what is exported.

mod sink;

use crate::api::{Api, ApiError, Ask};
use anyhow::{Context as _, Result, bail};
use axum::http::StatusCode;
use serde_json::Value;
pub(crate) use sink::Sink;

/// An export that is completed.
pub(crate) struct Exported {
    /// All that the API says of it.
    pub(crate) said: Value,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) sha256: String,
    pub(crate) rows: u64,
    pub(crate) size_bytes: u64,
    /// What to ask with for what has changed since.
    pub(crate) cursor: String,
}

/// Asks for an export, and follows it until it is completed; `progress` is told of it as the API says it.
pub(crate) async fn finish(api: &Api, request: &Value, mut progress: impl FnMut(&Value)) -> Result<Exported> {
    // The same request has the same export while the form is as it was, so that it may be asked for twice.
    let mut said = api.json(&Ask::post("/v1/exports", request)).await?;
    let id = said["id"].as_str().context("the server says no id of the export")?.to_owned();
    loop {
        progress(&said);
        match said["state"].as_str().unwrap_or_default() {
            "queued" | "running" => {}
            "completed" => return Exported::of(id, said),
            "failed" => bail!("the export {id} failed; the server's log says why"),
            other => bail!("the export {id} came to no file: it is {other}; ask for it again"),
        }
        said = api.json(&Ask::get(format!("/v1/exports/{id}?wait=1"))).await?;
    }
}

impl Exported {
    fn of(id: String, said: Value) -> Result<Self> {
        let text = |key: &str| {
            said[key].as_str().map(str::to_owned).with_context(|| format!("the server says no {key}"))
        };
        Ok(Self {
            name: text("file_name")?,
            sha256: text("sha256")?,
            rows: said["rows_written"].as_u64().unwrap_or_default(),
            size_bytes: said["bytes_written"].as_u64().unwrap_or_default(),
            cursor: text("cursor")?,
            id,
            said,
        })
    }

    /// Puts the file into `sink`, from where that ends, and sees that it is the right one; `progress` is told how many bytes
    /// there are.
    pub(crate) async fn download(
        &self,
        api: &Api,
        sink: &mut Sink,
        progress: &mut impl FnMut(u64),
    ) -> Result<()> {
        let mut patience = api.patience();
        let mut has_begun_again = false;
        loop {
            let before_bytes = sink.size_bytes();
            match self.take(api, sink, progress).await {
                Ok(()) if sink.sha256() == self.sha256 => return Ok(()),
                // What was there from an earlier try was of another file.
                Ok(()) if !has_begun_again => {
                    has_begun_again = true;
                    sink.begin_again()?;
                }
                Ok(()) => bail!("what came is not the file of the export: its digest is another"),
                Err(Trouble::Here(error)) => return Err(error),
                Err(Trouble::There(error)) => {
                    if sink.size_bytes() > before_bytes {
                        patience.renew();
                    }
                    patience.wait_after(error).await?;
                }
            }
        }
    }

    /// Takes what comes of one request.
    async fn take(&self, api: &Api, sink: &mut Sink, progress: &mut impl FnMut(u64)) -> Result<(), Trouble> {
        let mut ask = Ask::get(format!("/v1/exports/{}/file", self.id));
        let from = sink.size_bytes();
        if from > 0 {
            if from == self.size_bytes {
                return Ok(());
            }
            let etag = format!("\"{}\"", self.sha256);
            ask = ask.header("range", format!("bytes={from}-")).header("if-range", etag);
        }
        let mut reply = match api.send(&ask).await? {
            reply if reply.status == StatusCode::RANGE_NOT_SATISFIABLE => return Ok(()),
            reply if reply.status.is_success() => reply,
            reply => return Err(ApiError::refused(reply).await.into()),
        };
        if from > 0 && reply.status != StatusCode::PARTIAL_CONTENT {
            sink.begin_again().map_err(Trouble::Here)?;
        }
        while let Some(chunk) = reply.chunk().await? {
            sink.put(&chunk).map_err(Trouble::Here)?;
            progress(sink.size_bytes());
        }
        Ok(())
    }
}

/// Why a download ended early.
enum Trouble {
    /// Because of where it goes to.
    Here(anyhow::Error),
    /// Because of where it comes from.
    There(ApiError),
}

impl From<ApiError> for Trouble {
    fn from(error: ApiError) -> Self {
        Self::There(error)
    }
}
