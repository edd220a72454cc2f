//! One export: watched, cancelled, downloaded, verified, deleted.
//!
//! Guarantees: an export is only found below its own form.
//!
//! Must not know: how a file is made.

use super::super::session::{InForm, word};
use super::super::view::{Frame, Refusal, page, see_other};
use super::super::words;
use super::state::State;
use crate::file;
use askama::Template;
use axum::extract::{FromRequestParts, State as Of};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName};
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use fillhouse_engine::{Engine, Error, Export};
use fillhouse_model::{ErrorKind, JobId};
use futures::StreamExt as _;

/// An export, and somebody who is signed in to its account.
pub(in crate::console) struct InExport {
    place: InForm,
    job: JobId,
    export: Export,
}

impl FromRequestParts<Engine> for InExport {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let place = InForm::from_request_parts(head, engine).await?;
        let job = JobId(word(head, engine, "job").await.ok_or_else(Refusal::missing)?);
        let export = place.reader.follow_export(&job).await?;
        if export.form_id != place.reader.form_id(&place.form).await? {
            return Err(Refusal::missing());
        }
        Ok(Self { place, job, export })
    }
}

impl InExport {
    fn path(&self) -> String {
        let (base, form) = (&self.place.frame.base, self.export.form_id);
        format!("{base}/console/forms/{form}/exports/{}", self.job)
    }
}

#[derive(Template)]
#[template(path = "console/export.html")]
struct Shown {
    frame: Frame,
    form: i64,
    name: String,
    path: String,
    state: State,
    /// The key that receipts are signed with.
    key: String,
    /// Whether the file is what it was, where that was just looked at.
    is_whole: Option<bool>,
}

/// Shows how far an export is.
pub(in crate::console) async fn show(Of(engine): Of<Engine>, here: InExport) -> Result<Response, Refusal> {
    Ok(page(&shown(&engine, here, None).await?))
}

async fn shown(engine: &Engine, here: InExport, is_whole: Option<bool>) -> Result<Shown, Refusal> {
    let name = here.place.reader.overview(&here.place.form).await?.form.name.clone();
    let (path, form) = (here.path(), here.export.form_id.0);
    let state = State::of(&path, &here.export);
    let key = engine.receipt_key().await?;
    Ok(Shown { frame: here.place.frame, form, name, path, state, key, is_whole })
}

/// Reads every byte of an export's file, and says whether it is what was made.
pub(in crate::console) async fn verify(Of(engine): Of<Engine>, here: InExport) -> Result<Response, Refusal> {
    let is_whole = match here.place.reader.export_receipt(&here.job).await {
        Ok(_) => true,
        Err(error) if error.kind() == ErrorKind::Internal => {
            tracing::error!(%error, export = %here.job, "a file is not what it was");
            false
        }
        Err(error) => return Err(error.into()),
    };
    Ok(page(&shown(&engine, here, Some(is_whole)).await?))
}

/// Tells how far an export is as it goes on, as server-sent events with what the page shows of it; the last is `end`.
pub(in crate::console) async fn events(here: InExport) -> Result<Response, Refusal> {
    let path = here.path();
    let followed = here.place.reader.watch_export(&here.job).await?;
    let events = followed.map(move |export| {
        let export = export?;
        let html = State::of(&path, &export).render().map_err(Error::internal)?;
        let name = if export.has_ended() { "end" } else { "message" };
        Ok::<_, Error>(Event::default().event(name).data(html.replace('\r', "")))
    });
    // A proxy that gathers the answer would make the page wait for all of it.
    let headers = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, Sse::new(events).keep_alive(KeepAlive::default())).into_response())
}

/// Cancels an export.
pub(in crate::console) async fn cancel(here: InExport) -> Result<Response, Refusal> {
    here.place.reader.cancel_export(&here.job).await?;
    Ok(see_other(&here.path()))
}

/// Deletes an export with its file.
pub(in crate::console) async fn delete(here: InExport) -> Result<Response, Refusal> {
    here.place.reader.delete_export(&here.job).await?;
    Ok(see_other(&format!("{}/console/forms/{}/exports", here.place.frame.base, here.export.form_id)))
}

/// Gives the receipt of an export's file: every byte of the file is read for it.
pub(in crate::console) async fn receipt(here: InExport) -> Result<Response, Refusal> {
    let receipt = here.place.reader.export_receipt(&here.job).await?.to_json();
    let name = words::exports::RECEIPT.to_lowercase();
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.json\"")),
    ];
    Ok((headers, receipt).into_response())
}

/// Gives an export's file.
pub(in crate::console) async fn file(Of(engine): Of<Engine>, mut head: Parts) -> Result<Response, Refusal> {
    let here = InExport::from_request_parts(&mut head, &engine).await?;
    let found = here.place.reader.export_file(&here.job).await?;
    match file::answer(&found, &head.method, &head.headers) {
        Ok(response) => Ok(response),
        Err(refused) => {
            let mut response = Refusal::new(refused.status, refused.message).into_response();
            response.headers_mut().extend(refused.headers);
            Ok(response)
        }
    }
}
