//! What cannot be brought about from the outside: every kind of error, a handler that panics.

use super::*;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::routing::get;
use fillhouse_engine::Error;
use fillhouse_model::ErrorKind;
use insta::assert_snapshot;
use tower::ServiceExt as _;

async fn text(response: Response) -> String {
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn every_kind_of_error_has_its_status() {
    for (kind, status) in [
        (ErrorKind::NotFound, 404),
        (ErrorKind::InvalidArgument, 422),
        (ErrorKind::Unauthenticated, 401),
        (ErrorKind::UnknownToken, 401),
        (ErrorKind::Forbidden, 403),
        (ErrorKind::Conflict, 409),
        (ErrorKind::TooLarge, 413),
        (ErrorKind::Unavailable, 503),
        (ErrorKind::Internal, 500),
    ] {
        let response = Problem::from(Error::new(kind, "why")).into_response();
        assert_eq!(response.status().as_u16(), status);
        let is_temporary = response.headers().contains_key("retry-after");
        assert_eq!(is_temporary, kind == ErrorKind::Unavailable);
    }
}

#[tokio::test]
async fn a_handler_that_panics_is_answered_for_without_details() {
    async fn panic() {
        panic!("a secret of ours")
    }
    let routes: Router = with_problems(Router::new().route("/", get(panic)));
    let response = routes.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_snapshot!(
        text(response).await,
        @r#"{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"the server has failed; its log says why"}"#
    );
}
