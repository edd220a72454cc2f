//! `{user_dir}/forms` and `{user_dir}/forms/{form_dir}`: the forms of an account.
//!
//! Must not know: what is in a form.

use super::access::{Access, InForm};
use super::error::{Refusal, Refusals};
use crate::forms::Published;
use axum::Json;
use axum::extract::State;
use fillhouse_engine::{Engine, FormOverview};
use fillhouse_model::Account;
use serde::Serialize;
use utoipa::ToSchema;

/// Forms.
#[derive(Serialize, ToSchema)]
pub(super) struct Forms {
    forms: Vec<Form>,
}

#[derive(Serialize, ToSchema)]
struct Form {
    /// Its description; absent where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<String>,
    /// Its directory.
    directory: String,
    /// Its name.
    name: String,
    publish: Publish,
    /// `open`, or `closed` and the reason.
    state: String,
    stats: Stats,
}

/// How people get at the form.
#[derive(Serialize, ToSchema)]
struct Publish {
    /// HTML that shows it in another page.
    embed_code: String,
    /// Its address.
    link: String,
}

/// How much it holds.
#[derive(Serialize, ToSchema)]
struct Stats {
    /// The bytes of the files that were uploaded.
    #[serde(rename = "filesSize")]
    files_size: i64,
    /// The number of its results.
    #[serde(rename = "resultsCount")]
    results_count: i64,
}

/// All forms of the account.
#[utoipa::path(
    get,
    path = "/{user_dir}/forms",
    params(("user_dir" = String, Path, description = "The account's directory")),
    responses((status = 200, description = "The forms", body = Forms), Refusals),
)]
pub(super) async fn list(State(engine): State<Engine>, access: Access) -> Result<Json<Forms>, Refusal> {
    let overviews = access.caller.forms_reader()?.overviews().await?;
    let forms = overviews.iter().map(|overview| form(&engine, &access.account, overview)).collect();
    Ok(Json(Forms { forms }))
}

/// One form, in a list of one.
#[utoipa::path(
    get,
    path = "/{user_dir}/forms/{form_dir}",
    params(
        ("user_dir" = String, Path, description = "The account's directory"),
        ("form_dir" = String, Path, description = "The form's directory"),
    ),
    responses((status = 200, description = "The form", body = Forms), Refusals),
)]
pub(super) async fn one(State(engine): State<Engine>, place: InForm) -> Result<Json<Forms>, Refusal> {
    let overview = place.reader.overview(&place.form).await?;
    Ok(Json(Forms { forms: vec![form(&engine, &place.account, &overview)] }))
}

fn form(engine: &Engine, account: &Account, overview: &FormOverview) -> Form {
    let form = &overview.form;
    let Published { link, embed_code } = Published::of(engine.public_url(), &account.user_dir, form);
    Form {
        description: form.description.clone(),
        directory: form.directory.clone(),
        name: form.name.clone(),
        publish: Publish { embed_code, link },
        state: form.state.as_str().to_owned(),
        stats: Stats { files_size: overview.files_bytes, results_count: overview.submissions },
    }
}
