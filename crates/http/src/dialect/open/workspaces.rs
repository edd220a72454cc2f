//! `open/workspaces`: an account is a workspace, and a token sees the one that it opens.
//!
//! Must not know: how accounts are made.

use super::access::{Reader, caller, param};
use super::error::{Refusal, Refusals};
use super::object::read;
use super::page::{Asked, Paged};
use super::said::Said;
use super::sent::Sent;
use super::shape::FormLine;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use fillhouse_engine::{Engine, Error, Workspace, WorkspaceWriter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many forms a page has where nobody says.
const USUAL_LINES: i64 = 10;

/// What is said to whoever wants another.
const ONE_WORKSPACE: &str = "A token opens one workspace here. Whoever runs this server can make another one, with tokens of its own.";

/// A workspace.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkspaceShape {
    id: i64,
    name: String,
    icon: Option<String>,
    settings: Settings,
    /// In megabytes.
    max_file_size: i64,
    is_readonly: bool,
    is_admin: bool,
    users_count: i64,
}

/// Nothing can be set for a workspace.
#[derive(Serialize, ToSchema)]
pub(super) struct Settings {}

/// Someone who may see the account.
pub(super) struct Member(Workspace);

impl FromRequestParts<Engine> for Member {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        Ok(Self(caller(head, engine).await?.workspace().await?))
    }
}

/// Lists the workspaces: there is one.
#[utoipa::path(
    get,
    path = "/workspaces",
    responses((status = 200, description = "The workspaces", body = Vec<WorkspaceShape>), Refusals),
)]
pub(super) async fn list(Member(workspace): Member) -> Json<[WorkspaceShape; 1]> {
    Json([workspace.into()])
}

impl From<Workspace> for WorkspaceShape {
    fn from(Workspace { account, users, is_writable }: Workspace) -> Self {
        Self {
            id: account.id.0,
            name: account.name.clone(),
            icon: None,
            settings: Settings {},
            max_file_size: 10,
            is_readonly: !is_writable,
            is_admin: is_writable,
            users_count: users,
        }
    }
}

/// What a workspace is to be; its icon is passed over.
#[derive(Deserialize, ToSchema)]
pub(super) struct GivenWorkspace {
    /// Up to 255 characters.
    #[schema(required)]
    name: Option<String>,
}

impl GivenWorkspace {
    fn name(self) -> Result<String, Refusal> {
        let name = self.name.filter(|name| !name.trim().is_empty());
        let missing = || vec![("name".to_owned(), "The name field is required.".to_owned())];
        name.ok_or_else(|| Refusal::invalid(missing()))
    }
}

/// A workspace that was changed.
#[derive(Serialize, ToSchema)]
pub(super) struct Changed {
    #[serde(flatten)]
    said: Said,
    workspace_id: i64,
    workspace: WorkspaceShape,
}

/// Someone who may change the account.
pub(super) struct Admin(WorkspaceWriter);

impl FromRequestParts<Engine> for Admin {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        Ok(Self(caller(head, engine).await?.workspace_writer()?))
    }
}

/// Gives a workspace another name.
#[utoipa::path(
    put,
    path = "/workspaces/{workspace}",
    params(("workspace" = i64, Path, description = "The workspace's id")),
    request_body = GivenWorkspace,
    responses((status = 200, description = "It is called so", body = Changed), Refusals),
)]
pub(super) async fn update(
    Admin(writer): Admin,
    workspace: InPath,
    Sent(body): Sent,
) -> Result<Json<Changed>, Refusal> {
    if workspace.0 != writer.account_id().0 {
        return Err(Refusal::unauthorized());
    }
    let name = read::<GivenWorkspace>(&body)?.name()?;
    let workspace = WorkspaceShape::from(writer.rename(&name).await?);
    Ok(Json(Changed { said: Said::success("Workspace updated."), workspace_id: workspace.id, workspace }))
}

/// Refuses another workspace: a token opens one account, and would not see it.
#[utoipa::path(
    post,
    path = "/workspaces/create",
    request_body = GivenWorkspace,
    responses(Refusals),
)]
pub(super) async fn create(Admin(_writer): Admin, Sent(body): Sent) -> Result<Json<Changed>, Refusal> {
    read::<GivenWorkspace>(&body)?.name()?;
    Err(Refusal::typed(StatusCode::FORBIDDEN, ONE_WORKSPACE))
}

/// Lists the forms of a workspace, those that were changed last first.
#[utoipa::path(
    get,
    path = "/workspaces/{workspace}/forms",
    params(
        ("workspace" = i64, Path, description = "The workspace's id"),
        ("page" = Option<i64>, Query, description = "The page, from 1"),
        ("per_page" = Option<i64>, Query, description = "How many forms a page has, 1 to 100"),
    ),
    responses((status = 200, description = "A page of forms", body = Paged<FormLine>), Refusals),
)]
pub(super) async fn forms(
    State(engine): State<Engine>,
    Reader(reader): Reader,
    workspace: InPath,
    asked: Asked,
) -> Result<Json<Paged<FormLine>>, Refusal> {
    if workspace.0 != reader.account_id().0 {
        return Err(Refusal::unauthorized());
    }
    let mut forms = reader.overviews().await?;
    forms.sort_by_key(|form| std::cmp::Reverse((form.dates.updated_at, form.form.id)));
    let (per_page, total) = (asked.per_page(USUAL_LINES), forms.len() as i64);
    let skipped = usize::try_from((asked.page() - 1).saturating_mul(per_page)).unwrap_or(usize::MAX);
    let lines = usize::try_from(per_page).unwrap_or(usize::MAX);
    let page = forms.iter().skip(skipped).take(lines);
    let page = page.map(|form| FormLine::of(form, engine.public_url())).collect();
    Ok(Json(asked.paged(engine.public_url(), per_page, total, page)))
}

/// The workspace that the path names.
pub(super) struct InPath(i64);

impl FromRequestParts<Engine> for InPath {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let named = param(head, engine, "workspace").await.and_then(|id| id.parse().ok());
        named.map(Self).ok_or_else(|| Error::not_found("the workspace").into())
    }
}
