//! A form that changes while it is submitted to.

use super::submit;
use crate::house::{House, SECRET};
use crate::samples::{ACCOUNT, FORM, form, form_line, item, people, required, small_house};
use crate::waiting::in_time;
use fillhouse_engine::{FormRef, Submit};
use fillhouse_model::{ErrorKind, Form, FormState, Item, ItemType};
use futures::future::join_all;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

on_both!(
    answers_that_were_good_are_checked_against_the_form_of_now,
    answers_that_were_bad_are_checked_against_the_form_of_now,
    a_form_that_is_opened_again_takes_submissions_again,
    a_name_leads_to_the_form_that_has_it_now,
    writers_and_a_form_that_is_imported_again_and_again,
);

fn text(id: &str) -> Item {
    item(id, ItemType::Text, &format!("Text {id}"))
}

/// Another process, which has seen the form as it is by now.
async fn seen_elsewhere(house: &House) -> fillhouse_engine::FormsWriter {
    let engine = house.open(house.settings(), 2).await;
    let writer = engine.caller(SECRET).await.unwrap().forms_writer().unwrap();
    submit(&writer, r#"{"answers":{}}"#).await.ok();
    writer
}

async fn answers_that_were_good_are_checked_against_the_form_of_now(house: House) {
    house.import(&small_house()).await;
    let (here, elsewhere) = (house.writer().await, seen_elsewhere(&house).await);
    submit(&here, r#"{"answers":{"1":"Ada"}}"#).await.unwrap();
    let changed = form(7, ACCOUNT, vec![text("2"), required(text("3"))]);
    house.import(&form_line(&changed)).await;
    for writer in [here, elsewhere] {
        let error = submit(&writer, r#"{"answers":{"1":"Ada"}}"#).await.unwrap_err();
        assert_eq!(error.message(), "answers.1: the form has no such item");
        submit(&writer, r#"{"answers":{"2":"Ada","3":"Byron"}}"#).await.unwrap();
    }
    assert_eq!(house.dumped(r#""answers":{"2":"Ada","3":"Byron"}"#).await.len(), 2);
}

async fn answers_that_were_bad_are_checked_against_the_form_of_now(house: House) {
    house.import(&small_house()).await;
    let (here, elsewhere) = (house.writer().await, seen_elsewhere(&house).await);
    submit(&here, r#"{"answers":{"2":"Ada"}}"#).await.unwrap_err();
    house.import(&form_line(&form(7, ACCOUNT, vec![text("1"), text("2")]))).await;
    for writer in [here, elsewhere] {
        submit(&writer, r#"{"answers":{"2":"Ada"}}"#).await.unwrap();
    }
}

async fn a_form_that_is_opened_again_takes_submissions_again(house: House) {
    let open = form(7, ACCOUNT, vec![text("1")]);
    let closed = Form { state: FormState::Closed("closed".into()), ..open.clone() };
    house.import(&(people() + &form_line(&closed))).await;
    let (here, elsewhere) = (house.writer().await, seen_elsewhere(&house).await);
    submit(&here, r#"{"answers":{}}"#).await.unwrap_err();
    house.import(&form_line(&open)).await;
    submit(&here, r#"{"answers":{}}"#).await.unwrap();
    submit(&elsewhere, r#"{"answers":{}}"#).await.unwrap();
    house.import(&form_line(&closed)).await;
    for writer in [here, elsewhere] {
        assert_eq!(submit(&writer, r#"{"answers":{}}"#).await.unwrap_err().kind(), ErrorKind::Conflict);
    }
}

async fn a_name_leads_to_the_form_that_has_it_now(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    let named = FormRef::Name("form-7".into());
    let submit = async |body: &str| writer.submit(Submit { form: &named, body, idempotency_key: None }).await;
    submit(r#"{"answers":{"1":"Ada"}}"#).await.unwrap();
    let renamed = Form { slug: "old".into(), ..form(7, ACCOUNT, vec![text("1")]) };
    house.import(&form_line(&renamed)).await;
    assert_eq!(submit(r#"{"answers":{"1":"Ada"}}"#).await.unwrap_err().kind(), ErrorKind::NotFound);
    let back = form(7, ACCOUNT, vec![text("1")]);
    house.import(&form_line(&back)).await;
    submit(r#"{"answers":{"1":"Ada"}}"#).await.unwrap();

    // Stored as often as the one before it was when it was last looked at, and with other items.
    let taker =
        |name: &str| Form { slug: "form-7".into(), name: name.into(), ..form(8, ACCOUNT, vec![text("2")]) };
    house
        .import(
            &(form_line(&renamed)
                + &form_line(&taker("A"))
                + &form_line(&taker("B"))
                + &form_line(&taker("C"))),
        )
        .await;
    submit(r#"{"answers":{"2":"Ada"}}"#).await.unwrap();
    assert_eq!(house.dumped(r#""submission","form_id":8"#).await.len(), 1);
}

/// Each answer is found in the end where it was given, although the slots of the form grow all the time.
async fn writers_and_a_form_that_is_imported_again_and_again(house: House) {
    house.import(&small_house()).await;
    let elsewhere = house.open(house.settings(), 2).await;
    let over = Arc::new(AtomicBool::new(false));
    let engines = [house.engine.clone(), elsewhere];
    let writers = engines.iter().cycle().take(8).enumerate().map(|(n, engine)| {
        let (engine, over) = (engine.clone(), over.clone());
        tokio::spawn(async move {
            let writer = engine.caller(SECRET).await.unwrap().forms_writer().unwrap();
            let mut stored = 0;
            while !over.load(Ordering::SeqCst) {
                let body = format!(r#"{{"answers":{{"1":"writer {n}, {stored}"}}}}"#);
                let request = Submit { form: &FORM, body: &body, idempotency_key: None };
                match writer.submit(request).await {
                    Ok(_) => stored += 1,
                    // It changed five times in a row while this one was checked.
                    Err(error) => assert_eq!(error.message(), "the form is being changed; try again"),
                }
            }
            stored
        })
    });
    let writers: Vec<_> = writers.collect();
    for round in 2..22 {
        let mut items = vec![text("1"), text(&round.to_string())];
        items.rotate_left(round % 2);
        house.import(&form_line(&form(7, ACCOUNT, items))).await;
    }
    over.store(true, Ordering::SeqCst);
    let stored = in_time("the writers", join_all(writers)).await;
    let lines = house.dumped("submission").await;
    assert_eq!(lines.len(), stored.iter().map(|count| count.as_ref().unwrap()).sum::<usize>());
    for (n, count) in stored.into_iter().enumerate() {
        for k in 0..count.unwrap() {
            let answer = format!(r#""answers":{{"1":"writer {n}, {k}"}}"#);
            assert_eq!(lines.iter().filter(|line| line.contains(&answer)).count(), 1, "{answer}");
        }
    }
}
