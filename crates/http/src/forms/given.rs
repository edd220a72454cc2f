//! Reading what is sent from a page, be it fields only or files, too.
//!
//! Guarantees: bounded in bytes, fields and files; a file is passed on as it comes, and is taken only behind a good stamp.
//!
//! Must not know: what the fields mean.

use super::upload::of_part;
use super::values::{Values, file_value, files_of};
use crate::body;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use fillhouse_engine::{Error, PublicForm, Result};
use fillhouse_model::{ErrorKind, Fault};

/// How many fields there may be: some for each item that a form may have.
const MOST_FIELDS: usize = 50_000;
/// How many bytes all texts together may have.
const MOST_TEXT_BYTES: usize = 10_000_000;
/// How many files may come at once.
const MOST_FILES: usize = 50;

/// What was sent.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) values: Values,
    pub(super) stamp: String,
    /// Whether what people do not see was filled in.
    pub(super) is_trapped: bool,
    pub(super) is_partial: bool,
    /// The word of the unfinished submission that is gone on with.
    pub(super) goes_on_with: Option<String>,
    /// The page of the form that was looked at, counted from one.
    pub(super) page: Option<usize>,
    /// What is wrong with files, by item.
    pub(super) faults: Vec<Fault>,
}

/// Reads a request. Files that come with it are stored.
///
/// # Errors
/// It is larger than allowed, or cannot be read.
pub(super) async fn read(form: &PublicForm, request: Request) -> Result<Given> {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if media_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        let request = request.map(|body| Body::from_stream(body::pieces(body)));
        let parts = Multipart::from_request(request, &()).await;
        return of_parts(form, parts.map_err(|error| Fault::new("body", error.body_text()))?).await;
    }
    let body = body::read(request.into_body()).await?;
    let mut given = Given::default();
    for (n, (name, value)) in form_urlencoded::parse(&body).enumerate() {
        must_be_few(n)?;
        given.put(&name, value.into_owned());
    }
    Ok(given)
}

async fn of_parts(form: &PublicForm, mut parts: Multipart) -> Result<Given> {
    let mut given = Given::default();
    let (mut fields, mut files, mut text_bytes) = (0, 0, 0);
    while let Some(part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
        must_be_few(fields)?;
        fields += 1;
        let name = part.name().unwrap_or_default().to_owned();
        let Some(file_name) = part.file_name().map(str::to_owned) else {
            let value = part.text().await.map_err(|error| unreadable(&error))?;
            text_bytes += value.len();
            if text_bytes > MOST_TEXT_BYTES {
                let message = format!("the answers are larger than {MOST_TEXT_BYTES} bytes");
                return Err(Error::new(ErrorKind::TooLarge, message));
            }
            given.put(&name, value);
            continue;
        };
        // A field of files that is left empty is sent as one without a name.
        if file_name.is_empty() {
            continue;
        }
        files += 1;
        if files > MOST_FILES {
            return Err(Error::new(ErrorKind::TooLarge, format!("there are more than {MOST_FILES} files")));
        }
        if form.stamp_age_seconds(&given.stamp).await?.is_none() {
            return Err(Fault::new("stamp", "is not before the files").into());
        }
        given.take_file(form, &name, &file_name, part).await?;
    }
    Ok(given)
}

fn must_be_few(fields: usize) -> Result<()> {
    if fields < MOST_FIELDS {
        return Ok(());
    }
    Err(Error::new(ErrorKind::TooLarge, format!("there are more than {MOST_FIELDS} fields")))
}

fn unreadable(error: &MultipartError) -> Error {
    Fault::new("body", error.body_text()).into()
}

impl Given {
    fn put(&mut self, name: &str, value: String) {
        match name {
            "stamp" => self.stamp = value,
            "trap" => self.is_trapped = !value.is_empty(),
            "do" => self.is_partial = value == "save",
            "page" => self.page = value.parse().ok(),
            "resume" => self.goes_on_with = Some(value).filter(|word| !word.is_empty()),
            _ => self.values.add(name, value),
        }
    }

    /// Stores a file, which is then one of the values.
    async fn take_file(
        &mut self,
        form: &PublicForm,
        name: &str,
        file_name: &str,
        part: Field<'_>,
    ) -> Result<()> {
        let media_type = part.content_type().map(str::to_owned);
        match form.upload(file_name, media_type.as_deref(), of_part(part)).await {
            Ok(file) => self.values.add(&files_of(name), file_value(&file.name, &file.url)),
            // The rest of the page is not lost by it.
            Err(error) if error.kind() == ErrorKind::TooLarge => {
                self.faults.push(Fault::new(format!("answers.{name}"), error.message()));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
