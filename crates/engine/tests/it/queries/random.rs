//! Any query, against the naive one.

use super::naive;
use super::sample::{change, fill, moment, queried_form, sampled, word};
use crate::house::House;
use crate::samples::FORM;
use fillhouse_engine::{Condition, FormsReader, Operator, Page, Query};
use fillhouse_model::row::Row;
use fillhouse_model::{Status, Submission, SubmissionId, TimeRange};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::collections::HashSet;

on_both!(
    any_query_gives_what_reading_every_submission_would,
    a_memory_that_is_too_small_makes_no_difference,
    the_pages_of_a_query_have_each_submission_once,
);

fn condition() -> impl Strategy<Value = Condition> {
    let of = |columns: &[&str], operators: &[Operator]| {
        (
            prop::sample::select(columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>()),
            prop::sample::select(operators.to_vec()),
        )
    };
    let all = [Operator::Equals, Operator::Contains, Operator::Begins, Operator::Ends];
    let equals = [Operator::Equals];
    let with = |((column, operator), value): ((String, Operator), String)| Condition {
        named: format!("search[{column}]"),
        column,
        operator,
        value,
    };
    let position = (0_u32..4).prop_map(|position| position.to_string());
    let number = prop::sample::select(vec!["5", "9.0", "-1.5", "0", "0.25"]).prop_map(str::to_owned);
    let id = (10_000_001_i64..10_000_050).prop_map(|id| id.to_string());
    let meta =
        prop::sample::select(vec!["complete", "Incomplete", "10.0.0.1", "N/A", "a"]).prop_map(str::to_owned);
    prop_oneof![
        3 => (of(&["10", "13", "15-0", "16"], &all), word()).prop_map(with),
        1 => (of(&["11", "12"], &equals), position).prop_map(with),
        1 => (of(&["16"], &[Operator::AtLeast, Operator::LessThan]), number).prop_map(with),
        1 => (of(&["result_id"], &equals), id).prop_map(with),
        1 => (of(&["result_status", "user_ip", "user_referrer"], &equals), meta).prop_map(with),
    ]
}

prop_compose! {
    fn query()(
        conditions in prop_oneof![Just(vec![]), prop::collection::vec(condition(), 1..3)],
        any_of: bool,
        after_id in prop::option::weighted(0.3, 10_000_000_i64..10_000_060),
        before_id in prop::option::weighted(0.3, 10_000_000_i64..10_000_060),
        after in prop::option::weighted(0.3, moment()),
        before in prop::option::weighted(0.3, moment()),
        dated in prop::option::weighted(0.3, (moment(), moment())),
        status in prop::option::weighted(0.2, prop::sample::select(vec![Status::Complete, Status::Incomplete])),
        any_text_contains in prop::option::weighted(0.2, prop_oneof![word(), Just("ÉC".to_owned()), Just("other".to_owned())]),
        sort in prop::sample::select(vec![
            "result_id", "date_update", "date_finish", "result_status", "user_ip", "10", "11", "12", "13", "15-0", "16",
        ]),
        descending: bool,
        page in 0_u64..4,
        limit in 1_u32..12,
    ) -> Query {
        Query {
            conditions, any_of, after, before, status, any_text_contains, descending, page, limit,
            after_id: after_id.map(SubmissionId),
            before_id: before_id.map(SubmissionId),
            dated: dated.map(|(one, other)| TimeRange { from: one.min(other), until: one.max(other) }),
            sort: sort.to_owned(),
        }
    }
}

pub(super) fn ids(page: &Page) -> Vec<SubmissionId> {
    page.rows.iter().map(|row| SubmissionId(Row::read(row).unwrap().id)).collect()
}

async fn compare(reader: &FormsReader, runner: &mut TestRunner, all: &[Submission], queries: usize) {
    let form = queried_form();
    for _ in 0..queries {
        let query = sampled(runner, &query());
        let page = reader.query(&FORM, query.clone()).await.unwrap();
        assert_eq!((ids(&page), page.total), naive::page(all, &form, &query), "{query:?}");
    }
}

async fn any_query_gives_what_reading_every_submission_would(house: House) {
    let mut runner = TestRunner::deterministic();
    let mut all = fill(&house, &mut runner, 12, false).await;
    let reader = house.reader().await;
    for _ in 0..3 {
        compare(&reader, &mut runner, &all, 150).await;
        change(&house, &mut runner, &mut all).await;
    }
    compare(&reader, &mut runner, &all, 50).await;
}

async fn a_memory_that_is_too_small_makes_no_difference(house: House) {
    let mut runner = TestRunner::deterministic();
    let all = fill(&house, &mut runner, 12, true).await;
    for column_cache_bytes in [0, 4_000] {
        let mut settings = house.settings();
        settings.column_cache_bytes = column_cache_bytes;
        let engine = house.open(settings, 2).await;
        let reader = engine.caller(crate::house::SECRET).await.unwrap().forms_reader().unwrap();
        compare(&reader, &mut runner, &all, 60).await;
    }
}

async fn the_pages_of_a_query_have_each_submission_once(house: House) {
    let mut runner = TestRunner::deterministic();
    let all = fill(&house, &mut runner, 12, true).await;
    let reader = house.reader().await;
    for sort in ["result_id", "10", "16", "date_update"] {
        for descending in [false, true] {
            let mut seen = Vec::new();
            for page in 0.. {
                let query = Query { sort: sort.to_owned(), descending, page, limit: 7, ..Query::default() };
                let page = reader.query(&FORM, query).await.unwrap();
                assert_eq!(page.total, all.len() as u64);
                if page.rows.is_empty() {
                    break;
                }
                seen.extend(ids(&page));
            }
            assert_eq!(seen.len(), all.len(), "{sort}");
            assert_eq!(seen.into_iter().collect::<HashSet<_>>(), all.iter().map(|one| one.id).collect());
        }
    }
}
