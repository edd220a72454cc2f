//! Queries while the form changes, and queries that are refused.

use super::random::ids;
use super::sample::queried_form;
use crate::house::House;
use crate::ingest::submit;
use crate::samples::{FORM, form_line, item};
use crate::waiting::in_time;
use fillhouse_engine::{Condition, FormRef, Operator, Query};
use fillhouse_model::{ErrorKind, FormId, ItemType, SubmissionId};
use std::collections::HashSet;

on_both!(
    what_is_submitted_is_found_at_once,
    an_item_that_is_new_can_be_searched_at_once,
    pages_lose_and_repeat_nothing_while_others_submit,
    what_a_query_cannot_ask_is_refused_by_its_name,
    a_form_of_another_account_is_not_found,
);

fn condition(column: &str, operator: Operator, value: &str) -> Condition {
    Condition {
        column: column.to_owned(),
        operator,
        value: value.to_owned(),
        named: format!("search_{operator:?}[{column}]"),
    }
}

fn having(conditions: Vec<Condition>) -> Query {
    Query { conditions, ..Query::default() }
}

async fn what_is_submitted_is_found_at_once(house: House) {
    let before = house.fill_blocks(2, 3).await;
    let reader = house.reader().await;
    let wanted = having(vec![condition("1", Operator::Contains, "LATE")]);
    for query in [&wanted, &Query::default()] {
        reader.query(&FORM, query.clone()).await.unwrap();
    }
    for count in 1..4 {
        let new = submit(&house.writer().await, r#"{"answers":{"1":"quite late"}}"#).await.unwrap();
        let page = reader.query(&FORM, wanted.clone()).await.unwrap();
        assert_eq!((page.total, ids(&page)[0]), (count, new[0]));
        let page = reader.query(&FORM, Query::default()).await.unwrap();
        assert_eq!((page.total, ids(&page)[0]), (before.len() as u64 + count, new[0]));
    }
    house.delete(before[5].id).await;
    let page = reader.query(&FORM, Query::default()).await.unwrap();
    assert_eq!((page.total, ids(&page).contains(&before[5].id)), (8, false));
}

async fn an_item_that_is_new_can_be_searched_at_once(house: House) {
    house.fill_blocks(1, 3).await;
    let reader = house.reader().await;
    let wanted = having(vec![condition("2", Operator::Equals, "oslo")]);
    let error = reader.query(&FORM, wanted.clone()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let mut changed = crate::spread::plain_form();
    changed.items.push(item("2", ItemType::Text, "City"));
    house.import(&form_line(&changed)).await;
    assert_eq!(reader.query(&FORM, wanted.clone()).await.unwrap().total, 0);
    let new = submit(&house.writer().await, r#"{"answers":{"1":"x","2":"Oslo"}}"#).await.unwrap();
    let page = reader.query(&FORM, wanted).await.unwrap();
    assert_eq!(ids(&page), new);
    assert_eq!(page.form.form.items.len(), 2);
}

/// Ascending pages, the last page again and again until nothing more comes: whatever was there is seen once.
async fn pages_lose_and_repeat_nothing_while_others_submit(house: House) {
    house.fill_blocks(2, 20).await;
    let writer = house.writer().await;
    let submitting = tokio::spawn(async move {
        let mut ids = Vec::new();
        for n in 0..60 {
            ids.extend(submit(&writer, &format!(r#"{{"answers":{{"1":"new {n}"}}}}"#)).await.unwrap());
        }
        ids
    });
    let reader = house.reader().await;
    let mut seen: Vec<SubmissionId> = Vec::new();
    let mut submitted: Option<Vec<SubmissionId>> = None;
    let paging = async {
        let mut submitting = Some(submitting);
        loop {
            let after_id = seen.last().copied();
            let query = Query { after_id, descending: false, limit: 7, ..Query::default() };
            let page = reader.query(&FORM, query).await.unwrap();
            seen.extend(ids(&page));
            if page.rows.is_empty() {
                match submitting.take() {
                    Some(submitting) => submitted = Some(submitting.await.unwrap()),
                    None => break,
                }
            }
        }
    };
    in_time("the last page", Box::pin(paging)).await;
    assert!(seen.is_sorted());
    let unique: HashSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), unique.len()), (100, 100));
    assert!(submitted.unwrap().iter().all(|id| unique.contains(id)));
}

async fn what_a_query_cannot_ask_is_refused_by_its_name(house: House) {
    house.import(&(crate::samples::people() + &form_line(&queried_form()))).await;
    let reader = house.reader().await;
    for (condition, said) in [
        (
            condition("11", Operator::Contains, "1"),
            "search_Contains[11]: a choice can only be searched for what is equal",
        ),
        (condition("11", Operator::Equals, "Red"), "search_Equals[11]: is not the position of a choice"),
        (
            condition("result_id", Operator::Equals, "one"),
            "search_Equals[result_id]: is not the id of a result",
        ),
        (
            condition("99", Operator::Equals, "1"),
            "search_Equals[99]: is no item of the form that is answered",
        ),
        (
            condition("15", Operator::Equals, "1"),
            "search_Equals[15]: is no item of the form that is answered",
        ),
        (
            condition("user_ip", Operator::Begins, "10."),
            "search_Begins[user_ip]: a result's own data can only be searched for what is equal",
        ),
    ] {
        let error = reader.query(&FORM, having(vec![condition])).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidArgument, said));
    }
    let many = vec![condition("10", Operator::Equals, "a"); 101];
    let error = reader.query(&FORM, having(many)).await.unwrap_err();
    assert_eq!(error.message(), "search_Equals[10]: is one of more than 100");
    let error =
        reader.query(&FORM, Query { sort: "nothing".to_owned(), ..Query::default() }).await.unwrap_err();
    assert_eq!(error.message(), "sort_id: is no item of the form that is answered");
}

async fn a_form_of_another_account_is_not_found(house: House) {
    house.fill_blocks(1, 1).await;
    let other = house.caller(crate::house::OTHER_SECRET).await.forms_reader().unwrap();
    house.reader().await.query(&FORM, Query::default()).await.unwrap();
    for form in [FORM, FormRef::Directory("form7".into()), FormRef::Id(FormId(8)), FormRef::Name("\0".into())]
    {
        let error = other.query(&form, Query::default()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
}
