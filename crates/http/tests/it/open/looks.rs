//! What is said of properties that means nothing here: kept, and given back as it came.

use crate::house::{ALL, House};
use serde_json::{Value, json};

const EMAIL: &str = "3f0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b11";

fn survey() -> Value {
    json!({
        "title": "Customer survey",
        "properties": [
            { "id": "hello", "type": "nf-text", "name": "Hello", "content": "<p>Hello</p>" },
            { "id": EMAIL, "type": "email", "name": "E-mail", "required": true, "hidden": true, "help": "We write once.",
              "placeholder": "you@example.com", "width": "1/2", "help_position": "below_input", "max_char_limit": 2000,
              "logic": { "conditions": null, "actions": [] } },
            { "id": "site", "type": "url", "name": "Your site", "prefill": "https://" },
            { "id": "break", "type": "nf-page-break", "name": "Next", "next_btn_text": "Go on" },
            { "id": "colour", "type": "select", "name": "Colour",
              "select": { "options": [{ "id": "r", "name": "Red", "image": "https://example.com/r.png" },
                                      { "id": "b", "name": "Blue" }] } },
            { "id": "grid", "type": "matrix", "name": "Rate", "rows": ["Food", "Staff"], "columns": ["Bad", "Good"],
              "selection_data": { "Food": null } },
            { "id": "bye", "type": "nf-divider", "name": "Bye" },
        ]
    })
}

async fn made(house: &House) -> Value {
    let answer = house.post("/open/forms").token(ALL).json(&survey().to_string()).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    answer.json()["form"].clone()
}

async fn put(house: &House, form: &Value, change: &Value) -> Value {
    let path = format!("/open/forms/{}", form["id"]);
    let answer = house.put(&path).token(ALL).json(&change.to_string()).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    answer.json()["form"].clone()
}

#[tokio::test]
async fn what_was_said_of_a_property_is_given_back() {
    let house = House::idle().await;
    let form = made(&house).await;
    let (sent, shown) = (survey()["properties"].clone(), form["properties"].clone());
    assert_eq!(shown.as_array().unwrap().len(), 7, "{shown}");
    for (sent, shown) in sent.as_array().unwrap().iter().zip(shown.as_array().unwrap()) {
        for (name, value) in sent.as_object().unwrap() {
            // What is no UUID and no number is called otherwise, but for what asks nothing.
            let is_renamed = name == "id" && ["site", "colour", "grid"].iter().any(|id| value == id);
            assert_eq!(shown[name] == *value, !is_renamed, "{name}: {shown}");
        }
    }
    let [shown, listed] = ["/open/forms/4".to_owned(), "/open/forms".to_owned()].map(|path| {
        let ask = house.get(&path).token(ALL);
        async move { ask.await.json() }
    });
    assert_eq!(shown.await["properties"], form["properties"]);
    assert_eq!(listed.await[0]["properties"], form["properties"]);
    // And once more, as clients do that change a form.
    assert_eq!(put(&house, &form, &form).await, form);
    assert_eq!(put(&house, &form, &json!({ "title": "Survey" })).await["properties"], form["properties"]);
}

#[tokio::test]
async fn what_is_known_of_a_property_comes_from_its_item() {
    let house = House::idle().await;
    let form = made(&house).await;
    let mut properties = form["properties"].clone();
    properties[2]["name"] = "Your page".into();
    properties[2]["help"] = "Any page".into();
    properties[4]["select"] =
        json!({ "options": [{ "id": "g", "name": "Green" }, { "id": "r", "name": "Red" }] });
    properties.as_array_mut().unwrap().swap(1, 2);
    let changed = put(&house, &form, &json!({ "properties": properties })).await;
    let names: Vec<_> =
        changed["properties"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["Hello", "Your page", "E-mail", "Next", "Colour", "Rate", "Bye"]);
    assert_eq!(changed["properties"][1]["help"], "Any page");
    assert_eq!(changed["properties"][1]["prefill"], "https://");
    assert_eq!(changed["properties"][4]["select"]["options"], properties[4]["select"]["options"]);
}

#[tokio::test]
async fn properties_that_were_removed_are_told_whole_until_they_are_back() {
    let house = House::idle().await;
    let form = made(&house).await;
    let [email, grid] = [1, 5].map(|n| form["properties"][n].clone());
    let kept: Vec<Value> = [0, 2, 3, 4, 6].map(|n| form["properties"][n].clone()).to_vec();
    let without = put(&house, &form, &json!({ "properties": kept })).await;
    assert_eq!(without["removed_properties"], json!([email, grid]));
    assert_eq!(without["properties"], json!(kept));
    // They stay so when something else is changed, and can be columns of a file.
    let still = put(&house, &form, &json!({ "properties": kept, "title": "Survey" })).await;
    assert_eq!(still["removed_properties"], json!([email, grid]));
    let columns = json!({ "columns": { EMAIL: true, grid["id"].as_str().unwrap(): true, "hello": true } });
    let path = format!("/open/forms/{}/submissions/export", form["id"]);
    let file = house.post(&path).token(ALL).json(&columns.to_string()).await;
    assert_eq!(file.status.as_u16(), 200, "{}", file.text());
    let back = put(&house, &form, &json!({ "properties": form["properties"] })).await;
    assert_eq!(back["removed_properties"], json!([]));
    assert_eq!(back["properties"], form["properties"]);
}

#[tokio::test]
async fn no_more_is_kept_than_a_form_may_have() {
    let house = House::idle().await;
    let help = "x".repeat(1_000_000);
    let body = json!({ "title": "Large", "properties": [{ "type": "text", "name": "Name", "help": help }] });
    let answer = house.post("/open/forms").token(ALL).json(&body.to_string()).await;
    assert_eq!(answer.status.as_u16(), 413, "{}", answer.text());
    assert_eq!(
        answer.json()["message"],
        "What is kept of how the form is shown is larger than 1000000 bytes."
    );
    assert_eq!(house.get("/open/forms/4").token(ALL).await.status.as_u16(), 404);
}
