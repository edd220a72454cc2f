//! A finished file downloaded: until its first byte, and beside the same file served by nginx.
//!
//! Must not know: how either serves it.

use crate::http::{self, Connection};
use crate::report::median;
use anyhow::{Context as _, Result, ensure};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often nginx is asked whether it is there, with a pause in between.
const LOOKS: usize = 200;
const PAUSE: Duration = Duration::from_millis(25);

/// What was measured, the medians.
pub(crate) struct Downloads {
    pub(crate) first_byte: Duration,
    pub(crate) ours: Duration,
    pub(crate) nginx: Duration,
}

/// Downloads a file of ours, and the same bytes from nginx.
pub(crate) fn measure(
    (url, path, token): (&str, &str, &str),
    zip: &[u8],
    folder: &Path,
    runs: usize,
) -> Result<Downloads> {
    let served = folder.join("served");
    std::fs::create_dir_all(&served)?;
    std::fs::write(served.join("file.zip"), zip)?;
    let nginx = Nginx::start(folder, &served)?;
    let (mut first_bytes, mut ours, mut theirs) = (vec![], vec![], vec![]);
    for _ in 0..runs {
        let (first, whole) = timed(url, &http::get(path, token), zip.len())?;
        first_bytes.push(first);
        ours.push(whole);
        theirs.push(timed(&nginx.url, &http::get("/file.zip", token), zip.len())?.1);
    }
    Ok(Downloads { first_byte: median(first_bytes), ours: median(ours), nginx: median(theirs) })
}

/// The time until the head of the answer is there, and until all of it is.
fn timed(url: &str, request: &[u8], size_bytes: usize) -> Result<(Duration, Duration)> {
    let mut connection = Connection::open(url)?;
    let began = Instant::now();
    let length = connection.head(request)?;
    let first = began.elapsed();
    ensure!(length == size_bytes, "{length} bytes are not the file's {size_bytes}");
    connection.pass_over(length)?;
    Ok((first, began.elapsed()))
}

/// A server of one folder, stopped when it is dropped.
struct Nginx {
    url: String,
    process: Child,
}

impl Nginx {
    fn start(folder: &Path, served: &Path) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let (root, own) = (served.display(), folder.display());
        let settings = format!(
            "daemon off; error_log {own}/nginx.log; pid {own}/nginx.pid; user root; worker_processes 2; events {{}}
             http {{ access_log off; sendfile on; client_body_temp_path {own}; proxy_temp_path {own};
             fastcgi_temp_path {own}; uwsgi_temp_path {own}; scgi_temp_path {own};
             server {{ listen {address}; root {root}; }} }}"
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, settings)?;
        let process = Command::new("nginx")
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()
            .context("nginx does not start")?;
        let nginx = Self { url: format!("http://{address}"), process };
        for _ in 0..LOOKS {
            if TcpStream::connect(address).is_ok() {
                return Ok(nginx);
            }
            std::thread::sleep(PAUSE);
        }
        anyhow::bail!("nginx does not listen")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end with it when it is asked; it may have ended by itself.
        Command::new("kill").arg(self.process.id().to_string()).status().ok();
        self.process.wait().ok();
    }
}
