//! A line that breaks: it passes on what a server says, so many bytes a connection, and then hangs up.
//!
//! Guarantees: it listens at the loopback address only, and hangs up for good with its value.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

/// A line to a server.
pub(crate) struct Cutter {
    url: String,
    shared: Arc<Shared>,
}

struct Shared {
    server: String,
    bytes_each: u64,
    connections: AtomicU64,
    passed_bytes: AtomicU64,
    is_over: AtomicBool,
}

impl Cutter {
    /// A line to the server at `url` that breaks after this many bytes of each connection.
    pub(crate) fn to(url: &str, bytes_each: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let shared = Arc::new(Shared {
            server: url.strip_prefix("http://").unwrap().to_owned(),
            bytes_each,
            connections: AtomicU64::new(0),
            passed_bytes: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
        });
        let cutter =
            Self { url: format!("http://{}", listener.local_addr().unwrap()), shared: shared.clone() };
        thread::spawn(move || {
            for client in listener.incoming() {
                if shared.is_over.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(client), shared) = (client, shared.clone()) else { continue };
                thread::spawn(move || shared.pass(&client).unwrap_or_default());
            }
        });
        cutter
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// How often somebody has connected.
    pub(crate) fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// How many bytes of the server's were passed on.
    pub(crate) fn passed_bytes(&self) -> u64 {
        self.shared.passed_bytes.load(Ordering::Relaxed)
    }
}

impl Drop for Cutter {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        // So that the thread looks up.
        TcpStream::connect(self.url.strip_prefix("http://").unwrap()).ok();
    }
}

impl Shared {
    fn pass(&self, client: &TcpStream) -> std::io::Result<()> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        let server = TcpStream::connect(&self.server)?;
        let (mut asks, mut asked) = (client.try_clone()?, server.try_clone()?);
        thread::spawn(move || {
            std::io::copy(&mut asks, &mut asked).ok();
            asked.shutdown(Shutdown::Both).ok();
        });
        let (mut left, mut buffer) = (self.bytes_each, [0; 4096]);
        let passed = loop {
            let room = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            match (&server).read(&mut buffer[..room]) {
                Ok(0) | Err(_) => break Ok(()),
                Ok(read) => {
                    self.passed_bytes.fetch_add(read as u64, Ordering::Relaxed);
                    left -= read as u64;
                    if let Err(error) = (&mut &*client).write_all(&buffer[..read]) {
                        break Err(error);
                    }
                }
            }
        };
        client.shutdown(Shutdown::Both).ok();
        server.shutdown(Shutdown::Both).ok();
        passed
    }
}
