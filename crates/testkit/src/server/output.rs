//! What a server prints, read as it comes.
//!
//! Guarantees that both of its pipes are read until they end, and that its lines are kept in the order they came.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// What comes before the address in the line that is waited for.
const LISTENING: &str = "listening on ";

/// After a server has ended its pipes end at once, unless a program that it started still holds them.
const END_LIMIT: Duration = Duration::from_secs(5);

/// The output of one server.
#[derive(Debug)]
pub(super) struct Output {
    text: Arc<Mutex<String>>,
    /// Addresses that the server said it listens on; it closes when both pipes have ended.
    urls: Receiver<String>,
}

impl Output {
    /// Starts to read what this process prints.
    pub(super) fn of(child: &mut Child) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let (sender, urls) = mpsc::channel();
        if let Some(pipe) = child.stdout.take() {
            read_on_a_thread(pipe, &text, sender.clone());
        }
        if let Some(pipe) = child.stderr.take() {
            read_on_a_thread(pipe, &text, sender);
        }
        Self { text, urls }
    }

    /// All that was printed so far.
    pub(super) fn text(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for the line that tells the address; the error says why it did not come.
    pub(super) fn wait_for_url(&self, limit: Duration) -> Result<String, String> {
        self.urls.recv_timeout(limit).map_err(|error| {
            let reason = match error {
                RecvTimeoutError::Timeout => format!("{limit:?} have passed"),
                RecvTimeoutError::Disconnected => "it ended".into(),
            };
            format!("{reason}, having said:\n{}", self.text())
        })
    }

    /// Waits until all that a process which has ended printed is in the text.
    pub(super) fn wait_for_end(&self) {
        let start = Instant::now();
        while self.urls.recv_timeout(END_LIMIT.saturating_sub(start.elapsed())).is_ok() {}
    }
}

fn read_on_a_thread(pipe: impl Read + Send + 'static, text: &Arc<Mutex<String>>, urls: Sender<String>) {
    let text = Arc::clone(text);
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let said = String::from_utf8_lossy(&line);
            text.lock().unwrap_or_else(PoisonError::into_inner).push_str(&said);
            if let Some(url) = said.trim_end().strip_prefix(LISTENING) {
                // Nobody waits for it a second time.
                let _ = urls.send(url.to_owned());
            }
            line.clear();
        }
    });
}
