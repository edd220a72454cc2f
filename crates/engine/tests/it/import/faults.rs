//! Bad lines: what they are told apart by, and what becomes of the lines around them.

use super::ended_at;
use crate::house::House;
use crate::samples::{lines, plain, small_house};
use crate::spread::plain_form;
use fillhouse_engine::ImportError;

on_both!(
    a_bad_line_says_its_file_its_number_and_its_field,
    what_came_before_a_bad_line_is_stored_and_nothing_after,
    what_came_after_a_bad_line_is_not_stored_with_the_next_file,
    bad_lines_can_be_skipped,
    a_bad_line_is_found_wherever_it_stands,
    an_id_has_a_limit,
);

/// Lines of submissions of the form 7, the first of them the eighth of all, and what stands in place of some.
fn with_bad_lines(count: i64, bad: &[(usize, &str)]) -> String {
    let submissions: Vec<_> = (0..count).map(|n| plain(n, "2026-04-01T00:00:00Z")).collect();
    let mut all: Vec<String> = lines(&plain_form(), &submissions).lines().map(str::to_owned).collect();
    for (place, line) in bad {
        (*line).clone_into(&mut all[*place]);
    }
    small_house() + &all.join("\n")
}

const NO_SUCH_ITEM: &str = r#"{"kind":"submission","form_id":7,"id":1,"status":"Complete","date_finish":"2026-04-01T00:00:00Z","date_update":"2026-04-01T00:00:00Z","answers":{"9":"?"}}"#;
const NO_SUCH_AUDIENCE: &str = r#"{"kind":"submission","form_id":7,"id":2,"status":"Complete","date_finish":"2026-04-01T00:00:00Z","date_update":"2026-04-01T00:00:00Z","audience_id":3,"profile_id":"507f1f77bcf86cd799439011","answers":{}}"#;
const NO_SUCH_FORM: &str = r#"{"kind":"submission","form_id":8,"id":3,"status":"Complete","date_finish":"2026-04-01T00:00:00Z","date_update":"2026-04-01T00:00:00Z","answers":{}}"#;

async fn a_bad_line_says_its_file_its_number_and_its_field(house: House) {
    house.import(&small_house()).await;
    for (line, says) in [
        ("{", "line: is not JSON: "),
        ("7", "line: "),
        (r#"{"id":7}"#, "kind: is missing"),
        (r#"{"kind":"house"}"#, "kind: \"house\" is not one of "),
        (r#"{"kind":"account","id":3,"user_dir":"x"}"#, "name: is missing"),
        (
            r#"{"kind":"account","id":3,"user_dir":"x","name":"X","colour":"red"}"#,
            "colour: is not known here",
        ),
        (NO_SUCH_ITEM, "answers.9: the form has no such item"),
        (NO_SUCH_AUDIENCE, "audience_id: audience 3 does not exist"),
        (NO_SUCH_FORM, "form_id: form 8 does not exist"),
    ] {
        let imported = house.try_import(format!("\n\n{line}\n").as_bytes(), false).await;
        let error = ended_at(&imported);
        assert!(error.starts_with(&format!("lines:3: {says}")), "{error}");
        assert!(matches!(imported.outcome, Err(ImportError::BadLine { line: 3, .. })));
    }
}

async fn what_came_before_a_bad_line_is_stored_and_nothing_after(house: House) {
    for (place, bad) in [
        (1_500, NO_SUCH_AUDIENCE),
        (1_600, NO_SUCH_ITEM),
        (999, NO_SUCH_AUDIENCE),
        (1_000, "{"),
        (0, NO_SUCH_FORM),
    ] {
        let house = house.another().await;
        let imported = house.try_import(with_bad_lines(2_500, &[(place, bad)]).as_bytes(), false).await;
        assert!(
            ended_at(&imported).starts_with(&format!("lines:{}: ", place + 8)),
            "{}",
            ended_at(&imported)
        );
        assert_eq!(house.count("submissions").await, place as i64);
        let counted = imported.counts.by_kind.get("submission").copied().unwrap_or_default();
        assert_eq!(counted, [place as u64, 0, 0]);
    }
}

async fn what_came_after_a_bad_line_is_not_stored_with_the_next_file(house: House) {
    let first = with_bad_lines(2_500, &[(500, NO_SUCH_AUDIENCE)]);
    let mut importer = house.engine.importer(false);
    let importing = tokio::task::spawn_blocking(move || {
        let mut import =
            |lines: &str| importer.import("lines", &mut lines.as_bytes(), &mut |_| {}, &mut |_| {});
        import(&first).unwrap_err();
        import(&lines(&plain_form(), &[plain(9_000, "2026-04-01T00:00:00Z")])).unwrap();
    });
    importing.await.unwrap();
    assert_eq!(house.count("submissions").await, 501);
}

async fn bad_lines_can_be_skipped(house: House) {
    let bad = [
        (3, NO_SUCH_ITEM),
        (4, NO_SUCH_AUDIENCE),
        (5, NO_SUCH_AUDIENCE),
        (998, "{"),
        (1_999, NO_SUCH_AUDIENCE),
        (2_000, NO_SUCH_FORM),
    ];
    let imported = house.try_import(with_bad_lines(2_500, &bad).as_bytes(), true).await;
    imported.outcome.unwrap();
    assert_eq!(imported.counts.bad, 6);
    assert_eq!(imported.counts.by_kind["submission"], [2_494, 0, 0]);
    let places: Vec<usize> = bad.iter().map(|(place, _)| place + 8).collect();
    let told: Vec<usize> =
        imported.skipped.iter().map(|line| line.split(':').nth(1).unwrap().parse().unwrap()).collect();
    assert_eq!(told, places, "in their order: {:?}", imported.skipped);
    assert_eq!(house.count("submissions").await, 2_494);
}

async fn a_bad_line_is_found_wherever_it_stands(house: House) {
    house
        .import(&(small_house() + r#"{"kind":"audience","id":3,"account_id":1,"name":"Ours","fields":[]}"#))
        .await;
    let profile = |audience: i64, n: i64| {
        format!(r#"{{"kind":"profile","audience_id":{audience},"id":"{n:024x}","fields":{{}}}}"#)
    };
    let mut all: Vec<String> = (0..30).map(|n| profile(3, n)).collect();
    all[20] = profile(9, 20);
    let imported = house.try_import(all.join("\n").as_bytes(), true).await;
    imported.outcome.unwrap();
    assert_eq!(imported.skipped, ["lines:21: audience_id: audience 9 does not exist"]);
    assert_eq!(imported.counts.by_kind["profile"], [29, 0, 0]);
    let all: Vec<String> = (30..60).map(|n| profile(9, n)).collect();
    let imported = house.try_import(all.join("\n").as_bytes(), true).await;
    imported.outcome.unwrap();
    assert_eq!((imported.counts.bad, imported.skipped.len()), (30, 30), "each of them is bad");
}

async fn an_id_has_a_limit(house: House) {
    house.import(&small_house()).await;
    let imported = house
        .try_import(NO_SUCH_AUDIENCE.replace(r#""id":2"#, r#""id":9223372036854775807"#).as_bytes(), false)
        .await;
    assert_eq!(ended_at(&imported), "lines:1: id: is larger than 9007199254740991");
    let submitted = crate::ingest::submit(&house.writer().await, r#"{"answers":{}}"#).await.unwrap();
    assert_eq!(submitted[0].0, 10_000_001, "what was refused has used up no id");
    house
        .try_import(NO_SUCH_AUDIENCE.replace(r#""id":2"#, r#""id":9007199254740000"#).as_bytes(), false)
        .await;
    let submitted = crate::ingest::submit(&house.writer().await, r#"{"answers":{}}"#).await.unwrap();
    assert_eq!(submitted[0].0, 10_000_002);
}
