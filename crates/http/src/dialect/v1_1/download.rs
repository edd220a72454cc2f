//! The file of a task.
//!
//! Guarantees: whatever is no id and no name of a file is not found, whoever asks.
//!
//! Must not know: how a file is served.

use super::document::Refusals;
use super::format::Format;
use super::query::Queried;
use crate::file::{self, FileAnswers};
use crate::token;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{Caller, Download, Engine, Error, Result};

type InPath = Result<Path<(String, String)>, PathRejection>;

/// Gives the file, or what is asked for of it.
#[utoipa::path(
    get,
    path = "/forms/{opaque}/{name}",
    params(
        ("opaque" = String, Path, description = "What comes before the slash of the task's `url`"),
        ("name" = String, Path, description = "What comes after it"),
    ),
    responses(FileAnswers, Refusals),
)]
pub(super) async fn download(State(engine): State<Engine>, path: InPath, head: Parts) -> Response {
    answer(&head, of_form(&engine, path, &head).await)
}

/// Gives the file of an export of profiles, or what is asked for of it.
#[utoipa::path(
    get,
    path = "/data/{opaque}/{name}",
    params(
        ("opaque" = String, Path, description = "The unguessable part of the task's `urls`"),
        ("name" = String, Path, description = "The name of the file"),
    ),
    responses(FileAnswers, Refusals),
)]
pub(super) async fn profiles(State(engine): State<Engine>, path: InPath, head: Parts) -> Response {
    answer(&head, of_profiles(&engine, path, &head).await)
}

/// The same file, at the address that it had before.
#[utoipa::path(
    get,
    path = "/{opaque}/{name}",
    params(
        ("opaque" = String, Path, description = "The unguessable part of the task's `urls`"),
        ("name" = String, Path, description = "The name of the file"),
    ),
    responses(FileAnswers, Refusals),
)]
pub(super) async fn profiles_as_before(State(engine): State<Engine>, path: InPath, head: Parts) -> Response {
    answer(&head, of_profiles(&engine, path, &head).await)
}

fn answer(head: &Parts, found: Result<Download>) -> Response {
    let format = Format::without_body(head);
    let found = match found {
        Ok(found) => found,
        Err(error) => return format.fail(&error),
    };
    match file::answer(&found, &head.method, &head.headers) {
        Ok(response) => response,
        Err(refused) => {
            let mut response = format.refuse(refused.status, refused.message);
            response.headers_mut().extend(refused.headers);
            response
        }
    }
}

async fn of_form(engine: &Engine, path: InPath, head: &Parts) -> Result<Download> {
    let reader = caller(engine, head).await?.forms_reader()?;
    let (opaque, name) = place(path)?;
    reader.download(&opaque, &name).await
}

async fn of_profiles(engine: &Engine, path: InPath, head: &Parts) -> Result<Download> {
    let caller = caller(engine, head).await?;
    let (opaque, name) = place(path)?;
    // The address of before has the files of forms below it.
    if opaque == "forms" {
        return Err(Error::not_found("the file"));
    }
    caller.profiles_reader()?.download(&opaque, &name).await
}

async fn caller(engine: &Engine, head: &Parts) -> Result<Caller> {
    let queried = Queried::of(&head.uri);
    let secret = token::find(&head.headers, queried.tokens.iter().map(String::as_str))?;
    engine.caller(secret).await
}

/// The id and the name of a file.
fn place(path: InPath) -> Result<(String, String)> {
    let missing = || Error::not_found("the file");
    let Path((opaque, name)) = path.map_err(|_| missing())?;
    if opaque.bytes().all(|b| b.is_ascii_alphanumeric()) { Ok((opaque, name)) } else { Err(missing()) }
}
