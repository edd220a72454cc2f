//! Lines that differ from what is there.

use crate::files::{download, everything};
use crate::house::House;
use crate::samples::{ACCOUNT, form, form_line, item, lines, plain, small_house, unfinished};
use crate::spread::plain_form;
use crate::waiting::in_time;
use fillhouse_model::{Answer, ItemType, Submission};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

on_both!(
    a_line_that_differs_replaces_what_is_there,
    what_is_replaced_can_still_be_read,
    a_line_twice_in_one_file_counts_twice,
    answers_stay_with_their_items_when_a_form_changes,
    two_that_change_a_form_at_once_share_no_slot,
    an_import_and_submissions_at_the_same_time,
);

async fn a_line_that_differs_replaces_what_is_there(house: House) {
    let first = [unfinished(0, "2026-04-01T00:00:00Z"), plain(1, "2026-04-01T00:00:00Z")];
    house.import(&(small_house() + &lines(&plain_form(), &first))).await;
    let second = [
        plain(0, "2026-04-02T00:00:00Z"),
        plain(1, "2026-04-01T00:00:00Z"),
        plain(2, "2026-04-03T00:00:00Z"),
    ];
    let counts = house.import(&lines(&plain_form(), &second)).await;
    assert_eq!(counts.by_kind["submission"], [1, 1, 1]);
    let kept = house.dumped("submission").await.join("\n") + "\n";
    assert_eq!(kept, lines(&plain_form(), &second));
    let counts = house
        .import(
            r#"{"kind":"account","id":1,"user_dir":"acme","name":"Acme & Co","timezone":"Europe/Berlin"}"#,
        )
        .await;
    assert_eq!(counts.by_kind["account"], [0, 1, 0]);
}

async fn what_is_replaced_can_still_be_read(house: House) {
    house.import(&(small_house() + &lines(&plain_form(), &[plain(0, "2026-04-01T00:00:00Z")]))).await;
    let job = house.reader().await.start_export(everything()).await.unwrap();
    for n in 1..4 {
        let replaced = Submission {
            answers: vec![Some(Answer::Text(n.to_string()))],
            ..plain(0, "2026-04-01T00:00:00Z")
        };
        house.import(&lines(&plain_form(), &[replaced])).await;
    }
    assert_eq!(house.count("versions").await, 3);
    house.do_jobs().await;
    assert_eq!(download(&house.reader().await, &job).await.answers(), ["answer 0"]);
    assert_eq!(house.export(everything()).await.answers(), ["3"]);
}

async fn a_line_twice_in_one_file_counts_twice(house: House) {
    let twice = [
        plain(0, "2026-04-01T00:00:00Z"),
        plain(0, "2026-04-02T00:00:00Z"),
        plain(0, "2026-04-02T00:00:00Z"),
    ];
    let profile = r#"{"kind":"profile","audience_id":3,"id":"507f1f77bcf86cd799439011","fields":{"a":1}}"#;
    let profiles = format!(
        "{}\n{profile}\n{}\n",
        r#"{"kind":"audience","id":3,"account_id":1,"name":"Ours","fields":[{"name":"a","type":"int"}]}"#,
        profile.replace('1', "2").replace("507f2f77bcf86cd799439022", "507f1f77bcf86cd799439011")
    );
    let counts = house.import(&(small_house() + &lines(&plain_form(), &twice) + &profiles)).await;
    assert_eq!(counts.by_kind["submission"], [1, 1, 1]);
    assert_eq!(counts.by_kind["profile"], [1, 1, 0]);
    assert_eq!(house.dumped("submission").await.join("\n") + "\n", lines(&plain_form(), &twice[2..]));
}

async fn answers_stay_with_their_items_when_a_form_changes(house: House) {
    let text = |id: &str| item(id, ItemType::Text, &format!("Text {id}"));
    let line = |id: i64, answers: &str| {
        format!(
            r#"{{"kind":"submission","form_id":7,"id":{id},"status":"Incomplete","date_update":"2026-04-01T00:00:00Z","answers":{{{answers}}}}}"#
        )
    };
    let two = form_line(&form(7, ACCOUNT, vec![text("1"), text("2")]));
    house.import(&(small_house() + &two + &line(1, r#""1":"a","2":"b""#))).await;
    house
        .import(&(form_line(&form(7, ACCOUNT, vec![text("3"), text("2")])) + &line(2, r#""3":"c","2":"d""#)))
        .await;
    assert_eq!(house.dumped("submission").await, [line(1, r#""2":"b""#), line(2, r#""3":"c","2":"d""#)]);
    house.import(&two).await;
    assert_eq!(house.dumped("submission").await, [line(1, r#""1":"a","2":"b""#), line(2, r#""2":"d""#)]);
}

async fn two_that_change_a_form_at_once_share_no_slot(house: House) {
    house.import(&small_house()).await;
    let changes = |first: i64| {
        (first..first + 10).map(|n| {
            let items =
                ["1".to_owned(), n.to_string()].map(|id| item(&id, ItemType::Text, &format!("Text {id}")));
            form_line(&form(7, ACCOUNT, items.to_vec()))
        })
    };
    tokio::join!(
        async {
            for change in changes(100) {
                house.import(&change).await;
            }
        },
        async {
            for change in changes(200) {
                house.import(&change).await;
            }
        },
    );
    let sql = "SELECT slots FROM form_revisions WHERE form_id = 7 ORDER BY revision";
    let mut known = Vec::new();
    for revision in house.database.rows(sql).await {
        let slots: Vec<serde_json::Value> = serde_json::from_str(&revision[0]).unwrap();
        assert_eq!(slots[..known.len()], known, "a slot belongs to its item for ever");
        known = slots;
    }
    assert_eq!(known.len(), 21);
}

/// Each stores the other's forms and accounts, too, so they would wait for each other if they took them in any order.
async fn an_import_and_submissions_at_the_same_time(house: House) {
    house
        .import(&(small_house() + &form_line(&form(8, ACCOUNT, vec![item("1", ItemType::Text, "Name")]))))
        .await;
    let (writer, over) = (house.writer().await, Arc::new(AtomicBool::new(false)));
    let is_over = over.clone();
    let submitting = tokio::spawn(async move {
        let mut count = 0;
        while !is_over.load(Ordering::SeqCst) {
            count += crate::ingest::submit(&writer, r#"{"answers":{"1":"submitted"}}"#).await.unwrap().len();
        }
        count
    });
    // Of an older system: their ids come before those that are handed out here.
    let old = |n: i64| plain(n - 10_000_000, "2026-04-01T00:00:00Z");
    let other = form(8, ACCOUNT, vec![item("1", ItemType::Text, "Name")]);
    for round in 0..10 {
        let all: Vec<_> = (0..300).map(|n| old(round * 300 + n)).collect();
        house.import(&(lines(&plain_form(), &all) + &lines(&other, &[old(5_000 + round)]))).await;
    }
    over.store(true, Ordering::SeqCst);
    let submitted = in_time("the submissions", submitting).await.unwrap();
    assert_eq!(house.count("submissions").await, submitted as i64 + 3_010);
    assert_eq!(house.dumped("submitted").await.len(), submitted);
}
