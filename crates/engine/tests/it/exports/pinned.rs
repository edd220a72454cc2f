//! An export holds what was there when it was asked for, whatever is written before it is made.

use crate::files::{Exported, download, everything, finished};
use crate::house::House;
use crate::ingest::submit;
use crate::samples::{ACCOUNT, FORM, form, form_line, item, lines, plain, required, unfinished};
use crate::spread::plain_form;
use crate::waiting::in_time;
use fillhouse_engine::{FormsReader, Submit};
use fillhouse_model::{Answer, ItemType, Submission};
use futures::future::join_all;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

on_both!(
    what_is_written_after_the_request_is_not_in_the_file,
    the_columns_are_those_of_the_request,
    rows_and_columns_are_of_one_moment,
    writers_at_the_same_time_make_no_difference,
);

fn renamed(submission: &Submission, name: &str) -> Submission {
    Submission { answers: vec![Some(Answer::Text(name.into()))], ..submission.clone() }
}

async fn what_is_written_after_the_request_is_not_in_the_file(house: House) {
    let submissions = house.fill_blocks(3, 3).await;
    house.import(&lines(&plain_form(), &[unfinished(9, "2026-05-30T00:00:00Z")])).await;
    let reader = house.reader().await;
    let before = house.export(everything()).await;
    let jobs =
        [reader.start_export(finished()).await.unwrap(), reader.start_export(everything()).await.unwrap()];

    house.delete(submissions[0].id).await;
    house.import(&lines(&plain_form(), &[renamed(&submissions[4], "Another")])).await;
    house.delete(submissions[4].id).await;
    house.import(&lines(&plain_form(), &[plain(9, "2026-05-31T00:00:00Z")])).await;
    submit(&house.writer().await, r#"{"answers":{"1":"too late"}}"#).await.unwrap();
    house.do_jobs().await;
    assert_eq!(download(&reader, &jobs[0]).await.numbers(), (0..9).collect::<Vec<_>>());
    assert_eq!(download(&reader, &jobs[1]).await.csv, before.csv);

    let after = house.export(everything()).await;
    assert_eq!(after.numbers(), [1, 2, 3, 5, 6, 7, 8, 9, 10]);
    assert_eq!(after.answers()[8], "too late");
    assert_eq!(after.rows()[7][4], "Complete");
}

async fn the_columns_are_those_of_the_request(house: House) {
    let submissions = house.fill_blocks(1, 2).await;
    let reader = house.reader().await;
    let job = reader.start_export(finished()).await.unwrap();
    let changed =
        form(7, ACCOUNT, vec![item("2", ItemType::Text, "City"), item("1", ItemType::Number, "Age")]);
    house.import(&form_line(&changed)).await;
    let mut other = submissions[1].clone();
    other.answers = vec![Some(Answer::Text("33".into())), Some(Answer::Text("Berlin".into()))];
    house.import(&lines(&{ form_with_slots(&changed) }, &[other])).await;
    house.do_jobs().await;
    let exported = download(&reader, &job).await;
    assert_eq!(exported.header()[15..], ["Name"]);
    assert_eq!(exported.answers(), ["answer 0", "answer 1"]);
    let now = house.export(finished()).await;
    assert_eq!(now.header()[15..], ["City", "Age"]);
    assert_eq!(now.rows()[0][15..], ["", "answer 0"]);
    assert_eq!(now.rows()[1][15..], ["Berlin", "33"]);
}

/// The form with the slots that it has in the store: those of before come first.
fn form_with_slots(changed: &fillhouse_model::Form) -> fillhouse_model::Form {
    let mut form = changed.clone();
    form.assign_slots(&plain_form().slots);
    form
}

/// The form gets one required item after the other, and whoever answers it is not in a file without its column.
async fn rows_and_columns_are_of_one_moment(house: House) {
    house.fill_blocks(1, 1).await;
    let over = Arc::new(AtomicBool::new(false));
    let asking = tokio::spawn(ask_until(house.reader().await, over.clone()));
    let writer = house.writer().await;
    let mut items = plain_form().items;
    for n in 2..32 {
        items.push(required(item(&n.to_string(), ItemType::Text, &format!("Item {n}"))));
        house.import(&form_line(&form(7, ACCOUNT, items.clone()))).await;
        let answers: Vec<String> = (2..=n).map(|n| format!(r#""{n}":"x""#)).collect();
        submit(&writer, &format!(r#"{{"answers":{{{}}}}}"#, answers.join(","))).await.unwrap();
    }
    over.store(true, Ordering::SeqCst);
    let jobs = in_time("the requests", asking).await.unwrap();
    house.do_jobs().await;
    let reader = house.reader().await;
    for job in jobs {
        let exported = download(&reader, &job).await;
        let (columns, rows) = (exported.header().len() as i64 - 15, exported.artifact.rows);
        assert!(rows == columns || rows + 1 == columns, "{rows} rows, and columns for {columns}");
    }
}

async fn ask_until(reader: FormsReader, over: Arc<AtomicBool>) -> Vec<fillhouse_model::JobId> {
    let mut jobs = Vec::new();
    while !over.load(Ordering::SeqCst) {
        jobs.push(reader.start_export(finished()).await.unwrap());
    }
    jobs
}

/// Each of four writers writes one submission after the other, and a fifth changes submissions in all blocks at once:
/// each file is a cut through that, before which everything is there and after which nothing.
async fn writers_at_the_same_time_make_no_difference(house: House) {
    let submissions = house.fill_blocks(4, 5).await;
    let over = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for n in 0..4 {
        let (writer, over) = (house.writer().await, over.clone());
        writers.push(tokio::spawn(async move {
            for k in 0.. {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let body = format!(r#"{{"answers":{{"1":"writer {n} {k}"}}}}"#);
                writer.submit(Submit { form: &FORM, body: &body, idempotency_key: None }).await.unwrap();
            }
        }));
    }
    let mut files = Vec::new();
    for round in 0..10 {
        let renamed: Vec<_> = submissions.iter().map(|one| renamed(one, &format!("round {round}"))).collect();
        let (_, file) =
            tokio::join!(house.import_text(lines(&plain_form(), &renamed)), house.export(finished()));
        files.push(file);
    }
    over.store(true, Ordering::SeqCst);
    in_time("the writers", join_all(writers)).await.into_iter().for_each(|ended| ended.unwrap());
    for (round, file) in files.iter().enumerate() {
        is_a_cut(file, round);
    }
    assert!(files.is_sorted_by_key(|file| file.artifact.rows), "whatever was there stays there");
}

fn is_a_cut(file: &Exported, round: usize) {
    let numbers = file.numbers();
    assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len(), "no row is there twice");
    assert_eq!(numbers[..20], (0..20).collect::<Vec<_>>());
    let answers = file.answers();
    let first = &answers[0];
    let last_round = format!("round {}", round.saturating_sub(1));
    let is_possible = *first == format!("round {round}") || *first == last_round || round == 0;
    assert!(is_possible, "{first} in round {round}");
    if round > 0 || first.starts_with("round") {
        assert!(
            answers[..20].iter().all(|answer| answer == first),
            "one transaction is there whole: {answers:?}"
        );
    }
    for n in 0..4 {
        let name = format!("writer {n} ");
        let of_one: Vec<&str> = answers.iter().filter_map(|answer| answer.strip_prefix(&name)).collect();
        let expected: Vec<String> = (0..of_one.len()).map(|k| k.to_string()).collect();
        assert_eq!(of_one, expected, "what a writer wrote before the last is there, in order");
    }
}
