//! Schedules in the console.

use super::Visitor;
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
    let more = "&format=ndjson&compression=gzip&status=Complete&asked=where%3D100%26how%3Dcontains%26what%3DA&filtered=yes";
    let path = made(&visitor, more).await;
    let page = visitor.get(&path).await;
    for said in [
        "every Monday at 02:30 (Europe/Berlin)",
        "<code>format: ndjson</code>",
        "<code>compression: gzip</code>",
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
