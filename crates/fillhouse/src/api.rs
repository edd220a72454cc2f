//! The native API, as commands ask it: of a server, or of a data folder through the same routes in this very process.
//!
//! Guarantees: a command does the same either way; what goes wrong says whether another try may help, and what to do
//! about it else.
//!
//! Must not know: what is asked.

mod error;
mod reply;

use crate::config::{Config, secret};
use crate::wiring::{self, with_source};
use anyhow::{Context as _, Result, bail};
use axum::body::Body;
use axum::http::{Method, Request};
pub(crate) use error::ApiError;
use fillhouse_engine::Caller;
pub(crate) use reply::Reply;
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;
use tower::ServiceExt as _;

/// How long a connection may take to come about, and an answer to go on.
const CONNECT_LIMIT: Duration = Duration::from_secs(15);
const SILENCE_LIMIT: Duration = Duration::from_secs(90);
/// How often a request is tried that another try may help, and how long the first pause is; each is twice the one before.
const TRIES: u32 = 7;
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// Which server is asked, if any.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Where")]
pub(crate) struct At {
    /// A server to ask, such as `https://forms.example.com` [default: none; the store itself, as the settings say]
    #[arg(long, env = "FILLHOUSE_SERVER", value_name = "URL")]
    server: Option<String>,
    /// A token of that server, with the ability forms-read
    #[arg(long, env = "FILLHOUSE_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// A file that holds the token
    #[arg(long, env = "FILLHOUSE_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
}

/// Who is asked.
pub(crate) struct Api {
    to: To,
    patience: Patience,
}

enum To {
    /// A server.
    Server { http: reqwest::Client, base: String, token: String },
    /// The routes of this program, on a store.
    Folder { router: axum::Router, caller: Box<Caller> },
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

impl Ask {
    /// What is at a path.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), headers: Vec::new(), body: None }
    }

    /// Something to be done.
    pub(crate) fn post(path: impl Into<String>, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { method: Method::POST, path: path.into(), headers, body: Some(body.to_string()) }
    }

    /// The same with a header.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl Api {
    /// Whoever is to be asked about a form. Where that is a store, its jobs are done by this process, too.
    pub(crate) async fn about_form(at: At, config: &Config, form: &str) -> Result<Self> {
        let token = secret("token", at.token, at.token_file)?;
        let Some(server) = at.server else {
            let engine =
                wiring::open_existing(config).await.context("without --server, the data folder is read")?;
            let account = engine.account_of_form(form).await.map_err(with_source)?;
            let caller = Box::new(engine.operator(account).await.map_err(with_source)?);
            let working = engine.clone();
            // It ends with the process, and whatever it is at is another's, or this one's, after its lease.
            tokio::spawn(async move { working.do_jobs(std::future::pending()).await });
            let to = To::Folder { router: fillhouse_http::router(engine, String::new), caller };
            return Ok(Self { to, patience: Patience::default() });
        };
        let Some(token) = token else {
            bail!("{server} wants a token: give it with --token, --token-file or FILLHOUSE_TOKEN");
        };
        let base = server.trim_end_matches('/').to_owned();
        let to = To::Server { http: client(&base)?, base, token };
        Ok(Self { to, patience: Patience::default() })
    }

    /// The same, which never gives up what another try may help.
    pub(crate) fn for_good(self) -> Self {
        Self { patience: Patience { is_endless: true, ..self.patience }, ..self }
    }

    /// How often something that is asked here may be tried.
    pub(crate) fn patience(&self) -> Patience {
        self.patience.clone()
    }

    /// Asks, and gives the answer whatever it is.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Reply, ApiError> {
        match &self.to {
            To::Server { http, base, token } => {
                let mut request =
                    http.request(ask.method.clone(), format!("{base}{}", ask.path)).bearer_auth(token);
                for (name, value) in &ask.headers {
                    request = request.header(*name, value);
                }
                let sent = request.body(ask.body.clone().unwrap_or_default()).send().await;
                Ok(Reply::from_server(sent.map_err(|error| ApiError::unreachable(base, &error))?))
            }
            To::Folder { router, caller } => {
                let mut request = Request::builder().method(ask.method.clone()).uri(&ask.path);
                for (name, value) in &ask.headers {
                    request = request.header(*name, value);
                }
                let body = Body::from(ask.body.clone().unwrap_or_default());
                let mut request = request.body(body).map_err(ApiError::last)?;
                request.extensions_mut().insert(Caller::clone(caller));
                let answered = router.clone().oneshot(request).await;
                Ok(Reply::from_routes(answered.map_err(ApiError::last)?))
            }
        }
    }

    /// Asks, and gives the answer where it is a good one.
    pub(crate) async fn ask(&self, ask: &Ask) -> Result<Reply, ApiError> {
        let reply = self.send(ask).await?;
        if reply.status.is_success() { Ok(reply) } else { Err(ApiError::refused(reply).await) }
    }

    /// Asks for JSON until there is an answer, as long as another try may help. What is asked must bear being asked twice.
    pub(crate) async fn json(&self, ask: &Ask) -> Result<Value, ApiError> {
        let mut patience = self.patience();
        loop {
            let answered = match self.ask(ask).await {
                Ok(reply) => reply.json().await,
                Err(error) => Err(error),
            };
            match answered {
                Ok(answer) => return Ok(answer),
                Err(error) => patience.wait_after(error).await?,
            }
        }
    }
}

/// How often something may still be tried.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patience {
    failures: u32,
    is_endless: bool,
}

impl Patience {
    /// Waits until it may be tried again; gives the error back where that is of no use, or has been done too often.
    pub(crate) async fn wait_after(&mut self, error: ApiError) -> Result<(), ApiError> {
        self.failures += 1;
        if !error.may_pass || (self.failures >= TRIES && !self.is_endless) {
            return Err(error);
        }
        let pause = FIRST_PAUSE * 2u32.pow(self.failures.min(TRIES) - 1);
        tokio::time::sleep(error.retry_after.unwrap_or(pause)).await;
        Ok(())
    }

    /// It went on: what comes next is a new trouble.
    pub(crate) fn renew(&mut self) {
        self.failures = 0;
    }
}

/// A client for a server.
pub(crate) fn client(base: &str) -> Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder().connect_timeout(CONNECT_LIMIT).read_timeout(SILENCE_LIMIT);
    let url = reqwest::Url::parse(base)?;
    if url.scheme() == "http" {
        // Or the system would have to have certificates to trust.
        builder = builder.tls_certs_only([]);
    }
    if matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")) {
        builder = builder.no_proxy();
    }
    Ok(builder.build()?)
}
