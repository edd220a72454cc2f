//! `settings/tokens`: the tokens of the account, for those that may do everything in it.
//!
//! Guarantees: a secret is shown once, when its token is made.
//!
//! Must not know: how a token is kept.

use super::access::{caller, param};
use super::error::{Refusal, Refusals};
use super::object::read;
use super::sent::Sent;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use fillhouse_engine::{Engine, Error, TokenKeeper};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many abilities a request may name.
const MOST_ABILITIES: usize = 100;

/// A token.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenShape {
    id: i64,
    name: String,
    abilities: Vec<String>,
}

/// A token that is to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct GivenToken {
    name: Option<String>,
    /// Those that are not known are passed over.
    abilities: Option<Vec<String>>,
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct Made {
    /// Its secret, which is shown nowhere else.
    token: String,
    message: &'static str,
}

/// Someone who keeps the tokens of an account.
pub(super) struct Keeper(TokenKeeper);

impl FromRequestParts<Engine> for Keeper {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        Ok(Self(caller(head, engine).await?.token_keeper()?))
    }
}

/// Lists the tokens.
#[utoipa::path(
    get,
    path = "/tokens",
    responses((status = 200, description = "The tokens", body = Vec<TokenShape>), Refusals),
)]
pub(super) async fn list(Keeper(keeper): Keeper) -> Result<Json<Vec<TokenShape>>, Refusal> {
    let tokens = keeper.tokens().await?.into_iter();
    Ok(Json(
        tokens.map(|(id, token)| TokenShape { id, name: token.name, abilities: token.abilities }).collect(),
    ))
}

/// Makes a token.
#[utoipa::path(
    post,
    path = "/tokens",
    request_body = GivenToken,
    responses((status = 200, description = "It is made", body = Made), Refusals),
)]
pub(super) async fn create(Keeper(keeper): Keeper, Sent(body): Sent) -> Result<Json<Made>, Refusal> {
    let GivenToken { name, abilities } = read(&body)?;
    let required = |field: &str| (field.to_owned(), format!("The {field} field is required."));
    match (name.filter(|name| !name.trim().is_empty()), abilities) {
        (Some(name), Some(abilities)) if abilities.len() <= MOST_ABILITIES => {
            let token = keeper.create(&name, &abilities).await?;
            Ok(Json(Made { token, message: "Access token successfully created!" }))
        }
        (name, abilities) => {
            let mut wrong = Vec::new();
            wrong.extend(name.is_none().then(|| required("name")));
            wrong.push(match abilities {
                None => required("abilities"),
                Some(_) => {
                    ("abilities".to_owned(), format!("abilities has more than {MOST_ABILITIES} items."))
                }
            });
            Err(Refusal::invalid(wrong))
        }
    }
}

/// Deletes a token; whoever has it is let in no more.
#[utoipa::path(
    delete,
    path = "/tokens/{token}",
    params(("token" = i64, Path, description = "The token's id")),
    responses((status = 200, description = "It is deleted", body = Vec<String>), Refusals),
)]
pub(super) async fn delete(
    State(engine): State<Engine>,
    Keeper(keeper): Keeper,
    mut head: Parts,
) -> Result<Json<[String; 0]>, Refusal> {
    let id = param(&mut head, &engine, "token").await.and_then(|id| id.parse().ok());
    keeper.delete(id.ok_or_else(|| Error::not_found("the token"))?).await?;
    Ok(Json([]))
}

/// Who a token speaks for.
#[derive(Serialize, ToSchema)]
pub(super) struct Whoami {
    name: String,
    email: String,
}

/// Tells who a token speaks for, whatever it may do.
#[utoipa::path(
    get,
    path = "/zapier/validate",
    responses((status = 200, description = "Who it is", body = Whoami), Refusals),
)]
pub(super) async fn validate(State(engine): State<Engine>, head: Parts) -> Result<Json<Whoami>, Refusal> {
    let user = caller(&head, &engine).await?.user().await?;
    let name = user.name.unwrap_or_else(|| user.email.clone());
    Ok(Json(Whoami { name, email: user.email }))
}
