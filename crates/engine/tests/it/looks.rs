//! Looks: kept as they came, beside the form that they are of.

use crate::house::House;
use crate::samples::{item, people};
use fillhouse_engine::{FormDraft, FormRef};
use fillhouse_model::{ErrorKind, Form, FormId, FormState, ItemType};

on_both!(
    a_look_is_kept_with_its_form,
    a_look_is_changed_without_the_form,
    a_look_is_dumped_imported_and_deleted,
    what_is_no_look_stores_no_form,
);

const SHOWN: &str = "shown";

fn draft() -> FormDraft {
    let items = vec![item("", ItemType::Text, "Name")];
    FormDraft { name: "Survey".into(), description: None, state: FormState::Open, partial: false, items }
}

async fn made(house: &House, look: &str) -> Form {
    house.import(&people()).await;
    let look = |form: &Form| Some(look.replace("ID", &form.items[0].id));
    house.writer().await.create_form_shown(draft(), SHOWN, look).await.unwrap()
}

async fn kept(house: &House, id: FormId) -> Option<String> {
    house.reader().await.look(id, SHOWN).await.unwrap()
}

async fn a_look_is_kept_with_its_form(house: House) {
    let form = made(&house, r#"{ "ID": 1.10, "b": ["é", null] }"#).await;
    assert_eq!(kept(&house, form.id).await.as_deref(), Some(r#"{"100":1.10,"b":["é",null]}"#));
    assert_eq!(house.reader().await.looks(SHOWN).await.unwrap().len(), 1);
    assert_eq!(house.reader().await.look(form.id, "other").await.unwrap(), None);
    let foreign = house.caller(crate::house::OTHER_SECRET).await.forms_reader().unwrap();
    assert_eq!(foreign.look(form.id, SHOWN).await.unwrap(), None);
    assert!(foreign.looks(SHOWN).await.unwrap().is_empty());
}

async fn a_look_is_changed_without_the_form(house: House) {
    let form = made(&house, r#"{"a":1}"#).await;
    let (id, writer) = (FormRef::Id(form.id), house.writer().await);
    house.clock.advance_seconds(60);
    let same = |form: &Form| Ok(FormDraft::of(form));
    let more = |_: &Form, _: &Form, kept: Option<&str>| kept.map(|kept| kept.replace('1', "2"));
    writer.update_form_shown(&id, same, SHOWN, more).await.unwrap();
    assert_eq!(kept(&house, form.id).await.as_deref(), Some(r#"{"a":2}"#));
    let dates = house.reader().await.overview(&id).await.unwrap().dates;
    assert_eq!(dates.updated_at.unwrap().to_string(), "2026-06-01T12:01:00Z");
    assert_eq!(house.number("SELECT revision FROM form_counters").await, 1, "the form itself is the same");
    writer.update_form(&id, same).await.unwrap();
    assert_eq!(kept(&house, form.id).await.as_deref(), Some(r#"{"a":2}"#));
}

async fn a_look_is_dumped_imported_and_deleted(house: House) {
    let form = made(&house, r#"{"a":1}"#).await;
    let lines = house.dump().await;
    assert!(lines.contains(r#"{"kind":"look","form_id":1,"dialect":"shown","look":{"a":1}}"#), "{lines}");
    let other = house.other_kind().await;
    other.import(&lines).await;
    assert_eq!(other.dump().await, lines);
    assert_eq!(other.import(&lines).await.by_kind["look"], [0, 0, 1]);
    house.writer().await.delete_form(&FormRef::Id(form.id)).await.unwrap();
    assert_eq!(house.count("form_looks").await, 0);
}

async fn what_is_no_look_stores_no_form(house: House) {
    house.import(&people()).await;
    let writer = house.writer().await;
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(1_000_000));
    for (look, kind) in [("[]", ErrorKind::InvalidArgument), (&large, ErrorKind::TooLarge)] {
        let error = writer.create_form_shown(draft(), SHOWN, |_| Some(look.to_owned())).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
    assert_eq!(house.count("forms").await, 0);
}
