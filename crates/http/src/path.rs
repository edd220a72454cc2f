//! Paths as clients spell them: with doubled slashes, or with one too many at the end.
//!
//! Guarantees: only slashes are taken away; nothing is decoded, and the query stays as it is.
//!
//! Must not know: any route.

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use tower::Layer as _;
use tower::util::MapRequestLayer;

/// The same routes, for paths that were spelled too generously. This must come before the routing, which a layer of the
/// router itself would not.
pub(crate) fn normalised(routes: Router) -> Router {
    Router::new().fallback_service(MapRequestLayer::new(normalise).layer(routes))
}

/// The path of an address, which everything below it begins with.
pub(crate) fn base_of(public_url: &str) -> &str {
    let rest = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    rest.find('/').map_or("", |slash| rest.get(slash..).unwrap_or_default())
}

fn normalise(mut request: Request) -> Request {
    if let Some(uri) = with_fewer_slashes(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

/// The address without the slashes that mean nothing; none where it has no such.
fn with_fewer_slashes(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if !path.contains("//") && (path.len() < 2 || !path.ends_with('/')) {
        return None;
    }
    let mut fewer = String::with_capacity(path.len());
    for part in path.split('/').filter(|part| !part.is_empty()) {
        fewer.push('/');
        fewer.push_str(part);
    }
    if fewer.is_empty() {
        fewer.push('/');
    }
    if let Some(query) = uri.query() {
        fewer.push('?');
        fewer.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(fewer).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_that_mean_nothing_are_taken_away() {
        for (given, becomes) in [
            ("/api/v1.1//forms", "/api/v1.1/forms"),
            ("//api///v1.1/forms/", "/api/v1.1/forms"),
            ("/readyz/?a=//b/", "/readyz?a=//b/"),
            ("//", "/"),
            ("http://host.example//a/", "http://host.example/a"),
        ] {
            let uri = with_fewer_slashes(&given.parse().unwrap());
            assert_eq!(uri.unwrap().to_string(), becomes, "{given}");
        }
    }

    #[test]
    fn everything_else_stays() {
        for given in ["/", "/a/b", "/a/../b", "/a/%2F/b?c=//", "*"] {
            assert_eq!(with_fewer_slashes(&given.parse().unwrap()), None, "{given}");
        }
    }

    #[test]
    fn the_base_is_what_follows_the_host() {
        for (url, base) in [
            ("https://forms.example", ""),
            ("https://forms.example/in/here", "/in/here"),
            ("http://127.0.0.1:8080", ""),
        ] {
            assert_eq!(base_of(url), base, "{url}");
        }
    }
}
