//! A request, and the answer to it.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode};
use std::future::IntoFuture;
use std::pin::Pin;
use tower::ServiceExt as _;
use uuid::Uuid;

/// A request that is being put together; awaiting it sends it.
pub(crate) struct Ask<'a> {
    router: &'a Router,
    request: Builder,
    body: Bytes,
}

impl<'a> Ask<'a> {
    pub(crate) fn new(router: &'a Router, method: &str, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path);
        Self { router, request, body: Bytes::new() }
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.header(name, value), ..self }
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn json(self, body: &str) -> Self {
        self.header("content-type", "application/json").body(body.to_owned())
    }

    pub(crate) fn xml(self, body: &str) -> Self {
        self.header("content-type", "application/xml").body(body.to_owned())
    }

    pub(crate) fn body(self, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..self }
    }
}

impl<'a> IntoFuture for Ask<'a> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.request.body(Body::from(self.body)).unwrap();
        let router = self.router.clone();
        Box::pin(async move {
            let (head, body) = router.oneshot(request).await.unwrap().into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            Answer { status: head.status, headers: head.headers, body }
        })
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The status, the media type and the body, with a word for each id.
    pub(crate) fn shown(&self) -> String {
        let status = self.status.as_u16();
        redacted(&format!("{status} {}\n{}", self.header("content-type"), self.text()))
    }
}

/// A text with a word for each id that differs from run to run.
pub(crate) fn redacted(text: &str) -> String {
    let mut shown = text.to_owned();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
        let is_digit = |b: u8| b.is_ascii_digit();
        if word.len() == 36 && Uuid::try_parse(word).is_ok() {
            shown = shown.replace(word, "[uuid]");
        } else if word.len() == 23
            && word.bytes().all(|b| b.is_ascii_alphanumeric())
            && word.bytes().any(is_digit)
        {
            shown = shown.replace(word, "[opaque]");
        }
    }
    shown
}

/// Asserts that the answer is the envelope of v1.1 with this number and text, in JSON.
#[track_caller]
pub(crate) fn assert_refused(answer: &Answer, status: u16, text: &str) {
    let said = serde_json::json!({ "error": status, "error_text": text });
    assert_eq!((answer.status.as_u16(), answer.json()), (status, said));
    assert_eq!(answer.header("content-type"), "application/json");
}

/// The same, with a text that begins like this.
#[track_caller]
pub(crate) fn assert_refused_with(answer: &Answer, status: u16, beginning: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    let json = answer.json();
    assert_eq!(json["error"], status);
    let text = json["error_text"].as_str().unwrap();
    assert!(text.starts_with(beginning), "{text} does not begin with {beginning}");
}
