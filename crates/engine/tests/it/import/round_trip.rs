//! What is dumped is imported, and dumped again as the same bytes.

use crate::house::{House, SECRET};
use crate::samples::{ACCOUNT, form, form_line, item, small_house};
use fillhouse_engine::{Counts, KINDS, NewSegment};
use fillhouse_model::{AudienceId, ItemType, SegmentId};
use std::path::Path;
use std::process::Command;

on_both!(
    every_kind_comes_back,
    a_large_data_set_comes_back,
    there_and_back_through_the_other_database,
    the_same_lines_again_change_nothing,
    ids_go_on_after_those_that_were_imported,
    what_was_deleted_is_not_dumped,
    the_id_of_a_segment_that_was_deleted_is_nobody_elses,
);

/// A line of every kind, and items of every type.
const EVERY_KIND: &str = include_str!("../../../src/interchange/tests/every_kind.jsonl");

/// An audience with a segment, and that this was deleted.
const AUDIENCE: &str = r#"{"kind":"audience","id":3,"account_id":1,"name":"Ours","fields":[]}
{"kind":"profile","audience_id":3,"id":"507f1f77bcf86cd799439011","fields":{}}
{"kind":"segment","id":6,"audience_id":3,"name":"Old","profiles":["507f1f77bcf86cd799439011"]}
"#;
const DELETED: &str = r#"{"kind":"segment","id":6,"audience_id":3,"deleted":true}"#;

/// What the sample program writes: text of all scripts, line breaks, quotes.
fn data_set() -> String {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/make_dataset.py");
    let made =
        Command::new("python3").arg(program).args(["--submissions", "1500", "--profiles", "50"]).output();
    let made = made.expect("python3 is there");
    assert!(made.status.success(), "{made:?}");
    String::from_utf8(made.stdout).unwrap()
}

/// Dumps a house that holds these lines, imports that into another, and dumps that.
async fn copied(house: &House, other: &House, lines: &str) -> (String, String) {
    house.import(lines).await;
    let dumped = house.dump().await;
    other.import(&dumped).await;
    (dumped, other.dump().await)
}

async fn every_kind_comes_back(house: House) {
    let (dumped, again) = copied(&house, &house.another().await, EVERY_KIND).await;
    assert_eq!(dumped, again);
    let mut lines: Vec<&str> = EVERY_KIND.lines().collect();
    let mut kept: Vec<&str> = dumped.lines().collect();
    lines.sort_unstable();
    kept.sort_unstable();
    assert_eq!(kept, lines);
    for kind in KINDS {
        assert!(dumped.contains(&format!(r#"{{"kind":"{kind}","#)), "{kind}");
    }
}

async fn a_large_data_set_comes_back(house: House) {
    let (dumped, again) = copied(&house, &house.another().await, &data_set()).await;
    assert!(dumped == again, "the dumps differ");
    assert_eq!(dumped.lines().filter(|line| line.contains(r#""kind":"submission""#)).count(), 1_500);
}

async fn there_and_back_through_the_other_database(house: House) {
    let (dumped, there) = copied(&house, &house.other_kind().await, &data_set()).await;
    let back = house.another().await;
    back.import(&there).await;
    assert!(dumped == there && dumped == back.dump().await, "the dumps differ");
}

/// How many of all lines were new, replaced what was there, and were there already.
fn sums(counts: &Counts) -> [u64; 3] {
    counts.by_kind.values().fold([0; 3], |sums, of_kind| [0, 1, 2].map(|n| sums[n] + of_kind[n]))
}

async fn the_same_lines_again_change_nothing(house: House) {
    let lines = data_set();
    let count = lines.lines().count() as u64;
    assert_eq!(sums(&house.import(&lines).await), [count, 0, 0]);
    let seqs = "SELECT form_id, revision, next_ordinal, seq FROM form_counters ORDER BY form_id";
    let (dumped, before) = (house.dump().await, house.database.rows(seqs).await);
    assert_eq!(sums(&house.import(&lines).await), [0, 0, count]);
    assert_eq!(sums(&house.import(&dumped).await), [0, 0, count]);
    assert!(dumped == house.dump().await, "the dumps differ");
    assert_eq!(house.database.rows(seqs).await, before, "not even a counter has moved");
    assert_eq!(house.count("versions").await, 0);
}

async fn ids_go_on_after_those_that_were_imported(house: House) {
    let other = form(8, ACCOUNT, vec![item("1", ItemType::Text, "Name")]);
    house.import(&(small_house() + &form_line(&other))).await;
    let writer = house.writer().await;
    let submit = async || crate::ingest::submit(&writer, r#"{"answers":{}}"#).await.unwrap()[0].0;
    assert_eq!(submit().await, 10_000_001);
    let line = |id: i64| {
        format!(
            r#"{{"kind":"submission","form_id":8,"id":{id},"status":"Complete","date_finish":"2026-04-01T00:00:00Z","date_update":"2026-04-01T00:00:00Z","answers":{{}}}}"#
        )
    };
    house.import(&line(10_000_007)).await;
    assert_eq!(submit().await, 10_000_008);
    house.import(&line(5)).await;
    assert_eq!(submit().await, 10_000_009);
}

async fn what_was_deleted_is_not_dumped(house: House) {
    let submissions = house.fill_blocks(2, 2).await;
    house.delete(submissions[1].id).await;
    let dumped = house.dump().await;
    assert_eq!(dumped.lines().filter(|line| line.contains(r#""kind":"submission""#)).count(), 3);
    let other = house.another().await;
    other.import(&dumped).await;
    assert_eq!(other.dump().await, dumped);
}

async fn the_id_of_a_segment_that_was_deleted_is_nobody_elses(house: House) {
    house.import(&(small_house() + AUDIENCE)).await;
    let profiles = async |house: &House| house.caller(SECRET).await.profiles_writer().unwrap();
    let new = || NewSegment { audience_id: AudienceId(3), name: "More".into(), query: None };
    profiles(&house).await.delete_segment(SegmentId(6)).await.unwrap();
    let (there, back) = (house.other_kind().await, house.another().await);
    let dumped = house.dump().await;
    assert!(dumped.contains(DELETED), "{dumped}");
    there.import(&dumped).await;
    back.import(&there.dump().await).await;
    assert_eq!([there.dump().await, back.dump().await], [dumped.clone(), dumped]);
    assert_eq!(profiles(&there).await.add_segment(new()).await.unwrap(), SegmentId(7));
    // Where it is still there, it is deleted; where it was, nothing changes.
    let late = house.another().await;
    late.import(&(small_house() + AUDIENCE)).await;
    assert_eq!(late.import(DELETED).await.by_kind["segment"], [0, 1, 0]);
    assert_eq!(late.import(DELETED).await.by_kind["segment"], [0, 0, 1]);
    assert!(late.dumped(r#""name":"Ours""#).await.len() == 1 && late.dumped("Old").await.is_empty());
}
