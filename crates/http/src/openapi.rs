//! What each dialect serves, described by what serves it.
//!
//! Guarantees: a route that is served is in its dialect's document and the other way round, since both are made by the
//! same line; the documents are those of this program, not of a file beside it.
//!
//! Must not know: any route.

use axum::Router;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use fillhouse_engine::Engine;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::Modify;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{OpenApi, SecurityRequirement};
use utoipa_swagger_ui::{Config, Url};

/// A family of API: its routes, and the document that describes them.
pub(crate) struct Dialect {
    /// Its name in `/openapi/<name>.json`.
    pub(crate) name: &'static str,
    pub(crate) routes: Router<Engine>,
    pub(crate) document: OpenApi,
}

/// Adds what most routes ask for, a token in the `Authorization` header. A route that asks for none says
/// `security(())`.
pub(crate) struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
        document.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    }
}

/// The documents, by the name of their dialect.
pub(crate) type Documents = BTreeMap<&'static str, String>;

/// The routes and the documents of these dialects.
pub(crate) fn split(dialects: Vec<Dialect>) -> (Router<Engine>, Documents) {
    let mut routes = Router::new();
    let mut documents = Documents::new();
    for dialect in dialects {
        routes = routes.merge(dialect.routes);
        let document = dialect.document.to_pretty_json();
        documents.insert(dialect.name, document.expect("a document always serialises"));
    }
    (routes, documents)
}

/// Where the documents are had, `/openapi/<dialect>.json`, and the page to browse them, `/docs`.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(documents: Documents) -> Router<S> {
    let urls = documents.keys().map(|name| Url::from(format!("/openapi/{name}.json")));
    let browser = Arc::new(Config::new(urls).validator_url("none").deep_linking(true));
    let documents = Arc::new(documents);
    let document = async move |Path(file): Path<String>| give(&documents, &file);
    let page = async move |Path(file): Path<String>| browse(&browser, &file);
    Router::new()
        .route("/openapi/{file}", get(document))
        .route("/docs", get(async || Redirect::to("/docs/index.html")))
        .route("/docs/{file}", get(page))
}

/// A file of the page: all of them come with the program.
fn browse(browser: &Arc<Config<'static>>, file: &str) -> Response {
    match utoipa_swagger_ui::serve(file, browser.clone()) {
        Ok(Some(file)) => ([(CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "there is no such file\n").into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn give(documents: &Documents, file: &str) -> Response {
    match file.strip_suffix(".json").and_then(|name| documents.get(name)) {
        Some(document) => {
            let media_type = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
            (media_type, document.clone()).into_response()
        }
        None => (StatusCode::NOT_FOUND, "there is no dialect of that name\n").into_response(),
    }
}
