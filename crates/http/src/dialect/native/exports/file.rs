//! The files of exports: for whoever may export, and for whoever has their address.
//!
//! Must not know: how a file is made, or where its bytes are.

use super::super::access::Reader;
use super::super::files::answered;
use super::super::problem::Problem;
use super::one::{InPath, named};
use super::queried;
use crate::file::FileAnswers;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{Engine, Error};

/// Gives the file of an export, or what is asked for of it.
#[utoipa::path(
    get,
    path = "/exports/{id}/file",
    params(("id" = String, Path, description = "The export's id")),
    responses(
        FileAnswers,
        (status = "4XX", description = "It is not given", body = Object, content_type = "application/problem+json"),
        (status = 503, description = "Something needed is not there just now", body = Object,
            content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn file(
    Reader(reader): Reader,
    path: InPath,
    head: Parts,
) -> Result<Response, Problem> {
    let found = reader.export_file(&named(path)?).await?;
    Ok(answered(&found, &head))
}

/// Gives the file of an export, or what is asked for of it, to whoever has its address.
#[utoipa::path(
    get,
    path = "/exports/files/{file}/{name}",
    params(
        ("file" = String, Path, description = "The file's id"),
        ("name" = String, Path, description = "The file's name"),
        ("expires" = i64, Query, description = "Until when the address holds"),
        ("signature" = String, Query, description = "That it is one of ours"),
    ),
    responses(
        FileAnswers,
        (status = "4XX", description = "It is not given", body = Object, content_type = "application/problem+json"),
        (status = 503, description = "Something needed is not there just now", body = Object,
            content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in super::super) async fn download(
    State(engine): State<Engine>,
    path: Result<Path<(String, String)>, PathRejection>,
    head: Parts,
) -> Result<Response, Problem> {
    let Path((id, name)) = path.map_err(|_| Error::not_found("the file"))?;
    let expires = queried(&head.uri, "expires")?.and_then(|expires| expires.parse().ok()).unwrap_or(0);
    let signature = queried(&head.uri, "signature")?.unwrap_or_default();
    let found = engine.download_signed(&id, &name, expires, &signature).await?;
    Ok(answered(&found, &head))
}
