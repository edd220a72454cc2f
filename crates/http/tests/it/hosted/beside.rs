//! What is typed beside choices: as much as an answer can hold.

use super::kinds::KINDS;
use super::{FORM_TYPE, hidden, send};
use crate::console::Visitor;
use crate::console::submissions::edited;
use crate::house::{ALL, House};
use serde_json::{Value, json};

const PAGE: &str = "/f/acme/kinds";

async fn house() -> House {
    let house = House::idle().await;
    house.import(KINDS.to_owned()).await;
    house
}

async fn answers(house: &House, id: i64) -> Value {
    house.get(&format!("/v1/forms/7/submissions/{id}")).token(ALL).await.json()["answers"].take()
}

#[tokio::test]
async fn each_item_has_what_was_typed_beside_its_own_choice() {
    let house = house().await;
    let sent = send(&house, PAGE, "1=Ada&13=1&13.other=soup&14=0&14.other=+tea+&do=send").await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let expected = json!({ "1": "Ada", "13": [{ "position": 1, "other": "soup" }],
                           "14": [{ "position": 0 }, { "position": 2, "other": "tea" }] });
    assert_eq!(answers(&house, 10_000_005).await, expected);
    // One choice excludes another, and what was typed beside that.
    let sent = send(&house, PAGE, "1=Ada&13=0&13.other=soup&12=0&do=send").await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let expected = json!({ "1": "Ada", "12": [{ "position": 0 }], "13": [{ "position": 0 }] });
    assert_eq!(answers(&house, 10_000_006).await, expected);
}

/// Several texts beside one choice, and some beside a choice that is not the last.
fn by_an_api() -> Value {
    json!([{ "position": 0, "other": "a lot" }, { "position": 2, "other": "tea" }, { "position": 2, "other": "\"milk\"" }])
}

#[tokio::test]
async fn what_an_api_has_put_beside_choices_is_kept_by_the_page() {
    let house = house().await;
    let body = json!({ "status": "Incomplete", "answers": { "13": [{ "position": 0, "other": "cold" }], "14": by_an_api() } });
    let made = house.post("/v1/forms/7/submissions").token(ALL).json(&body.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let visitor = Visitor::of(&house, 20002).await;
    let path = "/console/forms/7/submissions/10000005/edit";
    let page = visitor.get(path).await;
    for field in [
        r#"<label class="option"><input type="checkbox" name="14" value="0" checked> <span>A</span></label>
<input type="text" dir="auto" class="other" id="i-14.other.0" name="14.other.0" value="a lot" aria-label="Many: A: What else" placeholder="What else" autocomplete="off">
<label class="option"><input type="checkbox" name="14" value="1"> <span>B</span></label>"#,
        r#"<input type="text" dir="auto" class="other" data-beside="14" id="i-14.other" name="14.other" value="tea" aria-label="Many: What else" placeholder="What else" autocomplete="off">
<input type="text" dir="auto" class="other" data-beside="14" id="i-14.other-1" name="14.other" value="&#34;milk&#34;" aria-label="Many: What else" placeholder="What else" autocomplete="off">
</div>"#,
        r#"</select>
<input type="text" dir="auto" class="other" id="i-13.other.0" name="13.other.0" value="cold" aria-label="Menu: A: What else" placeholder="What else" autocomplete="off">
<input type="text" dir="auto" class="other" data-beside="13" id="i-13.other" name="13.other" value="" aria-label="Menu: What else" placeholder="What else" autocomplete="off">
</div>"#,
    ] {
        assert!(page.text().contains(field), "{field}: {}", page.text());
    }
    let fields =
        "1=Ada&13=0&13.other.0=cold&13.other=&14=0&14.other.0=a+lot&14=2&14.other=tea&14.other=%22milk%22";
    assert_eq!(edited(&visitor, path, fields).await, 303);
    let expected = json!({ "1": "Ada", "13": [{ "position": 0, "other": "cold" }], "14": by_an_api() });
    assert_eq!(answers(&house, 10_000_005).await, expected);
    // A choice that is made no more takes what stands beside it along.
    let fields = "1=Ada&13=1&13.other.0=cold&14.other.0=a+lot&14=1";
    assert_eq!(edited(&visitor, path, fields).await, 303);
    let expected = json!({ "1": "Ada", "13": [{ "position": 1 }], "14": [{ "position": 1 }] });
    assert_eq!(answers(&house, 10_000_005).await, expected);
}

#[tokio::test]
async fn what_was_saved_beside_choices_is_sent_again_as_it_was() {
    let house = house().await;
    let part = json!({ "14": ["A", "tea", "milk"], "is_partial": true });
    let word =
        house.post("/forms/kinds/answer").json(&part.to_string()).await.json()["submission_hash"].take();
    let page = house.get(&format!("{PAGE}?resume={}", word.as_str().unwrap())).await;
    assert_eq!(page.text().matches("name=\"14.other\"").count(), 2, "{}", page.text());
    house.pass(std::time::Duration::from_secs(20));
    let (stamp, word) = (hidden(&page, "stamp"), hidden(&page, "resume"));
    let fields = format!("stamp={stamp}&resume={word}&1=Ada&14=0&14=2&14.other=tea&14.other=milk&do=send");
    let sent = house.post(PAGE).header("content-type", FORM_TYPE).body(fields).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let expected = json!({ "1": "Ada", "14": [{ "position": 0 }, { "position": 2, "other": "tea" }, { "position": 2, "other": "milk" }] });
    assert_eq!(answers(&house, 10_000_005).await, expected);
}
