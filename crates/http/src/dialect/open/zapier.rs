//! `external/zapier`: what tools ask that pass submissions on: which forms there are, what a submission looks like, and to be
//! sent those that come.
//!
//! Guarantees: a tool that asks twice to be sent something to the same address is sent it once.
//!
//! Must not know: how anybody is told.

use super::access::{caller, form_named, not_yours};
use super::error::{Refusal, Refusals};
use super::object::read;
use super::sent::Sent;
use axum::Json;
use axum::extract::{FromRequestParts, OriginalUri, Query, State};
use axum::http::request::Parts;
use fillhouse_engine::{Engine, Error, FormRef, IntegrationFields, Integrations, NewIntegration};
use fillhouse_model::Fault;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// How the field is called that can be wrong.
const URL: &str = "hookUrl";
const FIELDS: IntegrationFields = IntegrationFields { url: URL, secret: URL, headers: URL };

/// A workspace to choose.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkspaceChoice {
    id: i64,
    name: String,
}

/// A form to choose.
#[derive(Serialize, ToSchema)]
pub(super) struct FormChoice {
    id: i64,
    name: String,
    label: String,
}

/// Who is to be sent what.
#[derive(Deserialize, ToSchema)]
pub(super) struct Hook {
    /// The form's id, else its slug.
    #[schema(value_type = i64)]
    form_id: Option<Value>,
    /// Where to post.
    #[serde(rename = "hookUrl")]
    #[schema(required, example = "https://example.com/hook")]
    hook_url: Option<String>,
}

/// What the query of the address says.
pub(super) struct Asked(Vec<(String, String)>);

impl FromRequestParts<Engine> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, _: &Engine) -> Result<Self, Refusal> {
        let uri = head.extensions.get::<OriginalUri>().map_or(&head.uri, |original| &original.0);
        Ok(Self(Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()))
    }
}

impl Asked {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn form(&self) -> Result<FormRef, Fault> {
        let named = self.get("form_id").filter(|named| !named.is_empty());
        named.map(form_named).ok_or_else(|| Fault::new("form_id", "is required"))
    }
}

/// Someone who may manage who is told of submissions.
pub(super) struct Teller(Integrations);

impl FromRequestParts<Engine> for Teller {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        Ok(Self(caller(head, engine).await?.integrations()?))
    }
}

/// Lists the workspaces to choose from: there is one.
#[utoipa::path(
    get,
    path = "/zapier/workspaces",
    responses((status = 200, description = "The workspaces", body = Vec<WorkspaceChoice>), Refusals),
)]
pub(super) async fn workspaces(
    State(engine): State<Engine>,
    head: Parts,
) -> Result<Json<[WorkspaceChoice; 1]>, Refusal> {
    let caller = caller(&head, &engine).await?;
    caller.forms_viewer()?;
    let account = caller.account().await?;
    Ok(Json([WorkspaceChoice { id: account.id.0, name: account.name.clone() }]))
}

/// Lists the forms to choose from.
#[utoipa::path(
    get,
    path = "/zapier/forms",
    params(("workspace_id" = Option<i64>, Query, description = "The workspace's id")),
    responses((status = 200, description = "The forms, the newest first", body = Vec<FormChoice>), Refusals),
)]
pub(super) async fn forms(
    State(engine): State<Engine>,
    asked: Asked,
    head: Parts,
) -> Result<Json<Vec<FormChoice>>, Refusal> {
    let viewer = caller(&head, &engine).await?.forms_viewer()?;
    let own = viewer.account_id().0.to_string();
    if asked.get("workspace_id").is_some_and(|id| !id.is_empty() && id != own) {
        return Err(Refusal::unauthorized());
    }
    let forms = viewer.overviews().await?;
    let choice = |name: &str, id: i64| FormChoice { id, name: name.to_owned(), label: name.to_owned() };
    Ok(Json(forms.iter().rev().map(|known| choice(&known.form.name, known.form.id.0)).collect()))
}

/// Sends a form's submissions to an address from now on.
#[utoipa::path(
    post,
    path = "/zapier/webhook",
    request_body = Hook,
    responses((status = 200, description = "They are sent", body = Vec<String>), Refusals),
)]
pub(super) async fn subscribe(
    State(engine): State<Engine>,
    Teller(integrations): Teller,
    asked: Asked,
    Sent(body): Sent,
) -> Result<Json<[String; 0]>, Refusal> {
    let (form, url) = hook(&asked, &body)?;
    let known = match integrations.list(&form).await {
        Ok(known) => known,
        Err(error) => return Err(not_yours(&engine, &form, error).await),
    };
    if !known.iter().any(|one| one.url == url && one.is_active) {
        let new = NewIntegration { url, is_active: true, secret: None, headers: Vec::new() };
        integrations.create(&form, new, FIELDS).await?;
    }
    Ok(Json([]))
}

/// Sends nothing more to an address.
#[utoipa::path(
    delete,
    path = "/zapier/webhook",
    params(
        ("form_id" = Option<String>, Query, description = "The form's id, else its slug; it may be in the body"),
        ("hookUrl" = Option<String>, Query, description = "The address; it may be in the body"),
    ),
    request_body = Hook,
    responses((status = 200, description = "Nothing is sent there", body = Vec<String>), Refusals),
)]
pub(super) async fn unsubscribe(
    State(engine): State<Engine>,
    Teller(integrations): Teller,
    asked: Asked,
    Sent(body): Sent,
) -> Result<Json<[String; 0]>, Refusal> {
    let (form, url) = hook(&asked, &body)?;
    let known = match integrations.list(&form).await {
        Ok(known) => known,
        Err(error) => return Err(not_yours(&engine, &form, error).await),
    };
    for one in known.iter().filter(|one| one.url == url) {
        match integrations.delete(&form, one.id).await {
            // Another was as quick.
            Err(error) if error.kind() == fillhouse_model::ErrorKind::NotFound => {}
            deleted => deleted?,
        }
    }
    Ok(Json([]))
}

/// What the request is about, in its body or behind the question mark.
fn hook(asked: &Asked, body: &[u8]) -> Result<(FormRef, String), Refusal> {
    let Hook { form_id, hook_url } = read(body)?;
    let form = match form_id {
        None | Some(Value::Null) => asked.form(),
        Some(Value::String(named)) => Ok(form_named(&named)),
        Some(Value::Number(id)) => Ok(form_named(&id.to_string())),
        Some(_) => Err(Fault::new("form_id", "is not the id of a form")),
    };
    let url = hook_url.or_else(|| asked.get(URL).map(str::to_owned)).filter(|url| !url.is_empty());
    match (form, url) {
        (Ok(form), Some(url)) => Ok((form, url)),
        (form, url) => {
            let missing = url.is_none().then(|| Fault::new(URL, "is required"));
            Err(Error::invalid(form.err().into_iter().chain(missing).collect()).into())
        }
    }
}

/// Shows the latest submissions as they are sent.
#[utoipa::path(
    get,
    path = "/zapier/submissions/recent",
    params(("form_id" = String, Query, description = "The form's id, else its slug")),
    responses((status = 200, description = "Up to ten, the latest first", body = Vec<Object>), Refusals),
)]
pub(super) async fn recent(
    State(engine): State<Engine>,
    asked: Asked,
    head: Parts,
) -> Result<Json<Vec<Box<RawValue>>>, Refusal> {
    let viewer = caller(&head, &engine).await?.forms_viewer()?;
    let form = asked.form()?;
    let sent = match viewer.recently_sent(&form).await {
        Ok(sent) => sent,
        Err(error) => return Err(not_yours(&engine, &form, error).await),
    };
    let raw = sent.into_iter().map(RawValue::from_string).collect::<Result<_, _>>();
    Ok(Json(raw.map_err(Error::internal)?))
}
