//! An answer: its status and headers, and its body as it comes.
//!
//! Must not know: whether it came over a network.

use super::ApiError;
use axum::body::BodyDataStream;
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use futures::StreamExt as _;
use serde_json::Value;

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Body,
}

enum Body {
    Server(reqwest::Response),
    Routes(BodyDataStream),
}

impl Reply {
    pub(super) fn from_server(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, body: Body::Server(response) }
    }

    pub(super) fn from_routes(response: axum::response::Response) -> Self {
        let (head, body) = response.into_parts();
        Self { status: head.status, headers: head.headers, body: Body::Routes(body.into_data_stream()) }
    }

    /// The next bytes; none at the end. An answer that breaks off is an error that may pass.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, ApiError> {
        match &mut self.body {
            Body::Server(response) => response
                .chunk()
                .await
                .map_err(|error| ApiError::passing(format!("the answer broke off: {error}"))),
            Body::Routes(stream) => {
                let next = stream.next().await.transpose();
                next.map_err(|error| ApiError::passing(format!("the answer broke off: {error}")))
            }
        }
    }

    /// All of it.
    pub(crate) async fn text(mut self) -> Result<String, ApiError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        String::from_utf8(bytes).map_err(|_| ApiError::last("the answer is no text"))
    }

    /// All of it, as JSON.
    pub(crate) async fn json(self) -> Result<Value, ApiError> {
        let text = self.text().await?;
        serde_json::from_str(&text)
            .map_err(|_| ApiError::last("the answer is not JSON; is this the address of a Fillhouse server?"))
    }
}
