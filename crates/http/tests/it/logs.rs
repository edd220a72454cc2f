//! What the log says of requests, and what it must not.

use crate::house::{ALL, APRIL, FILLS, House, READ, STATUS};
use std::cell::RefCell;
use std::io::Write;
use std::sync::{Arc, Mutex, Once};
use tracing::Level;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

thread_local! {
    /// Who listens on this thread, and to what.
    static LISTENER: RefCell<Option<(Log, Level)>> = const { RefCell::new(None) };
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines of one message, as objects.
    fn lines(&self, message: &str) -> Vec<serde_json::Value> {
        let text = self.text();
        let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.filter(|line| line["fields"]["message"] == message).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes to the log of whoever listens on this thread.
struct Listeners;

impl MakeWriter<'_> for Listeners {
    type Writer = Log;

    fn make_writer(&self) -> Log {
        LISTENER.with_borrow(|listener| listener.as_ref().map(|(log, _)| log.clone()).unwrap_or_default())
    }
}

/// Stops listening when it is dropped.
struct Listening;

impl Drop for Listening {
    fn drop(&mut self) {
        LISTENER.take();
    }
}

/// Listens to this thread, which all of a test runs on. There is one subscriber for all tests: with one for each, what
/// a test on another thread sees first may be taken to be of no interest to any.
fn listen(level: Level) -> (Log, Listening) {
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        let is_listened_to = dynamic_filter_fn(|event, _| {
            LISTENER
                .with_borrow(|listener| listener.as_ref().is_some_and(|(_, level)| event.level() <= level))
        });
        let lines = tracing_subscriber::fmt::layer().json().with_writer(Listeners);
        tracing_subscriber::registry().with(lines.with_filter(is_listened_to)).init();
    });
    let log = Log::default();
    LISTENER.set(Some((log.clone(), level)));
    (log, Listening)
}

#[tokio::test]
async fn a_request_leaves_one_line() {
    let house = House::idle().await;
    let (log, _guard) = listen(Level::INFO);
    let answer = house.post(FILLS).token(READ).header("x-request-id", "mine").json(APRIL).await;
    let lines = log.lines("a request was answered");
    assert_eq!(lines.len(), 1, "{}", log.text());
    let (line, fields) = (&lines[0], &lines[0]["fields"]);
    assert_eq!((line["level"].as_str(), fields["request_id"].as_str()), (Some("INFO"), Some("mine")));
    assert_eq!((fields["method"].as_str(), fields["route"].as_str()), (Some("POST"), Some(FILLS)));
    assert_eq!(
        (fields["status"].as_u64(), fields["bytes"].as_u64()),
        (Some(200), Some(answer.body.len() as u64))
    );
    assert!(fields["milliseconds"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn nothing_secret_is_logged() {
    let house = House::new().await;
    let (log, _guard) = listen(Level::TRACE);
    let file = house.file().await;
    let opaque = file.split('/').nth(4).unwrap();
    let query = "forwarded-and-secret";
    for ask in [
        house.get(&file).token(READ),
        house.get(&format!("{file}?token={READ}")),
        house.get(&format!("{file}?token={READ}&token={ALL}&q={query}")),
        house.get(&format!("{file}x?token={query}")),
        house.get(&format!("/v1/{query}?q={query}")),
        house.get(&format!("/{query}?q={query}")),
        house.post(&format!("{FILLS}?token={query}&q={query}")).json(APRIL),
        house.post(FILLS).json(&APRIL.replace('{', &format!("{{\"token\":[\"{query}\"],"))),
        house.post(FILLS).json(&APRIL.replace('{', &format!("{{\"token\":\"{READ}\","))),
        house.post(STATUS).token(READ).json(&format!("{{\"{query}\":")),
    ] {
        ask.await;
    }
    let text = log.text();
    assert!(log.lines("a request was answered").len() >= 10, "{text}");
    for secret in [READ, ALL, opaque, query] {
        assert!(!text.contains(secret), "{secret} is in the log:\n{text}");
    }
}

#[tokio::test]
async fn what_went_wrong_is_in_the_log_and_not_in_the_answer() {
    let house = House::idle().await;
    let (log, _guard) = listen(Level::DEBUG);
    house.post(FILLS).token(READ).json("{}").await;
    let refused = log.lines("a request was refused");
    assert_eq!(refused[0]["fields"]["cause"], "id: is missing, and so is shortname");
    assert_eq!(refused[0]["level"], "DEBUG");

    // A database that nobody has put tables into.
    let house = House::bare().await;
    let answer = house.post(FILLS).token(READ).json(APRIL).await;
    assert_eq!(answer.status.as_u16(), 503, "{}", answer.text());
    assert_eq!(answer.text(), r#"{"error":503,"error_text":"the database does not answer just now"}"#);
    assert_eq!(answer.header("retry-after"), "5");
    let lines = log.lines("a request was answered");
    let line = lines.last().unwrap();
    let cause = line["fields"]["cause"].as_str().unwrap();
    assert_eq!(line["level"], "ERROR");
    assert!(cause.starts_with("the database does not answer just now: the database failed: "), "{cause}");
}

#[tokio::test]
async fn a_file_that_breaks_off_is_logged() {
    let house = House::new().await;
    let file = house.file().await;
    let (log, _guard) = listen(Level::INFO);
    std::fs::remove_dir_all(house.folder.path().join("blobs")).unwrap();
    let request = axum::http::Request::get(&file).header("authorization", format!("Bearer {READ}"));
    let request = request.body(axum::body::Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(house.router.clone(), request).await.unwrap();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    assert!(body.is_err(), "a file that is not whole does not end as if it were");
    let lines = log.lines("a request was answered");
    assert_eq!((lines.len(), lines[0]["level"].as_str()), (1, Some("ERROR")), "{}", log.text());
    assert!(
        lines[0]["fields"]["cause"].as_str().unwrap().contains("the blob store failed"),
        "{}",
        log.text()
    );
}
