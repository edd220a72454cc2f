//! Tokens: where a request may carry one.
//!
//! Guarantees: what is found here is neither logged nor in any message.
//!
//! Must not know: which tokens there are; which of the places a dialect allows.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use fillhouse_engine::{Error, Result};
use fillhouse_model::{ErrorKind, Fault};

/// The one token of a request, from its header and from `elsewhere`; an empty one counts as none.
///
/// # Errors
/// There is none, or there are two that differ.
pub(crate) fn find<'a>(headers: &'a HeaderMap, elsewhere: impl Iterator<Item = &'a str>) -> Result<&'a str> {
    let in_header: Vec<&str> =
        headers.get_all(AUTHORIZATION).iter().filter_map(bearer).collect::<Result<_, _>>()?;
    let mut all = in_header.into_iter().chain(elsewhere).filter(|token| !token.is_empty());
    let missing = || Error::new(ErrorKind::Unauthenticated, "a token is required, and none was given");
    let first = all.next().ok_or_else(missing)?;
    if all.any(|other| other != first) {
        return Err(Fault::new("token", "is given more than once, and differs").into());
    }
    Ok(first)
}

/// The token of an `Authorization` header of the scheme `Bearer`; none where it is of another.
fn bearer(value: &HeaderValue) -> Option<Result<&str, Fault>> {
    let Ok(text) = value.to_str() else {
        return Some(Err(Fault::new("Authorization", "is not readable")));
    };
    let (scheme, token) = text.trim().split_once(' ').unwrap_or((text, ""));
    scheme.eq_ignore_ascii_case("bearer").then(|| Ok(token.trim()))
}
