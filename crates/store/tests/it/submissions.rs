//! Submissions: where they are, and what stays of those that were replaced or deleted.

use crate::database::{Db, at};
use crate::samples::{ACCOUNT, FORM, OTHER_ACCOUNT, new_row, prepare};
use fillhouse_model::{AudienceId, FormId, SubmissionId};
use fillhouse_store::{Error, NewRow, Stored, form_of, key_of, ordinal_of};

conformance! {
    submissions_are_found_in_the_order_asked,
    rows_are_listed_in_the_order_of_arrival,
    a_form_lists_no_row_of_another,
    replacing_keeps_what_was_there,
    deleting_keeps_what_was_there,
    an_id_twice_in_an_account_is_refused_with_all_around_it,
    accounts_may_have_the_same_ids,
    nothing_to_do_is_no_error,
    rows_are_read_at_their_keys_near_and_far,
}

#[test]
fn a_key_tells_its_form_and_its_ordinal() {
    for (form, ordinal) in [(1, 0), (7, 8_191), (i64::from(i32::MAX), 0xffff_ffff)] {
        let key = key_of(FormId(form), ordinal);
        assert!(key > 0);
        assert_eq!((form_of(key), ordinal_of(key)), (FormId(form), ordinal));
    }
    assert!(key_of(FormId(1), 0xffff_ffff) < key_of(FormId(2), 0));
}

fn stored(row: &NewRow) -> Stored {
    Stored { key: row.key, seq: row.seq, body: row.body.clone() }
}

async fn submissions_are_found_in_the_order_asked(db: Db) {
    prepare(&db).await;
    let rows: Vec<NewRow> = (0..500).map(|n| new_row(n, 1_000 + n, n + 1)).collect();
    let expected = [Some(stored(&rows[499])), None, Some(stored(&rows[0]))];
    write!(db, [rows], |tx| tx.insert_submissions(ACCOUNT, &rows).await).unwrap();
    let ids = [1_499, 999, 1_000].map(SubmissionId);
    assert_eq!(read!(db, |tx| tx.submissions(ACCOUNT, &ids).await).unwrap(), expected);
    assert_eq!(read!(db, |tx| tx.submissions(OTHER_ACCOUNT, &ids).await).unwrap(), [None, None, None]);
}

async fn rows_are_listed_in_the_order_of_arrival(db: Db) {
    prepare(&db).await;
    let rows = [new_row(2, 10, 3), new_row(0, 30, 1), new_row(8_192, 5, 4), new_row(1, 20, 2)];
    write!(db, [rows], |tx| tx.insert_submissions(ACCOUNT, &rows).await).unwrap();
    let before = key_of(FORM, 0) - 1;
    let first = read!(db, |tx| tx.rows_after(FORM, before, 3).await).unwrap();
    assert_eq!(first, [stored(&rows[1]), stored(&rows[3]), stored(&rows[0])]);
    let after = first[2].key;
    let rest = read!(db, |tx| tx.rows_after(FORM, after, 3).await).unwrap();
    assert_eq!(rest, [stored(&rows[2])]);
    let end = rest[0].key;
    assert_eq!(read!(db, |tx| tx.rows_after(FORM, end, 3).await).unwrap(), []);
}

async fn a_form_lists_no_row_of_another(db: Db) {
    prepare(&db).await;
    let at_form = |form, id| NewRow { key: key_of(FormId(form), 0), ..new_row(0, id, 1) };
    let rows = [at_form(6, 1), at_form(7, 2), at_form(8, 3)];
    write!(db, [rows], |tx| tx.insert_submissions(ACCOUNT, &rows).await).unwrap();
    // Whatever key a caller goes on from.
    for after in [0, key_of(FormId(6), 0), key_of(FORM, 0) - 1] {
        assert_eq!(read!(db, |tx| tx.rows_after(FORM, after, 9).await).unwrap(), [stored(&rows[1])]);
    }
}

async fn replacing_keeps_what_was_there(db: Db) {
    prepare(&db).await;
    let rows: Vec<NewRow> = (0..40).map(|n| new_row(n, n, n + 1)).collect();
    let later: Vec<NewRow> = (0..40).map(|n| new_row(n, n, n + 41)).collect();
    let expected: Vec<Stored> = later.iter().map(stored).collect();
    write!(db, [rows, later], |tx| {
        tx.insert_submissions(ACCOUNT, &rows).await?;
        tx.replace_submissions(&later, at(5)).await
    })
    .unwrap();
    let found = read!(db, |tx| tx.rows_after(FORM, key_of(FORM, 0) - 1, 99).await).unwrap();
    assert_eq!(found, expected);
    let versions = db.rows("SELECT seq, replaced_seq, replaced_at FROM versions ORDER BY key").await;
    let kept: Vec<[String; 3]> =
        (1..41).map(|n| [n, n + 40, 5_000_000].map(|number: i64| number.to_string())).collect();
    assert_eq!(versions, kept);
}

async fn deleting_keeps_what_was_there(db: Db) {
    prepare(&db).await;
    let row = new_row(3, 10, 1);
    write!(db, [row], |tx| tx.insert_submissions(ACCOUNT, &[row]).await).unwrap();
    let key = key_of(FORM, 3);
    write!(db, |tx| tx.delete_submission(key, 2, at(6)).await).unwrap();
    assert_eq!(read!(db, |tx| tx.submissions(ACCOUNT, &[SubmissionId(10)]).await).unwrap(), [None]);
    let versions = db.rows("SELECT key, seq, replaced_seq, replaced_at FROM versions").await;
    assert_eq!(versions, [[key, 1, 2, 6_000_000].map(|number| number.to_string())]);
}

async fn an_id_twice_in_an_account_is_refused_with_all_around_it(db: Db) {
    prepare(&db).await;
    let first = new_row(0, 10, 1);
    write!(db, [first], |tx| tx.insert_submissions(ACCOUNT, &[first]).await).unwrap();
    let more = [new_row(1, 11, 2), new_row(2, 10, 3)];
    let refused = write!(db, [more], |tx| {
        tx.take_ordinals(FORM, 1, 2, 2).await?;
        tx.insert_submissions(ACCOUNT, &more).await
    });
    assert!(matches!(refused, Err(Error::Constraint(_))), "{refused:?}");
    assert_eq!(db.count("submissions").await, 1);
    assert_eq!(read!(db, |tx| tx.form_seq(FORM).await).unwrap(), 0);
}

async fn accounts_may_have_the_same_ids(db: Db) {
    prepare(&db).await;
    let (mine, theirs) = (new_row(0, 10, 1), NewRow { key: key_of(FormId(8), 0), ..new_row(0, 10, 9) });
    let expected = [Some(stored(&theirs))];
    write!(db, [mine, theirs], |tx| {
        tx.insert_submissions(ACCOUNT, &[mine]).await?;
        tx.insert_submissions(OTHER_ACCOUNT, &[theirs]).await
    })
    .unwrap();
    let found = read!(db, |tx| tx.submissions(OTHER_ACCOUNT, &[SubmissionId(10)]).await).unwrap();
    assert_eq!(found, expected);
}

async fn nothing_to_do_is_no_error(db: Db) {
    prepare(&db).await;
    write!(db, |tx| {
        tx.insert_submissions(ACCOUNT, &[]).await?;
        tx.replace_submissions(&[], at(0)).await?;
        tx.put_profiles(AudienceId(1), &[], at(0)).await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| tx.submissions(ACCOUNT, &[]).await).unwrap(), []);
}

async fn rows_are_read_at_their_keys_near_and_far(db: Db) {
    prepare(&db).await;
    let rows = [0, 1, 2, 5_000, 2_000_000].map(|n| new_row(n, 1_000 + n, n + 1));
    let all = rows.clone();
    write!(db, [all], |tx| tx.insert_submissions(ACCOUNT, &all).await).unwrap();
    let body = |n: usize| Some(rows[n].body.clone());
    let near = [rows[2].key, rows[0].key, rows[2].key + 1];
    assert_eq!(read!(db, |tx| tx.bodies_at(&near).await).unwrap(), [body(2), body(0), None]);
    let far = [rows[4].key, rows[1].key, rows[3].key + 1, rows[3].key];
    assert_eq!(read!(db, |tx| tx.bodies_at(&far).await).unwrap(), [body(4), body(1), None, body(3)]);
    assert!(read!(db, |tx| tx.bodies_at(&[]).await).unwrap().is_empty());
}
