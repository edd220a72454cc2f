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
async fn every_kind_of_error_has_its_status_in_the_body_too() {
    for (kind, status, message) in [
        (ErrorKind::NotFound, 404, "The form is gone."),
        (ErrorKind::InvalidArgument, 422, "the form is gone."),
        (ErrorKind::Unauthenticated, 401, "Missing access token."),
        (ErrorKind::UnknownToken, 401, "Invalid access token."),
        (ErrorKind::Forbidden, 403, "The form is gone."),
        (ErrorKind::Conflict, 409, "The form is gone."),
        (ErrorKind::TooLarge, 413, "The form is gone."),
        (ErrorKind::Unavailable, 503, "The form is gone."),
        (ErrorKind::Internal, 500, "The form is gone."),
    ] {
        let response = Refusal::from(Error::new(kind, "the form is gone")).into_response();
        assert_eq!(response.status().as_u16(), status);
        let is_temporary = response.headers().contains_key("retry-after");
        assert_eq!(is_temporary, kind == ErrorKind::Unavailable);
        let said = format!(r#"{{"error":{{"message":"{message}","status":{status}}}}}"#);
        assert_eq!(text(response).await, said);
    }
}

#[tokio::test]
async fn a_handler_that_panics_is_answered_for_without_details() {
    async fn panic() {
        panic!("a secret of ours")
    }
    let routes: Router = with_errors(Router::new().route("/", get(panic)));
    let response = routes.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_snapshot!(
        text(response).await,
        @r#"{"error":{"message":"The server has failed; its log says why.","status":500}}"#
    );
}
