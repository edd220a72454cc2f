//! The documents: one a dialect, of this very router.

use crate::house::House;
use axum::http::StatusCode;

#[tokio::test]
async fn each_dialect_has_a_document_and_nothing_else_has() {
    let house = House::bare().await;
    for (name, document) in fillhouse_http::documents() {
        let answer = house.get(&format!("/openapi/{name}.json")).await;
        assert_eq!((answer.header("content-type"), answer.text()), ("application/json", &*document));
        let json = answer.json();
        assert_eq!(json["openapi"], "3.1.0", "{name}");
        assert!(!json["paths"].as_object().unwrap().is_empty(), "{name}");
    }
    for path in ["/openapi/none.json", "/openapi/v1.1", "/openapi"] {
        assert_eq!(house.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
