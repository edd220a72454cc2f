//! The page on which the first account is made, by whoever has the link that the server prints while there is none.
//!
//! Must not know: how the link is made.

use super::pairs::{Faults, Pairs};
use super::session::signed_in;
use super::view::{Frame, Refusal, rendered};
use super::words;
use crate::path::base_of;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use fillhouse_engine::{Engine, NewAccount};
use fillhouse_model::ErrorKind;

#[derive(Template)]
#[template(path = "console/welcome.html")]
struct Welcome {
    frame: Frame,
    key: String,
    new: NewAccount,
    faults: Faults,
}

/// Asks what the account is to be.
pub(super) async fn offer(
    State(engine): State<Engine>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let key = Pairs::of(query.unwrap_or_default().as_bytes()).one("key").to_owned();
    if !engine.is_welcome(&key).await? {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, words::account::NOT_WELCOME));
    }
    let new = NewAccount { timezone: "UTC".to_owned(), ..NewAccount::default() };
    Ok(shown(&engine, key, new, Faults::default()))
}

fn shown(engine: &Engine, key: String, new: NewAccount, faults: Faults) -> Response {
    let frame = Frame { base: base_of(engine.public_url()).to_owned(), account: None };
    rendered(faults.status(), &Welcome { frame, key, new, faults })
}

/// Makes the account, and signs its user in.
pub(super) async fn make(State(engine): State<Engine>, pairs: Pairs) -> Result<Response, Refusal> {
    let said = |name: &str| pairs.one(name).to_owned();
    let (key, new) = (
        said("key"),
        NewAccount {
            user_dir: said("user_dir"),
            name: said("name"),
            timezone: said("timezone"),
            email: said("email"),
        },
    );
    match engine.make_first_account(&key, new.clone()).await {
        Ok(session) => Ok(signed_in(&engine, &session)),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            Ok(shown(&engine, key, new, Faults::new(error.faults())))
        }
        Err(error) if error.kind() == ErrorKind::Unauthenticated => {
            Err(Refusal::new(StatusCode::UNAUTHORIZED, words::account::NOT_WELCOME))
        }
        Err(error) => Err(error.into()),
    }
}
