//! Pages are compressed for browsers that say that they can read it: those of large forms are mostly the same again and again.
//!
//! Guarantees: nothing but pages is; files keep their lengths and their ranges, and what is told bit by bit comes at once.
//!
//! Must not know: what is on a page.

use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::Predicate;

/// Compresses the pages among answers.
pub(crate) fn pages() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().gzip(true).compress_when(is_page)
}

fn is_page(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
