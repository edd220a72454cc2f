//! The settings of the account: what it is called, and its time zone.
//!
//! Must not know: what a time zone is for.

use super::pairs::{Faults, Pairs};
use super::session::SignedIn;
use super::view::{Frame, Refusal, rendered, see_other};
use super::words;
use askama::Template;
use axum::response::Response;
use fillhouse_model::ErrorKind;

#[derive(Template)]
#[template(path = "console/settings.html")]
struct Settings {
    frame: Frame,
    called: String,
    timezone: String,
    user_dir: String,
    faults: Faults,
}

/// Shows the settings.
pub(super) async fn show(who: SignedIn) -> Result<Response, Refusal> {
    let account = who.caller.account().await?;
    let said = (account.name.clone(), account.timezone.clone());
    shown(who, said, Faults::default()).await
}

async fn shown(
    who: SignedIn,
    (called, timezone): (String, String),
    faults: Faults,
) -> Result<Response, Refusal> {
    let user_dir = who.caller.account().await?.user_dir.clone();
    let status = faults.status();
    Ok(rendered(status, &Settings { frame: who.frame, called, timezone, user_dir, faults }))
}

/// Changes the settings.
pub(super) async fn save(who: SignedIn, pairs: Pairs) -> Result<Response, Refusal> {
    let said = (pairs.one("name").to_owned(), pairs.one("timezone").to_owned());
    match change(&who, &said).await {
        Ok(()) => Ok(see_other(&format!("{}/console/settings", who.frame.base))),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            let faults = Faults::new(error.faults());
            shown(who, said, faults).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Changes what is another.
async fn change(who: &SignedIn, (name, timezone): &(String, String)) -> fillhouse_engine::Result<()> {
    let (writer, account) = (who.caller.workspace_writer()?, who.caller.account().await?);
    // The zone first: it can be wrong in more ways.
    if account.timezone != *timezone {
        writer.set_timezone(timezone).await?;
    }
    if account.name != *name {
        writer.rename(name).await?;
    }
    Ok(())
}
