//! What cannot be brought about from the outside: every state of a task, every kind of error, a handler that panics.

use super::*;
use crate::observe::Cause;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::routing::get;
use fillhouse_engine::{Error, ExportState, ExportStatus};
use fillhouse_model::{ErrorKind, FormId, Timestamp, UserId};
use insta::assert_snapshot;
use tower::ServiceExt as _;

async fn text(response: Response) -> String {
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

fn told(state: ExportState) -> Result<String, ErrorKind> {
    let created_at: Timestamp = "2026-05-01T08:00:00Z".parse().unwrap();
    let status = ExportStatus {
        form_id: FormId(1),
        user_id: UserId(1),
        rows_total: 0,
        state,
        created_at,
        updated_at: created_at,
    };
    tasks::of_form(&status).map(|data| data.to_json()).map_err(|error| error.kind())
}

#[test]
fn every_state_of_a_task_is_told_in_the_same_shape() {
    assert_snapshot!(
        told(ExportState::Queued).unwrap(),
        @r#"{"status":"queued","progress":0,"result":{"form_id":1,"total":0,"url":""}}"#
    );
    assert_snapshot!(
        told(ExportState::Running { percent: 42 }).unwrap(),
        @r#"{"status":"processing","progress":42,"result":{"form_id":1,"total":0,"url":""}}"#
    );
    assert_snapshot!(
        told(ExportState::Failed { error: "/var/lib/fillhouse is full".to_owned() }).unwrap(),
        @r#"{"status":"failed","progress":0,"result":{"form_id":1,"total":0,"url":"","errors":["the export failed; the server's log says why"]}}"#
    );
    assert_eq!(told(ExportState::Expired), Err(ErrorKind::NotFound));
}

#[tokio::test]
async fn every_kind_of_error_has_its_number() {
    for (kind, number) in [
        (ErrorKind::NotFound, 404),
        (ErrorKind::InvalidArgument, 400),
        (ErrorKind::Unauthenticated, 401),
        (ErrorKind::UnknownToken, 403),
        (ErrorKind::Forbidden, 403),
        (ErrorKind::Conflict, 409),
        (ErrorKind::TooLarge, 413),
        (ErrorKind::Unavailable, 503),
        (ErrorKind::Internal, 500),
    ] {
        let response = Format::Xml.fail(&Error::new(kind, "why"));
        assert_eq!(response.status().as_u16(), number);
        let said = format!("<xml><error>{number}</error><error_text>why</error_text></xml>");
        assert_eq!(text(response).await, said);
    }
}

#[tokio::test]
async fn a_handler_that_panics_is_answered_for_without_details() {
    async fn panic() {
        panic!("a secret of {}", "ours")
    }
    let routes: Router = in_envelope(Router::new().route("/", get(panic)));
    let response = routes.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let cause = format!("{:?}", response.extensions().get::<Cause>());
    assert!(cause.contains("a handler panicked: a secret of ours"), "{cause}");
    assert_snapshot!(text(response).await, @r#"{"error":500,"error_text":"the server has failed; its log says why"}"#);
}
