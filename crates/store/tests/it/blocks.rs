//! What is known of blocks: it must hold for every submission that was ever in one.

use crate::database::{Db, at};
use crate::samples::{FORM, prepare, submission_body};
use fillhouse_model::row::{Row, set_id};
use fillhouse_model::{FormId, SubmissionId};
use fillhouse_store::{BLOCK_ROWS, Block, Widening, block_of, key_of};

conformance! {
    a_block_is_as_wide_as_its_submissions,
    bounds_only_widen_over_several_commits,
    a_change_may_touch_several_blocks,
    blocks_belong_to_their_form,
    ids_and_changes_have_bounds_too,
    a_block_is_as_large_as_its_rows,
    a_form_holds_what_its_blocks_hold,
}

#[test]
fn a_block_begins_where_the_one_before_ends() {
    assert_eq!([0, BLOCK_ROWS - 1, BLOCK_ROWS].map(block_of), [0, 0, 1]);
    assert!(u64::try_from(BLOCK_ROWS).unwrap().is_power_of_two());
}

/// Holds a submission with these dates, in seconds.
fn hold(widening: &mut Widening, ordinal: i64, seq: i64, finish: Option<i64>, update: i64, is_new: bool) {
    let body = submission_body(finish, update);
    let before_bytes = (!is_new).then_some(body.len());
    widening.hold(key_of(FORM, ordinal), seq, (&Row::read(&body).unwrap(), body.len()), before_bytes);
}

async fn widen(db: &Db, widening: &Widening) {
    write!(db, [widening], |tx| tx.widen_blocks(FORM, &widening, at(0)).await).unwrap();
}

/// Bounds in seconds, as a block has them.
fn bounds((first, last): (i64, i64)) -> (i64, i64) {
    (first * 1_000_000, last * 1_000_000)
}

/// Block 0, with its bounds in seconds.
fn block(last_seq: i64, rows: i64, finish: Option<(i64, i64)>, update: Option<(i64, i64)>) -> Block {
    let (finish, update) = (finish.map(bounds), update.map(bounds));
    Block { block: 0, last_seq, rows, size_bytes: 0, finish, update, ids: None, changes: None }
}

/// The block without what [`ids_and_changes_have_bounds_too`] and [`a_block_is_as_large_as_its_rows`] look at.
fn plain(block: Block) -> Block {
    Block { size_bytes: 0, ids: None, changes: None, ..block }
}

async fn plain_blocks(db: &Db) -> Vec<Block> {
    read!(db, |tx| tx.blocks(FORM).await).unwrap().into_iter().map(plain).collect()
}

async fn a_block_is_as_wide_as_its_submissions(db: Db) {
    prepare(&db).await;
    let mut widening = Widening::default();
    hold(&mut widening, 0, 1, Some(50), 60, true);
    hold(&mut widening, 1, 2, Some(20), 61, true);
    hold(&mut widening, 2, 3, None, 70, true);
    widen(&db, &widening).await;
    let expected = block(3, 3, Some((20, 50)), Some((70, 70)));
    assert_eq!(read!(db, |tx| tx.block(FORM, 0).await).unwrap().map(plain), Some(expected));
    assert_eq!(read!(db, |tx| tx.block(FORM, 1).await).unwrap(), None);
}

async fn bounds_only_widen_over_several_commits(db: Db) {
    prepare(&db).await;
    let assert_after = async |change: &dyn Fn(&mut Widening), expected: Block| {
        let mut widening = Widening::default();
        change(&mut widening);
        widen(&db, &widening).await;
        assert_eq!(plain_blocks(&db).await, [expected]);
    };
    assert_after(&|widening| hold(widening, 0, 1, None, 30, true), block(1, 1, None, Some((30, 30)))).await;
    // It is finished now; that it was not once is still within the bounds.
    let finish = |widening: &mut Widening| hold(widening, 0, 2, Some(40), 40, false);
    assert_after(&finish, block(2, 1, Some((40, 40)), Some((30, 30)))).await;
    let two_more = |widening: &mut Widening| {
        hold(widening, 1, 3, Some(10), 10, true);
        hold(widening, 2, 4, None, 20, true);
    };
    assert_after(&two_more, block(4, 3, Some((10, 40)), Some((20, 30)))).await;
    let one_comes_two_go = |widening: &mut Widening| {
        hold(widening, 3, 5, Some(25), 25, true);
        widening.lose(key_of(FORM, 1), 6, 1);
        widening.lose(key_of(FORM, 2), 7, 1);
    };
    assert_after(&one_comes_two_go, block(7, 2, Some((10, 40)), Some((20, 30)))).await;
    let one_goes = |widening: &mut Widening| widening.lose(key_of(FORM, 3), 8, 1);
    assert_after(&one_goes, block(8, 1, Some((10, 40)), Some((20, 30)))).await;
}

async fn a_change_may_touch_several_blocks(db: Db) {
    prepare(&db).await;
    let mut widening = Widening::default();
    hold(&mut widening, 2 * BLOCK_ROWS, 3, Some(3), 3, true);
    hold(&mut widening, BLOCK_ROWS - 1, 1, Some(1), 1, true);
    hold(&mut widening, BLOCK_ROWS, 2, Some(2), 2, true);
    widen(&db, &widening).await;
    let nth = |n| Block { block: n, ..block(n + 1, 1, Some((n + 1, n + 1)), None) };
    assert_eq!(plain_blocks(&db).await, [0, 1, 2].map(nth));
    widen(&db, &Widening::default()).await;
    assert_eq!(db.count("blocks").await, 3);
}

async fn blocks_belong_to_their_form(db: Db) {
    prepare(&db).await;
    let mut widening = Widening::default();
    hold(&mut widening, 0, 1, Some(1), 1, true);
    widen(&db, &widening).await;
    assert_eq!(read!(db, |tx| tx.blocks(FormId(8)).await).unwrap(), []);
    assert_eq!(read!(db, |tx| tx.block(FormId(8), 0).await).unwrap(), None);
}

async fn ids_and_changes_have_bounds_too(db: Db) {
    prepare(&db).await;
    let body_bytes = submission_body(None, 1).len();
    for (id, update) in [(20, 5), (10, 9), (30, 7)] {
        let mut body = submission_body(None, update);
        set_id(&mut body, SubmissionId(id));
        let mut widening = Widening::default();
        widening.hold(key_of(FORM, 0), id, (&Row::read(&body).unwrap(), body_bytes), None);
        widen(&db, &widening).await;
    }
    let mut losing = Widening::default();
    losing.lose(key_of(FORM, 0), 31, body_bytes);
    widen(&db, &losing).await;
    let block = read!(db, |tx| tx.block(FORM, 0).await).unwrap().unwrap();
    assert_eq!((block.ids, block.changes), (Some((10, 30)), Some(bounds((5, 9)))));
}

async fn a_block_is_as_large_as_its_rows(db: Db) {
    prepare(&db).await;
    let body = submission_body(None, 1);
    let row = Row::read(&body).unwrap();
    let size_after = async |change: &dyn Fn(&mut Widening)| {
        let mut widening = Widening::default();
        change(&mut widening);
        widen(&db, &widening).await;
        read!(db, |tx| tx.block(FORM, 0).await).unwrap().unwrap().size_bytes
    };
    assert_eq!(
        size_after(&|w| (0..2).for_each(|n| w.hold(key_of(FORM, n), n + 1, (&row, 100), None))).await,
        200
    );
    assert_eq!(size_after(&|widening| widening.hold(key_of(FORM, 0), 3, (&row, 30), Some(100))).await, 130);
    assert_eq!(size_after(&|widening| widening.lose(key_of(FORM, 1), 4, 100)).await, 30);
}

async fn a_form_holds_what_its_blocks_hold(db: Db) {
    prepare(&db).await;
    assert_eq!(read!(db, |tx| tx.rows_of(FORM).await).unwrap(), 0);
    let mut widening = Widening::default();
    for (n, ordinal) in [0, 1, BLOCK_ROWS].into_iter().enumerate() {
        hold(&mut widening, ordinal, n as i64, None, 1, true);
    }
    widening.lose(key_of(FORM, 0), 4, 1);
    widen(&db, &widening).await;
    assert_eq!(read!(db, |tx| tx.rows_of(FORM).await).unwrap(), 2);
    assert_eq!(read!(db, |tx| tx.rows_of(FormId(8)).await).unwrap(), 0);
}
