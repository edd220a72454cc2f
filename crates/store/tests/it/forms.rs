//! Forms, their counters, and the labels and views they have.

use crate::database::Db;
use crate::samples::{ACCOUNT, FORM, OTHER_ACCOUNT, form, item, prepare};
use fillhouse_model::{Form, FormId, FormState, ResultsLabels, ResultsView};
use fillhouse_store::{Error, StoredForm, Taken};

conformance! {
    a_form_is_stored_and_its_revision_rises,
    a_form_can_be_seen_as_it_was_at_a_revision,
    a_form_is_found_by_id_and_name_in_its_account_only,
    a_slug_that_looks_like_a_shortname_hides_no_form,
    forms_are_listed_by_id_in_pages,
    a_form_is_found_by_its_directory_in_its_account_only,
    a_forms_mark_is_its_revision_and_its_last_seq,
    two_forms_cannot_have_one_name,
    whoever_has_a_name_already_is_found,
    ordinals_and_seqs_are_taken_in_runs,
    a_stale_revision_takes_nothing,
    results_labels_are_stored_replaced_and_listed,
    results_views_are_stored_replaced_and_listed,
}

async fn a_form_is_stored_and_its_revision_rises(db: Db) {
    prepare(&db).await;
    let stored = read!(db, |tx| tx.form(FORM).await).unwrap();
    assert_eq!(stored, Some(StoredForm { form: form(FORM, ACCOUNT), revision: 1 }));

    let mut changed = Form {
        name: "Anketa".into(),
        description: Some("о людях".into()),
        state: FormState::Closed("closed until May".into()),
        timezone: Some("Europe/Berlin".into()),
        partial: true,
        items: vec![item("2", "Город"), item("3", "🙂")],
        ..form(FORM, ACCOUNT)
    };
    changed.assign_slots(&form(FORM, ACCOUNT).slots);
    write!(db, [changed], |tx| tx.put_form(&changed).await).unwrap();
    let stored = read!(db, |tx| tx.form(FORM).await).unwrap();
    assert_eq!(stored, Some(StoredForm { form: changed, revision: 2 }));
    assert_eq!(read!(db, |tx| tx.form(FormId(8)).await).unwrap(), None);
}

async fn a_form_can_be_seen_as_it_was_at_a_revision(db: Db) {
    prepare(&db).await;
    let first = form(FORM, ACCOUNT);
    let mut second = Form { name: "Anketa".into(), items: vec![item("9", "Only")], ..first.clone() };
    second.assign_slots(&first.slots);
    write!(db, [second], |tx| tx.put_form(&second).await).unwrap();
    let seen = read!(db, |tx| Ok([
        tx.form_at(FORM, 1).await?,
        tx.form_at(FORM, 2).await?,
        tx.form_at(FORM, 3).await?
    ]));
    // Its questions are those of then, its name is that of now.
    let as_it_was = Form { items: first.items, slots: first.slots, ..second.clone() };
    assert_eq!(seen.unwrap(), [Some(as_it_was), Some(second), None]);
    assert_eq!(read!(db, |tx| tx.form_at(FormId(8), 1).await).unwrap(), None);
}

async fn a_form_is_found_by_id_and_name_in_its_account_only(db: Db) {
    prepare(&db).await;
    let found = read!(db, |tx| {
        let shortname = tx.form_named(ACCOUNT, "form_00000007").await?;
        let slug = tx.form_named(ACCOUNT, "slug-7").await?;
        Ok([tx.form_of(ACCOUNT, FORM).await?, shortname, slug])
    });
    assert!(found.unwrap().into_iter().all(|stored| stored.is_some_and(|stored| stored.form.id == FORM)));

    let missed = read!(db, |tx| {
        let id = tx.form_of(OTHER_ACCOUNT, FORM).await?;
        let slug = tx.form_named(OTHER_ACCOUNT, "slug-7").await?;
        // The directory is no name of the form: it is unique in the account only.
        Ok([id, slug, tx.form_named(ACCOUNT, "directory-7").await?])
    });
    assert_eq!(missed.unwrap(), [None, None, None]);
}

async fn a_slug_that_looks_like_a_shortname_hides_no_form(db: Db) {
    prepare(&db).await;
    let odd = Form { slug: form(FORM, ACCOUNT).shortname, ..form(FormId(6), ACCOUNT) };
    write!(db, [odd], |tx| tx.put_form(&odd).await).unwrap();
    let found = read!(db, |tx| tx.form_named(ACCOUNT, "form_00000007").await).unwrap();
    assert_eq!(found.unwrap().form.id, FORM);
}

async fn forms_are_listed_by_id_in_pages(db: Db) {
    prepare(&db).await;
    write!(db, |tx| tx.put_form(&form(FormId(3), OTHER_ACCOUNT)).await).unwrap();
    let ids = |forms: Vec<StoredForm>| forms.into_iter().map(|stored| stored.form.id.0).collect::<Vec<_>>();
    assert_eq!(ids(read!(db, |tx| tx.forms_after(FormId(0), 1).await).unwrap()), [3]);
    assert_eq!(ids(read!(db, |tx| tx.forms_after(FormId(3), 9).await).unwrap()), [7]);
}

async fn two_forms_cannot_have_one_name(db: Db) {
    prepare(&db).await;
    let (first, second) = (form(FORM, ACCOUNT), form(FormId(8), ACCOUNT));
    for thief in [
        Form { shortname: first.shortname.clone(), ..second.clone() },
        Form { slug: first.slug.clone(), ..second.clone() },
        Form { directory: first.directory.clone(), ..second.clone() },
    ] {
        let refused = write!(db, [thief], |tx| tx.put_form(&thief).await);
        assert!(matches!(refused, Err(Error::Constraint(_))), "{refused:?}");
    }
    let elsewhere = Form { directory: first.directory, ..form(FormId(9), OTHER_ACCOUNT) };
    write!(db, [elsewhere], |tx| tx.put_form(&elsewhere).await).unwrap();
}

async fn whoever_has_a_name_already_is_found(db: Db) {
    prepare(&db).await;
    let (first, new) = (form(FORM, ACCOUNT), form(FormId(8), ACCOUNT));
    let rival = async |form: Form| read!(db, [form], |tx| tx.rival_of(&form).await).unwrap();
    for thief in [
        Form { shortname: first.shortname.clone(), ..new.clone() },
        Form { slug: first.slug.clone(), ..new.clone() },
        Form { directory: first.directory.clone(), ..new.clone() },
        Form { slug: first.shortname.clone(), ..new.clone() },
        Form { shortname: first.slug.clone(), ..new.clone() },
    ] {
        assert_eq!(rival(thief).await.as_ref(), Some(&first));
    }
    let elsewhere = Form { directory: first.directory.clone(), ..form(FormId(9), OTHER_ACCOUNT) };
    for form in [new, elsewhere, first] {
        assert_eq!(rival(form).await, None, "a form is not its own rival");
    }
}

async fn ordinals_and_seqs_are_taken_in_runs(db: Db) {
    prepare(&db).await;
    let (first, second) = write!(db, |tx| {
        let first = tx.take_ordinals(FORM, 1, 3, 3).await?;
        Ok((first, tx.take_ordinals(FORM, 1, 0, 2).await?))
    })
    .unwrap();
    assert_eq!(first, Some(Taken { first_ordinal: 0, first_seq: 1, has_webhooks: false }));
    assert_eq!(second, Some(Taken { first_ordinal: 3, first_seq: 4, has_webhooks: false }));
    assert_eq!(read!(db, |tx| tx.form_seq(FORM).await).unwrap(), 5);

    let missing = read!(db, |tx| tx.form_seq(FormId(8)).await);
    assert!(matches!(missing, Err(Error::Inconsistent { table: "form_counters", .. })), "{missing:?}");
}

async fn a_stale_revision_takes_nothing(db: Db) {
    prepare(&db).await;
    write!(db, |tx| tx.take_ordinals(FORM, 1, 5, 5).await).unwrap().unwrap();
    write!(db, |tx| tx.put_form(&form(FORM, ACCOUNT)).await).unwrap();
    assert_eq!(write!(db, |tx| tx.take_ordinals(FORM, 1, 1, 1).await).unwrap(), None);
    assert_eq!(write!(db, |tx| tx.take_ordinals(FormId(8), 1, 1, 1).await).unwrap(), None);
    // The counters themselves go on where they were.
    let taken = write!(db, |tx| tx.take_ordinals(FORM, 2, 1, 1).await).unwrap();
    assert_eq!(taken, Some(Taken { first_ordinal: 5, first_seq: 6, has_webhooks: false }));
}

fn labels(id: &str, labels: &[(&str, &str)]) -> ResultsLabels {
    let labels = labels.iter().map(|(item, label)| ((*item).into(), (*label).into())).collect();
    ResultsLabels { form_id: FORM, id: id.into(), name: format!("Labels {id}"), labels }
}

async fn results_labels_are_stored_replaced_and_listed(db: Db) {
    prepare(&db).await;
    let b = labels("b", &[("2", "Город"), ("1", "Имя")]);
    write!(db, [b], |tx| {
        tx.put_results_labels(&labels("b", &[])).await?;
        tx.put_results_labels(&labels("C", &[])).await?;
        tx.put_results_labels(&labels("a", &[("1", "n")])).await?;
        tx.put_results_labels(&b).await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| tx.results_labels(FORM, "b").await).unwrap(), Some(b.clone()));
    assert_eq!(read!(db, |tx| tx.results_labels(FORM, "d").await).unwrap(), None);
    let all = read!(db, |tx| tx.results_labels_of(FORM).await).unwrap();
    assert_eq!(all, [labels("C", &[]), labels("a", &[("1", "n")]), b]);
}

fn view(id: &str, columns: &[&str]) -> ResultsView {
    let columns = columns.iter().map(ToString::to_string).collect();
    ResultsView { form_id: FORM, id: id.into(), name: format!("View {id}"), columns }
}

async fn results_views_are_stored_replaced_and_listed(db: Db) {
    prepare(&db).await;
    write!(db, |tx| {
        tx.put_results_view(&view("b", &[])).await?;
        tx.put_results_view(&view("a", &["id"])).await?;
        tx.put_results_view(&view("b", &["2", "date_finish", "1"])).await
    })
    .unwrap();
    let b = view("b", &["2", "date_finish", "1"]);
    assert_eq!(read!(db, |tx| tx.results_view(FORM, "b").await).unwrap(), Some(b.clone()));
    assert_eq!(read!(db, |tx| tx.results_view(FORM, "c").await).unwrap(), None);
    assert_eq!(read!(db, |tx| tx.results_views_of(FORM).await).unwrap(), [view("a", &["id"]), b]);
}

async fn a_form_is_found_by_its_directory_in_its_account_only(db: Db) {
    prepare(&db).await;
    let directory = form(FORM, ACCOUNT).directory;
    let found = read!(db, [directory], |tx| tx.form_in(ACCOUNT, &directory).await).unwrap();
    assert_eq!(found.map(|stored| stored.form.id), Some(FORM));
    assert_eq!(read!(db, [directory], |tx| tx.form_in(OTHER_ACCOUNT, &directory).await).unwrap(), None);
    assert_eq!(read!(db, |tx| tx.form_in(ACCOUNT, "none").await).unwrap(), None);
    let of = async |account| read!(db, |tx| tx.forms_of(account).await).unwrap();
    assert!(of(ACCOUNT).await.iter().any(|stored| stored.form.id == FORM));
    assert!(of(OTHER_ACCOUNT).await.iter().all(|stored| stored.form.id != FORM));
}

async fn a_forms_mark_is_its_revision_and_its_last_seq(db: Db) {
    prepare(&db).await;
    assert_eq!(read!(db, |tx| tx.form_mark(FORM).await).unwrap(), Some((1, 0)));
    write!(db, |tx| tx.take_ordinals(FORM, 1, 2, 3).await).unwrap();
    write!(db, |tx| tx.put_form(&form(FORM, ACCOUNT)).await).unwrap();
    assert_eq!(read!(db, |tx| tx.form_mark(FORM).await).unwrap(), Some((2, 3)));
    assert_eq!(read!(db, |tx| tx.form_mark(FormId(999)).await).unwrap(), None);
}
