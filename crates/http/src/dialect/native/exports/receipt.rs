//! The receipts of exports, and the key that they are signed with.
//!
//! Must not know: what is in a receipt.

use super::super::access::Reader;
use super::super::problem::Problem;
use super::one::{InPath, named};
use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use fillhouse_engine::Engine;
use serde::Serialize;
use utoipa::ToSchema;

/// A public key.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct ReceiptKey {
    /// `Ed25519`
    algorithm: &'static str,
    /// In hex
    key: String,
}

/// Gives the receipt of an export's file: what it is, signed.
#[utoipa::path(
    get,
    path = "/exports/{id}/receipt",
    params(("id" = String, Path, description = "The export's id")),
    responses(
        (status = 200, description = "The receipt", body = Object),
        (status = "4XX", description = "It is not given", body = Object, content_type = "application/problem+json"),
        (status = 503, description = "Something needed is not there just now", body = Object,
            content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn receipt(Reader(reader): Reader, path: InPath) -> Result<Response, Problem> {
    let receipt = reader.export_receipt(&named(path)?).await?.to_json();
    let headers =
        [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"receipt.json\"")];
    Ok((headers, receipt).into_response())
}

/// Gives the public key that this server signs receipts with, to everybody.
#[utoipa::path(
    get,
    path = "/receipts/key",
    responses(
        (status = 200, description = "The key", body = ReceiptKey),
        (status = 503, description = "Something needed is not there just now", body = Object,
            content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in super::super) async fn receipt_key(State(engine): State<Engine>) -> Result<Json<ReceiptKey>, Problem> {
    Ok(Json(ReceiptKey { algorithm: "Ed25519", key: engine.receipt_key().await? }))
}
