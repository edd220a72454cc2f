//! The styles and scripts of pages: files that come with the program.
//!
//! Guarantees: an address that has the version in it always gives the same bytes, so that a browser may keep them.
//!
//! Must not know: which page uses what.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// Each file: its name, its media type and what is in it.
const FILES: [(&str, &str, &str); 6] = [
    ("form.css", CSS, include_str!("../assets/form.css")),
    ("form.js", JS, include_str!("../assets/form.js")),
    ("pages.js", JS, include_str!("../assets/pages.js")),
    ("console.css", CSS, include_str!("../assets/console.css")),
    ("console.js", JS, include_str!("../assets/console.js")),
    ("embed.js", JS, include_str!("../assets/embed.js")),
];

/// What differs where any of the files does.
pub(crate) const VERSION: u32 = version();

const fn version() -> u32 {
    // FNV-1a: a constant can be nothing that needs a loop over iterators.
    let (mut hash, mut file) = (0x811c_9dc5_u32, 0);
    while file < FILES.len() {
        let (bytes, mut n) = (FILES[file].2.as_bytes(), 0);
        while n < bytes.len() {
            hash = (hash ^ bytes[n] as u32).wrapping_mul(0x0100_0193);
            n += 1;
        }
        file += 1;
    }
    hash
}

/// The routes.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{file}", get(give))
}

async fn give(Path(wanted): Path<String>) -> Response {
    let Some((_, media_type, text)) = FILES.iter().find(|(name, _, _)| *name == wanted) else {
        return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    };
    let headers = [(header::CONTENT_TYPE, *media_type), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, *text).into_response()
}
