//! Audiences, profiles and segments in the console.

use super::Visitor;
use crate::house::House;

const LINES: &str = r#"{"kind":"audience","id":1,"account_id":20002,"name":"Clients","fields":[{"name":"occupation","type":"string"},{"name":"age","type":"int"},{"name":"tags","type":"tags"}]}
{"kind":"audience","id":2,"account_id":20003,"name":"Others","fields":[]}
{"kind":"profile","audience_id":1,"id":"000000000000000000000001","email":"ada@example.org","phones":["+49 30 1"],"fields":{"occupation":"doctor","age":36,"tags":["a","b"]}}
{"kind":"profile","audience_id":1,"id":"000000000000000000000002","email":"grace@example.org","status":"subscribed","fields":{"occupation":"admiral (ret.)","age":85}}
{"kind":"profile","audience_id":1,"id":"000000000000000000000003","fields":{"occupation":"doctor"}}
{"kind":"segment","id":1,"audience_id":1,"name":"Doctors","query":{"occupation":"doctor"}}
{"kind":"segment","id":2,"audience_id":1,"name":"Chosen","profiles":["000000000000000000000002"]}
{"kind":"form","id":8,"account_id":20002,"shortname":"form_People08","directory":"people","slug":"people","name":"Who are you","state":"open","items":[{"id":"1","type":"email","label":"E-mail","matches":"email"}]}
{"kind":"submission","form_id":8,"id":10000100,"status":"Complete","date_finish":"2026-04-01T10:00:00Z","date_update":"2026-04-01T10:00:00Z","answers":{"1":"ADA@example.org"}}
"#;

const CLIENTS: &str = "/console/audiences/1";

async fn house() -> House {
    let house = House::idle().await;
    house.import(LINES.to_owned()).await;
    house
}

#[tokio::test]
async fn profiles_are_found_by_conditions() {
    let house = house().await;
    let visitor = Visitor::of(&house, 20002).await;
    let list = visitor.get("/console/audiences").await;
    let row = "Clients</a></th><td class=\"number\">3</td><td>occupation, age, tags</td>";
    assert!(list.text().contains(row) && !list.text().contains("Others"), "{}", list.text());
    for (query, found) in [
        ("", "3 profiles."),
        ("field=occupation&how=is&what=doctor", "2 profiles."),
        ("field=occupation&how=is-not&what=doctor", "1 profile."),
        ("field=occupation&how=has&what=(RET.)", "1 profile."),
        ("field=occupation&how=begins&what=.", "0 profiles."),
        ("field=age&how=more&what=36", "1 profile."),
        ("field=age&how=least&what=36", "2 profiles."),
        ("field=age&how=less&what=36&field=age&how=is&what=85&method=any", "1 profile."),
        ("field=age&how=missing&what=", "1 profile."),
        ("field=tags&how=is&what=b", "1 profile."),
        ("field=email&how=one-of&what=ada@example.org,+grace@example.org", "2 profiles."),
        ("field=age&how=there&what=&field=status&how=missing&what=", "1 profile."),
        ("field=&how=is&what=x", "3 profiles."),
    ] {
        let page = visitor.get(&format!("{CLIENTS}?{query}")).await;
        let said = format!("role=\"status\">{found}</p>");
        assert!(page.status == 200 && page.text().contains(&said), "{query}: {}", page.text());
    }
    for query in ["field=age&how=like&what=3", "field=a..b&how=is&what=3"] {
        let page = visitor.get(&format!("{CLIENTS}?{query}")).await;
        assert!(page.status == 422 && page.text().contains("<li>Query"), "{query}: {}", page.text());
    }
}

#[tokio::test]
async fn a_query_is_saved_as_a_segment() {
    let house = house().await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get(&format!("{CLIENTS}?field=age&how=more&what=40")).await;
    let query = page
        .text()
        .split("name=\"query\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&#34;", "\"");
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("query", &query)
        .append_pair("name", "Old")
        .finish();
    let made = visitor.post(&format!("{CLIENTS}/segments"), &body).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let segment = visitor.get(made.header("location")).await;
    assert!(
        segment.text().contains("1 profile.") && segment.text().contains("grace@example.org"),
        "{}",
        segment.text()
    );
    assert!(visitor.get(CLIENTS).await.text().contains("Old</a> <span class=\"quiet\">by its query"));
    for body in ["name=", "name=x&query=%7B%22%24like%22%3A1%7D"] {
        let refused = visitor.post(&format!("{CLIENTS}/segments"), body).await;
        assert_eq!(refused.status, 422, "{body}: {}", refused.text());
    }
}

#[tokio::test]
async fn a_profile_is_changed() {
    let house = house().await;
    let visitor = Visitor::of(&house, 20002).await;
    let ada = format!("{CLIENTS}/profiles/000000000000000000000001");
    let edit = format!("{ada}/edit");
    let page = visitor.get(&edit).await;
    for shown in [
        "<input type=\"text\" id=\"i-f0\" name=\"f0\" value=\"ada@example.org\"",
        "<input type=\"text\" id=\"i-f4\" name=\"f4\" value=\"36\"",
        "name=\"f5\" rows=\"3\">\na\nb</textarea>",
    ] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    // Somebody else makes her a nurse meanwhile: what was left as it was shown is not touched.
    let body = r#"{"db_id":1,"matching":"email","email":"ada@example.org","data":{"occupation":"nurse"}}"#;
    let other = house.post("/api/v1.1/profiles/update").token(crate::house::ALL).json(body).await;
    assert!(other.text().contains(r#""error":0"#), "{}", other.text());
    let sent = "was-f0=ada%40example.org&f0=ada%40example.org&was-f1=%2B49+30+1&f1=%2B49+30+1%0D%0A%2B49+30+2\
                &was-f3=doctor&f3=doctor&was-f4=36&f4=37&was-f5=a%0D%0Ab&f5=";
    let saved = visitor.post(&edit, sent).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, ada.as_str()), "{}", saved.text());
    let page = visitor.get(&ada).await;
    for shown in [
        "<dt>phones</dt><dd>+49 30 1 | +49 30 2</dd>",
        "<dt>occupation</dt><dd>nurse</dd>",
        "<dt>age</dt><dd>37</dd>",
        "<dt>tags</dt><dd></dd>",
    ] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    for (sent, name, said) in [
        ("was-f4=37&f4=old", "f4", ""),
        ("was-f0=ada%40example.org&f0=nobody", "f0", "Is not an e-mail address."),
        ("was-f0=&f0=grace%40example.org", "f0", "Another profile has this e-mail address."),
    ] {
        let page = visitor.post(&edit, sent).await;
        assert_eq!(page.status, 422, "{sent}");
        let fault = format!("<p class=\"fault\" id=\"e-{name}\">{said}");
        assert!(page.text().contains(&fault), "{sent}: {}", page.text());
    }
    let stranger = Visitor::of(&house, 20003).await;
    assert_eq!(stranger.get(&edit).await.status, 404);
    assert_eq!(stranger.post(&edit, "was-f4=37&f4=38").await.status, 404);
}

#[tokio::test]
async fn a_profile_is_shown_with_what_it_filled_in_and_put_into_segments() {
    let house = house().await;
    let visitor = Visitor::of(&house, 20002).await;
    let ada = format!("{CLIENTS}/profiles/000000000000000000000001");
    let page = visitor.get(&ada).await;
    let text = page.text();
    assert!(
        text.contains("<dt>tags</dt><dd>a | b</dd>") && text.contains("<dt>phones</dt><dd>+49 30 1</dd>"),
        "{text}"
    );
    assert!(
        text.contains("/console/forms/8/submissions/10000100\"") && text.contains("Who are you"),
        "{text}"
    );
    let put = visitor.post(&format!("{ada}/segments"), "segment=2&do=put").await;
    assert_eq!((put.status.as_u16(), put.header("location")), (303, "/console/segments/2"), "{}", put.text());
    let segment = visitor.get("/console/segments/2").await;
    assert!(
        segment.text().contains("2 profiles.") && segment.text().contains("ada@example.org"),
        "{}",
        segment.text()
    );
    visitor.post(&format!("{ada}/segments"), "segment=2&do=take").await;
    assert!(visitor.get("/console/segments/2").await.text().contains("1 profile."));
    assert_eq!(visitor.post(&format!("{ada}/segments"), "segment=1&do=put").await.status, 409);

    let stranger = Visitor::of(&house, 20003).await;
    for path in
        [CLIENTS, &ada, "/console/segments/1", "/console/audiences/2/profiles/000000000000000000000001"]
    {
        assert_eq!(stranger.get(path).await.status, 404, "{path}");
    }
    for path in [format!("{ada}/delete"), format!("{ada}/segments"), format!("{CLIENTS}/segments")] {
        assert_eq!(stranger.post(&path, "name=x&segment=2").await.status, 404, "{path}");
    }
    let deleted = visitor.post(&format!("{ada}/delete"), "").await;
    assert_eq!((deleted.status.as_u16(), deleted.header("location")), (303, CLIENTS));
    assert_eq!(visitor.get(&ada).await.status, 404);
    assert!(visitor.get(CLIENTS).await.text().contains("2 profiles."));
}

#[tokio::test]
async fn a_segment_is_deleted() {
    let house = house().await;
    let visitor = Visitor::of(&house, 20002).await;
    let stranger = Visitor::of(&house, 20003).await;
    let page = visitor.get("/console/segments/2").await;
    let asked = "action=\"/console/segments/2/delete\"><p>Delete this segment for good?";
    assert!(page.text().contains(asked), "{}", page.text());
    assert_eq!(stranger.post("/console/segments/2/delete", "").await.status, 404);
    let deleted = visitor.post("/console/segments/2/delete", "").await;
    assert_eq!((deleted.status.as_u16(), deleted.header("location")), (303, CLIENTS), "{}", deleted.text());
    assert_eq!(visitor.get("/console/segments/2").await.status, 404);
    assert_eq!(visitor.post("/console/segments/2/delete", "").await.status, 404);
    assert!(!visitor.get(CLIENTS).await.text().contains("Chosen"));
    assert!(visitor.get("/console/audit").await.text().contains("segment 2: Chosen"));
    // To integrations it is one that was never there, and so it stays when another is made.
    let made = visitor.post(&format!("{CLIENTS}/segments"), "name=Next").await;
    assert_eq!(made.header("location"), "/console/segments/3");
    let task = r#"{"source_type":"segment","source_id":2}"#;
    for (method, body) in [("get_all", task), ("import", r#"{"db_id":1,"data":{},"add_to_segments":[2]}"#)] {
        let ask =
            house.post(&format!("/api/v1.1/profiles/{method}")).token(crate::house::ALL).json(body).await;
        assert!(ask.text().contains("segment 2 was not found"), "{method}: {}", ask.text());
    }
}
