//! The console: who is let in, and what is shown and done there.

mod account;
mod editor;
mod exports;
mod layout;
mod people;
mod schedules;
pub(crate) mod submissions;
mod views;
mod webhooks;

use crate::ask::{Answer, Ask};
use crate::house::House;
use fillhouse_model::AccountId;
use std::time::Duration;

pub(super) const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// Somebody who is signed in.
pub(super) struct Visitor<'a> {
    house: &'a House,
    cookie: String,
}

impl<'a> Visitor<'a> {
    pub(super) async fn of(house: &'a House, account: i64) -> Self {
        let link = house.engine.sign_in_link(AccountId(account)).await.unwrap();
        let signed_in = sign_in(house, &link).await;
        assert_eq!((signed_in.status.as_u16(), signed_in.header("location")), (303, "/"));
        let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
        Self { house, cookie }
    }

    pub(super) fn get(&self, path: &str) -> Ask<'_> {
        self.house.get(path).header("cookie", &format!("theme=dark; {}", self.cookie))
    }

    /// As a page of the console does.
    pub(super) fn post(&self, path: &str, body: &str) -> Ask<'_> {
        let ask = self.house.post(path).header("cookie", &self.cookie).header("content-type", FORM_TYPE);
        ask.header("sec-fetch-site", "same-origin").body(body.to_owned())
    }
}

/// Follows a link as a browser does, and clicks.
async fn sign_in(house: &House, link: &str) -> Answer {
    let path = link.strip_prefix("https://forms.example").unwrap();
    let offer = house.get(path).await;
    let secret = path.split_once("link=").unwrap().1;
    assert!(offer.text().contains(&format!("value=\"{secret}\"")), "{}", offer.text());
    let ask =
        house.post("/console/sign-in").header("content-type", FORM_TYPE).header("host", "forms.example");
    ask.header("origin", "https://forms.example").body(format!("link={secret}")).await
}

#[tokio::test]
async fn a_link_signs_in_once_for_a_while() {
    let house = House::idle().await;
    assert_eq!(house.get("/").await.status, 401);
    let link = house.engine.first_sign_in_link().await.unwrap().unwrap();
    let signed_in = sign_in(&house, &link).await;
    let cookie = signed_in.header("set-cookie");
    for word in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/;"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    assert_eq!(sign_in(&house, &link).await.status, 401);
    assert_eq!(house.engine.first_sign_in_link().await.unwrap(), None);

    let late = house.engine.sign_in_link(AccountId(20002)).await.unwrap();
    house.pass(Duration::from_hours(25));
    assert_eq!(sign_in(&house, &late).await.status, 401);

    let visitor = Visitor::of(&house, 20002).await;
    assert_eq!(visitor.get("/").await.status, 200);
    let signed_out = visitor.post("/console/sign-out", "").await;
    assert!(signed_out.header("set-cookie").contains("Max-Age=0"), "{}", signed_out.header("set-cookie"));
    assert_eq!(visitor.get("/").await.status, 401);

    let visitor = Visitor::of(&house, 20002).await;
    house.pass(Duration::from_hours(31 * 24));
    assert_eq!(visitor.get("/").await.status, 401);
}

#[tokio::test]
async fn the_secret_of_a_link_or_a_session_is_no_token() {
    let house = House::idle().await;
    let link = house.engine.sign_in_link(AccountId(20002)).await.unwrap();
    let visitor = Visitor::of(&house, 20002).await;
    for secret in [link.split_once("link=").unwrap().1, visitor.cookie.split_once('=').unwrap().1] {
        assert_eq!(house.get("/open/forms").token(secret).await.status, 401);
    }
    let as_session =
        house.get("/").header("cookie", &format!("fillhouse_session={}", crate::house::ALL)).await;
    assert_eq!(as_session.status, 401);
}

#[tokio::test]
async fn only_a_page_of_the_console_changes_anything() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = "/console/forms/1/submissions/10000001/delete";
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("referer", "https://forms.example/"),
    ] {
        let ask = house.post(path).header("cookie", &visitor.cookie).header("host", "forms.example");
        assert_eq!(ask.header(name, value).await.status, 403, "{name}: {value}");
    }
    assert_eq!(visitor.get("/console/forms/1/submissions/10000001").await.status, 200);
    let page = visitor.get("/").await;
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn the_forms_are_listed() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get("/").await;
    let text = page.text();
    assert!(text.contains("href=\"/console/forms/1\">Customer survey</a>"), "{text}");
    assert!(text.contains("href=\"/f/acme/survey\"") && !text.contains("href=\"/f/acme/old\""), "{text}");
    assert!(text.contains("<td class=\"number\">4</td>") && text.contains("closed (manually)"), "{text}");
    // The first is of the day before the last thirty.
    assert!(text.contains("</svg> 3</td>") && !text.contains("Globex"), "{text}");
}

#[tokio::test]
async fn nothing_of_another_account_is_shown() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20003).await;
    for path in [
        "/console/forms/1",
        "/console/forms/1/summary",
        "/console/forms/1/submissions/10000001",
        "/console/forms/1/submissions/10000001/edit",
        "/console/forms/3/submissions/10000001",
        "/console/forms/x",
        "/console/forms/3/exports/none",
    ] {
        let refused = visitor.get(path).await;
        assert_eq!(refused.status, 404, "{path}");
        assert_eq!(house.get(path).await.status, 401, "{path}");
    }
    for path in ["/console/forms/1/exports", "/console/forms/1/submissions/10000001/edit"] {
        assert_eq!(visitor.post(path, "").await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn where_one_is_is_marked() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    for (path, area, tab) in [
        ("/", "page\">Forms", None),
        ("/console/new-form", "true\">Forms", None),
        ("/console/exports", "page\">Exports", None),
        ("/console/audiences", "page\">Audiences", None),
        ("/console/settings", "page\">Settings", None),
        ("/console/forms/1", "true\">Forms", Some("page\">Submissions")),
        ("/console/forms/1?page=1", "true\">Forms", Some("page\">Submissions")),
        ("/console/forms/1/submissions/10000001", "true\">Forms", Some("true\">Submissions")),
        ("/console/forms/1/summary", "true\">Forms", Some("page\">Summary")),
        ("/console/forms/1/exports", "true\">Forms", Some("page\">Exports")),
        ("/console/forms/1/edit", "true\">Forms", Some("page\">Edit the form")),
    ] {
        let page = visitor.get(path).await;
        let marked: Vec<&str> = page.text().split(" aria-current=\"").skip(1).collect();
        let marked: Vec<&str> = marked.iter().filter_map(|text| text.split("</a>").next()).collect();
        let expected: Vec<&str> = [Some(area), tab].into_iter().flatten().collect();
        assert_eq!(marked, expected, "{path}");
    }
    // Nobody is anywhere who is not signed in.
    assert!(!house.get("/console/sign-in?link=x").await.text().contains("aria-current"));
}
