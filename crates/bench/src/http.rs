//! The least of HTTP that a measurement takes: requests over one connection, one after the other.
//!
//! Guarantees: it costs little beside what is measured.
//!
//! Must not know: what is asked. It speaks to our own server and to nothing else.

use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

/// A connection.
pub(crate) struct Connection {
    reader: BufReader<TcpStream>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// The name and the value of the cookie that it sets.
    pub(crate) cookie: Option<String>,
}

/// What is before the body of an answer.
struct Head {
    status: u16,
    length: usize,
    cookie: Option<String>,
}

impl Connection {
    /// Connects to `http://HOST:PORT`.
    pub(crate) fn open(url: &str) -> Result<Self> {
        let address = url.strip_prefix("http://").context("not http")?;
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { reader: BufReader::with_capacity(1 << 16, stream) })
    }

    /// Sends a whole request and reads the answer.
    pub(crate) fn send(&mut self, request: &[u8]) -> Result<Answer> {
        let Head { status, length, cookie } = self.ask(request)?;
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        Ok(Answer { status, body, cookie })
    }

    /// Sends a whole request, and reads no more of the answer than its head: how many bytes follow.
    pub(crate) fn head(&mut self, request: &[u8]) -> Result<usize> {
        let Head { status, length, .. } = self.ask(request)?;
        if status != 200 {
            bail!("the answer was {status}");
        }
        Ok(length)
    }

    /// Reads so many bytes and keeps none.
    pub(crate) fn pass_over(&mut self, length: usize) -> Result<()> {
        let passed = std::io::copy(&mut (&mut self.reader).take(length as u64), &mut std::io::sink())?;
        if passed != length as u64 {
            bail!("the body ended after {passed} of {length} bytes");
        }
        Ok(())
    }

    /// Sends a whole request.
    fn ask(&mut self, request: &[u8]) -> Result<Head> {
        self.reader.get_mut().write_all(request)?;
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status line")?;
        let (mut length, mut cookie) = (None, None);
        loop {
            line.clear();
            if self.reader.read_line(&mut line)? == 0 {
                bail!("the connection ended within the headers");
            }
            if line == "\r\n" {
                break;
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.trim().parse()?);
            } else if name.eq_ignore_ascii_case("set-cookie") {
                cookie = value.split(';').next().map(|pair| pair.trim().to_owned());
            }
        }
        // An answer without content does not say how long it is.
        let length = if status == 204 { Some(0) } else { length };
        Ok(Head { status, length: length.context("no content-length")?, cookie })
    }
}

/// The bytes of a POST of JSON.
pub(crate) fn post(path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The bytes of a GET.
pub(crate) fn get(path: &str, token: &str) -> Vec<u8> {
    bodiless("GET", path, token)
}

/// The bytes of a DELETE.
pub(crate) fn delete(path: &str, token: &str) -> Vec<u8> {
    bodiless("DELETE", path, token)
}

fn bodiless(method: &str, path: &str, token: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes()
}

/// The bytes of a GET of a browser with a cookie.
pub(crate) fn signed_in(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\ncookie: {cookie}\r\n\r\n").into_bytes()
}

/// The bytes of what a page's form sends from a browser.
pub(crate) fn send_form(path: &str, pairs: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{pairs}",
        pairs.len()
    )
    .into_bytes()
}
