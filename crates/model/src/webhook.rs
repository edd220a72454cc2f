//! Subscriptions to what happens to a form: webhooks and integrations, which differ in what they are sent.
//!
//! Must not know: what is sent, or when.

use crate::{FormId, Timestamp, WebhookId};

/// A subscription that is known by its URL, and is sent the bare result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The form.
    pub form_id: FormId,
    /// Where to post; unique among the form's webhooks.
    pub url: String,
    /// What is subscribed to, such as `result_completed`.
    pub event: String,
    /// A word the receiver knows it by.
    pub handshake_key: Option<String>,
}

/// A subscription that is known by its id, and is sent the submission with the names of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// Its id.
    pub id: WebhookId,
    /// The form.
    pub form_id: FormId,
    /// Where to post.
    pub url: String,
    /// Whether anything is sent.
    pub is_active: bool,
    /// What its deliveries are signed with.
    pub secret: Option<String>,
    /// Headers that its deliveries have besides the usual ones: names and values.
    pub headers: Vec<(String, String)>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A subscription that is in force, of either kind: what is owed to it, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id, among those of both kinds.
    pub id: WebhookId,
    /// The form.
    pub form_id: FormId,
    /// Where to post.
    pub url: String,
    /// What is subscribed to.
    pub event: String,
    /// What it is sent.
    pub kind: SubscriptionKind,
}

/// What a subscription is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscriptionKind {
    /// The bare result: a [`Webhook`].
    Result {
        /// The word that is sent along.
        handshake_key: Option<String>,
    },
    /// The submission with the names of its fields: an [`Integration`].
    Integration {
        /// What it is signed with.
        secret: Option<String>,
        /// Headers to add.
        headers: Vec<(String, String)>,
    },
}
