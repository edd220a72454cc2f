//! Files of lines: how they end, and what is no line.

use super::ended_at;
use crate::house::House;
use crate::samples::small_house;

on_both!(
    lines_may_end_in_cr_lf,
    empty_lines_are_passed_over,
    the_last_line_needs_no_line_break,
    a_line_that_is_not_utf_8_is_bad,
    counts_say_what_was_read,
);

async fn lines_may_end_in_cr_lf(house: House) {
    house.import(&small_house().replace('\n', "\r\n")).await;
    let other = house.another().await;
    other.import(&small_house()).await;
    assert_eq!(house.dump().await, other.dump().await);
}

async fn empty_lines_are_passed_over(house: House) {
    let counts = house.import(&format!("\n\r\n{}\n\n", small_house().replace('\n', "\n\n"))).await;
    assert_eq!(counts.by_kind["account"], [2, 0, 0]);
    assert_eq!(counts.lines, 2 * 7 + 4);
    assert_eq!(house.dump().await.lines().count(), 7);
}

async fn the_last_line_needs_no_line_break(house: House) {
    let counts = house.import(small_house().trim_end()).await;
    assert_eq!((counts.lines, counts.by_kind["form"]), (7, [1, 0, 0]));
}

async fn a_line_that_is_not_utf_8_is_bad(house: House) {
    let mut lines = small_house().into_bytes();
    lines.extend(b"{\"kind\":\"account\",\"id\":3,\"user_dir\":\"x\",\"name\":\"\xff\"}\n");
    lines.extend(b"{\"kind\":\"account\",\"id\":4,\"user_dir\":\"y\",\"name\":\"Y\"}\n");
    let imported = house.try_import(&lines, true).await;
    imported.outcome.unwrap();
    assert_eq!((imported.counts.bad, imported.skipped.len()), (1, 1));
    assert!(imported.skipped[0].starts_with("lines:8: line: is not UTF-8"), "{:?}", imported.skipped);
    assert_eq!(imported.counts.by_kind["account"], [3, 0, 0]);
    let imported = house.try_import(&lines, false).await;
    assert!(ended_at(&imported).starts_with("lines:8: line: is not UTF-8"));
    assert_eq!(imported.counts.by_kind["account"], [0, 0, 2]);
}

async fn counts_say_what_was_read(house: House) {
    let lines = small_house();
    let counts = house.import(&lines).await;
    assert_eq!((counts.lines, counts.bytes, counts.bad), (7, lines.len() as u64, 0));
    assert_eq!(counts.by_kind["token"], [2, 0, 0]);
}
