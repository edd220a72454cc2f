//! The documents: one a dialect, of this very router.

use crate::house::House;
use axum::http::StatusCode;
use std::collections::BTreeSet;

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

/// What is served beside the families of API.
const OTHERS: [&str; 5] = ["/healthz", "/readyz", "/metrics", "/docs", "/openapi/"];
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// The operations that a page names, such as `GET|PUT /open/forms/{form}`: each method with the path, whose parameters have no
/// names.
fn named(page: &str) -> BTreeSet<String> {
    let words: Vec<&str> = page.split(|c: char| c.is_whitespace() || "`\"'(),;<>".contains(c)).collect();
    let pairs = words.windows(2).filter_map(|pair| {
        let methods: Vec<&str> = pair[0].split('|').collect();
        let is_operation = methods.iter().all(|method| METHODS.contains(method)) && pair[1].starts_with('/');
        is_operation.then_some((methods, pair[1]))
    });
    let each = pairs.flat_map(|(methods, path)| {
        let path = path.split(['?', '#']).next().unwrap().trim_end_matches(['.', ':']);
        methods.into_iter().map(|method| format!("{method} {}", nameless(path))).collect::<Vec<_>>()
    });
    each.collect()
}

/// A path without the names of its parameters.
fn nameless(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// The operations of a document.
fn described(document: &str) -> BTreeSet<String> {
    let document: serde_json::Value = serde_json::from_str(document).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let each = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().keys().map(|method| method.to_uppercase());
        methods
            .filter(|method| METHODS.contains(&&**method))
            .map(|method| format!("{method} {}", nameless(path)))
    });
    each.collect()
}

fn page(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../docs/{name}.md", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn every_operation_is_in_the_docs_and_the_docs_name_no_other() {
    let overview = named(&page("compatibility"));
    let mut all = BTreeSet::new();
    let mut pages: Vec<(&str, BTreeSet<String>)> =
        vec![("compatibility", overview.clone()), ("webhooks", named(&page("webhooks")))];
    for (dialect, document) in fillhouse_http::documents() {
        let (described, named) = (described(&document), named(&page(dialect)));
        let missing: Vec<_> =
            described.iter().filter(|one| !named.contains(*one) && !overview.contains(*one)).collect();
        assert!(missing.is_empty(), "docs/{dialect}.md does not name {missing:#?}");
        all.extend(described);
        pages.push((dialect, named));
    }
    for (name, named) in pages {
        let is_there = |one: &&String| {
            let (method, path) = one.split_once(' ').unwrap();
            // What is there twice is described once, and whoever may GET may HEAD.
            let path = path.strip_prefix("/api").filter(|path| path.starts_with("/open")).unwrap_or(path);
            let method = if method == "HEAD" { "GET" } else { method };
            all.contains(&format!("{method} {path}")) || OTHERS.iter().any(|other| path.starts_with(other))
        };
        let unknown: Vec<_> = named.iter().filter(|one| !is_there(one)).collect();
        assert!(unknown.is_empty(), "docs/{name}.md names what there is not: {unknown:#?}");
    }
}
