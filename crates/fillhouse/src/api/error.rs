//! What goes wrong with a request, in words that say what to do next.
//!
//! Must not know: what was asked for.

use super::Reply;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// A server that asks for more patience than this is not waited for.
const LONGEST_PAUSE: Duration = Duration::from_mins(2);

/// A request that came to nothing.
#[derive(Debug)]
pub(crate) struct ApiError {
    message: String,
    /// Whether another try may help.
    pub(crate) may_pass: bool,
    /// When to try again, where the server has said so.
    pub(crate) retry_after: Option<Duration>,
}

impl ApiError {
    /// One that stays, whatever is done.
    pub(crate) fn last(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), may_pass: false, retry_after: None }
    }

    /// One that may pass.
    pub(crate) fn passing(message: impl fmt::Display) -> Self {
        Self { may_pass: true, ..Self::last(message) }
    }

    /// There was no answer.
    pub(super) fn unreachable(base: &str, error: &reqwest::Error) -> Self {
        let mut causes = String::new();
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            causes = format!(": {cause}");
            source = cause.source();
        }
        let message = if error.is_connect() {
            format!("no server answers at {base}{causes}; is it running, and is the address right?")
        } else {
            format!("the answer of {base} broke off{causes}")
        };
        Self { may_pass: !error.is_builder(), ..Self::last(message) }
    }

    /// The server says no.
    pub(crate) async fn refused(reply: Reply) -> Self {
        let status = reply.status;
        let retry_after = reply
            .headers
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.trim().parse().ok())
            .map(Duration::from_secs);
        let text = reply.text().await.unwrap_or_default();
        let may_pass = matches!(
            status,
            StatusCode::REQUEST_TIMEOUT
                | StatusCode::TOO_MANY_REQUESTS
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT
        ) && retry_after.is_none_or(|pause| pause <= LONGEST_PAUSE);
        let hint = match status {
            StatusCode::UNAUTHORIZED => {
                "; `fillhouse token create --account …`, where the server runs, makes a token"
            }
            StatusCode::FORBIDDEN => "; `fillhouse token create --ability …` makes a token that may",
            _ => "",
        };
        Self { message: format!("{}{hint}", said(status, &text)), may_pass, retry_after }
    }
}

/// What a problem says, with the fields that are at fault; or the answer's beginning, where it is no problem.
fn said(status: StatusCode, text: &str) -> String {
    let problem: Value = serde_json::from_str(text).unwrap_or_default();
    let Some(detail) = problem["detail"].as_str() else {
        let beginning: String = text.trim().chars().take(200).collect();
        return format!("the server answered {status} {beginning}").trim_end().to_owned();
    };
    let faults = problem["errors"].as_array().into_iter().flatten().map(|fault| {
        let text = |key: &str| fault[key].as_str().unwrap_or_default().to_owned();
        format!("\n  {} {}", text("field"), text("message"))
    });
    format!("{detail}{}", faults.collect::<String>())
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_with_its_fields() {
        let text = r#"{"detail":"it is not valid","errors":[{"field":"from","message":"is no day"}]}"#;
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        assert_eq!(said(status, text), "it is not valid\n  from is no day");
        assert_eq!(said(StatusCode::BAD_GATEWAY, "<html>"), "the server answered 502 Bad Gateway <html>");
    }
}
