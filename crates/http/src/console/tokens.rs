//! The tokens of the account: what there is, a new one, one that ends.
//!
//! Guarantees: a token is shown once, to whoever made it, on a page that is kept nowhere.
//!
//! Must not know: how a token is kept.

use super::pairs::{Faults, Pairs};
use super::say::minute;
use super::session::SignedIn;
use super::view::{Frame, Refusal, rendered, see_other};
use super::words;
use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use fillhouse_model::{ErrorKind, Fault, Timestamp};

/// A token as it is listed.
struct Listed {
    number: i64,
    name: String,
    abilities: String,
    made: String,
    used: String,
}

#[derive(Template)]
#[template(path = "console/tokens.html")]
struct Shown {
    frame: Frame,
    tokens: Vec<Listed>,
    /// The secret of the one that was made just now.
    secret: Option<String>,
    /// What the next one is to be called.
    called: String,
    chosen: Vec<String>,
    faults: Faults,
}

impl Shown {
    fn has(&self, ability: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == ability)
    }
}

async fn shown(
    who: SignedIn,
    secret: Option<String>,
    (called, chosen): (String, Vec<String>),
    faults: Faults,
) -> Result<Response, Refusal> {
    let keeper = who.caller.token_keeper()?;
    let dates = keeper.dates().await?;
    let said = |instant: Option<Timestamp>| instant.map_or(words::account::UNKNOWN.to_owned(), minute);
    let listed = keeper.tokens().await?.into_iter().map(|(number, token)| {
        let dates = dates.get(&number).copied().unwrap_or_default();
        let (made, used) = (said(dates.created_at), said(dates.used_at));
        Listed { number, name: token.name, abilities: token.abilities.join(", "), made, used }
    });
    let status = faults.status();
    let page = Shown { frame: who.frame, tokens: listed.collect(), secret, called, chosen, faults };
    let mut response = rendered(status, &page);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Lists the tokens.
pub(super) async fn list(who: SignedIn) -> Result<Response, Refusal> {
    let chosen = vec!["forms-read".to_owned()];
    shown(who, None, (String::new(), chosen), Faults::default()).await
}

/// Makes a token.
pub(super) async fn create(who: SignedIn, pairs: Pairs) -> Result<Response, Refusal> {
    let name = pairs.one("name").to_owned();
    let chosen: Vec<String> = pairs.all("ability").map(str::to_owned).collect();
    let is_known = |ability: &String| words::account::CAN.iter().any(|(known, _)| known == ability);
    let mut faults = Vec::new();
    if name.is_empty() || name.contains('\0') {
        faults.push(Fault::new("name", "is missing"));
    }
    if !chosen.iter().any(is_known) {
        faults.push(Fault::new("ability", words::account::NO_ABILITY));
    }
    if !faults.is_empty() {
        return shown(who, None, (name, chosen), Faults::new(faults)).await;
    }
    match who.caller.token_keeper()?.create(&name, &chosen).await {
        Ok(secret) => shown(who, Some(secret), (String::new(), Vec::new()), Faults::default()).await,
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            shown(who, None, (name, chosen), Faults::new(error.faults())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Ends a token.
pub(super) async fn revoke(who: SignedIn, pairs: Pairs) -> Result<Response, Refusal> {
    let number = pairs.one("number").parse().map_err(|_| Refusal::missing())?;
    who.caller.token_keeper()?.delete(number).await?;
    Ok(see_other(&format!("{}/console/tokens", who.frame.base)))
}
