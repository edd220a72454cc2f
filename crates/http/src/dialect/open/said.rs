//! What is said of a request that changed something.
//!
//! Must not know: what it changed.

use serde::Serialize;
use utoipa::ToSchema;

/// That it worked, in the words that clients know.
#[derive(Serialize, ToSchema)]
pub(super) struct Said {
    /// `success`
    r#type: &'static str,
    message: &'static str,
}

impl Said {
    pub(super) fn success(message: &'static str) -> Self {
        Self { r#type: "success", message }
    }
}
