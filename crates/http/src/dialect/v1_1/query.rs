//! What this dialect takes from the query of a URL: the token and the format, nothing else.
//!
//! Must not know: what is in a body.

use axum::extract::Query;
use axum::http::Uri;

/// The values in the order in which they are given.
#[derive(Default)]
pub(super) struct Queried {
    pub(super) tokens: Vec<String>,
    pub(super) formats: Vec<String>,
}

impl Queried {
    pub(super) fn of(uri: &Uri) -> Self {
        let mut queried = Self::default();
        // Every query is a list of pairs; one that was not would hold nothing for us.
        let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else { return queried };
        for (name, value) in pairs {
            match name.as_str() {
                "token" => queried.tokens.push(value),
                "format" => queried.formats.push(value),
                _ => {}
            }
        }
        queried
    }
}
