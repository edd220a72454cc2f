//! A client of the server, as an integration would write it.
//!
//! Guarantees: every call ends, at the latest with the limit of a request or of an export.

use crate::dataset::{FORM, TOKEN};
use fillhouse_testkit::wait_until;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::runtime::Runtime;

/// How long a request may take.
const REQUEST_LIMIT: Duration = Duration::from_secs(30);
/// How long an export may take on a machine that runs many tests at once.
pub(crate) const EXPORT_LIMIT: Duration = Duration::from_mins(2);

/// A client with a token.
pub(crate) struct Client {
    /// The form that it exports.
    pub(crate) form: i64,
    runtime: Runtime,
    http: reqwest::Client,
    token: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// A file that was exported.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Exported {
    pub(crate) total: u64,
    /// Its opaque directory and its name.
    pub(crate) url: String,
}

impl Client {
    /// A client with the token of the data sets.
    pub(crate) fn new() -> Self {
        Self::with_token(TOKEN)
    }

    /// The same for another form.
    pub(crate) fn of_form(form: i64) -> Self {
        Self { form, ..Self::new() }
    }

    pub(crate) fn with_token(token: &str) -> Self {
        // The program itself speaks HTTPS, which makes every client of this build ask for this.
        rustls::crypto::ring::default_provider().install_default().ok();
        Self {
            form: FORM,
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            http: reqwest::Client::builder()
                .no_proxy()
                .tls_certs_only([])
                .timeout(REQUEST_LIMIT)
                .build()
                .unwrap(),
            token: token.to_owned(),
        }
    }

    /// Sends a request; the error says why there is no answer.
    pub(crate) fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<Answer, reqwest::Error> {
        let mut request = self.http.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.runtime.block_on(async {
            let answer = request.send().await?;
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            Ok(Answer { status, headers, body: answer.bytes().await?.to_vec() })
        })
    }

    /// Gets what is there for everyone.
    #[track_caller]
    pub(crate) fn get(&self, url: &str) -> Answer {
        self.send(Method::GET, url, &[], String::new()).unwrap()
    }

    /// The answer to a GET with the token.
    #[track_caller]
    pub(crate) fn get_with_token(&self, url: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.send(Method::GET, url, &[("authorization", bearer.as_str())], String::new()).unwrap()
    }

    /// Posts JSON with the token.
    pub(crate) fn post(&self, url: &str, body: &Value) -> Result<Answer, reqwest::Error> {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.send(Method::POST, url, &headers, body.to_string())
    }

    /// Asks for an export, and gives the task's id.
    #[track_caller]
    pub(crate) fn start_export(&self, server: &str, from: &str, to: &str) -> String {
        let request = json!({"id": self.form, "date_from": from, "date_to": to});
        let answer = self.post(&format!("{server}/api/v1.1/forms/fills"), &request).unwrap().json();
        assert_eq!(answer["error"], 0, "{answer}");
        answer["data"]["task_id"].as_str().unwrap().to_owned()
    }

    /// The status of a task.
    #[track_caller]
    pub(crate) fn status(&self, server: &str, task: &str) -> Value {
        let answer = self.post(&format!("{server}/api/v1.1/tasks/status"), &json!({"task_id": task}));
        let answer = answer.unwrap().json();
        assert_eq!(answer["error"], 0, "{answer}");
        answer["data"].clone()
    }

    /// Waits until a task is completed.
    #[track_caller]
    pub(crate) fn finish(&self, server: &str, task: &str) -> Exported {
        let result = wait_until("the export", EXPORT_LIMIT, || {
            let data = self.status(server, task);
            assert_ne!(data["status"], "failed", "{data}");
            (data["status"] == "completed").then(|| data["result"].clone())
        });
        let url = result["url"].as_str().unwrap().to_owned();
        Exported { total: result["total"].as_u64().unwrap(), url }
    }

    /// The bytes of a finished export.
    #[track_caller]
    pub(crate) fn download(&self, server: &str, exported: &Exported) -> Vec<u8> {
        let bearer = format!("Bearer {}", self.token);
        let url = format!("{server}/api/download/forms/{}", exported.url);
        let answer = self.send(Method::GET, &url, &[("authorization", &bearer)], String::new()).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.body
    }

    /// Exports a period and gives the file.
    #[track_caller]
    pub(crate) fn export(&self, server: &str, from: &str, to: &str) -> (Exported, Vec<u8>) {
        let exported = self.finish(server, &self.start_export(server, from, to));
        let bytes = self.download(server, &exported);
        (exported, bytes)
    }
}
