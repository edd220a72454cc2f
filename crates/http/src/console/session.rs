//! Signing in and out, and who is signed in.
//!
//! Guarantees: the secret of a session is in a cookie that no script reads and that no other site's request has; a link is
//! used up by a click, not by whoever looks at its address before.
//!
//! Must not know: how sessions are kept.

use super::view::{Frame, Place, Refusal, page, see_other};
use super::words;
use crate::body;
use crate::path::base_of;
use askama::Template;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, OriginalUri, Path, RawQuery, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use fillhouse_engine::{Caller, Engine, Error, FormDays, FormRef, FormsReader, FormsWriter};
use fillhouse_model::{ErrorKind, Form, FormId};

const COOKIE_NAME: &str = "fillhouse_session";
/// How many seconds a browser keeps the cookie: as long as a session lasts.
const COOKIE_SECONDS: u32 = 30 * 24 * 3_600;

/// Somebody who is signed in.
pub(super) struct SignedIn {
    pub(super) caller: Caller,
    pub(super) frame: Frame,
}

/// A form, and somebody who is signed in to its account.
pub(super) struct InForm {
    pub(super) caller: Caller,
    pub(super) reader: FormsReader,
    pub(super) writer: FormsWriter,
    pub(super) form: FormRef,
    pub(super) frame: Frame,
    /// Where the server is, as seen from outside.
    pub(super) public_url: String,
}

impl InForm {
    /// The days of the form.
    pub(super) async fn days(&self, form: &Form) -> Result<FormDays, Refusal> {
        days(&self.caller, form).await
    }
}

/// The days of a form of somebody's account.
pub(super) async fn days(caller: &Caller, form: &Form) -> Result<FormDays, Refusal> {
    let account = caller.account().await?;
    Ok(FormDays::new(form, &account).map_err(Error::from)?)
}

impl FromRequestParts<Engine> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let signed_out = || Refusal::new(StatusCode::UNAUTHORIZED, words::SIGNED_OUT);
        let secret = secret(&head.headers).ok_or_else(signed_out)?;
        let caller = engine.signed_in(secret).await?.ok_or_else(signed_out)?;
        let name = caller.account().await?.name.clone();
        // Without what a nested router takes away.
        let path =
            head.extensions.get::<OriginalUri>().map_or(&head.uri, |OriginalUri(uri)| uri).path().to_owned();
        let account = Some(Place { name, path });
        Ok(Self { caller, frame: Frame { base: base_of(engine.public_url()).to_owned(), account } })
    }
}

impl FromRequestParts<Engine> for InForm {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let SignedIn { caller, frame } = SignedIn::from_request_parts(head, engine).await?;
        let form = part(head, engine, "form").await.ok_or_else(Refusal::missing)?;
        let (reader, writer) = (caller.forms_reader()?, caller.forms_writer()?);
        let public_url = engine.public_url().to_owned();
        Ok(Self { caller, reader, writer, form: FormRef::Id(FormId(form)), frame, public_url })
    }
}

/// The number that a part of the path is.
pub(super) async fn part(head: &mut Parts, engine: &Engine, name: &str) -> Option<i64> {
    word(head, engine, name).await?.parse().ok()
}

/// A part of the path.
pub(super) async fn word(head: &mut Parts, engine: &Engine, name: &str) -> Option<String> {
    type All = Result<Path<Vec<(String, String)>>, PathRejection>;
    let parts: All = Path::from_request_parts(head, engine).await;
    let Path(parts) = parts.ok()?;
    parts.into_iter().find_map(|(known, value)| (known == name).then_some(value))
}

fn secret(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|all| all.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
}

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct Offer<'a> {
    frame: Frame,
    link: &'a str,
}

/// Asks whether to sign in.
pub(super) async fn offer(State(engine): State<Engine>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let link = value_of(query.as_bytes(), "link").unwrap_or_default();
    let frame = Frame { base: base_of(engine.public_url()).to_owned(), account: None };
    page(&Offer { frame, link: &link })
}

/// Signs somebody in by a link.
pub(super) async fn sign_in(State(engine): State<Engine>, body: Body) -> Result<Response, Refusal> {
    let body = body::read(body).await?;
    let link = value_of(&body, "link").unwrap_or_default();
    let begun = engine.sign_in(&link).await;
    let session = begun.map_err(|error: Error| match error.kind() {
        ErrorKind::InvalidArgument => Refusal::new(StatusCode::UNAUTHORIZED, words::SIGNED_OUT),
        _ => error.into(),
    })?;
    Ok(signed_in(&engine, &session))
}

/// Leads somebody to the first page whose session this is from now on.
pub(super) fn signed_in(engine: &Engine, session: &str) -> Response {
    with_cookie(engine, session, COOKIE_SECONDS)
}

/// Signs somebody out.
pub(super) async fn sign_out(State(engine): State<Engine>, headers: HeaderMap) -> Result<Response, Refusal> {
    if let Some(secret) = secret(&headers) {
        engine.sign_out(secret).await?;
    }
    Ok(with_cookie(&engine, "", 0))
}

/// Leads to the first page, with this in the cookie.
fn with_cookie(engine: &Engine, secret: &str, seconds: u32) -> Response {
    let base = base_of(engine.public_url());
    let secure = if engine.public_url().starts_with("https:") { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE_NAME}={secret}; Path={base}/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    let mut response = see_other(&format!("{base}/"));
    if let Ok(value) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}

/// The value of a field.
fn value_of(pairs: &[u8], wanted: &str) -> Option<String> {
    form_urlencoded::parse(pairs).find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
}
