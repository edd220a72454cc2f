//! One form with an item of every type, and how each is shown.

use crate::house::{House, READ};
use insta::assert_snapshot;

const FORM: &str = r#"{"kind":"form","id":6,"account_id":20002,"shortname":"form_AllTypes","directory":"types","slug":"types","name":"Types","state":"open","partial":true,"items":[
{"id":"1","type":"text","label":"Short answer"},{"id":"2","type":"long_text","label":"Long answer"},{"id":"3","type":"email","label":"E-mail"},{"id":"4","type":"phone","label":"Phone"},{"id":"5","type":"number","label":"Number"},{"id":"6","type":"date","label":"Date"},{"id":"7","type":"hidden","label":"Hidden"},{"id":"8","type":"calculation","label":"Calculation"},{"id":"9","type":"signature","label":"Signature"},{"id":"10","type":"rating","label":"Rating"},{"id":"11","type":"scale","label":"Scale"},
{"id":"12","type":"radio","label":"Radio","choices":[{"position":0,"label":"Yes"},{"position":1,"label":"Other"}],"allow_other":true},{"id":"13","type":"dropdown","label":"Dropdown","choices":[{"position":0,"label":"A"},{"position":7,"label":"H"}]},{"id":"14","type":"checkbox","label":"Checkbox","choices":[{"position":0,"label":"Cat"},{"position":1,"label":"Dog"},{"position":2,"label":"Else"}],"allow_other":true},
{"id":"328","type":"list","label":"Three wishes","children":[{"id":"328-0","type":"text","label":"1"},{"id":"328-1","type":"text","label":"2"}]},
{"id":"348","type":"matrix_choice","label":"Stars","children":[{"id":"348-0","type":"radio","label":"Food","choices":[{"position":0,"label":"1 star"},{"position":1,"label":"2 stars"}]},{"id":"348-1","type":"checkbox","label":"Room","choices":[{"position":0,"label":"1 star"},{"position":1,"label":"2 stars"}]}]},
{"id":"350","type":"matrix_text","label":"Hours","columns":["From","To"],"children":[{"id":"350-0","type":"text","label":"Monday"},{"id":"350-1","type":"text","label":"Tuesday"}]},
{"id":"349","type":"multi_scale","label":"Then and now","children":[{"id":"349-0","type":"matrix_choice","label":"Then","children":[{"id":"349-0-0","type":"radio","label":"Price","choices":[{"position":0,"label":"Low"},{"position":1,"label":"High"}]}]},{"id":"349-1","type":"matrix_choice","label":"Now","children":[{"id":"349-1-0","type":"radio","label":"Price","choices":[{"position":0,"label":"Low"},{"position":1,"label":"High"}]}]}]},
{"id":"400","type":"file","label":"Papers"}]}"#;

const RESULTS: &str = r#"{"kind":"submission","form_id":6,"id":10000101,"status":"Complete","date_start":"2026-04-01T09:00:00Z","date_finish":"2026-04-01T09:05:00.087Z","date_update":"2026-04-01T09:05:00.999Z","answers":{"1":"Zoë \"Z\"","2":"two\nlines","3":"a@b.example","4":"+44 20","5":"5.00","6":"2008-08-13","7":"","8":"25.00","9":"https://x/sig-1.png","10":"4","11":"4","12":[{"position":1,"other":"a poster"}],"13":[{"position":7}],"14":[{"position":0},{"position":2,"other":"Snake"}],"328-0":"world peace","328-1":"","348-0":[{"position":1}],"348-1":[{"position":0},{"position":1}],"350-0":["9","17"],"349-0-0":[{"position":0}],"349-1-0":[{"position":1}],"400":[{"name":"a.pdf","url":"https://x/files/f-1-2-10000101_a.pdf"},{"name":"b.pdf","url":"https://x/files/f-1-3-10000101_b.pdf"}]}}
{"kind":"submission","form_id":6,"id":10000102,"status":"Incomplete","date_update":"2026-04-02T09:00:00Z","answers":{}}
"#;

async fn house() -> House {
    let house = House::idle().await;
    house.import(format!("{}\n{RESULTS}", FORM.replace('\n', ""))).await;
    house
}

#[tokio::test]
async fn every_type_is_shown_as_clients_know_it() {
    let house = house().await;
    let answer =
        house.get("/api/v2/acme/forms/types/results?after_id=10000100&before_id=10000102").token(READ).await;
    assert_snapshot!(answer.text().replace(",{\"id\"", ",\n{\"id\""), @r#"
    {"results":[{"date_finish":"2026-04-01T09:05:00Z","date_start":"2026-04-01T09:00:00Z","date_update":"2026-04-01T09:05:00Z","id":"10000101","result_status":"Complete","user_browser":"","user_ip":"","user_device":"","user_referrer":"N/A","items":[{"id":"1","position":0,"value":"Zoë \"Z\""},
    {"id":"2","position":1,"value":"two\nlines"},
    {"id":"3","position":2,"value":"a@b.example"},
    {"id":"4","position":3,"value":"+44 20"},
    {"id":"5","position":4,"value":"5.00"},
    {"id":"6","position":5,"value":"2008-08-13"},
    {"id":"7","position":6,"value":""},
    {"id":"8","position":7,"value":"25.00"},
    {"id":"9","position":8,"value":"https://x/sig-1.png"},
    {"id":"10","position":9,"value":"4"},
    {"id":"11","position":10,"value":"4"},
    {"id":"12","position":11,"values":[{"other":"a poster","position":1,"value":"Other"}]},
    {"id":"13","position":12,"values":[{"position":7,"value":"H"}]},
    {"id":"14","position":13,"values":[{"position":0,"value":"Cat"},{"other":"Snake","position":2,"value":"Else"}]},
    {"id":"328-0","position":14,"value":"world peace"},
    {"id":"328-1","position":14,"value":""},
    {"id":"348-0","position":15,"values":[{"position":1,"value":"2 stars"}]},
    {"id":"348-1","position":15,"values":[{"position":0,"value":"1 star"},{"position":1,"value":"2 stars"}]},
    {"id":"350-0","position":16,"values":[{"position":0,"value":"9"},{"position":1,"value":"17"}]},
    {"id":"350-1","position":16,"values":[{"position":0,"value":""},{"position":1,"value":""}]},
    {"id":"349-0-0","position":17,"values":[{"position":0,"value":"Low"}]},
    {"id":"349-1-0","position":17,"values":[{"position":1,"value":"High"}]},
    {"id":"400","position":18,"values":[{"position":0,"value":"https://x/files/f-1-2-10000101_a.pdf"},{"position":1,"value":"https://x/files/f-1-3-10000101_b.pdf"}]}]}]}
    "#);
}

#[tokio::test]
async fn every_item_is_there_where_nothing_was_answered() {
    let house = house().await;
    let answer = house
        .get("/api/v2/acme/forms/types/results?search_equals[result_status]=incomplete")
        .token(READ)
        .await;
    assert_snapshot!(answer.text().replace(",{\"id\"", ",\n{\"id\""), @r#"
    {"results":[{"date_update":"2026-04-02T09:00:00Z","id":"10000102","result_status":"Incomplete","user_browser":"","user_ip":"","user_device":"","user_referrer":"N/A","items":[{"id":"1","position":0,"value":""},
    {"id":"2","position":1,"value":""},
    {"id":"3","position":2,"value":""},
    {"id":"4","position":3,"value":""},
    {"id":"5","position":4,"value":""},
    {"id":"6","position":5,"value":""},
    {"id":"7","position":6,"value":""},
    {"id":"8","position":7,"value":""},
    {"id":"9","position":8,"value":""},
    {"id":"10","position":9,"value":""},
    {"id":"11","position":10,"value":""},
    {"id":"12","position":11,"values":[]},
    {"id":"13","position":12,"values":[]},
    {"id":"14","position":13,"values":[]},
    {"id":"328-0","position":14,"value":""},
    {"id":"328-1","position":14,"value":""},
    {"id":"348-0","position":15,"values":[]},
    {"id":"348-1","position":15,"values":[]},
    {"id":"350-0","position":16,"values":[{"position":0,"value":""},{"position":1,"value":""}]},
    {"id":"350-1","position":16,"values":[{"position":0,"value":""},{"position":1,"value":""}]},
    {"id":"349-0-0","position":17,"values":[]},
    {"id":"349-1-0","position":17,"values":[]},
    {"id":"400","position":18,"values":[]}]}]}
    "#);
}

#[tokio::test]
async fn the_items_of_every_type_are_those_that_the_results_have() {
    let house = house().await;
    let items = house.get("/api/v2/acme/forms/types/items").token(READ).await.json();
    let answer = house.get("/api/v2/acme/forms/types/results").token(READ).await.json();
    let leaves: Vec<_> = items["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item.get("children").is_none())
        .map(|item| (item["id"].clone(), item["position"].clone()))
        .collect();
    for result in answer["results"].as_array().unwrap() {
        let answered: Vec<_> = result["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (item["id"].clone(), item["position"].clone()))
            .collect();
        assert_eq!(answered, leaves);
        for item in result["items"].as_array().unwrap() {
            assert!(item["value"].is_string() != item["values"].is_array(), "{item}");
        }
    }
}

#[tokio::test]
async fn items_of_every_kind_can_be_searched() {
    let house = house().await;
    for (search, found) in [
        ("search_contains[2]=TWO", 1),
        ("search_equals[5]=5.00", 1),
        ("search_begins[328-0]=world", 1),
        ("search_equals[348-0]=1", 1),
        ("search_equals[349-1-0]=0", 0),
        ("search_equals[14]=2", 1),
        ("search_equals[350-0]=17", 1),
        ("search_ends[400]=b.PDF", 1),
        ("search_begins[400]=https://x/files/f-1-3", 1),
        ("sort_id=400", 2),
        ("sort_id=349-0-0", 2),
        ("sort_id=350-0", 2),
    ] {
        let answer = house.get(&format!("/api/v2/acme/forms/types/results?{search}")).token(READ).await;
        assert_eq!(
            answer.json()["results"].as_array().map(Vec::len),
            Some(found),
            "{search}: {}",
            answer.text()
        );
    }
}
