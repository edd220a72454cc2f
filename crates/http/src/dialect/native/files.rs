//! `forms/{form}/files`, where files are uploaded, and the addresses that they then have.
//!
//! Guarantees: a file is read as it comes, and not held. Whoever has a file's address is given it, as a file to be saved,
//! which no browser runs.
//!
//! Must not know: where files are kept, or for how long.

use super::access::Writer;
use super::problem::Problem;
use crate::body;
use crate::file::{self, FileAnswers};
use axum::Json;
use axum::body::Body;
use axum::extract::multipart::MultipartError;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest as _, Multipart, Path, Query, Request, State};
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use fillhouse_engine::{
    Download, Engine, Error, FormRef, FormsWriter, Result as EngineResult, Upload, Uploaded,
};
use fillhouse_model::Fault;
use futures::{Stream, StreamExt as _};
use serde::Serialize;
use utoipa::ToSchema;

const MULTIPART: &str = "multipart/form-data";

/// A file that was uploaded: as it is, but for its size, the answer of a file item.
#[derive(Serialize, ToSchema)]
pub(super) struct Stored {
    name: String,
    url: String,
    size_bytes: u64,
}

impl From<Uploaded> for Stored {
    fn from(uploaded: Uploaded) -> Self {
        Self { name: uploaded.name, url: uploaded.url, size_bytes: uploaded.size_bytes }
    }
}

/// Uploads a file: the body itself, or the first file of a form (`multipart/form-data`). It is gone after a day unless a
/// submission has it.
#[utoipa::path(
    post,
    path = "/forms/{form}/files",
    params(
        ("form" = String, Path, description = "The form's id, shortname, slug or directory"),
        ("name" = Option<String>, Query, description = "The file's name, where the body is the file itself"),
        ("Content-Disposition" = Option<String>, Header, description = "The same, as its `filename`"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "It is stored", body = Stored),
        (status = "4XX", description = "It is not", body = Object, content_type = "application/problem+json"),
        (status = 503, description = "Something needed is not there just now", body = Object,
            content_type = "application/problem+json"),
    ),
)]
pub(super) async fn upload(
    Writer(writer): Writer,
    form: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    let Path(form) = form.map_err(|_| Error::not_found("the form"))?;
    let form = FormRef::called(form);
    let (head, body) = request.into_parts();
    let pieces = body::pieces(body);
    let media_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let uploaded = if media_type.is_some_and(is_multipart) {
        upload_first(&writer, &form, Request::from_parts(head, Body::from_stream(pieces))).await?
    } else {
        let name = name_of(&head.uri, &head.headers)?;
        writer.upload(Upload { form: &form, name: &name, media_type }, pieces).await?
    };
    Ok((StatusCode::CREATED, Json(uploaded.into())))
}

fn is_multipart(media_type: &str) -> bool {
    media_type.get(..MULTIPART.len()).is_some_and(|start| start.eq_ignore_ascii_case(MULTIPART))
}

/// Uploads the first file of a form.
async fn upload_first(writer: &FormsWriter, form: &FormRef, request: Request) -> Result<Uploaded, Problem> {
    let unreadable = |error: MultipartError| Problem::new(StatusCode::BAD_REQUEST, error.body_text());
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        let Some(name) = part.file_name().map(str::to_owned) else { continue };
        let media_type = part.content_type().map(str::to_owned);
        let upload = Upload { form, name: &name, media_type: media_type.as_deref() };
        return Ok(writer.upload(upload, of_part(part)).await?);
    }
    Err(Fault::new("body", "has no file in it").into())
}

fn of_part(
    part: impl Stream<Item = Result<Bytes, MultipartError>> + Send,
) -> impl Stream<Item = EngineResult<Bytes>> + Send {
    part.map(|piece| piece.map_err(|error| Fault::new("body", error.body_text()).into()))
}

/// The name that a file is uploaded under: behind the question mark, else in its `Content-Disposition`.
fn name_of(uri: &Uri, headers: &HeaderMap) -> Result<String, Fault> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|_| Fault::new("name", "is not readable"))?;
    let queried = pairs.into_iter().find_map(|(name, value)| (name == "name").then_some(value));
    let in_header =
        || headers.get(CONTENT_DISPOSITION).and_then(|value| value.to_str().ok()).and_then(file_name);
    Ok(queried.or_else(in_header).unwrap_or_default())
}

/// The file name of a `Content-Disposition` (RFC 6266); of two, the one that may have any letter.
fn file_name(disposition: &str) -> Option<String> {
    let value_of = |wanted: &str| {
        disposition.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = value_of("filename*").and_then(|value| {
        let encoded = value.strip_prefix("UTF-8''").or_else(|| value.strip_prefix("utf-8''"))?.to_owned();
        // What is percent-encoded there is so in a query, too, where a plus would mean a space.
        let uri: Uri = format!("/?name={}", encoded.replace('+', "%2B")).parse().ok()?;
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?;
        pairs.into_iter().next().map(|(_, name)| name)
    });
    extended.or_else(|| value_of("filename"))
}

/// Gives a file that was uploaded, or what is asked for of it, to anybody who has its address.
#[utoipa::path(
    get,
    path = "/{user_dir}/files/{file}",
    params(
        ("user_dir" = String, Path, description = "The account's directory"),
        ("file" = String, Path, description = "What comes after `files/` in the file's `url`"),
    ),
    responses(
        FileAnswers,
        (status = "4XX", description = "There is no such file", body = Object,
            content_type = "application/problem+json"),
        (status = 503, description = "Something needed is not there just now", body = Object,
            content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(super) async fn download(
    State(engine): State<Engine>,
    path: Result<Path<(String, String)>, PathRejection>,
    head: Parts,
) -> Result<Response, Problem> {
    let Path((user_dir, name)) = path.map_err(|_| Error::not_found("the file"))?;
    let found = engine.uploaded_file(&user_dir, &name).await?;
    let mut response = answered(&found, &head);
    // It is somebody's upload: whatever it says it is, it must not act in the name of this server.
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// A file, or what is asked for of it.
pub(super) fn answered(found: &Download, head: &Parts) -> Response {
    match file::answer(found, &head.method, &head.headers) {
        Ok(response) => response,
        Err(refused) => {
            let mut response = Problem::new(refused.status, refused.message).into_response();
            response.headers_mut().extend(refused.headers);
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_name_is_found_in_its_header() {
        for (header, name) in [
            ("attachment; filename=\"a b.pdf\"", Some("a b.pdf")),
            ("attachment; filename=a.pdf", Some("a.pdf")),
            ("attachment; filename=\"e.pdf\"; filename*=UTF-8''%C3%A9%2B+.pdf", Some("\u{e9}++.pdf")),
            ("form-data; name=\"x\"; FILENAME=\"y\"", Some("y")),
            ("attachment", None),
            ("attachment; filename*=latin1''x", None),
        ] {
            assert_eq!(file_name(header).as_deref(), name, "{header}");
        }
    }
}
