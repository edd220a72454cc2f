//! The account in the console: tokens and usage.

use super::{FORM_TYPE, Visitor};
use crate::ask::Answer;
use crate::hosted::hidden;
use crate::house::{ALL, House};

const TOKENS: &str = "/console/tokens";

#[tokio::test]
async fn a_token_is_made_shown_once_used_and_revoked() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let made = visitor.post(TOKENS, "name=For+the+nightly+job&ability=forms-read&ability=nonsense").await;
    assert_eq!((made.status.as_u16(), made.header("cache-control")), (200, "no-store"), "{}", made.text());
    let secret = made.text().split("id=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(house.get("/v1/exports").token(&secret).await.status, 200);
    let list = visitor.get(TOKENS).await;
    assert!(!list.text().contains(&secret) && !list.text().contains("nonsense"), "{}", list.text());
    let row = list.text().split("For the nightly job</th>").nth(1).unwrap();
    let row = row.split("</details>").next().unwrap();
    let dates =
        "<td>forms-read</td><td class=\"date\">2026-05-01 08:00</td><td class=\"date\">2026-05-01 08:00</td>";
    assert!(row.starts_with(dates), "{row}");
    // Of one that was imported nobody knows when it was made.
    assert!(list.text().contains("not known") && !list.text().contains("other"), "{}", list.text());

    let number = row.split("name=\"number\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let stranger = Visitor::of(&house, 20003).await;
    assert_eq!(stranger.post("/console/tokens/revoke", &format!("number={number}")).await.status, 404);
    let revoked = visitor.post("/console/tokens/revoke", &format!("number={number}")).await;
    assert_eq!((revoked.status.as_u16(), revoked.header("location")), (303, TOKENS));
    assert_eq!(house.get("/v1/exports").token(&secret).await.status, 401);
    assert_eq!(visitor.post("/console/tokens/revoke", "number=x").await.status, 404);
}

/// A house with tables, and nothing in them.
async fn empty_house() -> House {
    let house = House::bare().await;
    house.engine.migrate().await.unwrap();
    house
}

/// As the page of a house that has no account does.
async fn welcome(house: &House, fields: &str) -> Answer {
    let ask = house.post("/console/welcome").header("content-type", FORM_TYPE);
    ask.header("sec-fetch-site", "same-origin").body(fields.to_owned()).await
}

#[tokio::test]
async fn the_first_account_is_made_by_whoever_has_the_link() {
    let house = empty_house().await;
    let link = house.engine.first_account_link().await.unwrap().unwrap();
    let path = link.strip_prefix("https://forms.example").unwrap();
    let page = house.get(path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let key = hidden(&page, "key").to_owned();
    assert_eq!(house.get("/console/welcome?key=00").await.status, 401);

    let fields = |key: &str, email: &str| {
        format!("key={key}&name=Acme+Ltd&user_dir=acme&email={email}&timezone=Europe/Berlin")
    };
    let wrong = welcome(&house, &fields(&key, "nobody").replace("Berlin", "Bärlin")).await;
    assert_eq!(wrong.status, 422);
    for part in ["id=\"e-email\"", "id=\"e-timezone\"", "value=\"Acme Ltd\"", "value=\"nobody\""] {
        assert!(wrong.text().contains(part), "{part}: {}", wrong.text());
    }
    for key in ["", "00"] {
        assert_eq!(welcome(&house, &fields(key, "a@acme.example")).await.status, 401);
    }
    let made = welcome(&house, &fields(&key, "a@acme.example")).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (303, "/"), "{}", made.text());
    let cookie = made.header("set-cookie").split(';').next().unwrap();
    let forms = house.get("/").header("cookie", cookie).await;
    assert!(forms.status == 200 && forms.text().contains("Acme Ltd"), "{}", forms.text());

    // Once there is an account, the link is of no use.
    assert_eq!(house.engine.first_account_link().await.unwrap(), None);
    assert_eq!(house.get(path).await.status, 401);
    assert_eq!(welcome(&house, &fields(&key, "b@acme.example")).await.status, 401);
}

#[tokio::test]
async fn a_token_needs_a_name_and_something_that_it_may_do() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let long = format!("name={}&ability=*", "x".repeat(256));
    for (body, field) in
        [("ability=*", "name"), ("name=x", "ability"), ("name=x&ability=fly", "ability"), (&long, "name")]
    {
        let refused = visitor.post(TOKENS, body).await;
        assert_eq!(refused.status, 422, "{body}");
        assert!(
            refused.text().contains(&format!("<p class=\"fault\" id=\"e-{field}\">")),
            "{}",
            refused.text()
        );
    }
}

#[tokio::test]
async fn usage_is_shown_beside_its_limits() {
    let house = House::limited(10, 0).await;
    let visitor = Visitor::of(&house, 20002).await;
    for _ in 0..3 {
        house.get("/api/v2/acme/forms").token(ALL).await;
    }
    house.post("/v1/exports").token(ALL).json(r#"{"form":1}"#).await;
    let page = visitor.get("/console/usage").await;
    let text = page.text();
    assert!(
        text.contains(
            "<th scope=\"row\">Calls in a minute</th><td class=\"number\">7</td><td class=\"number\">10</td>"
        ),
        "{text}"
    );
    assert!(!text.contains("Calls in a day"), "{text}");
    assert!(
        text.contains("<dt>Submissions</dt><dd>4</dd>") && text.contains("wait</dt><dd>1</dd>"),
        "{text}"
    );
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    assert!(visitor.get("/console/usage").await.text().contains("limits nobody"));
}

#[tokio::test]
async fn the_account_is_renamed_and_moved_to_another_time_zone() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = "/console/settings";
    assert!(visitor.get(path).await.text().contains("value=\"Europe/Berlin\""));
    let saved = visitor.post(path, "name=Acme+%26+Sons&timezone=America%2FNew_York").await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, path), "{}", saved.text());
    let page = visitor.get(path).await;
    assert!(
        page.text().contains("value=\"Acme &#38; Sons\"")
            && page.text().contains("value=\"America/New_York\""),
        "{}",
        page.text()
    );
    for (body, field) in [("name=x&timezone=Moon%2FBase", "timezone"), ("name=&timezone=UTC", "name")] {
        let refused = visitor.post(path, body).await;
        let fault = format!("<p class=\"fault\" id=\"e-{field}\">");
        assert!(refused.status == 422 && refused.text().contains(&fault), "{}", refused.text());
    }
}

/// What an account's log says, the latest first: who, what and to what.
async fn log(visitor: &Visitor<'_>) -> Vec<[String; 3]> {
    let page = visitor.get("/console/audit").await;
    let rows = page.text().split("<tr><td class=\"date\">").skip(1);
    let entry = |row: &str| {
        let cells = row.split("<td>").skip(1).map(|cell| cell.split("</td>").next().unwrap());
        let mut cells = cells.map(|cell| cell.replace("<span class=\"cell\">", "").replace("</span>", ""));
        [(); 3].map(|()| cells.next().unwrap())
    };
    rows.map(entry).collect()
}

#[tokio::test]
async fn who_changed_what_is_in_the_log() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    // What the house was furnished with.
    let imported = log(&visitor).await.len();
    assert!(
        log(&visitor)
            .await
            .iter()
            .all(|[by, what, _]| by == "command line, user 1" && what == "imported submissions")
    );
    let by_token = "token all (";
    let export = house.post("/v1/exports").token(ALL).json(r#"{"form":1}"#).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    // The same again makes nothing.
    house.post("/v1/exports").token(ALL).json(r#"{"form":1}"#).await;
    house.delete(&format!("/v1/exports/{export}")).token(ALL).await;
    house.delete("/v1/forms/1/submissions/10000001").token(ALL).await;
    let hook = r#"{"event":"result_completed","url":"https://example.com/hook"}"#;
    house.post("/api/v2/acme/forms/survey/webhooks").token(ALL).json(hook).await;
    house.delete("/api/v2/acme/forms/survey/webhooks?url=https%3A%2F%2Fexample.com%2Fhook").token(ALL).await;
    visitor.post("/console/settings", "name=Acme&timezone=UTC").await;
    visitor.post(TOKENS, "name=T&ability=forms-read").await;
    visitor.post("/console/forms/2/delete", "confirm=Old+survey").await;
    // What is refused changes nothing.
    visitor.post("/console/settings", "name=Acme&timezone=Moon").await;
    house.delete("/v1/forms/1/submissions/10000001").token(ALL).await;

    let entries = log(&visitor).await;
    let done: Vec<&str> = entries.iter().rev().skip(imported).map(|[_, what, _]| what.as_str()).collect();
    let expected = [
        "started an export",
        "cancelled an export",
        "deleted an export",
        "deleted a submission",
        "changed a webhook",
        "deleted a webhook",
        "changed the account",
        "made a token",
        "deleted a form",
    ];
    assert_eq!(done, expected, "{entries:?}");
    let [by, _, subject] = &entries[8];
    assert!(by.starts_with(by_token) && by.ends_with("), user 1"), "{by}");
    assert_eq!(*subject, format!("export {export} of form 1"));
    assert_eq!(entries[0], ["console, user 1", "deleted a form", "form 2: Old survey"].map(str::to_owned));
    // The log has no secret, and is the account's own.
    let stranger = Visitor::of(&house, 20003).await;
    assert!(log(&stranger).await.iter().all(|[_, what, _]| what == "imported submissions"));
}
