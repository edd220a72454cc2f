//! The items of a form, of every type there is.

use crate::house::{House, READ};
use insta::assert_snapshot;

/// A form with items on three levels, and labels for some of them.
const LINES: &str = r#"{"kind":"form","id":4,"account_id":20002,"shortname":"form_EveryTyp","directory":"every","slug":"every-type","name":"Every type","state":"open","items":[{"id":"328","type":"list","label":"Three wishes","children":[{"id":"328-0","type":"text","label":"1"},{"id":"328-1","type":"text","label":"2"}]},{"id":"100","type":"email","label":"E-mail"},{"id":"349","type":"multi_scale","label":"How is it?","children":[{"id":"349-0","type":"matrix_choice","label":"Today","children":[{"id":"349-0-0","type":"radio","label":"Price","choices":[{"position":0,"label":"Good"},{"position":1,"label":"Bad"}]}]},{"id":"349-1","type":"matrix_choice","label":"Last year","children":[{"id":"349-1-0","type":"radio","label":"Price","choices":[{"position":0,"label":"Good"},{"position":1,"label":"Bad"}]}]}]}]}
{"kind":"results_labels","form_id":4,"id":"10","name":"Short","labels":{"100":"mail","349-1-0":"price before","328":" "}}
"#;

#[tokio::test]
async fn items_come_parents_first_with_the_position_of_the_topmost() {
    let house = House::idle().await;
    house.import(LINES.to_owned()).await;
    let answer = house.get("/api/v2/acme/forms/every/items").token(READ).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"items":[{"id":"328","position":0,"label":"Three wishes","children":["328-0","328-1"]},{"id":"328-0","position":0,"label":"1"},{"id":"328-1","position":0,"label":"2"},{"id":"100","position":1,"label":"E-mail"},{"id":"349","position":2,"label":"How is it?","children":["349-0","349-1"]},{"id":"349-0","position":2,"label":"Today","children":["349-0-0"]},{"id":"349-0-0","position":2,"label":"Price"},{"id":"349-1","position":2,"label":"Last year","children":["349-1-0"]},{"id":"349-1-0","position":2,"label":"Price"}]}
    "#);
}

#[tokio::test]
async fn results_labels_take_the_place_of_questions() {
    let house = House::idle().await;
    house.import(LINES.to_owned()).await;
    let labels = async |query: &str| {
        let answer = house.get(&format!("/api/v2/acme/forms/every/items{query}")).token(READ).await;
        let json = answer.json();
        let items = json["items"].as_array().unwrap_or_else(|| panic!("{json}")).clone();
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let questions =
        ["Three wishes", "1", "2", "E-mail", "How is it?", "Today", "Price", "Last year", "Price"];
    assert_eq!(labels("?").await, questions);
    assert_eq!(labels("?results_labels=&page=1&whatever=3").await, questions);
    let labelled =
        ["Three wishes", "1", "2", "mail", "How is it?", "Today", "Price", "Last year", "price before"];
    assert_eq!(labels("?results_labels=10").await, labelled);

    let answer = house.get("/api/v2/acme/forms/every/items?results_labels=11").token(READ).await;
    assert_snapshot!(answer.shown(), @r#"
    422 application/json
    {"error":{"message":"results_labels: are not labels of the form.","status":422}}
    "#);
    let answer =
        house.get("/api/v2/acme/forms/every/items?results_labels=10&results_labels=10").token(READ).await;
    assert_snapshot!(answer.shown(), @r#"
    422 application/json
    {"error":{"message":"results_labels: is given more than once.","status":422}}
    "#);
}
