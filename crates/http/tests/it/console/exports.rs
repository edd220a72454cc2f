//! Exports in the console.

use super::Visitor;
use crate::house::{ALL, House, OTHER};
use std::time::Duration;

const PAGE: &str = "/console/forms/1/exports";

/// Asks for an export, waits for it, and gives its path.
async fn export(visitor: &Visitor<'_>, body: &str) -> String {
    let started = visitor.post(PAGE, body).await;
    assert_eq!(started.status, 303, "{}", started.text());
    let path = started.header("location").to_owned();
    // It tells until it has ended.
    let events =
        tokio::time::timeout(Duration::from_mins(1), async { visitor.get(&format!("{path}/events")).await });
    let events = events.await.expect("it is finished in time");
    assert_eq!(events.header("content-type"), "text/event-stream");
    let (_, last) = events.text().rsplit_once("event: end\n").expect("the last is the end");
    assert!(last.contains("It is finished.") && last.contains("SHA-256"), "{last}");
    path
}

/// The lines of the file of an export, but for the first.
pub(super) async fn exported(visitor: &Visitor<'_>, body: &str) -> Vec<String> {
    let path = export(visitor, body).await;
    let file = visitor.get(&format!("{path}/file")).await;
    file.text().lines().skip(1).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_form_is_exported_as_chosen_and_downloaded() {
    let house = House::new().await;
    let visitor = Visitor::of(&house, 20002).await;
    for (body, media_type, rows) in [
        ("format=csv", "application/zip", 4),
        ("format=json&compression=gzip&status=Complete", "application/gzip", 3),
        ("format=xlsx&from=2026-04-01&to=2026-04-30", "application/vnd.openxmlformats", 3),
        ("format=ndjson&compression=none&status=Incomplete", "application/x-ndjson", 1),
        ("format=parquet&column=id&column=100&header=id", "application/vnd.apache.parquet", 4),
    ] {
        let path = export(&visitor, body).await;
        let page = visitor.get(&path).await;
        let said = format!("It is finished. {rows} submission");
        assert!(
            page.text().contains(&said) && page.text().contains("value=\"100\""),
            "{body}: {}",
            page.text()
        );
        assert!(!page.text().contains("http-equiv=\"refresh\""), "{body}");
        let file = visitor.get(&format!("{path}/file")).await;
        assert_eq!(file.status, 200);
        assert!(file.header("content-type").starts_with(media_type), "{}", file.header("content-type"));
        assert!(file.header("content-disposition").starts_with("attachment"));
        let receipt = visitor.get(&format!("{path}/receipt")).await.json();
        assert_eq!(receipt["manifest"]["rows"], rows);
        assert!(page.text().contains(receipt["manifest"]["file"]["sha256"].as_str().unwrap()));
        assert!(page.text().contains(receipt["manifest"]["key"].as_str().unwrap()));
        // It is of form 1.
        let elsewhere = path.replace("/forms/1/", "/forms/2/");
        assert_eq!(visitor.get(&elsewhere).await.status, 404);
        assert_eq!(house.get(&format!("{path}/file")).await.status, 401);
    }
}

#[tokio::test]
async fn a_file_is_verified() {
    let house = House::new().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = export(&visitor, "format=csv").await;
    assert!(visitor.get(&path).await.text().contains(&format!("action=\"{path}/verify\"")));
    let verified = visitor.post(&format!("{path}/verify"), "").await;
    assert!(verified.text().contains("it is what was made, and its digest"), "{}", verified.text());
    let stranger = Visitor::of(&house, 20003).await;
    assert_eq!(stranger.post(&format!("{path}/verify"), "").await.status, 404);
    // Of the same length, but not the same.
    let renditions = house.folder.path().join("blobs/renditions");
    let mut changed = 0;
    for blob in files_below(&renditions) {
        let mut bytes = std::fs::read(&blob).unwrap();
        bytes[0] ^= 1;
        std::fs::write(&blob, bytes).unwrap();
        changed += 1;
    }
    assert!(changed > 0);
    let verified = visitor.post(&format!("{path}/verify"), "").await;
    assert!(verified.text().contains("role=\"alert\""), "{}", verified.text());
    assert!(verified.text().contains("The file is not what was made"), "{}", verified.text());
}

/// All files in a folder, and in those in it.
fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

#[tokio::test]
async fn csv_is_written_as_chosen() {
    let house = House::new().await;
    let visitor = Visitor::of(&house, 20002).await;
    house.import(
        r#"{"kind":"submission","form_id":1,"id":10000005,"status":"Complete","date_finish":"2026-05-01T07:00:00Z","date_update":"2026-05-01T07:00:00Z","answers":{"100":"=1+1"}}"#.to_owned(),
    ).await;
    let body = "compression=none&column=id&column=100&delimiter=semicolon&eol=crlf&bom=yes";
    let path = export(&visitor, &format!("{body}&where=100&how=contains&what=1%2B")).await;
    let file = visitor.get(&format!("{path}/file")).await;
    assert_eq!(file.text(), "\u{feff}id;Name\r\n10000005;'=1+1\r\n");
    let searched = "compression=none&column=100&header=id&raw=yes&q=1%2B1";
    let path = export(&visitor, searched).await;
    assert_eq!(visitor.get(&format!("{path}/file")).await.text(), "100\n=1+1\n");
    // Who asks for the same again is given the same.
    let again = visitor.post(PAGE, searched).await;
    assert_eq!(again.header("location"), path);
    // What the table showed can be left aside.
    let path = export(&visitor, &format!("{body}&where=&how=contains&what=&q=")).await;
    assert_eq!(visitor.get(&format!("{path}/file")).await.text().lines().count(), 6);
}

#[tokio::test]
async fn what_an_export_comes_to_is_said_before() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get(PAGE).await;
    assert!(
        page.text().contains("4 submissions, about ") && page.text().contains("in about a second."),
        "{}",
        page.text()
    );
    let page = visitor.get(&format!("{PAGE}?q=zo&where=100&how=begins&what=Z&column=100")).await;
    let text = page.text();
    assert!(text.contains("role=\"status\">1 submission, about "), "{text}");
    for filled in [
        "name=\"q\" value=\"zo\"",
        "<option value=\"100\" selected>Name</option>",
        "<option value=\"begins\" selected>begins with</option>",
        "name=\"what\" value=\"Z\" aria-label=\"Text 1\"",
        "name=\"what\" value=\"\" aria-label=\"Text 3\"",
    ] {
        assert!(text.contains(filled), "{filled}: {text}");
    }
    assert!(text.contains("name=\"column\" value=\"100\" checked"), "{text}");
    // The label of a choice is searched, too.
    let page = visitor.get(&format!("{PAGE}?q=OTHER")).await;
    assert!(page.text().contains("role=\"status\">1 submission, about "), "{}", page.text());
    let page = visitor.post(PAGE, "do=estimate&status=Incomplete").await;
    assert!(page.status == 200 && page.text().contains("1 submission, about "), "{}", page.text());
    assert!(page.text().contains("value=\"Incomplete\" selected"), "{}", page.text());
    assert!(visitor.get(PAGE).await.text().contains("There are no exports yet."));
}

#[tokio::test]
async fn what_is_wrong_with_a_choice_is_said_beside_it() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    for (body, field, said) in [
        ("format=doc", "format", "Is none that there is."),
        ("format=xlsx&compression=zip", "compression", "Is none of this format, which has its own."),
        ("format=json&column=999", "columns", "Column 1: is no column of the form."),
        ("column=999", "columns", "Column 1: is no column of the form."),
        ("from=yesterday", "from", ""),
        ("from=2026-05-01&to=2026-04-01", "from", "Is after the last day."),
        ("status=Done", "status", "Is none that there is."),
        ("where=999&how=is&what=x", "where1", "Is no item of the form"),
        ("where=100&how=is&what=x&where=101&how=is&what=Blue", "where2", "Is the label of no choice."),
        ("where=100&how=is&what=", "where1", "Is empty."),
        ("where=&how=is&what=x", "where1", "Is not chosen."),
        ("where=100&how=like&what=x", "where1", "Is none that there is."),
    ] {
        for button in ["start", "estimate"] {
            let page = visitor.post(PAGE, &format!("{body}&do={button}")).await;
            assert_eq!(page.status, 422, "{body}");
            let fault = format!("<p class=\"fault\" id=\"e-{field}\">{said}");
            assert!(page.text().contains(&fault), "{body}: {}", page.text());
        }
    }
    assert!(visitor.get(PAGE).await.text().contains("There are no exports yet."));
}

#[tokio::test]
async fn exports_are_listed_cancelled_and_deleted() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let by_api = house.post("/v1/exports").token(ALL).json(r#"{"form":2}"#).await.json();
    let started = visitor.post(PAGE, "format=csv").await;
    let path = started.header("location").to_owned();
    let theirs = house.post("/v1/exports").token(OTHER).json(r#"{"form":3}"#).await.json();
    let all = visitor.get("/console/exports").await;
    assert!(all.text().contains(&format!("href=\"{path}\"")), "{}", all.text());
    assert!(all.text().contains(by_api["id"].as_str().unwrap()) && all.text().contains("Old survey"));
    assert!(!all.text().contains(theirs["id"].as_str().unwrap()));
    let of_form = visitor.get(PAGE).await;
    assert!(of_form.text().contains(&path) && !of_form.text().contains(by_api["id"].as_str().unwrap()));

    let running = visitor.get(&path).await;
    for said in ["It waits for its turn: number 3 in the queue.", "http-equiv=\"refresh\""] {
        assert!(running.text().contains(said), "{said}: {}", running.text());
    }
    assert!(running.text().contains(&format!("data-events=\"{path}/events\"")));
    assert_eq!(visitor.get(&format!("{path}/file")).await.status, 409);
    assert_eq!(visitor.get(&format!("{path}/receipt")).await.status, 409);
    let cancelled = visitor.post(&format!("{path}/cancel"), "").await;
    assert_eq!((cancelled.status.as_u16(), cancelled.header("location")), (303, path.as_str()));
    assert!(visitor.get(&path).await.text().contains("It was cancelled."));

    let stranger = Visitor::of(&house, 20003).await;
    for behind in ["", "/events", "/receipt", "/file"] {
        assert_eq!(stranger.get(&format!("{path}{behind}")).await.status, 404, "{behind}");
    }
    for behind in ["/cancel", "/delete"] {
        assert_eq!(stranger.post(&format!("{path}{behind}"), "").await.status, 404, "{behind}");
    }
    let deleted = visitor.post(&format!("{path}/delete"), "").await;
    assert_eq!((deleted.status.as_u16(), deleted.header("location")), (303, PAGE));
    assert_eq!(visitor.get(&path).await.status, 404);
    // What is left of a form that is deleted is listed, and leads nowhere.
    let writer = house.engine.caller(ALL).await.unwrap().forms_writer().unwrap();
    writer.delete_form(&fillhouse_engine::FormRef::Id(fillhouse_model::FormId(2))).await.unwrap();
    let all = visitor.get("/console/exports").await;
    assert!(all.status == 200 && !all.text().contains("Old survey"), "{}", all.text());
    assert!(!all.text().contains("/console/forms/2/"), "{}", all.text());
}
