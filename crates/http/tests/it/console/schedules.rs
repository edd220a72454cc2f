//! Schedules in the console.

use super::Visitor;
use super::editor::{sent_by, with};
use crate::house::{ALL, House};

const EXPORTS: &str = "/console/forms/1/exports";

/// Makes a schedule, and gives its path.
async fn made(visitor: &Visitor<'_>, more: &str) -> String {
    let body = format!("do=schedule&name=Nightly&every=weekly&on=monday&at=02%3A30{more}");
    let made = visitor.post(EXPORTS, &body).await;
    assert_eq!(made.status, 303, "{}", made.text());
    made.header("location").to_owned()
}

#[tokio::test]
async fn an_export_is_made_again_and_again() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let more = "&format=ndjson&compression=gzip&status=Complete&where=100&how=contains&what=A";
    let path = made(&visitor, more).await;
    let page = visitor.get(&path).await;
    for said in [
        "every Monday at 02:30 (Europe/Berlin)",
        "<li>Format: Lines of JSON (NDJSON)</li>",
        "<li>Compression: gzip</li>",
        "<li>Which: finished</li>",
        "<li>Only where all of this holds: Name has “A”</li>",
        "It did not run yet.",
        "to the exports on this page",
    ] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    let list = visitor.get(EXPORTS).await;
    assert!(
        list.text().contains(&format!("<a class=\"goes\" href=\"{path}\">Nightly</a>")),
        "{}",
        list.text()
    );

    // It is what the native API has, too, and could be asked for there as it is.
    let known = house.get("/v1/schedules").token(ALL).await.json();
    let export = &known["schedules"][0]["export"];
    assert_eq!(
        export.to_string(),
        r#"{"compression":"gzip","filter":{"answers":[{"contains":"A","item":"100"}],"status":"Complete"},"form":1,"format":"ndjson"}"#
    );
    let asked = house.post("/v1/exports").token(ALL).json(&export.to_string()).await;
    assert_eq!(asked.status, 201, "{}", asked.text());

    assert_eq!(visitor.post(&path, "name=Late&every=cron&cron=0+23+*+*+*").await.status, 303);
    assert_eq!(visitor.post(&format!("{path}/pause"), "paused=yes").await.status, 303);
    let page = visitor.get(&path).await;
    assert!(page.text().contains("Schedule: Late") && page.text().contains("0 23 * * *"), "{}", page.text());
    assert!(
        page.text().contains("<dd>paused</dd>") && page.text().contains("Go on with it"),
        "{}",
        page.text()
    );
    assert_eq!(visitor.post(&format!("{path}/pause"), "paused=no").await.status, 303);
    assert!(!visitor.get(&path).await.text().contains("<dd>paused</dd>"));

    assert_eq!(visitor.post(&format!("{path}/run"), "").await.status, 303);
    let page = visitor.get(&path).await;
    assert!(page.text().contains("run by hand"), "{}", page.text());
    let again = visitor.post(&format!("{path}/run"), "").await;
    assert_eq!(again.status, 409);
    assert!(again.text().contains("a run of the schedule is under way."), "{}", again.text());

    assert_eq!(visitor.post(&format!("{path}/delete"), "").await.header("location"), EXPORTS);
    assert_eq!(visitor.get(&path).await.status, 404);
}

#[tokio::test]
async fn what_a_schedule_exports_is_told_as_the_native_api_has_it() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    for (more, expected) in [
        (
            "&bom=yes&raw=yes&delimiter=tab&eol=crlf&header=id&column=id&column=100&from=2026-01-01&to=2026-02-01",
            r#"{"columns":["id","100"],"compression":"zip","form":1,"format":"csv","from":"2026-01-01","include_incomplete":true,"options":{"bom":true,"delimiter":"\t","eol":"crlf","formulas":"raw","header":"id"},"to":"2026-02-01"}"#,
        ),
        (
            "&format=xlsx&status=Incomplete",
            r#"{"filter":{"status":"Incomplete"},"form":1,"format":"xlsx","include_incomplete":true,"options":{"header":"label"}}"#,
        ),
    ] {
        let path = made(&visitor, more).await;
        let known = house.get("/v1/schedules").token(ALL).await.json();
        let export = known["schedules"][0]["export"].to_string();
        assert_eq!(export, expected);
        let asked = house.post("/v1/exports").token(ALL).json(&export).await;
        assert_eq!(asked.status, 201, "{}", asked.text());
        assert_eq!(visitor.post(&format!("{path}/delete"), "").await.status, 303);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_schedule_is_said_beside_it() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    for (body, field, said) in [
        ("at=02%3A30", "name", ""),
        ("name=A", "at", "Is not a time of the form HH:MM."),
        ("name=A&at=2%3A30", "at", "Is not a time of the form HH:MM."),
        ("name=A&every=weekly&at=02%3A30&on=someday", "on", "Is none that there is."),
        ("name=A&every=cron&cron=often", "cron", "Has not five fields"),
        ("name=A&every=blue+moon", "every", "Is none that there is."),
        ("name=A&every=hourly&mode=some", "mode", "Is none that there is."),
        ("name=A&every=hourly&kind=moon", "kind", "Is none that there is."),
        ("name=A&every=hourly&kind=folder&folder=..%2Fa", "folder", ""),
        ("name=A&every=hourly&kind=webhook&url=x", "url", ""),
        ("name=A&every=hourly&kind=s3&bucket=b", "access_key_id", "Is missing."),
        ("name=A&every=hourly&format=poem", "format", "Is none that there is."),
    ] {
        let page = visitor.post(EXPORTS, &format!("do=schedule&{body}")).await;
        assert_eq!(page.status, 422, "{body}");
        let fault = format!("<p class=\"fault\" id=\"e-{field}\">{said}");
        assert!(page.text().contains(&fault), "{body}: {}", page.text());
        assert!(page.text().contains("<details open><summary>Make it again and again"), "{body}");
    }
    let secret = "name=A&every=hourly&kind=s3&access_key_id=AKIASEEN&secret_access_key=never-shown";
    let page = visitor.post(EXPORTS, &format!("do=schedule&{secret}")).await;
    assert_eq!(page.status, 422);
    assert!(!page.text().contains("AKIASEEN") && !page.text().contains("never-shown"), "{}", page.text());
    assert!(visitor.get(EXPORTS).await.text().find(">Schedules<").is_none());
}

#[tokio::test]
async fn a_schedule_is_found_below_its_form_and_account_alone() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = made(&visitor, "").await;
    let elsewhere = path.replace("/forms/1/", "/forms/2/");
    for path in [elsewhere.as_str(), "/console/forms/1/schedules/none"] {
        assert_eq!(visitor.get(path).await.status, 404, "{path}");
        for what in ["", "/run", "/pause", "/delete"] {
            assert_eq!(visitor.post(&format!("{path}{what}"), "name=B").await.status, 404, "{path}{what}");
        }
    }
}

/// What a schedule's page would send to change it.
async fn filled(visitor: &Visitor<'_>, path: &str) -> String {
    sent_by(visitor.get(path).await.text(), "class=\"choose edit\"")
}

/// What the native API has of the only schedule, but for when it was changed.
async fn known(house: &House) -> serde_json::Value {
    let mut schedule = house.get("/v1/schedules").token(ALL).await.json()["schedules"][0].take();
    schedule.as_object_mut().unwrap().remove("updated_at");
    schedule
}

#[tokio::test]
async fn what_a_schedule_exports_and_where_that_goes_is_changed() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let more = "&format=csv&delimiter=tab&bom=yes&raw=yes&column=id&column=result_status&column=100&from=2026-01-01&mode=incremental\
                &where=100&how=begins&what=A&where=101&how=is&what=Other&q=x";
    let path = made(&visitor, more).await;
    let before = known(&house).await;
    // Saved as it is, it is as it was.
    let body = filled(&visitor, &path).await;
    assert_eq!(visitor.post(&path, &body).await.status, 303);
    assert_eq!(known(&house).await, before);

    assert!(body.contains("&compression=&"), "{body}");
    let body = with(&with(&body, "format", "ndjson"), "compression", "zstd");
    let body = body
        .replace("column=id&column=result_status&column=100&", "")
        .replace("where=100&how=begins&what=A&where=101&how=is&what=Other&", "");
    let body = with(&body, "q", "");
    let body = with(&with(&body, "kind", "folder"), "folder", "reports");
    let body = with(&with(&body, "mode", "full"), "file_name", "all.ndjson.zst");
    let saved = visitor.post(&path, &body).await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, path.as_str()), "{}", saved.text());
    let after = known(&house).await;
    assert_eq!(
        after["export"].to_string(),
        r#"{"compression":"zstd","form":1,"format":"ndjson","from":"2026-01-01","include_incomplete":true}"#
    );
    assert_eq!(
        (after["mode"].to_string().as_str(), after["destination"].to_string().as_str()),
        ("\"full\"", r#"{"file_name":"all.ndjson.zst","folder":"reports","kind":"folder"}"#)
    );
    let body = with(&filled(&visitor, &path).await, "format", "poem");
    let refused = visitor.post(&path, &with(&body, "folder", "elsewhere")).await;
    assert_eq!(refused.status, 422);
    let fault = "<p class=\"fault\" id=\"e-format\">Is none that there is.";
    assert!(
        refused.text().contains(fault) && refused.text().contains("value=\"elsewhere\""),
        "{}",
        refused.text()
    );
    assert_eq!(known(&house).await, after);
}

#[tokio::test]
async fn what_lets_one_in_is_kept_as_long_as_the_place_is_the_same() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let more = "&kind=s3&bucket=reports&access_key_id=AKIA&secret_access_key=never-shown";
    let path = made(&visitor, more).await;
    let page = visitor.get(&path).await;
    assert!(page.text().contains("What lets one in there is kept"), "{}", page.text());
    assert!(!page.text().contains("AKIA") && !page.text().contains("never-shown"), "{}", page.text());
    let body = filled(&visitor, &path).await;
    assert_eq!(visitor.post(&path, &with(&body, "name", "Renamed")).await.status, 303);
    let refused = visitor.post(&path, &with(&body, "prefix", "2026")).await;
    let fault = "<p class=\"fault\" id=\"e-access_key_id\">Is missing.";
    assert!(refused.status == 422 && refused.text().contains(fault), "{}", refused.text());
    let body = with(&with(&body, "prefix", "2026"), "access_key_id", "AKIB");
    assert_eq!(visitor.post(&path, &with(&body, "secret_access_key", "other")).await.status, 303);
    assert_eq!(known(&house).await["destination"]["prefix"], "2026");
}

#[tokio::test]
async fn what_the_page_does_not_have_is_replaced_by_wish_alone() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let body = r#"{"name":"By API","when":{"every":"hourly"},"export":{"form":1,"format":"csv","filter":{"ids":[10000001]}}}"#;
    let id =
        house.post("/v1/schedules").token(ALL).json(body).await.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/console/forms/1/schedules/{id}");
    let page = visitor.get(&path).await;
    assert!(page.text().contains("asks for something that this page does not have"), "{}", page.text());
    let body = filled(&visitor, &path).await;
    assert_eq!(visitor.post(&path, &with(&body, "name", "Renamed")).await.status, 303);
    let there = known(&house).await;
    assert_eq!(
        (there["name"].as_str(), there["export"]["filter"]["ids"].is_array()),
        (Some("Renamed"), true),
        "{there}"
    );
    assert_eq!(visitor.post(&path, &format!("{body}&replace=yes")).await.status, 303);
    assert!(known(&house).await["export"]["filter"]["ids"].is_null());
}

/// The conditions of the only schedule, and the text that is searched for.
async fn asked(house: &House) -> String {
    known(house).await["export"]["filter"].to_string()
}

#[tokio::test]
async fn conditions_of_a_schedule_are_added_changed_and_dropped() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = made(&visitor, "&where=100&how=begins&what=A").await;
    let body = filled(&visitor, &path).await;
    let (one, blank) = ("where=100&how=begins&what=A", "where=&how=contains&what=");
    assert!(body.contains(&format!("{one}&{blank}&{blank}&q=")), "{body}");

    let two = format!("where=100&how=ends&what=a&where=101&how=is&what=other&{blank}");
    let save = async |rows: &str| {
        let body = filled(&visitor, &path).await;
        let (before, rest) = body.split_once("where=").unwrap();
        let rest = &rest[rest.find("&q=").unwrap()..];
        visitor.post(&path, &format!("{before}{rows}{rest}")).await
    };
    assert_eq!(save(&two).await.status, 303);
    // The label of a choice is its position to the native API, and its label again to people.
    assert_eq!(asked(&house).await, r#"{"answers":[{"ends":"a","item":"100"},{"equals":"1","item":"101"}]}"#);
    let page = visitor.get(&path).await;
    assert!(page.text().contains("value=\"Other\" aria-label=\"Text 2\""), "{}", page.text());

    // What was typed stays, beside what is wrong with it.
    let before = known(&house).await;
    for (rows, row, said) in [
        (format!("{one}&where=101&how=is&what="), 2, "Is empty."),
        (format!("{one}&where=&how=is&what=typed"), 2, "Is not chosen."),
        ("where=999&how=is&what=typed".to_owned(), 1, "Is no item of the form that is answered."),
        ("where=101&how=is&what=typed".to_owned(), 1, "Is the label of no choice."),
    ] {
        let refused = save(&rows).await;
        assert_eq!(refused.status, 422, "{rows}");
        let fault = format!("<p class=\"fault\" id=\"e-where{row}\">{said}</p>");
        let typed = rows.rsplit('=').next().unwrap();
        let kept = format!(
            "value=\"{typed}\" aria-label=\"Text {row}\" aria-invalid=\"true\" aria-describedby=\"e-where{row}\""
        );
        let text = refused.text();
        assert!(text.contains(&fault) && text.contains(&kept), "{rows}: {text}");
        assert!(text.contains("<details open><summary>Change what is exported"), "{rows}");
    }
    assert!(save("where=999&how=is&what=x").await.text().contains("<option value=\"999\" selected>999<"));
    assert_eq!(known(&house).await, before);

    assert_eq!(save(&format!("{blank}&{one}")).await.status, 303);
    assert_eq!(asked(&house).await, r#"{"answers":[{"begins":"A","item":"100"}]}"#);
    assert_eq!(save(&format!("{blank}&where=102&how=least&what=2.5")).await.status, 303);
    assert_eq!(asked(&house).await, r#"{"answers":[{"at_least":"2.5","item":"102"}]}"#);
    assert_eq!(save(blank).await.status, 303);
    assert_eq!(asked(&house).await, "null");
}

#[tokio::test]
async fn a_condition_that_no_field_gives_back_is_left_alone() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let body = r#"{"name":"By API","when":{"every":"hourly"},"export":{"form":1,"format":"ndjson","compression":"zip","include_incomplete":true,"filter":{"answers":[{"item":"100","begins":"A "}]}}}"#;
    let id =
        house.post("/v1/schedules").token(ALL).json(body).await.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/console/forms/1/schedules/{id}");
    let body = filled(&visitor, &path).await;
    assert_eq!(visitor.post(&path, &with(&body, "name", "Renamed")).await.status, 303);
    assert_eq!(asked(&house).await, r#"{"answers":[{"begins":"A ","item":"100"}]}"#);
}
