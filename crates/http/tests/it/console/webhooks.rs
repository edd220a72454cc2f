//! Webhooks in the console.

use super::Visitor;
use crate::house::{ALL, House};

const HOOKS: &str = "/console/forms/1/webhooks";

/// The path of the webhook of an address.
async fn path_of(visitor: &Visitor<'_>, url: &str) -> String {
    let list = visitor.get(HOOKS).await;
    let before = list.text().split(&format!("\">{url}</a>")).next().unwrap();
    before.rsplit('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn webhooks_of_both_kinds_are_made_changed_and_deleted() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let made = visitor.post(HOOKS, "kind=result&url=https%3A%2F%2Fexample.com%2Fa&handshake_key=word").await;
    assert_eq!((made.status.as_u16(), made.header("location")), (303, HOOKS), "{}", made.text());
    let path = path_of(&visitor, "https://example.com/a").await;
    assert_eq!(visitor.post(&path, "handshake_key=other").await.status, 303);
    let known = house.get("/api/v2/acme/forms/survey/webhooks").token(ALL).await;
    assert!(
        known.text().contains(r#""handshake_key":"other""#) && known.text().contains("example.com/a"),
        "{}",
        known.text()
    );

    let body = "kind=integration&url=https%3A%2F%2Fexample.com%2Fb&secret=long+enough+it+is&headers=X-Team%3A+blue%0D%0A&active=yes";
    assert_eq!(visitor.post(HOOKS, body).await.status, 303);
    let other = path_of(&visitor, "https://example.com/b").await;
    assert_ne!(other, path);
    let page = visitor.get(&other).await;
    assert!(
        page.text().contains("X-Team: blue") && page.text().contains("Nothing was sent yet."),
        "{}",
        page.text()
    );
    assert_eq!(visitor.post(&other, "url=https%3A%2F%2Fexample.com%2Fc").await.status, 303);
    let list = visitor.get(HOOKS).await;
    assert!(list.text().contains("example.com/c") && list.text().contains("not active"), "{}", list.text());
    for path in [path, other] {
        assert_eq!(visitor.post(&format!("{path}/delete"), "").await.status, 303);
        assert_eq!(visitor.get(&path).await.status, 404);
    }
    assert!(visitor.get(HOOKS).await.text().contains("Nobody is told"));
}

#[tokio::test]
async fn what_is_wrong_with_a_webhook_is_said_beside_it() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    for (body, field, said) in [
        ("kind=result", "url", "Is missing."),
        ("kind=result&url=http%3A%2F%2F127.0.0.1%2F", "url", ""),
        ("kind=poem&url=https%3A%2F%2Fexample.com", "kind", "Is none that there is."),
        (
            "kind=integration&url=https%3A%2F%2Fexample.com&secret=short",
            "secret",
            "Is not 12 to 255 characters long.",
        ),
        (
            "kind=integration&url=https%3A%2F%2Fexample.com&headers=X",
            "headers",
            "Has a line without a colon.",
        ),
        (
            "kind=integration&url=https%3A%2F%2Fexample.com&headers=Host%3A+x",
            "headers",
            "Headers, Host: is not yours to set.",
        ),
    ] {
        let page = visitor.post(HOOKS, body).await;
        assert_eq!(page.status, 422, "{body}");
        let fault = format!("<p class=\"fault\" id=\"e-{field}\">{said}");
        assert!(page.text().contains(&fault), "{body}: {}", page.text());
    }
}

#[tokio::test]
async fn a_test_is_owed_and_what_was_sent_is_sent_again() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    visitor.post(HOOKS, "kind=integration&url=https%3A%2F%2Fexample.com%2Fb&active=yes").await;
    let path = path_of(&visitor, "https://example.com/b").await;
    for step in ["test", "send-again"] {
        let page = visitor.get(&path).await;
        let delivery = page
            .text()
            .split("name=\"delivery\" value=\"")
            .nth(1)
            .map_or("", |rest| rest.split('"').next().unwrap());
        let sent = visitor.post(&format!("{path}/{step}"), &format!("delivery={delivery}")).await;
        assert_eq!((sent.status.as_u16(), sent.header("location")), (303, path.as_str()), "{}", sent.text());
    }
    let page = visitor.get(&path).await;
    assert_eq!(page.text().matches("<td>test</td>").count(), 2, "{}", page.text());
    assert!(
        page.text().contains("data-again") && page.text().contains("submissions/10000004\""),
        "{}",
        page.text()
    );
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 2);
    assert_eq!(visitor.post(&format!("{path}/send-again"), "delivery=none").await.status, 404);

    // To one that is not active, and of a form that has nothing, nothing is sent.
    visitor.post(&path, "url=https%3A%2F%2Fexample.com%2Fb").await;
    let refused = visitor.post(&format!("{path}/test"), "").await;
    assert!(
        refused.status == 409 && refused.text().contains("the subscription is not active."),
        "{}",
        refused.text()
    );
    let empty = "/console/forms/2/webhooks";
    visitor.post(empty, "kind=result&url=https%3A%2F%2Fexample.com%2Fa").await;
    let list = visitor.get(empty).await;
    let hook =
        list.text().split("class=\"goes\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let refused = visitor.post(&format!("{hook}/test"), "").await;
    assert!(
        refused.status == 409 && refused.text().contains("no finished submission yet"),
        "{}",
        refused.text()
    );

    let stranger = Visitor::of(&house, 20003).await;
    for path in [HOOKS.to_owned(), path.clone(), path.replace("/forms/1/", "/forms/3/")] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
    }
    for step in ["test", "send-again", "delete"] {
        assert_eq!(stranger.post(&format!("{path}/{step}"), "").await.status, 404, "{step}");
    }
    // It is of form 1.
    assert_eq!(visitor.get(&path.replace("/forms/1/", "/forms/2/")).await.status, 404);
}
