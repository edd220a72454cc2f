//! What every answer has, what those ask who run the server, and the server itself.

use crate::ask::redacted;
use crate::house::{ALL, APRIL, FILLS, House, READ};
use axum::http::StatusCode;
use insta::assert_snapshot;
use metrics_exporter_prometheus::PrometheusBuilder;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

#[tokio::test]
async fn a_server_that_lives_says_so() {
    let house = House::idle().await;
    let answer = house.get("/healthz").await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, "ok"));
    let answer = house.head("/healthz/").await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, ""));
    let answer = house.get("/metrics").await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(answer.text(), "# metrics\n");
    for path in ["/nothing", "/api", "/healthz/x", "*"] {
        let answer = house.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (404, "there is nothing here\n"), "{path}");
    }
}

#[tokio::test]
async fn a_server_is_ready_when_all_its_parts_are() {
    let house = House::idle().await;
    let answer = house.get("/readyz").await;
    assert_snapshot!(answer.shown(), @r#"
    503 application/json
    {"database":"ok","blobs":"ok","worker":"no worker of this process has looked for jobs lately"}
    "#);

    let house = House::new().await;
    house.file().await;
    assert_snapshot!(house.get("/readyz").await.shown(), @r#"
    200 application/json
    {"database":"ok","blobs":"ok","worker":"ok"}
    "#);

    let blobs = house.folder.path().join("blobs");
    std::fs::remove_dir_all(&blobs).unwrap();
    std::fs::write(&blobs, "no folder").unwrap();
    let answer = house.get("/readyz").await;
    let json = answer.json();
    assert_eq!((answer.status.as_u16(), json["database"].as_str()), (503, Some("ok")));
    assert!(json["blobs"].as_str().unwrap().starts_with("the blob store failed: "), "{json}");
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_headers_that_keep_it_safe() {
    let house = House::idle().await;
    for path in ["/healthz", "/nothing", "/api/v1.1/nothing", "/v1/nothing", "/api/download/forms/a/b.zip"] {
        let answer = house.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
        assert!(Uuid::try_parse(answer.header("x-request-id")).is_ok(), "{path}");
    }
    let longest = "x".repeat(128);
    for id in ["a", "2f.A_b-c", &*longest] {
        let answer = house.get("/healthz").header("x-request-id", id).await;
        assert_eq!(answer.header("x-request-id"), id);
    }
    let too_long = "x".repeat(129);
    for id in ["", " ", "a b", "a\"b", "a;b", "<script>", &*too_long] {
        let answer = house.get("/healthz").header("x-request-id", id).await;
        assert!(Uuid::try_parse(answer.header("x-request-id")).is_ok(), "{id}");
    }
}

#[tokio::test]
async fn requests_are_counted_by_their_route() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let shown = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let house = House::idle().await;
    house.post(FILLS).token(READ).json(APRIL).await;
    house.post(FILLS).token(READ).json("{").await;
    house.get("/api/download/forms/secret/1.zip?token=secret").await;
    house.get("/api/download/forms/secret/2.zip").await;
    house.get("/v1/secret").await;
    house.get("/secret").await;
    crate::ask::Ask::new(&house.router, "BREW", "/secret").await;
    let text = shown.render();
    let mut counts: Vec<&str> =
        text.lines().filter(|line| line.starts_with("fillhouse_http_requests_total")).collect();
    counts.sort_unstable();
    assert_snapshot!(counts.join("\n"), @r#"
    fillhouse_http_requests_total{method="GET",route="/api/download/forms/{opaque}/{name}",status="401"} 1
    fillhouse_http_requests_total{method="GET",route="/api/download/forms/{opaque}/{name}",status="403"} 1
    fillhouse_http_requests_total{method="GET",route="none",status="404"} 2
    fillhouse_http_requests_total{method="POST",route="/api/v1.1/forms/fills",status="200"} 1
    fillhouse_http_requests_total{method="POST",route="/api/v1.1/forms/fills",status="400"} 1
    fillhouse_http_requests_total{method="other",route="none",status="404"} 1
    "#);
    assert!(text.contains("fillhouse_http_request_seconds"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

/// Sends bytes to a server, and gives all that comes back.
async fn exchange(server: std::net::SocketAddr, request: &[u8]) -> String {
    let mut connection = TcpStream::connect(server).await.unwrap();
    connection.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_server_serves_until_it_is_stopped() {
    let house = House::new().await;
    let file = house.file().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopped = async move { drop(stopped.await) };
    let server = tokio::spawn(fillhouse_http::serve(listener, house.router.clone(), stopped));

    let post = format!("POST {FILLS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ALL}\r\n");
    let whole = format!("{post}Connection: close\r\nContent-Length: {}\r\n\r\n{APRIL}", APRIL.len());
    let answer = exchange(address, whole.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(redacted(&answer).contains(r#"{"data":{"task_id":"[uuid]"},"#), "{answer}");

    // What has no body is not waited for, whatever length it tells.
    let head = format!("Host: localhost\r\nAuthorization: Bearer {ALL}\r\n");
    let several = format!(
        "HEAD {file} HTTP/1.1\r\n{head}\r\nGET {file} HTTP/1.1\r\n{head}If-None-Match: *\r\n\r\n\
         GET /healthz HTTP/1.1\r\n{head}Connection: close\r\n\r\n"
    );
    let answer = exchange(address, several.as_bytes()).await;
    let statuses: Vec<&str> = answer.lines().filter(|line| line.starts_with("HTTP/1.1 ")).collect();
    assert_eq!(statuses, ["HTTP/1.1 200 OK", "HTTP/1.1 304 Not Modified", "HTTP/1.1 200 OK"]);
    assert!(answer.ends_with("\r\n\r\nok"), "{answer}");

    // What is too large is said so even to a client that reads only after it has written all.
    let size_bytes = 60_000_000;
    let mut large = format!("{post}Connection: close\r\nContent-Length: {size_bytes}\r\n\r\n").into_bytes();
    large.resize(large.len() + size_bytes, b' ');
    let answer = exchange(address, &large).await;
    assert!(answer.starts_with("HTTP/1.1 413 Payload Too Large\r\n"), "{answer}");
    assert!(answer.contains(r#"{"error":413,"#), "{answer}");

    let answer =
        exchange(address, b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");

    // Neither who has said nothing yet nor who keeps a connection holds the end up.
    let _silent = TcpStream::connect(address).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    assert!(idle.read(&mut [0; 1_000]).await.unwrap() > 0);
    stop.send(()).unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(30), server).await;
    ended.expect("the server ends when it is told to").unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_client_that_does_not_say_what_it_wants_is_let_go() {
    let house = House::idle().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(fillhouse_http::serve(listener, house.router.clone(), std::future::pending()));
    let mut stalled = TcpStream::connect(address).await.unwrap();
    stalled.write_all(b"GET /healthz HTTP/1.1\r\nHost: ").await.unwrap();
    // From here on, time passes as soon as nothing else happens.
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let mut answer = Vec::new();
    stalled.read_to_end(&mut answer).await.unwrap();
    assert!((70..80).contains(&begun.elapsed().as_secs()), "after {:?}", begun.elapsed());
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}
