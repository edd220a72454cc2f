//! A body that never changes, served as everything of ours is: what an answer costs that nobody has to make.
//!
//! Must not know: what it is compared with.

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Serves a body of this many bytes at every path, for as long as this process lives, and gives the address.
pub(crate) fn serve(bytes: usize) -> Result<String> {
    let body = Bytes::from(vec![b'x'; bytes]);
    let router = Router::new().fallback(get(async move || body.clone()));
    let runtime = Runtime::new()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        runtime.block_on(fillhouse_http::serve(listener, router, std::future::pending()))
    });
    Ok(url)
}
