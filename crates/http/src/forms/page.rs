//! Giving a form's page: empty, filled in by its address, or with what was saved.
//!
//! Must not know: how a field looks, or what is sent.

use super::values::Values;
use super::view::{Place, Said, Sheet, page};
use super::words;
use crate::dialect;
use crate::path::base_of;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use fillhouse_engine::{Engine, Error, PublicForm, Unfinished};
use fillhouse_model::{ErrorKind, FormState};

/// The path of a form's page.
pub(super) type Way = Result<Path<(String, String)>, PathRejection>;

/// Gives the page of a form.
pub(super) async fn show(
    State(engine): State<Engine>,
    way: Way,
    RawQuery(query): RawQuery,
) -> Result<Response, Said> {
    let query = query.unwrap_or_default();
    let (place, form) = find(&engine, way, &query).await?;
    let said = |error: Error| Said::of(&error).at(&place);
    if form.form().state != FormState::Open {
        return Err(Said::closed(form.form()).at(&place));
    }
    let (stamp, files_prefix) = (form.stamp().await.map_err(said)?, form.files_prefix().await.map_err(said)?);
    let layout = dialect::layout(&form).await.map_err(said)?;
    let word = value_of(&query, "resume").unwrap_or_default();
    let mut sheet = Sheet { stamp: &stamp, files_prefix: &files_prefix, ..Sheet::default() };
    if word.is_empty() {
        sheet.values = Values::of_query(form.form(), &query);
        return Ok(page(&place, form.form(), &layout, &sheet));
    }
    match form.unfinished(&word).await {
        Ok(Unfinished::Finished(_)) => return Ok(see_other(&thanks_at(&place)).into_response()),
        Ok(Unfinished::Open(found)) => {
            sheet.values = Values::of_submission(form.form(), &found.submission);
            sheet.goes_on_with = Some(&word);
            sheet.page = value_of(&query, "page").and_then(|page| page.parse().ok());
            let is_fresh = value_of(&query, "saved").is_some();
            sheet.saved_at = is_fresh.then(|| {
                let (base, Place { user_dir, directory, .. }) = (engine.public_url(), &place);
                let page = sheet.page.map(|page| format!("&page={page}")).unwrap_or_default();
                format!("{base}/f/{user_dir}/{directory}?resume={word}{page}")
            });
        }
        Err(error) if matches!(error.kind(), ErrorKind::InvalidArgument | ErrorKind::NotFound) => {
            sheet.notice = Some(words::UNKNOWN_WORD);
        }
        Err(error) => return Err(said(error)),
    }
    Ok(page(&place, form.form(), &layout, &sheet))
}

/// Thanks somebody who has filled in a form.
pub(super) async fn thanks(
    State(engine): State<Engine>,
    way: Way,
    RawQuery(query): RawQuery,
) -> Result<Response, Said> {
    let (place, form) = find(&engine, way, &query.unwrap_or_default()).await?;
    let said = Said::new(StatusCode::OK, words::THANKS, format!("{}: {}", form.form().name, words::RECEIVED));
    let said = said.linked(address(&place, ""), words::AGAIN);
    Ok(said.at(&place).into_response())
}

/// The form that a path leads to, and the place where it is shown.
pub(super) async fn find(engine: &Engine, way: Way, query: &str) -> Result<(Place, PublicForm), Said> {
    let base = base_of(engine.public_url()).to_owned();
    let is_embedded = value_of(query, "embed").is_some();
    let nowhere = Place { base, is_embedded, ..Place::default() };
    let missing = || Said::of(&Error::not_found("the form")).at(&nowhere);
    let Path((user_dir, directory)) = way.map_err(|_| missing())?;
    let form = engine.form_at(&user_dir, &directory).await.map_err(|error| Said::of(&error).at(&nowhere))?;
    Ok((Place { user_dir, directory, ..nowhere }, form))
}

/// What a query says about this; nothing where it is not there.
pub(super) fn value_of(query: &str, wanted: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find_map(|(key, value)| (key == wanted).then(|| value.into_owned()))
}

/// The path of a form's page, with something behind it; shown within another page, it stays there.
pub(super) fn address(place: &Place, behind: &str) -> String {
    let Place { base, user_dir, directory, is_embedded } = place;
    let mark = match (is_embedded, behind.contains('?')) {
        (false, _) => "",
        (true, false) => "?embed=1",
        (true, true) => "&embed=1",
    };
    format!("{base}/f/{user_dir}/{directory}{behind}{mark}")
}

pub(super) fn thanks_at(place: &Place) -> String {
    address(place, "/thanks")
}

/// Sends a browser on, with a request of its own.
pub(super) fn see_other(to: &str) -> axum::response::Redirect {
    axum::response::Redirect::to(to)
}
