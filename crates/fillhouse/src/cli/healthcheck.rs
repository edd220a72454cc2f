//! `fillhouse healthcheck`: asks a running server whether it is ready.
//!
//! Must not know: what readiness is made of.

use crate::config::Config;
use crate::output;
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::time::Duration;

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(5);

/// The command.
#[derive(clap::Args)]
pub(crate) struct Healthcheck {
    #[expect(clippy::doc_markdown, reason = "the help shows it as it is")]
    /// The server, such as http://127.0.0.1:8080 [default: the address of the settings]
    #[arg(long)]
    url: Option<String>,
    /// Print the result as a JSON object
    #[arg(long)]
    json: bool,
}

impl Healthcheck {
    /// Asks, and fails where the server is not ready.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let base = self.url.unwrap_or_else(|| format!("http://{}", config.listen));
        let mut builder = reqwest::Client::builder().no_proxy().timeout(LIMIT);
        if !base.starts_with("https:") {
            // Or the system would have to have certificates to trust.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build()?;
        let answer = client
            .get(format!("{base}/readyz"))
            .send()
            .await
            .with_context(|| format!("no server answers at {base}"))?;
        let (status, body) = (answer.status(), answer.text().await?);
        if self.json {
            let parts: Value = serde_json::from_str(&body).unwrap_or_default();
            output::json(&json!({"url": base, "is_ready": status.is_success(), "parts": parts}))?;
        } else {
            output::line(body.trim())?;
        }
        if !status.is_success() {
            bail!("the server is not ready ({status})");
        }
        Ok(())
    }
}
