//! A client of the API that things come from.
//!
//! Guarantees: it never asks faster than it is allowed to, and waits where it is told to.
//!
//! Must not know: what is asked for.

use crate::api::client;
use anyhow::{Context as _, Result, bail};
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long to wait where the limit was met and nothing says for how long: then a minute's limit is over.
const MINUTE: Duration = Duration::from_mins(1);
/// Who is to wait for longer comes back instead.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// How often a call is tried that another try may help, and the first pause; each is twice the one before.
const TRIES: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The client.
pub(crate) struct Web {
    http: reqwest::Client,
    base: String,
    token: String,
    /// What is told before the next call.
    pause: Option<Duration>,
}

/// An answer.
pub(crate) struct Fetched {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Fetched {
    /// The body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).context("the answer is not what this API answers")
    }

    /// The number in a header.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.headers.get(name)?.to_str().ok()?.trim().parse().ok()
    }
}

impl Web {
    /// A client of what is at `base`, with this token.
    pub(crate) fn new(base: &str, token: String) -> Result<Self> {
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self { http: client(&base)?, base, token, pause: None })
    }

    /// What is at a path. An error where it is not there, or not to be had.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Fetched> {
        let url = format!("{}{path}", self.base);
        self.fetch(&url, true).await?.with_context(|| format!("{url} is not there"))
    }

    /// A file; none where it is not there. The token is shown to the server that it is of alone.
    pub(crate) async fn file(&mut self, url: &str) -> Result<Option<Fetched>> {
        let is_theirs = url.strip_prefix(&self.base).is_some_and(|rest| rest.starts_with('/'));
        self.fetch(url, is_theirs).await
    }

    async fn fetch(&mut self, url: &str, with_token: bool) -> Result<Option<Fetched>> {
        let mut failures = 0;
        loop {
            if let Some(pause) = self.pause.take() {
                eprintln!("the server wants a pause of {} s", pause.as_secs());
                tokio::time::sleep(pause).await;
            }
            let request = self.http.get(url);
            let request = if with_token { request.bearer_auth(&self.token) } else { request };
            let answered = match request.send().await {
                Ok(answer) => {
                    let (status, headers) = (answer.status(), answer.headers().clone());
                    answer.bytes().await.map(|body| (status, headers, body.to_vec()))
                }
                Err(error) => Err(error),
            };
            let trouble = match answered {
                Ok((StatusCode::TOO_MANY_REQUESTS, headers, _)) => {
                    self.pause = Some(told_pause(&headers).unwrap_or(MINUTE));
                    if self.pause > Some(LONGEST_WAIT) {
                        bail!("the server takes no more calls for now; run this again later, and it goes on");
                    }
                    continue;
                }
                Ok((status, headers, body)) if status.is_success() => {
                    self.pause = used_up(&headers);
                    return Ok(Some(Fetched { headers, body }));
                }
                Ok((StatusCode::NOT_FOUND, ..)) => return Ok(None),
                Ok((status, _, body)) if status.is_client_error() => bail!(refusal(status, &body)),
                Ok((status, ..)) => format!("{url} answers {status}"),
                Err(error) => format!("{url} does not answer: {error}"),
            };
            failures += 1;
            if failures >= TRIES {
                bail!("{trouble}; run this again later, and it goes on");
            }
            tokio::time::sleep(FIRST_PAUSE * 2u32.pow(failures - 1)).await;
        }
    }
}

/// What to do about a refusal.
fn refusal(status: StatusCode, body: &[u8]) -> String {
    let said: String = String::from_utf8_lossy(body).chars().take(200).collect();
    let hint = match status {
        StatusCode::UNAUTHORIZED => "; is it the right token, and one of this server?",
        StatusCode::FORBIDDEN => "; may the token read forms and submissions?",
        _ => "",
    };
    format!("the server answers {status} {said}{hint}")
}

fn told_pause(headers: &HeaderMap) -> Option<Duration> {
    headers.get("retry-after")?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// How long until there are calls again, where the answer says that this was the last (`"minute";r=0;t=17`).
fn used_up(headers: &HeaderMap) -> Option<Duration> {
    let limits = headers.get("ratelimit")?.to_str().ok()?.to_owned();
    let pauses = limits.split(',').filter_map(|limit| {
        let part = |name: &str| {
            limit.split(';').find_map(|part| part.trim().strip_prefix(name)?.parse::<u64>().ok())
        };
        (part("r=")? == 0).then(|| part("t=")).flatten()
    });
    pauses.max().map(Duration::from_secs).filter(|pause| *pause <= LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_used_up_is_waited_for() {
        let headers = |text: &'static str| {
            HeaderMap::from_iter([("ratelimit".parse().unwrap(), text.parse().unwrap())])
        };
        let pause = |text| used_up(&headers(text));
        assert_eq!(pause(r#""minute";r=0;t=17, "day";r=900;t=86000"#), Some(Duration::from_secs(17)));
        assert_eq!(pause(r#""minute";r=1;t=17, "day";r=900;t=86000"#), None);
        assert_eq!(pause(r#""minute";r=3;t=17, "day";r=0;t=86000"#), None, "the refusal says what to do");
    }
}
