//! Answering a form without a token: whole, or part by part with a word that nobody can guess.

use crate::house::House;
use crate::samples::{ACCOUNT, FORM, form, form_line, item, people, required};
use fillhouse_engine::{Answered, Filled, Result};
use fillhouse_model::{Answer, ErrorKind, Form, FormState, ItemType};

on_both!(
    what_is_answered_is_stored,
    parts_are_put_together,
    a_word_opens_one_submission_of_one_form_until_it_is_finished,
    a_form_that_takes_no_parts_says_so,
    a_closed_form_takes_no_answers,
    what_is_no_answer_is_named,
);

fn two_texts() -> Form {
    form(7, ACCOUNT, vec![required(item("1", ItemType::Text, "Name")), item("2", ItemType::Number, "Age")])
}

async fn opened(house: House, form: &Form) -> House {
    house.import(&(people() + &form_line(form))).await;
    house
}

fn filled(answers: &[(&str, &str)]) -> Filled {
    let text = |(id, text): &(&str, &str)| ((*id).to_owned(), Answer::Text((*text).to_owned()));
    Filled { answers: answers.iter().map(text).collect(), ..Filled::default() }
}

fn part(answers: &[(&str, &str)], word: Option<&str>) -> Filled {
    Filled { is_partial: true, goes_on_with: word.map(str::to_owned), ..filled(answers) }
}

async fn answer(house: &House, filled: Filled) -> Result<Answered> {
    house.engine.public_form(&FORM).await?.answer(&filled).await
}

async fn what_is_answered_is_stored(house: House) {
    let house = opened(house, &two_texts()).await;
    let first = answer(&house, Filled { seconds: Some(45), ..filled(&[("1", "Ada")]) }).await.unwrap();
    let second = answer(&house, filled(&[("1", "Grace")])).await.unwrap();
    assert_eq!((first.is_first, second.is_first), (true, false));
    let stored = house.dumped("submission").await;
    assert!(
        stored[0].contains(r#""date_start":"2026-06-01T11:59:15Z","date_finish":"2026-06-01T12:00:00Z""#)
    );
    assert!(stored[1].ends_with(r#""answers":{"1":"Grace"}}"#));
}

async fn parts_are_put_together(house: House) {
    let house = opened(house, &two_texts()).await;
    let first = answer(&house, part(&[("2", "36")], None)).await.unwrap();
    let second = answer(&house, part(&[("2", "37")], Some(&first.word))).await.unwrap();
    assert_eq!((first.id, &first.word), (second.id, &second.word));
    assert!(house.dumped("submission").await[0].contains(r#""status":"Incomplete""#));
    let last = Filled { is_partial: false, ..part(&[("1", "Ada"), ("2", "38")], Some(&first.word)) };
    assert_eq!(answer(&house, last).await.unwrap().id, first.id);
    let stored = house.dumped("submission").await;
    assert_eq!(stored.len(), 1);
    assert!(stored[0].contains(r#""status":"Complete""#), "{stored:?}");
    assert!(stored[0].ends_with(r#""answers":{"1":"Ada","2":"38"}}"#), "{stored:?}");
}

async fn a_word_opens_one_submission_of_one_form_until_it_is_finished(house: House) {
    let house = opened(house, &two_texts()).await;
    let Answered { id, word, .. } = answer(&house, part(&[], None)).await.unwrap();
    let other = answer(&house, part(&[], None)).await.unwrap();
    let (_, other_signature) = other.word.split_once('-').unwrap();
    let turned = |word: &str| {
        let last = if word.ends_with('0') { "1" } else { "0" };
        word[..word.len() - 1].to_owned() + last
    };
    for guess in [
        "",
        "-",
        &id.to_string(),
        &format!("{id}-"),
        &format!("{id}-{other_signature}"),
        &turned(&word),
        "é-é",
    ] {
        let error = answer(&house, part(&[], Some(guess))).await.unwrap_err();
        assert_eq!(error.message(), "submission_hash: is not known", "{guess}");
    }
    let finish = || Filled { is_partial: false, ..part(&[("1", "Ada")], Some(&word)) };
    answer(&house, finish()).await.unwrap();
    for more in [finish(), part(&[], Some(&word))] {
        let error = answer(&house, more).await.unwrap_err();
        assert_eq!(error.message(), "submission_hash: is of a submission that is finished");
    }
    house.writer().await.delete_submission(&FORM, other.id).await.unwrap();
    let error = answer(&house, part(&[], Some(&other.word))).await.unwrap_err();
    assert_eq!(error.message(), "submission_hash: is not known");
}

async fn a_form_that_takes_no_parts_says_so(house: House) {
    let house = opened(house, &Form { partial: false, ..two_texts() }).await;
    let error = answer(&house, part(&[], None)).await.unwrap_err();
    assert_eq!(error.faults()[0].field, "is_partial");
    assert_eq!(house.count("submissions").await, 0);
}

async fn a_closed_form_takes_no_answers(house: House) {
    let house = opened(house, &two_texts()).await;
    let begun = answer(&house, part(&[], None)).await.unwrap();
    house.import(&form_line(&Form { state: FormState::Closed("closed".into()), ..two_texts() })).await;
    for refused in [filled(&[("1", "Ada")]), part(&[("1", "Ada")], Some(&begun.word))] {
        assert_eq!(answer(&house, refused).await.unwrap_err().kind(), ErrorKind::Conflict);
    }
}

async fn what_is_no_answer_is_named(house: House) {
    let house = opened(house, &two_texts()).await;
    let error = answer(&house, filled(&[("2", "old")])).await.unwrap_err();
    let faults: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
    assert_eq!(faults, ["answers.1: is required", "answers.2: is not a decimal number"]);
    let error = answer(&house, filled(&[("9", "x")])).await.unwrap_err();
    assert_eq!(error.message(), "answers.9: the form has no such item");
    assert_eq!(house.count("submissions").await, 0);
}
