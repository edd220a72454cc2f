//! The results of a form: pages of them, what is in them, and how they are searched and sorted.

use crate::ask::Answer;
use crate::house::{House, READ};
use insta::assert_snapshot;

const RESULTS: &str = "/api/v2/acme/forms/survey/results";

async fn ask(house: &House, query: &str) -> Answer {
    house.get(&format!("{RESULTS}{query}")).token(READ).await
}

/// The ids of a page.
async fn ids(house: &House, query: &str) -> Vec<i64> {
    let answer = ask(house, query).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    let json = answer.json();
    let results = json["results"].as_array().unwrap().iter();
    results.map(|result| result["id"].as_str().unwrap().parse::<i64>().unwrap() - 10_000_000).collect()
}

fn pagination(answer: &Answer) -> [&str; 3] {
    ["pagination-limit", "pagination-page-current", "pagination-page-last"].map(|name| answer.header(name))
}

#[tokio::test]
async fn the_results_of_the_seed_come_in_its_shape() {
    let house = House::idle().await;
    house
        .import(
            r#"{"kind":"form","id":5,"account_id":20002,"shortname":"form_TheSeed4","directory":"form123","slug":"form123","name":"Customer Survey","state":"open","items":[{"id":"100","type":"text","label":"What is your name?"},{"id":"200","type":"radio","label":"Choose","choices":[{"position":0,"label":"multiple choice answer"}],"allow_other":true}]}
{"kind":"submission","form_id":5,"id":123000,"status":"Complete","date_start":"2019-06-01T17:13:01Z","date_finish":"2019-06-01T17:13:50Z","date_update":"2019-06-01T17:13:50Z","login_email":"user@example.com","login_username":"user","payment_amount":123.00,"payment_status":"Payment Successful","user_browser":"Firefox","user_ip":"123.123.123","user_device":"Desktop","user_referrer":"http://example.com/page.html","answers":{"100":"text answer","200":[{"position":0,"other":"other answer"}]}}
"#
            .to_owned(),
        )
        .await;
    let answer = house.get("/api/v2/acme/forms/form123/results").token(READ).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"results":[{"date_finish":"2019-06-01T17:13:50Z","date_start":"2019-06-01T17:13:01Z","date_update":"2019-06-01T17:13:50Z","id":"123000","login_email":"user@example.com","login_username":"user","payment_amount":123.00,"payment_status":"Payment Successful","result_status":"Complete","user_browser":"Firefox","user_ip":"123.123.123","user_device":"Desktop","user_referrer":"http://example.com/page.html","items":[{"id":"100","position":0,"value":"text answer"},{"id":"200","position":1,"values":[{"other":"other answer","position":0,"value":"multiple choice answer"}]}]}]}
    "#);
    assert_eq!(pagination(&answer), ["100", "1", "1"]);
}

#[tokio::test]
async fn results_come_latest_first_in_pages_that_say_which_they_are() {
    let house = House::idle().await;
    for (query, found, headers) in [
        ("", &[4, 3, 2, 1][..], ["100", "1", "1"]),
        ("?", &[4, 3, 2, 1], ["100", "1", "1"]),
        ("?&page=1", &[4, 3, 2, 1], ["100", "1", "1"]),
        ("?limit=500", &[4, 3, 2, 1], ["100", "1", "1"]),
        ("?limit=99999999999999999999999", &[4, 3, 2, 1], ["100", "1", "1"]),
        ("?limit=3", &[4, 3, 2], ["3", "1", "2"]),
        ("?limit=3&page=2", &[1], ["3", "2", "2"]),
        ("?limit=3&page=0", &[4, 3, 2], ["3", "1", "2"]),
        ("?limit=3&page=3", &[], ["3", "3", "2"]),
        ("?page=18446744073709551615", &[], ["100", "18446744073709551615", "1"]),
        ("?limit=2&sort_direction=asc", &[1, 2], ["2", "1", "2"]),
        ("?search_equals[100]=nobody", &[], ["100", "1", "0"]),
        ("?sort=date_desc&whatever[]=1", &[4, 3, 2, 1], ["100", "1", "1"]),
    ] {
        assert_eq!(ids(&house, query).await, found, "{query}");
        assert_eq!(pagination(&ask(&house, query).await), headers, "{query}");
    }
    let empty = house.get("/api/v2/acme/forms/old/results").token(READ).await;
    assert_eq!((empty.text(), pagination(&empty)), (r#"{"results":[]}"#, ["100", "1", "0"]));
}

#[tokio::test]
async fn ids_and_dates_are_bounds_that_are_not_included() {
    let house = House::idle().await;
    for (query, found) in [
        ("?after_id=10000002", &[4, 3][..]),
        ("?before_id=10000002", &[1]),
        ("?after_id=10000001&before_id=10000004", &[3, 2]),
        ("?after_id=10000004", &[]),
        ("?after_id=-5", &[4, 3, 2, 1]),
        ("?after_date=2026-04-02T10:00:00Z", &[4, 3]),
        ("?after_date=2026-04-02T09:59:59.999Z", &[4, 3, 2]),
        ("?before_date=2026-04-02T10:00:00Z", &[1]),
        // Berlin is two hours ahead.
        ("?after_date=2026-04-02+12%3A00%3A00", &[4, 3]),
        ("?after_date=2026-04-02+11%3A59%3A59", &[4, 3, 2]),
        ("?before_date=2026-04-02%2012:00:01", &[2, 1]),
        ("?after_date=2026-04-01", &[4, 3, 2]),
        ("?before_date=2026-04-01", &[]),
    ] {
        assert_eq!(ids(&house, query).await, found, "{query}");
    }
}

#[tokio::test]
async fn items_and_metas_are_searched_and_sorted_by() {
    let house = House::idle().await;
    for (query, found) in [
        ("?search_contains[100]=A", &[4, 2, 1][..]),
        ("?search_contains%5B100%5D=a&search_ends%5B100%5D=FIRST%22", &[1]),
        ("?search_begins[100]=zo&search_equals[100]=grace&search_method=or", &[3, 2]),
        ("?search_begins[100]=zo&search_equals[100]=grace&search_method=AND", &[]),
        ("?search_equals[101]=1", &[1]),
        ("?search_equals[101]=0", &[]),
        ("?search_equals[102]=5", &[3]),
        ("?search_equals[100]+=grace&search_equals[5]=", &[2]),
        ("?search_equals[result_id]=10000003", &[3]),
        ("?search_equals[result_status]=Incomplete", &[2]),
        ("?search_equals[user_referrer]=N/A&limit=2", &[4, 3]),
        ("?sort_id=100&sort_direction=asc", &[1, 2, 4, 3]),
        ("?sort_id=100", &[3, 4, 2, 1]),
        ("?sort_id=102", &[3, 4, 2, 1]),
        ("?sort_id=result_status&sort_direction=asc", &[1, 3, 4, 2]),
        ("?sort_id=date_update&sort_direction=ASC", &[1, 2, 3, 4]),
    ] {
        assert_eq!(ids(&house, query).await, found, "{query}");
    }
}

#[tokio::test]
async fn a_parameter_that_cannot_be_understood_is_named() {
    let house = House::idle().await;
    for (query, message) in [
        ("?limit=0", "limit: is not at least 1."),
        ("?limit=ten", "limit: is not a number."),
        ("?page=-1", "page: is not a number."),
        ("?after_id=1.5", "after_id: is not a number."),
        ("?before_id=99999999999999999999", "before_id: is not a number."),
        (
            "?after_date=yesterday",
            "after_date: is no date such as 2026-04-01T09:00:00Z, 2026-04-01 11:00:00 or 2026-04-01.",
        ),
        ("?sort_direction=up", "sort_direction: is neither asc nor desc."),
        ("?search_method=xor", "search_method: is neither and nor or."),
        ("?sort_id=999", "sort_id: is no item of the form that is answered."),
        ("?results_view=101", "results_view: is no view of the form."),
        ("?search_contains[101]=1", "search_contains[101]: a choice can only be searched for what is equal."),
        ("?search_equals[101]=Other", "search_equals[101]: is not the position of a choice."),
        ("?search_equals[999]=1", "search_equals[999]: is no item of the form that is answered."),
        ("?search_equals[100=1", "search_equals[100: does not end with a bracket."),
        (
            "?search_begins[user_ip]=10",
            "search_begins[user_ip]: a result's own data can only be searched for what is equal.",
        ),
        ("?search_equals[result_id]=x", "search_equals[result_id]: is not the id of a result."),
        ("?page=1&page=1", "page: is given more than once."),
        ("?search_equals[100]=a&search_equals%5B100%5D=b", "search_equals[100]: is given more than once."),
    ] {
        let said = serde_json::json!({ "error": { "message": message, "status": 422 } });
        let answer = ask(&house, query).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (422, said), "{query}");
    }
}

#[tokio::test]
async fn a_view_leaves_out_what_it_does_not_name() {
    let house = House::idle().await;
    house
        .import(
            r#"{"kind":"results_view","form_id":1,"id":"101","name":"Names","columns":["id","result_status","100"]}
{"kind":"results_view","form_id":1,"id":"102","name":"Stars","columns":["102","user_referrer"]}
"#
            .to_owned(),
        )
        .await;
    assert_snapshot!(ask(&house, "?results_view=101&limit=1").await.shown(), @r#"
    200 application/json
    {"results":[{"id":"10000004","result_status":"Complete","items":[{"id":"100","position":0,"value":"Too late"}]}]}
    "#);
    assert_snapshot!(ask(&house, "?results_view=102&limit=1").await.shown(), @r#"
    200 application/json
    {"results":[{"user_referrer":"N/A","items":[{"id":"102","position":2,"value":""}]}]}
    "#);
    // Clients ask for the view of everything, which every form has.
    let everything = ask(&house, "?results_view=11&results_labels=10").await;
    assert_eq!(everything.text(), ask(&house, "").await.text());
}
