//! Uploaded files: stored as they come, and given to whoever has their address.

use crate::ask::Answer;
use crate::house::{ALL, House, OTHER, READ};
use std::time::Duration;

const FILES: &str = "/v1/forms/1/files";
const DAY: Duration = Duration::from_hours(24);

/// The path of an uploaded file.
fn path_of(answer: &Answer) -> String {
    let url = answer.json()["url"].as_str().unwrap().to_owned();
    url.strip_prefix("https://forms.example").unwrap().to_owned()
}

async fn uploaded(house: &House) -> String {
    let ask = house.post(&format!("{FILES}?name=r%C3%A9sum%C3%A9.pdf")).token(ALL);
    path_of(&ask.header("content-type", "application/pdf").body("%PDF-1.7 0123456789").await)
}

#[tokio::test]
async fn a_file_is_uploaded_and_downloaded_without_a_token() {
    let house = House::idle().await;
    let ask = house.post(&format!("{FILES}?name=r%C3%A9sum%C3%A9.pdf")).token(ALL);
    let answer = ask.header("content-type", "application/pdf").body("%PDF-1.7 0123456789").await;
    let said = answer.json();
    assert_eq!((answer.status.as_u16(), said.as_object().unwrap().len()), (201, 3));
    assert_eq!((&said["name"], &said["size_bytes"]), (&"résumé.pdf".into(), &19.into()));
    let opaque = said["url"].as_str().unwrap().strip_prefix("https://forms.example/acme/files/f-").unwrap();
    let opaque = opaque.strip_suffix("_r_sum_.pdf").unwrap();
    assert!(opaque.len() == 23 && opaque.bytes().all(|b| b.is_ascii_alphanumeric()), "{opaque}");
    let path = path_of(&answer);
    let file = house.get(&path).await;
    assert_eq!((file.status.as_u16(), file.text()), (200, "%PDF-1.7 0123456789"));
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-length", "19"),
        ("content-disposition", "attachment; filename=\"r_sum_.pdf\"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("referrer-policy", "no-referrer"),
        ("accept-ranges", "bytes"),
    ] {
        assert_eq!(file.header(name), value, "{name}");
    }
    let part = house.get(&path).header("range", "bytes=9-12").await;
    assert_eq!((part.status.as_u16(), part.text()), (206, "0123"));
    let known = house.get(&path).header("if-none-match", file.header("etag")).await;
    assert_eq!(known.status.as_u16(), 304);
    let beyond = house.get(&path).header("range", "bytes=99-").await;
    assert_eq!(beyond.status.as_u16(), 416);
    assert_eq!(house.head(&path).await.header("content-length"), "19");
}

#[tokio::test]
async fn the_name_comes_in_each_way_there_is() {
    let house = House::idle().await;
    let boundary = "multipart/form-data; boundary=x";
    let form = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n\
                --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\a b.txt\"\r\n\
                Content-Type: text/plain\r\n\r\nthe bytes\r\n--x--\r\n";
    for (media_type, disposition, body, name) in [
        ("text/plain", "attachment; filename=\"a.txt\"", "the bytes", "a.txt"),
        ("text/plain", "attachment; filename=\"e.txt\"; filename*=UTF-8''%C3%A9.txt", "the bytes", "é.txt"),
        ("text/plain", "", "the bytes", "file"),
        (boundary, "", form, "a b.txt"),
    ] {
        let ask = house.post(FILES).token(ALL).header("content-type", media_type);
        let answer = ask.header("content-disposition", disposition).body(body).await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        assert_eq!((&answer.json()["name"], &answer.json()["size_bytes"]), (&name.into(), &9.into()));
        let file = house.get(&path_of(&answer)).await;
        assert_eq!((file.text(), file.header("content-type")), ("the bytes", "text/plain"));
    }
    let empty = house.post(FILES).token(ALL).header("content-type", boundary).body("--x--\r\n").await;
    assert_eq!((empty.status.as_u16(), &empty.json()["detail"]), (422, &"body: has no file in it".into()));
    let broken = house.post(FILES).token(ALL).header("content-type", boundary).body("--y").await;
    assert_eq!(broken.status.as_u16(), 400);
}

#[tokio::test]
async fn what_is_too_large_is_not_kept() {
    let house = House::idle().await;
    let answer = house.post(FILES).token(ALL).body(vec![b'x'; 20_000_001]).await;
    assert_eq!(answer.status.as_u16(), 413);
    assert_eq!(answer.json()["detail"], "the file is larger than 20000000 bytes");
    let most = house.post(FILES).token(ALL).body(vec![b'x'; 20_000_000]).await;
    assert_eq!(most.json()["size_bytes"], 20_000_000);
}

#[tokio::test]
async fn an_address_that_is_not_a_files_finds_nothing() {
    let house = House::idle().await;
    let path = uploaded(&house).await;
    let other = |from: &str, to: &str| path.replace(from, to);
    for path in [
        other("/acme/", "/globex/"),
        other("_r_sum_.pdf", "_other.pdf"),
        other("_r_sum_.pdf", ""),
        other("/f-", "/f-0"),
        "/acme/files/f-00000000000000000000000_a.pdf".to_owned(),
        "/acme/files/%ff".to_owned(),
        "/acme/files/f-%00_".to_owned(),
    ] {
        let answer = house.get(&path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    }
}

#[tokio::test]
async fn who_may_not_write_uploads_nothing() {
    let house = House::idle().await;
    for (token, status) in [(READ, 403), (OTHER, 404), ("unknown-0123456789abcdef", 401)] {
        assert_eq!(house.post(FILES).token(token).body("x").await.status.as_u16(), status);
    }
    assert_eq!(house.post(FILES).body("x").await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_file_that_no_submission_has_is_gone_after_a_day() {
    let house = House::idle().await;
    let (kept, loose) = (uploaded(&house).await, uploaded(&house).await);
    let body = format!(r#"{{"answers":{{"100":"https://forms.example{kept}"}}}}"#);
    assert_eq!(house.post("/v1/forms/1/submissions").token(ALL).json(&body).await.status.as_u16(), 201);
    house.pass(DAY + Duration::from_secs(1));
    house.engine.drop_due().await.unwrap();
    assert_eq!(house.get(&kept).await.status.as_u16(), 200);
    assert_eq!(house.get(&loose).await.status.as_u16(), 404);
    let forms = house.get("/api/v2/acme/forms/survey").token(READ).await.json();
    assert_eq!(forms["forms"][0]["stats"]["filesSize"], 19);
    let blobs = std::fs::read_dir(house.folder.path().join("blobs/uploads/20002")).unwrap();
    assert_eq!(blobs.count(), 1);
}

#[tokio::test]
async fn the_files_of_a_deleted_submission_are_gone_at_once() {
    let house = House::idle().await;
    let path = uploaded(&house).await;
    let body = format!(r#"{{"answers":{{"100":"https://forms.example{path}"}}}}"#);
    let stored = house.post("/v1/forms/1/submissions").token(ALL).json(&body).await.json();
    assert_eq!(house.get(&path).await.status.as_u16(), 200);
    let submission = format!("/open/forms/1/submissions/{}", stored["ids"][0]);
    assert_eq!(house.delete(&submission).token(ALL).await.status.as_u16(), 200);
    assert_eq!(house.get(&path).await.status.as_u16(), 404);
}
