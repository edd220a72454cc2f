//! The demo's client: the three steps of an export, through the v1.1 API.
//!
//! Must not know: the engine; it knows a URL and a token.

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::time::Duration;

/// How long the client waits between two looks at the status.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often it looks before it gives up: a sample's export takes a second.
const MOST_LOOKS: u32 = 6_000;

pub(super) struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Client {
    pub(super) fn new(base: String, token: String) -> Result<Self> {
        // The server is our own, without TLS, so that the system need not have certificates to trust.
        Ok(Self { http: reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?, base, token })
    }

    /// Asks for an export and gives its task's id.
    pub(super) async fn start(&self, from: &str, to: &str) -> Result<String> {
        let request = json!({"id": super::sample::FORM, "date_from": from, "date_to": to});
        let answer = self.post("forms/fills", &request).await?;
        Ok(answer["data"]["task_id"].as_str().context("no task_id was answered")?.to_owned())
    }

    /// Waits for a task to complete; gives the number of its rows and the file's URL.
    pub(super) async fn finish(&self, task: &str, mut on_percent: impl FnMut(u64)) -> Result<(u64, String)> {
        for _ in 0..MOST_LOOKS {
            let answer = self.post("tasks/status", &json!({"task_id": task})).await?;
            let data = &answer["data"];
            on_percent(data["progress"].as_u64().unwrap_or(0));
            match data["status"].as_str() {
                Some("completed") => {
                    let url = data["result"]["url"].as_str().context("no url was answered")?;
                    return Ok((data["result"]["total"].as_u64().unwrap_or(0), url.to_owned()));
                }
                Some("failed") => bail!("the export failed: {}", data["result"]["errors"]),
                _ => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
        bail!("the export takes too long")
    }

    /// The bytes of the file.
    pub(super) async fn download(&self, url: &str) -> Result<Vec<u8>> {
        let url = format!("{}/api/download/forms/{url}", self.base);
        let answer = self.http.get(url).bearer_auth(&self.token).send().await?.error_for_status()?;
        Ok(answer.bytes().await?.to_vec())
    }

    async fn post(&self, method: &str, request: &Value) -> Result<Value> {
        let url = format!("{}/api/v1.1/{method}", self.base);
        let answer: Value =
            self.http.post(url).bearer_auth(&self.token).json(request).send().await?.json().await?;
        if answer["error"] != 0 {
            bail!("{method} answered: {}", answer["error_text"]);
        }
        Ok(answer)
    }
}
