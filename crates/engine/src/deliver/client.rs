//! Posting a delivery to its receiver.
//!
//! Guarantees: an attempt ends in time; no redirect is followed and no proxy used; nothing is sent past the guard; of the
//! response no more than its beginning is read.
//!
//! Must not know: what an answer makes of the delivery.

use super::DeliverySettings;
use super::guard::Guard;
use super::outbox::TEST;
use crate::random::hex;
use crate::{Error, Result};
use fillhouse_model::{Fault, Subscription, SubscriptionKind};
use fillhouse_store::Delivery;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ipnet::IpNet;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Response, Url, redirect};
use sha2::Sha256;
use std::time::Duration;

const USER_AGENT: &str = concat!("Fillhouse/", env!("CARGO_PKG_VERSION"));
/// How long a URL may be.
const MOST_URL_BYTES: usize = 2_000;
/// How long an attempt may take, from the name's being resolved to the response's beginning.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(15);
/// How long a part of an upload may take.
const UPLOAD_LIMIT: Duration = Duration::from_mins(5);
/// How much of a response is read.
const MOST_RESPONSE_BYTES: usize = 2_048;
/// How much is said of why an attempt failed.
const MOST_ERROR_CHARS: usize = 300;
/// The header with the delivery's id, which is the same in every attempt.
const DELIVERY_ID: HeaderName = HeaderName::from_static("webhook-id");
/// The header that says of a delivery that it is a test.
const IS_TEST: HeaderName = HeaderName::from_static("webhook-test");
const SIGNATURE: HeaderName = HeaderName::from_static("x-webhook-signature");

/// What posts deliveries.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    guard: Guard,
}

/// What is posted, and where to.
#[derive(Clone, Copy)]
pub(crate) struct Message<'a> {
    pub(crate) url: &'a str,
    /// Its id, which is the same in every attempt.
    pub(crate) id: &'a str,
    pub(crate) media_type: &'a str,
    pub(crate) body: &'a [u8],
    /// Headers that the receiver wants besides ours.
    pub(crate) headers: &'a [(String, String)],
    /// What it is signed with.
    pub(crate) secret: Option<&'a str>,
    /// Whether it only tries out whether it arrives.
    pub(crate) is_test: bool,
}

/// What came of a post.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status of the response; none where there was none.
    pub(crate) status: Option<u16>,
    /// Why there was no response.
    pub(crate) error: Option<String>,
    /// What its `Retry-After` says.
    pub(crate) retry_after: Option<String>,
    /// Its beginning.
    pub(crate) body: Option<String>,
}

impl<'a> Message<'a> {
    /// A delivery to a subscription.
    pub(super) fn of(subscription: &'a Subscription, delivery: &'a Delivery) -> Self {
        let (headers, secret) = match &subscription.kind {
            SubscriptionKind::Integration { secret, headers } => (headers.as_slice(), secret.as_deref()),
            SubscriptionKind::Result { .. } => (&[][..], None),
        };
        let Delivery { id, media_type, body, event, .. } = delivery;
        Self { url: &subscription.url, id, media_type, body, headers, secret, is_test: event == TEST }
    }
}

impl Client {
    /// A client that may also call these addresses.
    ///
    /// # Errors
    /// It cannot be set up.
    pub(crate) fn new(allowed: &[IpNet]) -> Result<Self> {
        // Whoever came first has installed the same one.
        rustls::crypto::ring::default_provider().install_default().ok();
        let guard = Guard::new(allowed);
        let http = builder(&guard).build().or_else(|error| {
            tracing::warn!(%error, "the system has no certificates to trust, so nothing is delivered over https");
            builder(&guard).tls_certs_only([]).build()
        });
        Ok(Self { http: http.map_err(Error::internal)?, guard })
    }

    /// A client for uploads past the same guard, to the server at this address, or elsewhere on the public network.
    ///
    /// # Errors
    /// Nothing may be sent there.
    pub(crate) fn for_uploads(allowed: &[IpNet], endpoint: Option<&str>) -> Result<reqwest::Client, String> {
        rustls::crypto::ring::default_provider().install_default().ok();
        let guard = Guard::new(allowed);
        if let Some(endpoint) = endpoint {
            let url: Url = endpoint.parse().map_err(|error| format!("the URL is none: {error}"))?;
            guard.check(&url)?;
        }
        let built = builder(&guard).timeout(UPLOAD_LIMIT).build();
        let built = built.or_else(|_| builder(&guard).timeout(UPLOAD_LIMIT).tls_certs_only([]).build());
        built.map_err(|error| with_causes(&error))
    }

    /// Posts a message.
    pub(crate) async fn post(&self, message: &Message<'_>) -> Answer {
        match self.try_post(message).await {
            Ok(response) => Answer {
                status: Some(response.status().as_u16()),
                error: None,
                retry_after: text(response.headers(), &RETRY_AFTER),
                body: Some(beginning(response).await),
            },
            Err(error) => {
                let error = Some(error.chars().take(MOST_ERROR_CHARS).collect());
                Answer { status: None, error, retry_after: None, body: None }
            }
        }
    }

    async fn try_post(&self, message: &Message<'_>) -> Result<Response, String> {
        let url: Url = message.url.parse().map_err(|error| format!("the URL is none: {error}"))?;
        self.guard.check(&url)?;
        let request = self.http.post(url).headers(headers(message)).body(message.body.to_vec());
        request.send().await.map_err(|error| with_causes(&error.without_url()))
    }
}

/// Whether a subscription may have this URL, as far as the URL itself tells.
///
/// # Errors
/// It is no address of the web, or leads to where nothing may be delivered.
pub(crate) fn check_url(field: &str, url: &str, settings: &DeliverySettings) -> Result<(), Fault> {
    if url.is_empty() {
        return Err(Fault::new(field, "is missing"));
    }
    if url.len() > MOST_URL_BYTES {
        return Err(Fault::new(field, format!("is longer than {MOST_URL_BYTES} bytes")));
    }
    let parsed = url.parse().ok().filter(|url: &Url| ["http", "https"].contains(&url.scheme()));
    // The parser passes over what is around a URL and between its parts; who it is stored for may not.
    let is_plain = !url.contains(|c: char| c.is_control() || c.is_whitespace());
    match parsed {
        Some(parsed) if is_plain && url[parsed.scheme().len()..].starts_with("://") => {
            Guard::new(&settings.allowed).check(&parsed).map_err(|message| Fault::new(field, message))
        }
        _ => Err(Fault::new(field, "is not an http or https URL")),
    }
}

fn builder(guard: &Guard) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .dns_resolver(guard.clone())
        .timeout(ATTEMPT_LIMIT)
}

/// The headers of a message: the receiver's own first, so that they cannot take the place of ours.
fn headers(message: &Message<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in message.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
            headers.insert(name, value);
        }
    }
    if message.is_test {
        headers.insert(IS_TEST, HeaderValue::from_static("true"));
    }
    if let Some(secret) = message.secret {
        let signature = format!("sha256={}", hmac_sha256(secret.as_bytes(), message.body));
        headers.extend(signature.parse().ok().map(|value: HeaderValue| (SIGNATURE, value)));
    }
    headers.extend(message.media_type.parse().ok().map(|value: HeaderValue| (CONTENT_TYPE, value)));
    headers.extend(message.id.parse().ok().map(|value: HeaderValue| (DELIVERY_ID, value)));
    headers
}

fn hmac_sha256(secret: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key may have any length");
    mac.update(body);
    hex(&mac.finalize().into_bytes())
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The beginning of a response, as far as it comes in time; what is no text in it is replaced.
async fn beginning(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < MOST_RESPONSE_BYTES
        && let Ok(Some(piece)) = response.chunk().await
    {
        bytes.extend_from_slice(&piece);
    }
    bytes.truncate(MOST_RESPONSE_BYTES);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An error with its causes: reqwest's own text says only which step failed.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second case of RFC 4231.
    #[test]
    fn a_signature_is_that_of_the_standard() {
        let signature = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(signature, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
