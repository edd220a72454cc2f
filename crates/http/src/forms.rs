//! Hosted forms, `/f/{user_dir}/{directory}`: each form as a page that people fill in.
//!
//! A page works without JavaScript, and better with it. What is sent through it goes where answers by an API go.
//!
//! Guarantees: what is wrong is said beside the question that it is about, and nothing that was filled in is lost by it; a
//! page loads nothing from another host, and runs nothing but the scripts of this program.
//!
//! Must not know: any dialect; how answers are checked or stored.

mod answers;
mod field;
mod given;
mod page;
mod parts;
mod published;
mod send;
mod upload;
mod values;
mod view;
mod words;

pub(crate) use answers::answers as read_answers;
pub(crate) use field::Field;
pub(crate) use published::Published;
pub(crate) use values::Values;

use crate::layout::Layout;
use crate::panics;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use fillhouse_engine::Engine;
use fillhouse_model::{Fault, Form};
use view::Said;

/// What a page may load and do: its own styles and scripts, and being shown within any other page.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors *";

/// The routes.
pub(crate) fn routes() -> Router<Engine> {
    Router::new()
        .route("/f/{user_dir}/{directory}", get(page::show).post(send::send))
        .route("/f/{user_dir}/{directory}/thanks", get(page::thanks))
        .route("/f/{user_dir}/{directory}/files", post(upload::upload))
        .layer(map_response(guarded))
        .layer(panics::caught(panicked))
        // Each route has limits of its own.
        .layer(DefaultBodyLimit::disable())
}

/// The answer, with what keeps a browser from doing more with it than it should, beside what all answers have: the address of
/// a page may hold the word of an unfinished submission, and is told to nobody.
async fn guarded(mut response: Response) -> Response {
    let policy = HeaderValue::from_static(POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn panicked() -> Response {
    Said::failure(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

/// The fields of a form, filled in, with what is wrong beside each.
pub(crate) fn fields(form: &Form, values: &Values, faults: &[Fault], prefix: &str) -> Vec<Field> {
    let faults = view::by_item(&view::all_shown(form, faults));
    field::Filling { values, faults: &faults, prefix, layout: &Layout::default() }.fields(&form.items)
}
