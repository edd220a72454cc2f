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

#[tokio::test]
async fn the_documents_can_be_browsed_with_nothing_from_elsewhere() {
    let house = House::bare().await;
    let answer = house.get("/docs/").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/docs/index.html"));
    let page = house.get("/docs/index.html").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("://"), "it loads something from another host: {}", page.text());
    let names: Vec<&str> =
        page.text().split("\"./").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(names.len() > 2, "{names:?}");
    for name in names {
        assert_eq!(house.get(&format!("/docs/{name}")).await.status, StatusCode::OK, "{name}");
    }
    let urls = house.get("/docs/swagger-initializer.js").await;
    for name in fillhouse_http::documents().keys() {
        assert!(urls.text().contains(&format!("/openapi/{name}.json")), "{name} is not listed");
    }
    assert_eq!(house.get("/docs/nothing").await.status, StatusCode::NOT_FOUND);
}
