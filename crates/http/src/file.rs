//! Serving a file: whole, in part, or not at all where the client has it.
//!
//! Guarantees: what RFC 9110 says of conditions (section 13) and ranges (section 14); of several ranges the whole file
//! is given, which it allows.
//!
//! Must not know: any dialect: a refusal is given back for the dialect to word.

mod range;

use axum::body::Body;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use fillhouse_engine::Download;
use headers::{
    AcceptRanges, ContentLength, ContentRange, HeaderMapExt as _, IfModifiedSince, IfUnmodifiedSince,
    LastModified,
};
use range::Wanted;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};
use utoipa::IntoResponses;
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder};

/// Why a file is not given, and the headers that say more.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) message: &'static str,
    pub(crate) headers: HeaderMap,
}

/// What is said of a file besides its bytes.
struct Facts {
    size_bytes: u64,
    etag: String,
    modified: SystemTime,
}

/// The answer to a request for a file, of which `method` and `asked`, its headers, are all that matters.
///
/// # Errors
/// A condition does not hold, or the range is beyond the file's end.
pub(crate) fn answer(download: &Download, method: &Method, asked: &HeaderMap) -> Result<Response, Refused> {
    let facts = Facts::of(download);
    if !facts.is_as_expected(asked) {
        let message = "the file is not the one that was expected";
        return Err(Refused { status: StatusCode::PRECONDITION_FAILED, message, headers: HeaderMap::new() });
    }
    let mut headers = facts.headers(download);
    if facts.is_known(asked) {
        // Of the file that is not sent; or else axum would say that of nothing.
        headers.typed_insert(ContentLength(facts.size_bytes));
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    headers.extend(content_headers(download));
    let is_ranged = method == Method::GET && range_applies(asked, &headers);
    let wanted = if is_ranged { range::wanted(asked, facts.size_bytes) } else { Wanted::Whole };
    let (status, range) = match wanted {
        Wanted::Whole => (StatusCode::OK, 0..facts.size_bytes),
        Wanted::Part(range) => {
            if let Ok(content_range) = ContentRange::bytes(range.clone(), facts.size_bytes) {
                headers.typed_insert(content_range);
            }
            (StatusCode::PARTIAL_CONTENT, range)
        }
        Wanted::Beyond => return Err(beyond(facts.size_bytes)),
    };
    headers.typed_insert(ContentLength(range.end - range.start));
    let body = if method == Method::HEAD { Body::empty() } else { Body::from_stream(download.stream(range)) };
    Ok((status, headers, body).into_response())
}

fn beyond(size_bytes: u64) -> Refused {
    let mut headers = HeaderMap::new();
    headers.typed_insert(ContentRange::unsatisfied_bytes(size_bytes));
    headers.typed_insert(AcceptRanges::bytes());
    let message = "the range is beyond the end of the file";
    Refused { status: StatusCode::RANGE_NOT_SATISFIABLE, message, headers }
}

impl Facts {
    fn of(download: &Download) -> Self {
        let facts = &download.facts;
        let since_epoch = u64::try_from(facts.created_at.micros()).unwrap_or(0);
        Self {
            size_bytes: facts.size_bytes,
            etag: format!("\"{}\"", facts.sha256),
            modified: SystemTime::UNIX_EPOCH + Duration::from_micros(since_epoch),
        }
    }

    /// `If-Match`, else `If-Unmodified-Since`.
    fn is_as_expected(&self, asked: &HeaderMap) -> bool {
        if asked.contains_key(header::IF_MATCH) {
            return self.is_listed(asked, &header::IF_MATCH, false);
        }
        let unmodified = asked.typed_get::<IfUnmodifiedSince>();
        unmodified.is_none_or(|since| since.precondition_passes(self.modified))
    }

    /// `If-None-Match`, else `If-Modified-Since`: the client has the file already.
    fn is_known(&self, asked: &HeaderMap) -> bool {
        if asked.contains_key(header::IF_NONE_MATCH) {
            return self.is_listed(asked, &header::IF_NONE_MATCH, true);
        }
        let modified = asked.typed_get::<IfModifiedSince>();
        modified.is_some_and(|since| !since.is_modified(self.modified))
    }

    /// Whether the file's tag is in a list of them. The typed headers are of no use here: they assert that a tag is well
    /// spelled.
    fn is_listed(&self, asked: &HeaderMap, name: &HeaderName, may_be_weak: bool) -> bool {
        let lists = asked.get_all(name).iter().filter_map(|list| list.to_str().ok());
        lists.flat_map(|list| list.split(',')).map(str::trim).any(|tag| {
            let tag = if may_be_weak { tag.strip_prefix("W/").unwrap_or(tag) } else { tag };
            tag == "*" || tag == self.etag
        })
    }

    /// The headers that a client needs to know what it has.
    fn headers(&self, download: &Download) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.typed_insert(AcceptRanges::bytes());
        headers.typed_insert(LastModified::from(self.modified));
        put(&mut headers, header::ETAG, &self.etag);
        if let Some(digest) = digest(&download.facts.sha256) {
            put(&mut headers, HeaderName::from_static("repr-digest"), &format!("sha-256=:{digest}:"));
        }
        headers
    }
}

/// What [`answer`] gives, for the documents: a file is of whatever type it is. How it refuses is each dialect's.
pub(crate) struct FileAnswers;

impl IntoResponses for FileAnswers {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let described = |description: &str| ResponseBuilder::new().description(description);
        let of_any_type = |description: &str| {
            described(description).content("*/*", Content::new(None::<Ref>)).build().into()
        };
        BTreeMap::from([
            ("200".to_owned(), of_any_type("The whole file")),
            ("206".to_owned(), of_any_type("The part that was asked for")),
            ("304".to_owned(), described("The client has it").build().into()),
        ])
    }
}

/// `If-Range`: a part is only of use to whoever has the rest of this very file. A date must be the exact one.
fn range_applies(asked: &HeaderMap, headers: &HeaderMap) -> bool {
    asked.get(header::IF_RANGE).is_none_or(|condition| {
        [header::ETAG, header::LAST_MODIFIED].iter().any(|name| headers.get(name) == Some(condition))
    })
}

/// The headers that go with the bytes.
fn content_headers(download: &Download) -> HeaderMap {
    let mut headers = HeaderMap::new();
    put(&mut headers, header::CONTENT_TYPE, &download.facts.media_type);
    put(&mut headers, header::CONTENT_DISPOSITION, &disposition(&download.facts.name));
    // A proxy that gathers the answer would make the client wait for all of it.
    put(&mut headers, HeaderName::from_static("x-accel-buffering"), "no");
    headers
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A digest as RFC 9530 spells it, from hex.
fn digest(hex: &str) -> Option<String> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(byte).collect();
    Some(BASE64_STANDARD.encode(bytes?))
}

/// What the file is to be saved as (RFC 6266): for old clients in plain letters, and whole where those do not do.
fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._- ".contains(c);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let encode = |b: u8| match b {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'_' | b'-' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    let whole: String = name.bytes().map(encode).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests;
