//! The server: a listener, and the routes behind it.
//!
//! Guarantees: a client that is slow to say what it wants is let go, so that many of them cannot keep others out.
//!
//! Must not know: what is served.

use crate::visitor::Peer;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io::ErrorKind;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

/// How long a connection may be without the whole head of a request, between two requests included: longer than the
/// proxies that we know keep idle connections, so that it is they who close them.
const HEAD_LIMIT: Duration = Duration::from_secs(75);
/// How long to wait where no more connections can be had.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves until `stopped` is done, then until the requests at hand are answered. A slow client can make that last:
/// whoever must end sooner drops the future.
///
/// # Errors
/// The listener listens at nothing.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stopped: impl Future<Output = ()> + Send,
) -> std::io::Result<()> {
    tracing::debug!(address = %listener.local_addr()?, "serving");
    let connections = GracefulShutdown::new();
    let accepting = async {
        loop {
            let connection = accept(&listener).await;
            let peer = connection.peer_addr().ok().map(|address| Peer(address.ip()));
            let service = router.clone().map_request(move |request: Request<Incoming>| {
                let mut request = request.map(Body::new);
                if let Some(peer) = peer {
                    request.extensions_mut().insert(peer);
                }
                request
            });
            let serving = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_LIMIT)
                .serve_connection(TokioIo::new(connection), TowerToHyperService::new(service));
            let serving = connections.watch(serving);
            tokio::spawn(async move {
                if let Err(error) = serving.await {
                    tracing::debug!(%error, "a connection broke off");
                }
            });
        }
    };
    tokio::select! {
        () = accepting => {}
        () = stopped => {}
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

/// The next connection, however long it takes.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((connection, _)) => {
                // Answers are written whole, so that waiting to fill a packet would only delay them.
                if let Err(error) = connection.set_nodelay(true) {
                    tracing::debug!(%error, "a connection waits to fill its packets");
                }
                return connection;
            }
            // The client has gone before it was its turn.
            Err(error) if is_of_one_client(error.kind()) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted just now");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn is_of_one_client(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}
