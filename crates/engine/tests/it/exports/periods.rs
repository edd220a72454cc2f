//! The days of a request: whole days of a time zone, to the microsecond.

use crate::files::{between, finished, with_incomplete};
use crate::house::House;
use crate::samples::{ACCOUNT, form, form_line, item, lines, people, plain, small_house, unfinished};
use fillhouse_engine::ExportState;
use fillhouse_model::{ErrorKind, Form, ItemType, JobId, Submission};

on_both!(
    a_day_is_the_day_of_the_accounts_time_zone,
    the_forms_time_zone_comes_before_the_accounts,
    unfinished_ones_count_by_their_last_change,
    a_period_with_nothing_in_it_gives_a_header,
    an_export_is_its_accounts_own,
);

fn named() -> Form {
    form(7, ACCOUNT, vec![item("1", ItemType::Text, "Name")])
}

/// Submissions finished at these instants.
fn at(instants: &[&str]) -> Vec<Submission> {
    (0..).zip(instants).map(|(n, instant)| plain(n, instant)).collect()
}

async fn a_day_is_the_day_of_the_accounts_time_zone(house: House) {
    // In Berlin, the first of these days has 23 hours, and the second 25.
    let short = [
        "2026-03-28T22:59:59.999999Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T21:59:59.999999Z",
        "2026-03-29T22:00:00Z",
    ];
    let long = [
        "2026-10-24T21:59:59.999999Z",
        "2026-10-24T22:00:00Z",
        "2026-10-25T22:59:59.999999Z",
        "2026-10-25T23:00:00Z",
    ];
    house.clock.set("2026-12-01T00:00:00Z");
    house.import(&(small_house() + &lines(&named(), &at(&[short, long].concat())))).await;
    for (from, to, numbers) in [
        ("2026-03-28", "2026-03-28", &[0][..]),
        ("2026-03-29", "2026-03-29", &[1, 2]),
        ("2026-03-30", "2026-03-30", &[3]),
        ("2026-03-28", "2026-03-30", &[0, 1, 2, 3]),
        ("2026-10-24", "2026-10-24", &[4]),
        ("2026-10-25", "2026-10-25", &[5, 6]),
        ("2026-10-26", "2026-10-26", &[7]),
        ("2026-03-30", "2026-10-24", &[3, 4]),
    ] {
        assert_eq!(house.export(between(from, to)).await.numbers(), numbers, "{from} to {to}");
    }
}

async fn the_forms_time_zone_comes_before_the_accounts(house: House) {
    let auckland = Form { timezone: Some("Pacific/Auckland".into()), ..named() };
    let finished = at(&[
        "2026-04-30T11:59:59.999999Z",
        "2026-04-30T12:00:00Z",
        "2026-05-01T11:59:59.999999Z",
        "2026-05-01T12:00:00Z",
    ]);
    house.import(&(people() + &form_line(&auckland) + &lines(&auckland, &finished))).await;
    assert_eq!(house.export(between("2026-05-01", "2026-05-01")).await.numbers(), [1, 2]);
    house.import(&form_line(&named())).await;
    assert_eq!(house.export(between("2026-05-01", "2026-05-01")).await.numbers(), [2, 3]);
}

async fn unfinished_ones_count_by_their_last_change(house: House) {
    let mut long_ago = plain(0, "2026-04-01T10:00:00Z");
    long_ago.date_update = "2026-04-03T10:00:00Z".parse().unwrap();
    let submissions = [
        long_ago,
        unfinished(1, "2026-04-02T21:59:59.999999Z"),
        unfinished(2, "2026-04-02T22:00:00Z"),
        plain(3, "2026-04-03T10:00:00Z"),
    ];
    house.import(&(small_house() + &lines(&named(), &submissions))).await;
    let all = |day| with_incomplete(between(day, day));
    assert_eq!(house.export(all("2026-04-01")).await.numbers(), [0]);
    assert_eq!(house.export(all("2026-04-02")).await.numbers(), [1]);
    assert_eq!(house.export(all("2026-04-03")).await.numbers(), [2, 3]);
    assert_eq!(house.export(between("2026-04-03", "2026-04-03")).await.numbers(), [3]);
}

async fn a_period_with_nothing_in_it_gives_a_header(house: House) {
    house.import(&(small_house() + &lines(&named(), &at(&["2026-04-01T10:00:00Z"])))).await;
    for day in ["2026-03-31", "2026-04-02", "0001-01-01", "9999-12-31"] {
        let exported = house.export(between(day, day)).await;
        assert_eq!((exported.header().len(), exported.artifact.rows), (16, 0), "{day}");
    }
    assert_eq!(house.export(between("0001-01-01", "9999-12-31")).await.numbers(), [0]);
}

async fn an_export_is_its_accounts_own(house: House) {
    house.import(&small_house()).await;
    let (own, other) =
        (house.reader().await, house.caller(crate::house::OTHER_SECRET).await.forms_reader().unwrap());
    let error = other.start_export(finished()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let job = own.start_export(finished()).await.unwrap();
    assert_eq!(other.export(&job).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(own.export(&JobId("no-such-job".into())).await.unwrap_err().kind(), ErrorKind::NotFound);
    house.do_jobs().await;
    let ExportState::Completed(artifact) = own.export(&job).await.unwrap().state else {
        panic!("not completed")
    };
    assert_eq!(other.download(&artifact.id, &artifact.name).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(own.download(&artifact.id, "other.zip").await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(own.download("no-such-file", &artifact.name).await.unwrap_err().kind(), ErrorKind::NotFound);
    own.download(&artifact.id, &artifact.name).await.unwrap();
}
