//! The server: whether it runs, is ready, and is reached where it says that it is.
//!
//! Must not know: what readiness is made of.

use super::Finding;
use crate::api::client;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::instance;
use axum::http::HeaderMap;
use fillhouse_model::Clock as _;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(10);
/// By how many seconds two clocks may differ.
const SKEW_SECONDS: i64 = 60;

pub(super) async fn findings(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    if instance::is_taken(&config.data_dir) {
        // Whoever has any port has said its number on a line of its own, and nowhere else.
        if config.listen.port() != 0 {
            findings.push(readiness(&format!("http://{}", config.listen)).await);
        }
    } else {
        let to_do = "fillhouse serve, or systemctl start fillhouse: until then exports and deliveries wait";
        findings.push(Finding::warning("server", "none runs on this data folder", to_do));
    }
    if let Some(url) = &config.public_url {
        findings.extend(public(url).await);
    }
    findings
}

async fn readiness(base: &str) -> Finding {
    let to_do =
        "see its log (journalctl -u fillhouse), and --listen, which this must be given like the server";
    match get(&format!("{base}/readyz")).await {
        Ok((200, ..)) => Finding::ok("server", format!("is ready at {base}, its worker included")),
        Ok((status, _, text)) => {
            Finding::error("server", format!("{base} answers {status}: {}", text.trim()), to_do)
        }
        Err(error) => Finding::error("server", format!("{base} does not answer: {error}"), to_do),
    }
}

async fn public(url: &str) -> Vec<Finding> {
    let to_do = "see that the name leads here, that the proxy passes requests on, and that --public-url is what others use";
    let headers = match get(&format!("{url}/healthz")).await {
        Ok((200, headers, _)) => headers,
        Ok((status, ..)) => {
            return vec![Finding::error("public URL", format!("{url} answers {status}"), to_do)];
        }
        Err(error) => {
            return vec![Finding::error("public URL", format!("{url} does not answer: {error}"), to_do)];
        }
    };
    let mut findings = vec![if url.starts_with("https:") {
        Finding::ok("public URL", format!("{url} leads to a server"))
    } else {
        let to_do = "put a proxy with a certificate in front: tokens and answers go over this line";
        Finding::warning("public URL", format!("{url} leads to a server, but is not encrypted"), to_do)
    }];
    if let Some(theirs) = date(&headers) {
        let skew = (SystemClock.now().micros() / 1_000_000 - theirs).abs();
        if skew > SKEW_SECONDS {
            let to_do = "set both by NTP: timedatectl set-ntp true";
            findings.push(Finding::warning(
                "server's clock",
                format!("is {skew} s from this machine's"),
                to_do,
            ));
        }
    }
    findings
}

fn date(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get("date")?.to_str().ok()?;
    Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second())
}

async fn get(url: &str) -> Result<(u16, HeaderMap, String), String> {
    let asked = async {
        let http = client(url).map_err(|error| error.to_string())?;
        let answer = http.get(url).send().await.map_err(|error| error.to_string())?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok((status, headers, answer.text().await.map_err(|error| error.to_string())?))
    };
    tokio::time::timeout(LIMIT, asked).await.unwrap_or_else(|_| Err("it takes too long".to_owned()))
}
