//! What the account uses, beside what it may.
//!
//! Must not know: how anything is counted.

use super::say::{number, seconds, size};
use super::session::SignedIn;
use super::view::{Frame, Refusal, page};
use super::words;
use askama::Template;
use axum::response::Response;
use fillhouse_engine::{Allowance, ExportPage};

/// How many of the latest exports are looked at.
const LATEST: u32 = 100;

/// A limit, and what is left of it.
struct Limit {
    name: String,
    left: String,
    most: String,
    renewed: String,
    percent: u32,
}

#[derive(Template)]
#[template(path = "console/usage.html")]
struct Usage {
    frame: Frame,
    limits: Vec<Limit>,
    facts: Vec<(&'static str, String)>,
}

/// Shows the usage.
pub(super) async fn show(who: SignedIn) -> Result<Response, Refusal> {
    let reader = who.caller.forms_reader()?;
    let limit = |allowance: Allowance| Limit {
        name: format!("{} {}", words::account::CALLS, allowance.name),
        left: number(allowance.left),
        most: number(allowance.most),
        renewed: seconds(allowance.renewed_in_seconds),
        percent: (allowance.most - allowance.left.min(allowance.most)) * 100 / allowance.most.max(1),
    };
    let limits = who.caller.allowances().into_iter().map(limit).collect();
    let exports = reader.exports(ExportPage { form: None, before: None, limit: LATEST }).await?;
    let now = exports.iter().filter(|export| !export.has_ended()).count();
    let forms = reader.overviews().await?;
    let facts = vec![
        (words::account::EXPORTS_NOW, number(now as u64)),
        (words::account::FORMS, number(forms.len() as u64)),
        (words::account::SUBMISSIONS, number(forms.iter().map(|form| form.submissions).sum::<i64>())),
        (words::account::FILES, size(forms.iter().map(|form| form.files_bytes).sum())),
    ];
    Ok(page(&Usage { frame: who.frame, limits, facts }))
}
