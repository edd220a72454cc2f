//! The console, `/` and `/console`: an account's forms and what they hold, for people with a browser.
//!
//! It is one more surface over the engine, and does nothing that the APIs could not.
//!
//! Guarantees: nothing is shown but to somebody who is signed in, and nothing of another account; nothing is changed but by a
//! page of this console; a page loads nothing from another host, works without scripts, and cannot be framed.
//!
//! Must not know: any dialect; how anything is stored.

mod asked;
mod audit;
mod cells;
mod columns;
mod conditions;
mod draw;
mod editor;
mod exports;
mod forms;
mod over_time;
mod pairs;
mod people;
mod say;
mod schedules;
mod session;
mod settings;
mod submission;
mod summary;
mod table;
mod tokens;
mod usage;
mod view;
mod views;
mod webhooks;
mod welcome;
mod words;

use crate::panics;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use fillhouse_engine::Engine;
use view::Refusal;

/// What a page may load and do.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The routes.
pub(crate) fn routes() -> Router<Engine> {
    let of_form = Router::new()
        .route("/", get(table::show))
        .route("/summary", get(summary::show))
        .route("/edit", get(editor::edit).post(editor::save))
        .route("/delete", post(editor::delete))
        .route("/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/webhooks/{webhook}", get(webhooks::show).post(webhooks::save))
        .route("/webhooks/{webhook}/delete", post(webhooks::delete))
        .route("/webhooks/{webhook}/test", post(webhooks::test))
        .route("/webhooks/{webhook}/send-again", post(webhooks::send_again))
        .route("/views", get(views::show))
        .route("/views/view", post(views::put_view))
        .route("/views/labels", post(views::put_labels))
        .route("/views/{what}/delete", post(views::delete))
        .route("/exports", get(exports::of_form).post(exports::start))
        .route("/exports/{job}", get(exports::show))
        .route("/exports/{job}/events", get(exports::events))
        .route("/exports/{job}/cancel", post(exports::cancel))
        .route("/exports/{job}/delete", post(exports::delete))
        .route("/exports/{job}/verify", post(exports::verify))
        .route("/exports/{job}/receipt", get(exports::receipt))
        .route("/exports/{job}/file", get(exports::file))
        .route("/schedules/{schedule}", get(schedules::show).post(schedules::save))
        .route("/schedules/{schedule}/run", post(schedules::run))
        .route("/schedules/{schedule}/pause", post(schedules::pause))
        .route("/schedules/{schedule}/delete", post(schedules::delete))
        .route("/submissions/{submission}", get(submission::show))
        .route("/submissions/{submission}/edit", get(submission::edit).post(submission::save))
        .route("/submissions/{submission}/delete", post(submission::delete));
    Router::new()
        .route("/", get(forms::list))
        .route("/console/sign-in", get(session::offer).post(session::sign_in))
        .route("/console/welcome", get(welcome::offer).post(welcome::make))
        .route("/console/sign-out", post(session::sign_out))
        .route("/console/new-form", get(editor::offer).post(editor::create))
        .route("/console/audiences", get(people::list))
        .route("/console/audiences/new", get(people::offer_audience).post(people::create_audience))
        .route("/console/audiences/{audience}", get(people::show))
        .route("/console/audiences/{audience}/edit", get(people::edit_audience).post(people::save_audience))
        .route(
            "/console/audiences/{audience}/profiles/new",
            get(people::offer_profile).post(people::create_profile),
        )
        .route("/console/audiences/{audience}/segments", post(people::create))
        .route("/console/audiences/{audience}/profiles/{profile}", get(people::show_profile))
        .route("/console/audiences/{audience}/profiles/{profile}/edit", get(people::edit).post(people::save))
        .route("/console/audiences/{audience}/profiles/{profile}/segments", post(people::place))
        .route("/console/audiences/{audience}/profiles/{profile}/delete", post(people::delete))
        .route("/console/segments/{segment}", get(people::show_segment))
        .route("/console/segments/{segment}/edit", get(people::edit_segment).post(people::save_segment))
        .route("/console/segments/{segment}/delete", post(people::delete_segment))
        .route("/console/audit", get(audit::list))
        .route("/console/settings", get(settings::show).post(settings::save))
        .route("/console/tokens", get(tokens::list).post(tokens::create))
        .route("/console/tokens/revoke", post(tokens::revoke))
        .route("/console/usage", get(usage::show))
        .route("/console/exports", get(exports::all))
        .nest("/console/forms/{form}", of_form)
        .layer(from_fn(guard))
        .layer(panics::caught(|| Refusal::failure().into_response()))
}

/// Lets through what comes from a page of ours, and says what its answer may do.
async fn guard(request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if is_safe || is_from_here(&request) {
        next.run(request).await
    } else {
        Refusal::new(StatusCode::FORBIDDEN, words::FOREIGN).into_response()
    };
    let policy = HeaderValue::from_static(POLICY);
    response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}

/// Whether a browser says that a page of this server asks. Browsers that do not say so say where the page is from.
fn is_from_here(request: &Request) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return site == "same-origin";
    }
    let host = header("host");
    let origin = header("origin").and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, from)| host == Some(from))
}
