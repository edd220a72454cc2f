//! Submissions in the console.

use super::Visitor;
use crate::hosted::hidden;
use crate::house::{ALL, House};

const TABLE: &str = "/console/forms/1";

/// The status of the answer to what is made of the page on which a submission is edited.
pub(crate) async fn edited(visitor: &Visitor<'_>, path: &str, fields: &str) -> u16 {
    let page = visitor.get(path).await;
    let version = hidden(&page, "fillhouse version");
    visitor.post(path, &format!("fillhouse+version={version}&{fields}")).await.status.as_u16()
}

/// The ids that a table shows, in its order.
fn ids(text: &str) -> Vec<&str> {
    let rows = text.split("/submissions/").skip(1);
    rows.filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn the_table_is_searched_sorted_and_filtered() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    for (query, found) in [
        ("", vec!["10000004", "10000003", "10000002", "10000001"]),
        ("?sort=100&up=1", vec!["10000001", "10000002", "10000004", "10000003"]),
        ("?sort=102", vec!["10000003", "10000004", "10000002", "10000001"]),
        ("?q=zo", vec!["10000003"]),
        ("?where=100&how=begins&what=GR", vec!["10000002"]),
        ("?where=101&how=is&what=other", vec!["10000001"]),
        ("?where=&how=is&what=x&page=0", vec!["10000004", "10000003", "10000002", "10000001"]),
        ("?page=2", vec!["10000004", "10000003", "10000002", "10000001"]),
        ("?status=Complete", vec!["10000004", "10000003", "10000001"]),
        ("?status=Incomplete&sort=date_finish", vec!["10000002"]),
        ("?sort=date_finish&up=1", vec!["10000002", "10000001", "10000003", "10000004"]),
        ("?sort=result_status", vec!["10000002", "10000004", "10000003", "10000001"]),
        ("?q=nobody", vec![]),
    ] {
        let page = visitor.get(&format!("{TABLE}{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.text());
        assert_eq!(ids(page.text()), found, "{query}");
    }
    let text = visitor.get(&format!("{TABLE}?column=101")).await.text().to_owned();
    assert!(text.contains("Other: a poster") && !text.contains("Ada, "), "{text}");
    for query in ["?sort=nothing", "?where=nothing&how=is&what=x"] {
        assert_eq!(visitor.get(&format!("{TABLE}{query}")).await.status, 422, "{query}");
    }
    let hostile = visitor.get(&format!("{TABLE}?q=%22%3E%3Cscript%3E&page=99999999999999999999")).await;
    assert!(hostile.status == 200 && !hostile.text().contains("<script>"), "{}", hostile.text());
    assert_eq!(visitor.get(&format!("{TABLE}?page=18446744073709551615")).await.status, 200);
}

#[tokio::test]
async fn a_submission_is_shown_changed_and_deleted() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = format!("{TABLE}/submissions/10000001");
    let shown = visitor.get(&path).await;
    assert!(shown.text().contains("Ada, &#34;the first&#34;") && shown.text().contains("Other: a poster"));
    let edit = visitor.get(&format!("{path}/edit")).await;
    assert!(edit.text().contains("value=\"a poster\""), "{}", edit.text());

    let version = hidden(&edit, "fillhouse version");
    let said = |text: &str| format!("fillhouse+version={version}&{text}");
    let wrong = visitor.post(&format!("{path}/edit"), &said("100=Ada&102=many")).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("value=\"many\"") && wrong.text().contains("aria-invalid"),
        "{}",
        wrong.text()
    );
    let fields = said("100=Ada+L.&101=1&101.other=a+poster&102=4");
    let saved = visitor.post(&format!("{path}/edit"), &fields).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, path.as_str()));
    let stored = house.get("/v1/forms/1/submissions/10000001").token(ALL).await.json();
    let answers =
        serde_json::json!({ "100": "Ada L.", "101": [{ "position": 1, "other": "a poster" }], "102": "4" });
    assert_eq!(stored["answers"], answers);

    let deleted = visitor.post(&format!("{path}/delete"), "").await;
    assert_eq!((deleted.status.as_u16(), deleted.header("location")), (303, TABLE));
    assert_eq!(visitor.get(&path).await.status, 404);
}

#[tokio::test]
async fn what_somebody_else_has_changed_is_not_overwritten_unseen() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = format!("{TABLE}/submissions/10000001/edit");
    let shown = visitor.get(&path).await;
    let seen = hidden(&shown, "fillhouse version").to_owned();
    let fields = |version: &str, name: &str| format!("fillhouse+version={version}&100={name}");
    assert_eq!(visitor.post(&path, &fields(&seen, "Grace")).await.status, 303);

    let stored =
        async || house.get("/v1/forms/1/submissions/10000001").token(ALL).await.json()["answers"].take();
    for version in [seen.as_str(), "", "0"] {
        let late = visitor.post(&path, &fields(version, "Zoe")).await;
        assert_eq!(late.status, 409, "{version}");
        let text = late.text();
        assert!(text.contains("has changed this submission") && text.contains("value=\"Zoe\""), "{text}");
        assert_eq!(stored().await, serde_json::json!({ "100": "Grace" }));
    }
    let late = visitor.post(&path, &fields(&seen, "Zoe")).await;
    let again = fields(hidden(&late, "fillhouse version"), "Zoe");
    assert_eq!(visitor.post(&path, &again).await.status, 303);
    assert_eq!(stored().await, serde_json::json!({ "100": "Zoe" }));
}

#[tokio::test]
async fn the_summary_counts_everything() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get(&format!("{TABLE}/summary")).await;
    let text = page.text();
    assert!(
        text.contains("4 Submissions. Finished: 3 (75%).") && text.contains("at most 1 in a day"),
        "{text}"
    );
    for (label, count, percent) in [("A friend", 0, 0), ("Other", 1, 100), ("5", 1, 100)] {
        let row = text.split(&format!("\">{label}</a></th>")).nth(1).unwrap();
        let row = row.split("</tr>").next().unwrap();
        let numbers = format!("<td class=\"number\">{count}</td><td class=\"number\">{percent}%</td>");
        assert!(row.ends_with(&numbers), "{label}: {row}");
    }
    let empty = visitor.get("/console/forms/2/summary").await;
    assert!(empty.status == 200 && empty.text().contains("0 Submissions"), "{}", empty.text());
}

#[tokio::test]
async fn days_of_the_summary_are_chosen() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let all = visitor.get(&format!("{TABLE}/summary")).await;
    // The last instant of April in Berlin, and the first of May.
    for (day, count) in [("2026-04-01", 1), ("2026-04-30", 1), ("2026-05-01", 1)] {
        let bar =
            format!("<a href=\"?from={day}&amp;to={day}\" tabindex=\"-1\"><title>{day}: {count}</title>");
        assert!(all.text().contains(&bar), "{bar}: {}", all.text());
    }
    assert!(all.text().contains("Days are those of Europe/Berlin, on which"), "{}", all.text());
    // The one that was not finished has a name, and nothing behind it.
    let stopped = all.text().split("<h2>Where people stopped</h2>").nth(1).unwrap();
    let stopped = stopped.split("</section>").next().unwrap();
    assert!(
        stopped.contains("Name</a></th>") && stopped.contains("<td class=\"number\">1</td>"),
        "{stopped}"
    );
    let query = stopped
        .split("<a href=\"?")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    assert_eq!(query, "status=Incomplete&where=last_answered&how=is&what=100");
    let those = visitor.get(&format!("{TABLE}/summary?{query}")).await;
    assert!(those.text().contains("1 Submissions. Finished: 0 (0%)."), "{}", those.text());
    assert!(those.text().contains("<li>The last question that was answered “Name”"), "{}", those.text());
    // By its name as well, and by hand.
    for what in ["100", "name"] {
        let table = visitor.get(&format!("{TABLE}?where=last_answered&how=contains&what={what}")).await;
        assert_eq!(ids(table.text()), ["10000004", "10000002"], "{}", table.text());
    }
    let none = visitor.get(&format!("{TABLE}?where=last_answered&how=is&what=none")).await;
    assert_eq!(ids(none.text()), [""; 0], "{}", none.text());

    let some = visitor.get(&format!("{TABLE}/summary?from=2026-04-30&to=2026-04-30")).await;
    let text = some.text();
    assert!(text.contains("1 Submissions. Finished: 1 (100%)."), "{text}");
    assert!(text.contains("<li>From 2026-04-30 <a href=\"?to=2026-04-30\""), "{text}");
    // The day that is chosen is the whole picture.
    assert!(text.contains("1 day, 2026-04-30; at most 1 in a day."), "{text}");
    assert_eq!(text.matches("class=\"whole\"").count(), 1, "{text}");
    assert!(text.contains("<span>1</span><span>0</span></div>"), "{text}");
    assert!(text.contains("text-anchor=\"middle\">2026-04-30</text>"), "{text}");
    assert!(!text.contains("Where people stopped"), "{text}");
    let table = visitor.get(&format!("{TABLE}?from=2026-04-30&to=2026-04-30")).await;
    assert_eq!(ids(table.text()), ["10000003"]);
    assert!(table.text().contains("<input type=\"hidden\" name=\"from\" value=\"2026-04-30\">"));
    let before = visitor.get(&format!("{TABLE}?to=2026-04-02")).await;
    assert_eq!(ids(before.text()), ["10000002", "10000001"]);
    let exports = visitor.get(&format!("{TABLE}/exports?from=2026-04-30")).await;
    assert!(exports.text().contains("name=\"from\" value=\"2026-04-30\""), "{}", exports.text());
    assert!(!exports.text().contains("Only what the table showed"), "{}", exports.text());
}

#[tokio::test]
async fn a_bar_of_the_summary_leads_to_what_it_counts() {
    let house = House::idle().await;
    house.import(
        r#"{"kind":"submission","form_id":1,"id":10000005,"status":"Complete","date_start":"2026-05-01T06:00:00Z","date_finish":"2026-05-01T06:01:30Z","date_update":"2026-05-01T06:01:30Z","answers":{"100":"Slow","101":[{"position":1,"other":"x"}],"102":"5"}}"#.to_owned(),
    ).await;
    let visitor = Visitor::of(&house, 20002).await;
    let all = visitor.get(&format!("{TABLE}/summary")).await;
    let query = "where=101&#38;how=is&#38;what=Other";
    assert!(all.text().contains(&format!("<a href=\"?{query}\">Other</a>")), "{}", all.text());
    assert!(all.text().contains("less than 2 minutes</a></th>"), "{}", all.text());
    let query = query.replace("&#38;", "&");
    let some = visitor.get(&format!("{TABLE}/summary?{query}")).await;
    let text = some.text();
    assert!(
        text.contains("2 Submissions. Finished: 2 (100%).") && text.contains("<li>Source is “Other”"),
        "{text}"
    );
    // Of those, one has stars.
    let both = visitor.get(&format!("{TABLE}/summary?{query}&where=102&how=is&what=5")).await;
    assert!(both.text().contains("1 Submissions. Finished"), "{}", both.text());
    assert!(both.text().contains("aria-label=\"Without: Source is “Other”\""), "{}", both.text());
    let table = visitor.get(&format!("{TABLE}?{query}")).await;
    assert_eq!(ids(table.text()), ["10000005", "10000001"]);
    let searched = visitor.get(&format!("{TABLE}/summary?q=OTHER&up=1")).await;
    assert!(searched.text().contains("2 Submissions."), "{}", searched.text());
    assert_eq!(visitor.get(&format!("{TABLE}/summary?where=999&how=is&what=5")).await.status, 422);
}

#[tokio::test]
async fn a_submission_is_shown_with_what_it_was_before() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = format!("{TABLE}/submissions/10000001");
    assert!(!visitor.get(&path).await.text().contains("Earlier versions"));
    for name in ["Ada+L.", "Ada+Lovelace"] {
        let fields = format!("100={name}&101=1&101.other=a+poster");
        assert_eq!(edited(&visitor, &format!("{path}/edit"), &fields).await, 303);
    }
    let page = visitor.get(&path).await;
    let versions: Vec<&str> = page.text().split("class=\"version\"").skip(1).collect();
    assert_eq!(versions.len(), 2, "{}", page.text());
    assert!(
        versions[0].contains("<dt>Name</dt><dd>Ada L.</dd>") && !versions[0].contains("poster"),
        "{}",
        versions[0]
    );
    assert!(versions[1].contains("the first"), "{}", versions[1]);
}

#[tokio::test]
async fn how_many_there_are_is_written_with_the_thousands_apart() {
    let house = House::idle().await;
    let line = |n: i64| {
        let id = 20_000_000 + n;
        format!(
            r#"{{"kind":"submission","form_id":1,"id":{id},"status":"Complete","date_finish":"2026-04-01T10:00:00Z","date_update":"2026-04-01T10:00:00Z","answers":{{"100":"Name"}}}}"#
        )
    };
    house.import((0..1_196).map(|n| line(n) + "\n").collect()).await;
    let visitor = Visitor::of(&house, 20002).await;
    for (path, said) in [
        ("/", "<td class=\"number\">1,200</td>"),
        ("/console/forms/1", "1–50 of 1,200."),
        ("/console/forms/1?page=24", "1,151–1,200 of 1,200."),
        ("/console/forms/1/summary", "1,200 Submissions."),
        ("/console/usage", "<dt>Submissions</dt><dd>1,20"),
        ("/console/forms/1/exports", "1,200 submissions"),
    ] {
        let page = visitor.get(path).await;
        assert!(page.text().contains(said), "{path}: {}", page.text());
    }
}

#[tokio::test]
async fn what_the_table_shows_is_what_is_exported() {
    let house = House::new().await;
    let visitor = Visitor::of(&house, 20002).await;
    // It was finished in March, as Berlin has it, and is changed now.
    let path = format!("{TABLE}/submissions/10000001");
    assert_eq!(edited(&visitor, &format!("{path}/edit"), "100=Ada&101=1&101.other=a+poster").await, 303);
    house.import(
        r#"{"kind":"submission","form_id":1,"id":10000005,"status":"Incomplete","date_update":"2026-03-31T21:59:59Z","answers":{"100":"Early"}}"#.to_owned(),
    ).await;
    for (query, expected) in [
        ("from=2026-04-01&to=2026-04-01", vec!["10000001"]),
        ("from=2026-04-01&to=2026-04-30", vec!["10000003", "10000002", "10000001"]),
        ("from=2026-05-01", vec!["10000004"]),
        ("to=2026-03-31", vec!["10000005"]),
        ("to=2026-04-30&status=Incomplete", vec!["10000005", "10000002"]),
        ("to=2026-04-30&status=Complete", vec!["10000003", "10000001"]),
        ("to=2026-04-30&where=100&how=contains&what=a", vec!["10000005", "10000002", "10000001"]),
    ] {
        let table = visitor.get(&format!("{TABLE}?{query}")).await;
        assert_eq!(ids(table.text()), expected, "{query}");
        let summary = visitor.get(&format!("{TABLE}/summary?{query}")).await;
        assert!(summary.text().contains(&format!(">{} Submissions.", expected.len())), "{query}");
        let link = table.text().split("/exports?").nth(1).unwrap().split('"').next().unwrap();
        let link = link.replace("&#38;", "&");
        let offered = visitor.get(&format!("{TABLE}/exports?{link}")).await;
        let said = format!("role=\"status\">{} submission", expected.len());
        assert!(offered.text().contains(&said), "{query}: {}", offered.text());
        let body = format!("{link}&format=csv&compression=none&column=id");
        let mut exported = super::exports::exported(&visitor, &body).await;
        exported.reverse();
        assert_eq!(exported, expected, "{query}");
    }
}

#[tokio::test]
async fn what_is_said_of_a_submission_can_be_seen_and_chosen() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get(TABLE).await;
    let rows: Vec<&str> = page.text().split("<th scope=\"row\">").skip(1).collect();
    let marked: Vec<bool> =
        rows.iter().map(|row| row.contains("<span class=\"mark\">unfinished</span>")).collect();
    assert_eq!(marked, [false, false, true, false], "{}", page.text());
    // As the clocks of Berlin had it.
    assert!(
        rows[0].contains("<td class=\"date\"><span class=\"cell\">2026-05-01 00:00</span>"),
        "{}",
        rows[0]
    );
    assert!(page.text().contains("Times are those of Europe/Berlin."), "{}", page.text());

    let visitor_view = "id=states&name=States&column=result_id&column=result_status&column=date_finish";
    assert_eq!(visitor.post(&format!("{TABLE}/views/view"), visitor_view).await.status, 303);
    let query = "column=result_id&column=result_status&column=date_finish";
    assert!(visitor.get(TABLE).await.text().contains(&query.replace('&', "&#38;")));
    let page = visitor.get(&format!("{TABLE}?{query}")).await;
    let text = page.text();
    let heads: Vec<&str> =
        text.split("<th scope=\"col\"").skip(1).filter_map(|head| head.split("\">").nth(2)).collect();
    let heads: Vec<&str> = heads.iter().filter_map(|head| head.split('<').next()).collect();
    assert_eq!(heads, ["Id", "Finished", "Status"], "{text}");
    assert!(text.contains("<span class=\"cell\">Incomplete</span>") && !text.contains("Grace"), "{text}");
    assert!(text.contains("value=\"result_status\" checked") && !text.contains("role=\"alert\""), "{text}");
    // Nothing is sorted by what there are no columns of in memory.
    let page = visitor.get(&format!("{TABLE}?column=profile_id&column=999")).await;
    assert!(page.text().contains("aria-sort=\"none\">Profile</th>"), "{}", page.text());
    assert!(page.text().contains("<li>Column: 999 is no column of the form.</li>"), "{}", page.text());
}

#[tokio::test]
async fn what_an_address_says_wrongly_is_told() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    for (query, said) in [
        ("from=2026-13-45", "From: 2026-13-45 is not a day of the calendar."),
        ("from=2026-05-02&to=2026-05-01", "From: 2026-05-02 is after 2026-05-01, the last day."),
        ("status=nope", "Status: is none that there is."),
        ("where=100&how=nope&what=a", "Comparison of condition 1: is none that there is."),
        ("where=100&how=is&what=", "Value of condition 1: is empty."),
        ("page=nope", "Page: is not the number of a page."),
    ] {
        for path in [TABLE.to_owned(), format!("{TABLE}/summary")] {
            let page = visitor.get(&format!("{path}?{query}")).await;
            assert_eq!(page.status, 200, "{query}");
            assert!(page.text().contains(&format!("<li>{said}</li>")), "{query}: {}", page.text());
            assert!(page.text().contains("of 4") || page.text().contains("4 Submissions"), "{query}");
        }
    }
    assert!(!visitor.get(&format!("{TABLE}?q=&where=&how=is&what=")).await.text().contains("role=\"alert\""));
}

#[tokio::test]
async fn any_page_is_gone_to() {
    let house = House::idle().await;
    let line = |n: i64| {
        let id = 20_000_000 + n;
        format!(
            r#"{{"kind":"submission","form_id":1,"id":{id},"status":"Complete","date_finish":"2026-04-01T10:00:00Z","date_update":"2026-04-01T10:00:00Z","answers":{{"100":"Name"}}}}"#
        )
    };
    house.import((0..146).map(|n| line(n) + "\n").collect()).await;
    let visitor = Visitor::of(&house, 20002).await;
    assert!(!visitor.get(&format!("{TABLE}?q=zo")).await.text().contains("class=\"pages\" aria-label"));
    let page = visitor.get(&format!("{TABLE}?q=&sort=date_update&page=2")).await;
    let text = page.text();
    for link in [
        "<a href=\"?sort=date_update\">First page</a>",
        "<a rel=\"prev\" href=\"?sort=date_update\">Previous page</a>",
        "<a rel=\"next\" href=\"?sort=date_update&#38;page=3\">Next page</a>",
        "<a href=\"?sort=date_update&#38;page=3\">Last page</a>",
        "<input type=\"number\" name=\"page\" min=\"1\" max=\"3\" value=\"2\" required></label> <span>of 3</span>",
        "<input type=\"hidden\" name=\"sort\" value=\"date_update\"><label>Page",
    ] {
        assert!(text.contains(link), "{link}: {text}");
    }
    for beyond in ["4", "999999", "99999999999999999999"] {
        let page = visitor.get(&format!("{TABLE}?page={beyond}")).await;
        assert!(page.text().contains("101–150 of 150."), "{beyond}: {}", page.text());
        assert!(page.text().contains("is beyond the last one, which this is."), "{beyond}: {}", page.text());
        assert!(!page.text().contains("Next page") && page.text().contains("href=\"?page=2\">Previous page"));
    }
}

#[tokio::test]
async fn choices_are_parts_of_the_people_who_made_any() {
    let house = House::idle().await;
    house.import([
        r#"{"kind":"form","id":4,"account_id":20002,"shortname":"form_Pets0001","directory":"pets","slug":"pets","name":"Pets","state":"open","items":[{"id":"1","type":"checkbox","label":"Pets","choices":[{"position":0,"label":"Cat"},{"position":1,"label":"Dog"}]}]}"#,
        r#"{"kind":"submission","form_id":4,"id":30000001,"status":"Complete","date_finish":"2026-04-01T10:00:00Z","date_update":"2026-04-01T10:00:00Z","answers":{"1":[{"position":0},{"position":1}]}}"#,
        r#"{"kind":"submission","form_id":4,"id":30000002,"status":"Complete","date_finish":"2026-04-01T10:00:00Z","date_update":"2026-04-01T10:00:00Z","answers":{"1":[{"position":1}]}}"#,
        r#"{"kind":"submission","form_id":4,"id":30000003,"status":"Complete","date_finish":"2026-04-01T10:00:00Z","date_update":"2026-04-01T10:00:00Z","answers":{}}"#,
    ].join("\n") + "\n").await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get("/console/forms/4/summary").await;
    let text = page.text();
    assert!(text.contains("Percent of the 2 who answered; with several choices each"), "{text}");
    for (count, percent) in [(1, 50), (2, 100)] {
        let numbers = format!("<td class=\"number\">{count}</td><td class=\"number\">{percent}%</td>");
        assert!(text.contains(&numbers), "{numbers}: {text}");
    }
}

#[tokio::test]
async fn whatever_a_summary_counts_is_left_by_a_click() {
    let house = House::idle().await;
    let line = |n: i64| {
        format!(
            r#"{{"kind":"submission","form_id":1,"id":{},"status":"Complete","date_start":"2026-04-01T10:00:00Z","date_finish":"2026-04-01T10:{n:02}:00Z","date_update":"2026-04-01T11:00:00Z","answers":{{"100":"Name","101":[{{"position":0}}],"102":"{}.{}"}}}}"#,
            20_000_000 + n,
            n / 7,
            n % 10
        ) + "\n"
    };
    house.import((0..60).map(line).collect()).await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get(&format!("{TABLE}/summary")).await;
    let mut followed = 0;
    for row in page.text().split("<tr><th scope=\"row\"><a href=\"?").skip(1) {
        let query = row.split('"').next().unwrap().replace("&#38;", "&");
        let count = row.split("<td class=\"number\">").nth(1).unwrap().split('<').next().unwrap();
        let left = visitor.get(&format!("{TABLE}/summary?{query}")).await;
        assert!(left.text().contains(&format!(">{count} Submissions.")), "{query}: {count}");
        let offered = visitor.get(&format!("{TABLE}/exports?{query}")).await;
        assert!(offered.text().contains(&format!("role=\"status\">{count} submission")), "{query}: {count}");
        followed += 1;
    }
    // Two choices, twelve ranges of numbers, nine of times, one question at which people stopped.
    assert_eq!(followed, 24, "{}", page.text());
    let query = "where=completion_seconds&how=least&what=60&where=102&how=less&what=5";
    let narrowed = visitor.get(&format!("{TABLE}/summary?{query}")).await;
    for said in ["<li>How long it took, in seconds is at least “60”", "<li>Stars is less than “5”"] {
        assert!(narrowed.text().contains(said), "{said}: {}", narrowed.text());
    }
    // A narrower range takes the place of a wider one.
    let address =
        "where=102&#38;how=less&#38;what=5&#38;where=completion_seconds&#38;how=least&#38;what=120&#38;";
    assert!(narrowed.text().contains(address), "{}", narrowed.text());
    for wrong in ["where=100&how=least&what=5", "where=102&how=least&what=many"] {
        assert_eq!(visitor.get(&format!("{TABLE}?{wrong}")).await.status, 422, "{wrong}");
    }
}
