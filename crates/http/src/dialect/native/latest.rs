//! `forms/{form}/latest.parquet`: the submissions of a form as they are, to be queried where they are.
//!
//! Guarantees: the address of a form's latest file stays the same; parts of one file are given to whoever reads it.
//!
//! Must not know: how a file is made, or for how long it stays.

use super::access::Reader;
use super::exports::queried;
use super::files::answered;
use super::problem::Problem;
use crate::file::FileAnswers;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts as _, Path, State};
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{Engine, Error, FormRef};
use fillhouse_model::UserId;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// For how long whoever asks waits for a file that is to be made first.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Where the latest file of a form is.
#[derive(Serialize, ToSchema)]
pub(super) struct Latest {
    /// For everybody who has it, for as long as the form is there
    url: String,
}

/// Tells where everybody who knows it finds the latest file of a form.
#[utoipa::path(
    get,
    path = "/forms/{form}/latest",
    params(("form" = String, Path, description = "The form's id, shortname, slug or directory")),
    responses(
        (status = 200, description = "The address", body = Latest),
        (status = "4XX", description = "It is not told", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn link(
    State(engine): State<Engine>,
    Reader(reader): Reader,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Latest>, Problem> {
    let form = reader.form_id(&named(path)?).await?;
    let (user, signature) = reader.latest_signature(form).await?;
    let root = engine.public_url();
    let url = format!("{root}/v1/forms/{form}/latest.parquet?user={user}&signature={signature}");
    Ok(Json(Latest { url }))
}

/// Gives the finished submissions of a form as a Parquet file, or what is asked for of it: with a token, or with the address
/// that `latest` tells.
#[utoipa::path(
    get,
    path = "/forms/{form}/latest.parquet",
    params(
        ("form" = String, Path, description = "The form's id; with a token, its shortname, slug or directory, too"),
        ("user" = Option<i64>, Query, description = "Who made the address"),
        ("signature" = Option<String>, Query, description = "That it is one of ours"),
    ),
    responses(
        FileAnswers,
        (status = "4XX", description = "It is not given", body = Object, content_type = "application/problem+json"),
        (status = 503, description = "The file is being made, and is there soon", body = Object,
            content_type = "application/problem+json"),
    ),
)]
pub(super) async fn file(
    State(engine): State<Engine>,
    path: Result<Path<String>, PathRejection>,
    mut head: Parts,
) -> Result<Response, Problem> {
    let form = named(path)?;
    let Some(signature) = queried(&head.uri, "signature")? else {
        let Reader(reader) = Reader::from_request_parts(&mut head, &engine).await?;
        let form = reader.form_id(&form).await?;
        return Ok(answered(&reader.latest_file(form, LONGEST_WAIT).await?, &head));
    };
    let user = queried(&head.uri, "user")?.and_then(|user| user.parse().ok()).unwrap_or_default();
    let FormRef::Id(form) = form else { return Err(Error::not_found(form).into()) };
    let found = engine.latest_file_signed(form, (UserId(user), &signature), LONGEST_WAIT).await?;
    Ok(answered(&found, &head))
}

fn named(path: Result<Path<String>, PathRejection>) -> Result<FormRef, Error> {
    let Path(form) = path.map_err(|_| Error::not_found("the form"))?;
    Ok(FormRef::called(form))
}
