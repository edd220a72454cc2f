//! Requests to the server: whatever is asked is answered, and never with that the server has failed.
//!
//! An input is a request as one would write it: the method and the path, lines of headers, an empty line, and the body. One that
//! says nothing of whom it is from has a token.
//!
//! Guarantees: what one request stores is there for those after it, but not for long, so that it does not become ever more.
//!
//! Must not know: what a route does.

use crate::house::{House, TOKEN};
use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use std::cell::RefCell;

/// After how many requests all begins anew.
const MOST_REQUESTS: u32 = 5_000;

thread_local! {
    static HOUSE: RefCell<Option<(House, u32)>> = const { RefCell::new(None) };
}

/// A request is sent to all that is served.
pub(crate) fn requests(data: &[u8]) {
    let Some(request) = request(data) else { return };
    let said = format!("{} {}", request.method(), request.uri());
    HOUSE.with_borrow_mut(|place| {
        if place.as_ref().is_some_and(|(_, asked)| *asked >= MOST_REQUESTS) {
            *place = None;
        }
        let (house, asked) = place.get_or_insert_with(|| (House::new(), 0));
        *asked += 1;
        if let Some((status, body)) = house.ask(request) {
            let body = String::from_utf8_lossy(&body);
            assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{said}: {body}");
        }
    });
}

/// The request that the bytes spell, if they do.
fn request(data: &[u8]) -> Option<Request<Body>> {
    let mut rest = data;
    let first = str::from_utf8(line(&mut rest)).ok()?;
    let (method, path) = first.split_once(' ')?;
    // Or it would be no path to a router, and no server lets that through.
    if !path.starts_with('/') {
        return None;
    }
    let mut request = Request::builder().method(method).uri(path);
    loop {
        let header = line(&mut rest);
        let Some(place) = header.iter().position(|byte| *byte == b':') else { break };
        request = request.header(&header[..place], header[place + 1..].trim_ascii());
    }
    if !request.headers_ref()?.contains_key(AUTHORIZATION) {
        request = request.header(AUTHORIZATION, format!("Bearer {TOKEN}"));
    }
    request.body(Body::from(rest.to_vec())).ok()
}

/// The next line, without its end; it is taken away.
fn line<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let mut parts = rest.splitn(2, |byte| *byte == b'\n');
    let line = parts.next().unwrap_or_default();
    *rest = parts.next().unwrap_or_default();
    line
}
