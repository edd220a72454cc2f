//! Taking submissions in: what is answered is stored, once, under ascending ids; what is wrong is named.

mod idempotency;
mod refusals;
mod revisions;

use crate::house::House;
use crate::samples::{ACCOUNT, FORM, form, form_line, item, people, small_house, survey};
use crate::waiting::in_time;
use fillhouse_engine::{Engine, FormRef, FormsWriter, Result, Submit};
use fillhouse_model::{FormId, ItemType, SubmissionId};
use futures::future::join_all;

on_both!(
    one_and_many_are_stored_in_their_order,
    what_was_submitted_is_read_back_equal,
    ids_ascend_without_gaps_whoever_submits_at_the_same_time,
    a_commit_of_one_works,
    a_request_is_one_commit_however_large,
);

/// Stores the submissions of a body.
pub(crate) async fn submit(writer: &FormsWriter, body: &str) -> Result<Vec<SubmissionId>> {
    in_time("a submission", writer.submit(Submit { form: &FORM, body, idempotency_key: None })).await
}

/// A body of `count` submissions that say who they are.
fn many(name: &str, count: usize) -> String {
    let all: Vec<String> = (0..count).map(|n| format!(r#"{{"answers":{{"1":"{name} {n}"}}}}"#)).collect();
    format!(r#"{{"submissions":[{}]}}"#, all.join(","))
}

fn ids(range: std::ops::Range<i64>) -> Vec<SubmissionId> {
    range.map(|n| SubmissionId(10_000_001 + n)).collect()
}

async fn one_and_many_are_stored_in_their_order(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    assert_eq!(submit(&writer, r#"{"answers":{"1":"Ada"}}"#).await.unwrap(), ids(0..1));
    assert_eq!(submit(&writer, &many("Alan", 3)).await.unwrap(), ids(1..4));
    let names: Vec<String> = house.dumped("submission").await.iter().map(|line| answer(line)).collect();
    assert_eq!(names, ["Ada", "Alan 0", "Alan 1", "Alan 2"]);
}

/// The answer of a line of a form with one text.
fn answer(line: &str) -> String {
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    line["answers"]["1"].as_str().unwrap().to_owned()
}

async fn what_was_submitted_is_read_back_equal(house: House) {
    house.import(&(people() + &form_line(&survey()))).await;
    let body = concat!(
        r#"{"status":"Complete","date_start":"2026-06-01T11:50:00Z","date_finish":"2026-06-01T11:59:59.000001Z","#,
        r#""login_email":"a@b.example","payment_amount":12.50,"user_ip":"10.0.0.1","answers":{"#,
        r#""10":"two\nlines, \"quoted\" 👍🏽","11":[{"position":2,"other":"teal"}],"12":[{"position":0},{"position":2}],"#,
        r#""13":[{"name":"a.pdf","url":"https://files.example/a"}],"14-1":[{"position":0}],"15-0":["9","17"]}}"#
    );
    submit(&house.writer().await, body).await.unwrap();
    let kept = body
        .replace(r#"{"status""#, r#"{"kind":"submission","form_id":7,"id":10000001,"status""#)
        .replace(r#""login_email""#, r#""date_update":"2026-06-01T12:00:00Z","login_email""#);
    assert_eq!(house.dumped("submission").await, [kept]);
}

async fn ids_ascend_without_gaps_whoever_submits_at_the_same_time(house: House) {
    let forms = [1, 2, 3].map(|id| form(id, ACCOUNT, vec![item("1", ItemType::Text, "Name")]));
    house.import(&forms.iter().fold(people(), |lines, form| lines + &form_line(form))).await;
    let answered = submit_at_once(&house.engine, 200).await;

    for ids in &answered {
        assert!(ids.is_sorted(), "a submitter's later submissions have higher ids");
    }
    let mut all: Vec<SubmissionId> = answered.concat();
    all.sort_unstable();
    assert_eq!(all, ids(0..600), "each id is handed out once, and none is left out");
    let lines = house.dumped("submission").await;
    assert_eq!(lines.len(), 600, "what was answered is stored");
    for (n, (of_one, name)) in answered.iter().zip(0..).enumerate() {
        for (id, count) in of_one.iter().zip([0, 0, 1]) {
            let is_it = |line: &&String| line.contains(&format!(r#""id":{id},"#));
            let line = lines.iter().find(is_it).unwrap();
            assert!(line.contains(&format!(r#""form_id":{},"#, n % 3 + 1)), "{line}");
            assert!(line.contains(&format!("{name} {count}\"")), "{line}");
        }
    }
}

/// Lets `count` submitters submit at once, each one submission and then two, to three forms in turn; gives each one's
/// ids.
async fn submit_at_once(engine: &Engine, count: usize) -> Vec<Vec<SubmissionId>> {
    let writer = engine.caller(crate::house::SECRET).await.unwrap().forms_writer().unwrap();
    let submitters = (0..count).map(|n| {
        let writer = writer.clone();
        tokio::spawn(async move {
            let form = FormRef::Id(FormId(i64::try_from(n % 3).unwrap() + 1));
            let mut ids = Vec::new();
            for body in [many(&n.to_string(), 1), many(&n.to_string(), 2)] {
                let request = Submit { form: &form, body: &body, idempotency_key: None };
                ids.extend(writer.submit(request).await.unwrap());
            }
            ids
        })
    });
    let all = in_time("all submitters", join_all(submitters)).await;
    all.into_iter().map(|ids| ids.unwrap()).collect()
}

async fn a_commit_of_one_works(house: House) {
    let forms = [1, 2, 3].map(|id| form(id, ACCOUNT, vec![item("1", ItemType::Text, "Name")]));
    house.import(&forms.iter().fold(people(), |lines, form| lines + &form_line(form))).await;
    let settings = fillhouse_engine::Settings { ingest_batch: 1, ..house.settings() };
    let engine = house.open(settings, 2).await;
    let mut all: Vec<SubmissionId> = submit_at_once(&engine, 10).await.concat();
    all.sort_unstable();
    assert_eq!(all, ids(0..30));
}

async fn a_request_is_one_commit_however_large(house: House) {
    house.import(&small_house()).await;
    let settings = fillhouse_engine::Settings { ingest_batch: 2, ..house.settings() };
    let engine = house.open(settings, 2).await;
    let writer = engine.caller(crate::house::SECRET).await.unwrap().forms_writer().unwrap();
    assert_eq!(submit(&writer, &many("Ada", 1_000)).await.unwrap(), ids(0..1_000));
}
