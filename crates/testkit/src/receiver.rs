//! A receiver of webhooks: a server on a loopback port that keeps what it is sent and answers as it is told.
//!
//! Guarantees that what was received is seen whole, in the order in which it came, and that its sockets are closed with its
//! value. It must not know what is sent.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How much a request may hold.
const MOST_BODY_BYTES: usize = 1 << 24;

/// The receiver.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

/// A request that it received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The method.
    pub method: String,
    /// The path, with the query.
    pub path: String,
    /// The headers: names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What it answers.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    is_silent: bool,
}

#[derive(Debug, Default)]
struct Shared {
    received: Vec<Received>,
    replies: HashMap<String, VecDeque<Reply>>,
    connections: Vec<TcpStream>,
    is_closed: bool,
}

impl Reply {
    /// An answer with this status, and an empty body.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new(), is_silent: false }
    }

    /// No answer at all, until the receiver is gone.
    pub fn silence() -> Self {
        Self { is_silent: true, ..Self::status(0) }
    }

    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a body.
    #[must_use]
    pub fn body(self, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self }
    }
}

impl Received {
    /// The value of a header, named in lower case; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Receiver {
    /// Starts one on a free port.
    ///
    /// # Panics
    ///
    /// When there is no free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback address has a free port");
        Self::at(listener)
    }

    fn at(listener: TcpListener) -> Self {
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::<Mutex<Shared>>::default();
        let of_thread = shared.clone();
        thread::spawn(move || {
            for connection in listener.incoming() {
                let Ok(connection) = connection else { continue };
                let Ok(held) = connection.try_clone() else { continue };
                {
                    let mut shared = locked(&of_thread);
                    if shared.is_closed {
                        return;
                    }
                    shared.connections.push(held);
                }
                let of_connection = of_thread.clone();
                thread::spawn(move || {
                    drop(serve(&connection, &of_connection));
                    // The other hold on it would keep it open; it fails where the other side has closed it already.
                    connection.shutdown(Shutdown::Both).ok();
                });
            }
        });
        Self { address, shared }
    }

    /// The URL of a path here.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers the next requests to a path like this, one after the other; all others are answered with 200.
    pub fn answer(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        self.shared().replies.entry(path.to_owned()).or_default().extend(replies);
    }

    /// What was received so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared().received.clone()
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        locked(&self.shared)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let mut shared = self.shared();
        shared.is_closed = true;
        for connection in shared.connections.drain(..) {
            // It fails where the other side has closed it already.
            connection.shutdown(Shutdown::Both).ok();
        }
        drop(shared);
        // The listener sees that it is to end when somebody comes.
        TcpStream::connect(self.address).ok();
    }
}

fn locked(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves a connection until the other side has had enough.
fn serve(connection: &TcpStream, shared: &Mutex<Shared>) -> std::io::Result<()> {
    let mut reader = BufReader::new(connection);
    while let Some(request) = read_request(&mut reader)? {
        let reply = {
            let mut shared = locked(shared);
            let reply = shared.replies.get_mut(&request.path).and_then(VecDeque::pop_front);
            shared.received.push(request);
            reply.unwrap_or_else(|| Reply::status(200))
        };
        if reply.is_silent {
            continue;
        }
        let mut lines = vec![format!("HTTP/1.1 {} Scripted", reply.status)];
        lines.push(format!("Content-Length: {}", reply.body.len()));
        lines.extend(reply.headers.iter().map(|(name, value)| format!("{name}: {value}")));
        lines.extend([String::new(), reply.body]);
        (&mut &*connection).write_all(lines.join("\r\n").as_bytes())?;
    }
    Ok(())
}

/// The next request; none where the connection ends, or goes on with what is none.
fn read_request(reader: &mut BufReader<&TcpStream>) -> std::io::Result<Option<Received>> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return Ok(None) };
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let size_bytes: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; size_bytes.min(MOST_BODY_BYTES)];
    reader.read_exact(&mut body)?;
    Ok(Some(Received { method, path, headers, body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(receiver: &Receiver, path: &str, body: &str) -> String {
        let mut connection = TcpStream::connect(receiver.address).unwrap();
        let size_bytes = body.len();
        let request =
            format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size_bytes}\r\n\r\n{body}");
        connection.write_all(request.as_bytes()).unwrap();
        connection.shutdown(Shutdown::Write).unwrap();
        connection.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn it_keeps_what_it_receives_and_answers_as_it_is_told() {
        let receiver = Receiver::start();
        receiver.answer("/a", [Reply::status(503).header("Retry-After", "7").body("busy")]);
        let busy = "HTTP/1.1 503 Scripted\r\nContent-Length: 4\r\nRetry-After: 7\r\n\r\nbusy";
        assert_eq!(post(&receiver, "/a", "one"), busy);
        let fine = "HTTP/1.1 200 Scripted\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(post(&receiver, "/b", "two"), fine);
        assert_eq!(post(&receiver, "/a", "three"), fine);
        let requests = receiver.received();
        let texts: Vec<String> = requests.iter().map(Received::text).collect();
        assert_eq!(texts, ["one", "two", "three"]);
        assert_eq!((requests[0].method.as_str(), requests[0].header("host")), ("POST", "x"));
    }
}
