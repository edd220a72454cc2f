//! The first page: all forms, how much they hold, and how much came lately.
//!
//! Must not know: what is in a form.

use super::draw::spark;
use super::say::number;
use super::session::{SignedIn, days};
use super::view::{Frame, Refusal, page};
use super::words;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use fillhouse_engine::{Engine, FormRef};

/// How many days are looked back.
const DAYS: i64 = 30;

#[derive(Template)]
#[template(path = "console/forms.html")]
struct FirstPage {
    frame: Frame,
    user_dir: String,
    forms: Vec<Listed>,
}

struct Listed {
    id: i64,
    name: String,
    directory: String,
    is_open: bool,
    state: String,
    submissions: String,
    /// How many came in each of the last days, and a picture of it.
    lately: String,
    picture: String,
}

/// Lists the forms.
pub(super) async fn list(State(engine): State<Engine>, who: SignedIn) -> Result<Response, Refusal> {
    let reader = who.caller.forms_reader()?;
    let user_dir = who.caller.account().await?.user_dir.clone();
    let mut forms = Vec::new();
    for overview in reader.overviews().await? {
        let form = &overview.form;
        let form_days = days(&who.caller, form).await?;
        let (today, days) = (engine.today(&form_days), reader.days(&FormRef::Id(form.id), &form_days).await?);
        let counts: Vec<u64> =
            (today - DAYS + 1..=today).map(|day| days.get(&day).copied().unwrap_or(0)).collect();
        forms.push(Listed {
            id: form.id.0,
            name: form.name.clone(),
            directory: form.directory.clone(),
            is_open: form.state.as_str() == "open",
            state: form.state.as_str().to_owned(),
            submissions: number(overview.submissions),
            lately: number(counts.iter().sum::<u64>()),
            picture: spark(&counts),
        });
    }
    Ok(page(&FirstPage { frame: who.frame, user_dir, forms }))
}
