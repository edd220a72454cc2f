//! The audit log of the account: who did what, when, to what.
//!
//! Must not know: what is worth an entry.

use super::pairs::Pairs;
use super::session::SignedIn;
use super::view::{Frame, Refusal, page};
use super::words;
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use fillhouse_engine::AuditEntry;

/// How many entries a page has.
const LISTED: u32 = 100;

#[derive(Template)]
#[template(path = "console/audit.html")]
struct Audit {
    frame: Frame,
    entries: Vec<Listed>,
    older: Option<i64>,
}

/// An entry as it is listed.
struct Listed {
    at: String,
    actor: String,
    what: String,
    subject: String,
}

/// Lists the entries.
pub(super) async fn list(who: SignedIn, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let pairs = Pairs::of(query.unwrap_or_default().as_bytes());
    let before = pairs.some("before").and_then(|number| number.parse().ok());
    let mut found = who.caller.audit_log(before, LISTED + 1).await?;
    let has_more = found.len() > LISTED as usize;
    found.truncate(LISTED as usize);
    let older = found.last().filter(|_| has_more).map(|last| last.number);
    let listed = |entry: AuditEntry| Listed {
        at: entry.at.to_seconds_string(),
        actor: format!("{}, {} {}", entry.actor, words::account::USER, entry.user_id),
        what: in_words(entry.what),
        subject: entry.subject,
    };
    Ok(page(&Audit { frame: who.frame, entries: found.into_iter().map(listed).collect(), older }))
}

/// What was done, in words; as the log calls it where there are none.
fn in_words(what: String) -> String {
    let known = words::account::DEEDS.iter().find(|(name, _)| *name == what);
    known.map_or(what, |(_, said)| (*said).to_owned())
}
