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

#[tokio::test]
async fn an_audience_is_made_and_gets_fields() {
    let house = house().await;
    let visitor = Visitor::of(&house, 20002).await;
    assert!(visitor.get("/console/audiences").await.text().contains("href=\"/console/audiences/new\""));
    for (body, said) in [
        ("name=&field=age&type=int", "<li>Name: is not 1 to 255 characters long.</li>"),
        (
            "name=x&field=age&type=int&field=age&type=string",
            "<li>Field 2, name: is used twice in the audience.</li>",
        ),
        (
            "name=x&field=&type=int&field=email&type=string",
            "<li>Field 1, name: is what every profile has.</li>",
        ),
        ("name=x&field=age&type=years", "<li>Field 1, type: is none that there is.</li>"),
    ] {
        let refused = visitor.post("/console/audiences/new", body).await;
        assert!(refused.status == 422 && refused.text().contains(said), "{body}: {}", refused.text());
    }
    let body = "name=Guests&field=age&type=int&field=&type=string&field=vip&type=bool";
    let made = visitor.post("/console/audiences/new", body).await;
    let guests = "/console/audiences/3";
    assert_eq!((made.status.as_u16(), made.header("location")), (303, guests), "{}", made.text());
    let edit = format!("{guests}/edit");
    let page = visitor.get(&edit).await;
    let seen =
        page.text().split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for shown in
        ["name=\"field\" value=\"age\"", "<span class=\"quiet\">whole number</span>", ">yes or no</span>"]
    {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    let changed = format!("seen={seen}&name=Guests+of+honour&field=age&type=int&field=town&type=string");
    let saved = visitor.post(&edit, &changed).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, guests), "{}", saved.text());
    let list = visitor.get("/console/audiences").await;
    let row = "Guests of honour</a></th><td class=\"number\">0</td><td>age, town</td>";
    assert!(list.text().contains(row), "{}", list.text());
    // What was seen is not what there is any more: what was filled in is shown, and not saved.
    let outdated = visitor.post(&edit, &changed.replace("honour", "ours")).await;
    assert_eq!(outdated.status, 409);
    assert!(outdated.text().contains("Somebody has changed this audience"), "{}", outdated.text());
    assert!(outdated.text().contains("value=\"Guests of ours\""), "{}", outdated.text());
    let seen =
        outdated.text().split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let other = format!("seen={seen}&name=Guests&field=age&type=string");
    let refused = visitor.post(&edit, &other).await;
    assert!(
        refused.status == 422 && refused.text().contains("Field 1, type: cannot be changed."),
        "{}",
        refused.text()
    );
    let stranger = Visitor::of(&house, 20003).await;
    assert_eq!(stranger.get(&edit).await.status, 404);
    assert_eq!(stranger.post(&edit, &format!("seen={seen}&name=x")).await.status, 404);
    let log = visitor.get("/console/audit").await;
    assert!(
        log.text().contains("audience 3: Guests of honour") && log.text().contains("audience 3: Guests<"),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn a_profile_is_made() {
    let house = house().await;
    let visitor = Visitor::of(&house, 20002).await;
    assert!(visitor.get(CLIENTS).await.text().contains(&format!("href=\"{CLIENTS}/profiles/new\"")));
    let new = format!("{CLIENTS}/profiles/new");
    let page = visitor.get(&new).await;
    assert!(
        page.text().contains("<input type=\"text\" id=\"i-f4\" name=\"f4\" value=\"\""),
        "{}",
        page.text()
    );
    for (body, said) in [
        ("f0=nobody", "Is not an e-mail address."),
        ("f0=ada%40example.org", "Another profile has this e-mail address."),
        ("f0=eve%40example.org&f4=old", ""),
    ] {
        let refused = visitor.post(&new, body).await;
        assert!(refused.status == 422 && refused.text().contains(said), "{body}: {}", refused.text());
        assert!(
            refused.text().contains("action") && refused.text().contains("class=\"fault\""),
            "{}",
            refused.text()
        );
    }
    let made = visitor.post(&new, "f0=eve%40example.org&f3=pilot&f4=29&f5=x%0D%0Ay").await;
    assert_eq!(made.status, 303, "{}", made.text());
    let page = visitor.get(made.header("location")).await;
    for shown in ["<h1>eve@example.org</h1>", "<dd>pilot</dd>", "<dd>29</dd>", "<dd>x | y</dd>"] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    let stranger = Visitor::of(&house, 20003).await;
    assert_eq!(stranger.post(&new, "f0=mallory%40example.org").await.status, 404);
}

#[tokio::test]
async fn the_query_of_a_segment_is_changed_and_its_count_shown_meanwhile() {
    let house = house().await;
    let visitor = Visitor::of(&house, 20002).await;
    let made = visitor
        .post(
            &format!("{CLIENTS}/segments"),
            "name=Elders&query=%7B%22%24and%22%3A%5B%7B%22age%22%3A%7B%22%24gt%22%3A%2240%22%7D%7D%5D%7D",
        )
        .await;
    let elders = made.header("location").to_owned();
    let edit = format!("{elders}/edit");
    let page = visitor.get(&edit).await;
    for shown in [
        "<option value=\"age\" selected>",
        "<option value=\"more\" selected>",
        "name=\"what\" value=\"40\"",
        "1 profile.",
    ] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    let body = "name=Grown-ups&field=age&how=least&what=18&method=all";
    let counted = visitor.post(&edit, &format!("{body}&do=estimate")).await;
    assert!(counted.status == 200 && counted.text().contains("2 profiles."), "{}", counted.text());
    assert!(visitor.get(&elders).await.text().contains("<h1>Elders</h1>"), "counting stores nothing");
    let saved = visitor.post(&edit, body).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, elders.as_str()), "{}", saved.text());
    let page = visitor.get(&elders).await;
    assert!(
        page.text().contains("<h1>Grown-ups</h1>") && page.text().contains("2 profiles."),
        "{}",
        page.text()
    );
    for (body, said) in [
        ("name=&field=age&how=least&what=18&method=all", "<li>Name: is not a name.</li>"),
        ("name=x&field=age&how=like&what=18&method=all", "<li>Query: compares in none of these ways"),
    ] {
        let refused = visitor.post(&edit, body).await;
        assert!(refused.status == 422 && refused.text().contains(said), "{body}: {}", refused.text());
    }
    // No condition at all is everyone.
    visitor.post(&edit, "name=All&method=all").await;
    assert!(visitor.get(&elders).await.text().contains("3 profiles."));
    let stranger = Visitor::of(&house, 20003).await;
    assert_eq!(
        (stranger.get(&edit).await.status, stranger.post(&edit, body).await.status),
        (404.try_into().unwrap(), 404.try_into().unwrap())
    );
    assert!(visitor.get("/console/audit").await.text().contains("Grown-ups"));
}

#[tokio::test]
async fn a_query_that_conditions_cannot_say_is_changed_as_it_is_kept() {
    let house = house().await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get("/console/segments/1/edit").await;
    assert!(page.text().contains("{&#34;occupation&#34;:&#34;doctor&#34;}</textarea>"), "{}", page.text());
    let query = |json: &str| {
        form_urlencoded::Serializer::new("name=Doctors".to_owned()).append_pair("query", json).finish()
    };
    let refused = visitor.post("/console/segments/1/edit", &query(r#"{"age":{"$like":1}}"#)).await;
    assert!(
        refused.status == 422 && refused.text().contains("<p class=\"fault\" id=\"e-query\">"),
        "{}",
        refused.text()
    );
    let saved = visitor.post("/console/segments/1/edit", &query(r#"{"age":{"$gt":30,"$lt":40}}"#)).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert!(visitor.get("/console/segments/1").await.text().contains("1 profile."));
    // Who is in a fixed one is chosen one by one: it is only called otherwise.
    let page = visitor.get("/console/segments/2/edit").await;
    assert!(
        !page.text().contains("name=\"query\"") && !page.text().contains("name=\"field\""),
        "{}",
        page.text()
    );
    assert_eq!(visitor.post("/console/segments/2/edit", "name=Picked").await.status, 303);
    let page = visitor.get("/console/segments/2").await;
    assert!(page.text().contains("<h1>Picked</h1>") && page.text().contains("1 profile."), "{}", page.text());
}
