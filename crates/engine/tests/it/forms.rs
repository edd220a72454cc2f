//! Making, changing and deleting forms: names and ids are handed out once, and what is deleted is gone for everybody but the
//! exports that are under way.

use crate::files::{download, everything};
use crate::house::{House, OTHER_SECRET};
use crate::ingest::submit;
use crate::samples::{ACCOUNT, FORM, choice_item, form, form_line, item, people, small_house};
use crate::waiting::in_time;
use fillhouse_engine::{Edit, FormDraft, FormRef, Submit};
use fillhouse_model::{ErrorKind, Form, FormId, FormState, Item, ItemType};
use futures::future::join_all;
use std::collections::HashSet;

on_both!(
    a_form_is_made_with_an_id_and_names_of_its_own,
    forms_that_are_made_at_once_share_nothing,
    a_draft_that_is_no_form_is_refused,
    a_form_is_changed_and_its_answers_stay,
    a_choice_never_gets_the_position_of_another_one,
    a_changed_form_is_noticed_by_whoever_submits,
    a_deleted_form_is_found_by_nobody,
    an_export_of_a_deleted_form_that_is_under_way_is_made,
    the_id_of_a_deleted_form_is_not_used_again,
    what_a_deleted_form_held_is_dropped_once_no_export_needs_it,
);

fn draft(name: &str, items: Vec<Item>) -> FormDraft {
    FormDraft { name: name.into(), description: None, state: FormState::Open, partial: false, items }
}

fn text(id: &str, label: &str) -> Item {
    item(id, ItemType::Text, label)
}

async fn a_form_is_made_with_an_id_and_names_of_its_own(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    let made = writer.create_form(draft("Customer survey", vec![text("", "Name"), text("7", "City")])).await;
    let made = made.unwrap();
    assert_eq!((made.id, made.account_id), (FormId(1), ACCOUNT));
    assert!(made.slug.starts_with("customer-survey-"), "{}", made.slug);
    assert_eq!(made.items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["100", "7"]);
    let overview = house.reader().await.overview(&FormRef::Name(made.slug.clone())).await.unwrap();
    assert_eq!(*overview.form, made);
    assert_eq!(overview.dates.created_at, overview.dates.updated_at);
    assert_eq!(overview.dates.created_at.unwrap().to_string(), "2026-06-01T12:00:00Z");
    let body = r#"{"answers":{"100":"Ada"}}"#;
    let form = FormRef::Id(made.id);
    writer.submit(Submit { form: &form, body, idempotency_key: None }).await.unwrap();
}

async fn forms_that_are_made_at_once_share_nothing(house: House) {
    house.import(&people()).await;
    let writer = house.writer().await;
    let made = join_all((0..12).map(|_| writer.create_form(draft("Survey", vec![text("", "Name")]))));
    let made: Vec<Form> = in_time("the forms", made).await.into_iter().flatten().collect();
    assert!(!made.is_empty());
    let ids: HashSet<_> = made.iter().map(|form| form.id).collect();
    let names: HashSet<_> = made.iter().flat_map(|form| [&form.slug, &form.shortname]).collect();
    assert_eq!((ids.len(), names.len()), (made.len(), 2 * made.len()));
    assert_eq!(house.count("forms").await, made.len() as i64, "what was refused was not stored");
}

async fn a_draft_that_is_no_form_is_refused(house: House) {
    house.import(&people()).await;
    let writer = house.writer().await;
    let parent = item("", ItemType::List, "List");
    for (draft, field) in [
        (draft(" ", vec![]), "name"),
        (draft(&"x".repeat(256), vec![]), "name"),
        (draft("Survey", vec![text("1", "A"), text("1", "B")]), "items[1].id"),
        (draft("Survey", vec![text("one", "A")]), "items[0].id"),
        (draft("Survey", vec![text("", " ")]), "items[0].label"),
        (draft("Survey", vec![parent]), "items[0].children"),
    ] {
        let error = writer.create_form(draft).await.unwrap_err();
        assert_eq!((error.kind(), error.faults()[0].field.as_str()), (ErrorKind::InvalidArgument, field));
    }
    assert_eq!(house.count("forms").await, 0);
}

async fn a_form_is_changed_and_its_answers_stay(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    let id = submit(&writer, r#"{"answers":{"1":"Ada"}}"#).await.unwrap()[0];
    house.clock.advance_seconds(60);
    let only =
        |items: Vec<Item>| move |form: &Form| Ok(FormDraft { items: items.clone(), ..FormDraft::of(form) });
    writer.update_form(&FORM, only(vec![text("", "City")])).await.unwrap();
    submit(&writer, r#"{"answers":{"2":"Paris"}}"#).await.unwrap_err();
    submit(&writer, r#"{"answers":{"100":"Paris"}}"#).await.unwrap();
    let back = writer.update_form(&FORM, only(vec![text("1", "Name"), text("", "New")])).await.unwrap();
    assert_eq!(back.items[1].id, "101", "an id that was given is not given again");
    let found = house.reader().await.submission(&FORM, id).await.unwrap();
    assert!(found.to_json().ends_with(r#""answers":{"1":"Ada"}}"#));
    let dates = house.reader().await.overview(&FORM).await.unwrap().dates;
    assert_eq!(dates.created_at.unwrap().to_string(), "2026-06-01T12:00:00Z");
    assert_eq!(dates.updated_at.unwrap().to_string(), "2026-06-01T12:01:00Z");

    let foreign = house.caller(OTHER_SECRET).await.forms_writer().unwrap();
    let error = foreign.update_form(&FORM, only(vec![])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

async fn a_choice_never_gets_the_position_of_another_one(house: House) {
    house.import(&people()).await;
    let writer = house.writer().await;
    let asked = |labels: &[&str]| vec![choice_item("7", ItemType::Radio, "Source", labels)];
    let made = writer.create_form(draft("Survey", asked(&["A friend", "A poster"]))).await.unwrap();
    let form = FormRef::Id(made.id);
    let change = async |labels: &[&str]| {
        let changed = writer.update_form(&form, |_| Ok(draft("Survey", asked(labels)))).await.unwrap();
        changed.items[0].choices.iter().map(|choice| choice.position).collect::<Vec<_>>()
    };
    assert_eq!(change(&["A friend"]).await, [0]);
    // Whoever answered with 1 has seen a poster, and no radio.
    assert_eq!(change(&["A friend", "The radio"]).await, [0, 2]);
    assert_eq!(change(&["A friend", "The radio"]).await, [0, 3], "1 is another one once more");
}

async fn a_changed_form_is_noticed_by_whoever_submits(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    submit(&writer, r#"{"answers":{"1":"Ada"}}"#).await.unwrap();
    let closed =
        |form: &Form| Ok(FormDraft { state: FormState::Closed("closed".into()), ..FormDraft::of(form) });
    writer.update_form(&FORM, closed).await.unwrap();
    let error = submit(&writer, r#"{"answers":{"1":"Grace"}}"#).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

async fn a_deleted_form_is_found_by_nobody(house: House) {
    house.import(&(small_house() + &form_line(&form(8, ACCOUNT, vec![])))).await;
    let (writer, reader) = (house.writer().await, house.reader().await);
    let id = submit(&writer, r#"{"answers":{"1":"Ada"}}"#).await.unwrap()[0];
    let deleted = writer.delete_form(&FORM).await.unwrap();
    for form in [FORM, FormRef::Name(deleted.slug.clone()), FormRef::Name(deleted.shortname.clone())] {
        let errors = [
            reader.overview(&form).await.map(drop).unwrap_err(),
            reader.submission(&form, id).await.map(drop).unwrap_err(),
            writer.delete_form(&form).await.map(drop).unwrap_err(),
            writer
                .submit(Submit { form: &form, body: "{}", idempotency_key: None })
                .await
                .map(drop)
                .unwrap_err(),
            house.engine.public_form(&form).await.map(drop).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
        }
    }
    let left: Vec<FormId> = reader.overviews().await.unwrap().iter().map(|form| form.form.id).collect();
    assert_eq!(left, [FormId(8)]);
    assert!(house.dumped("submission").await.is_empty());
    let again = Form { slug: deleted.slug, directory: deleted.directory, ..form(9, ACCOUNT, vec![]) };
    house.import(&form_line(&again)).await;
}

async fn an_export_of_a_deleted_form_that_is_under_way_is_made(house: House) {
    house.import(&small_house()).await;
    let (writer, reader) = (house.writer().await, house.reader().await);
    submit(&writer, r#"{"answers":{"1":"Ada"}}"#).await.unwrap();
    let job = reader.start_export(everything()).await.unwrap();
    writer.delete_form(&FORM).await.unwrap();
    house.do_jobs().await;
    assert_eq!(download(&reader, &job).await.answers(), ["Ada"]);
    assert_eq!(reader.start_export(everything()).await.unwrap_err().kind(), ErrorKind::NotFound);
}

async fn the_id_of_a_deleted_form_is_not_used_again(house: House) {
    house.import(&people()).await;
    let writer = house.writer().await;
    let first = writer.create_form(draft("First", vec![])).await.unwrap();
    writer.delete_form(&FormRef::Id(first.id)).await.unwrap();
    assert_eq!(writer.create_form(draft("Second", vec![])).await.unwrap().id, FormId(2));
    let imported = house.try_import(form_line(&form(1, ACCOUNT, vec![])).as_bytes(), false).await;
    let error = imported.outcome.unwrap_err().to_string();
    assert!(error.contains("id: 1 was the id of a form that was deleted"), "{error}");
}

async fn what_a_deleted_form_held_is_dropped_once_no_export_needs_it(house: House) {
    let other = form(8, ACCOUNT, vec![text("1", "Name")]);
    house.import(&(small_house() + &form_line(&other))).await;
    let (writer, reader) = (house.writer().await, house.reader().await);
    let id = submit(&writer, r#"{"answers":{"1":"Ada"}}"#).await.unwrap()[0];
    writer.replace_submission(&FORM, id, Edit::Document(r#"{"answers":{"1":"Grace"}}"#)).await.unwrap();
    let body = r#"{"answers":{"1":"Alan"}}"#;
    let stays = FormRef::Id(other.id);
    writer.submit(Submit { form: &stays, body, idempotency_key: None }).await.unwrap();
    let job = reader.start_export(everything()).await.unwrap();
    writer.delete_form(&FORM).await.unwrap();
    house.engine.drop_due().await.unwrap();
    assert_eq!((house.count("submissions").await, house.count("versions").await), (2, 1));

    house.do_jobs().await;
    house.engine.drop_due().await.unwrap();
    assert_eq!((house.count("submissions").await, house.count("versions").await), (1, 0));
    assert_eq!(house.count("blocks").await, 1);
    assert_eq!(download(&reader, &job).await.answers(), ["Grace"]);
    assert!(house.dumped("submission").await[0].contains("Alan"));
}
