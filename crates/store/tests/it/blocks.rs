//! What is known of blocks: it must hold for every submission that was ever in one.

use crate::database::Db;
use crate::samples::{FORM, prepare, submission_body};
use fillhouse_model::FormId;
use fillhouse_model::row::Row;
use fillhouse_store::{BLOCK_ROWS, Block, Widening, block_of, key_of};

conformance! {
    a_block_is_as_wide_as_its_submissions,
    bounds_only_widen_over_several_commits,
    a_change_may_touch_several_blocks,
    blocks_belong_to_their_form,
}

#[test]
fn a_block_begins_where_the_one_before_ends() {
    assert_eq!([0, BLOCK_ROWS - 1, BLOCK_ROWS].map(block_of), [0, 0, 1]);
    assert!(u64::try_from(BLOCK_ROWS).unwrap().is_power_of_two());
}

/// Holds a submission with these dates, in seconds.
fn hold(widening: &mut Widening, ordinal: i64, seq: i64, finish: Option<i64>, update: i64, is_new: bool) {
    let body = submission_body(finish, update);
    widening.hold(key_of(FORM, ordinal), seq, &Row::read(&body).unwrap(), is_new);
}

async fn widen(db: &Db, widening: &Widening) {
    write!(db, [widening], |tx| tx.widen_blocks(FORM, &widening).await).unwrap();
}

fn seconds(first: i64, last: i64) -> Option<(i64, i64)> {
    Some((first * 1_000_000, last * 1_000_000))
}

async fn a_block_is_as_wide_as_its_submissions(db: Db) {
    prepare(&db).await;
    let mut widening = Widening::default();
    hold(&mut widening, 0, 1, Some(50), 60, true);
    hold(&mut widening, 1, 2, Some(20), 61, true);
    hold(&mut widening, 2, 3, None, 70, true);
    widen(&db, &widening).await;
    let expected = Block { block: 0, last_seq: 3, rows: 3, finish: seconds(20, 50), update: seconds(70, 70) };
    assert_eq!(read!(db, |tx| tx.block(FORM, 0).await).unwrap(), Some(expected));
    assert_eq!(read!(db, |tx| tx.block(FORM, 1).await).unwrap(), None);
}

async fn bounds_only_widen_over_several_commits(db: Db) {
    prepare(&db).await;
    let steps: [(&dyn Fn(&mut Widening), Block); 5] = [
        (
            &|widening| hold(widening, 0, 1, None, 30, true),
            Block { block: 0, last_seq: 1, rows: 1, finish: None, update: seconds(30, 30) },
        ),
        (
            // It is finished now; that it was not once is still within the bounds.
            &|widening| hold(widening, 0, 2, Some(40), 40, false),
            Block { block: 0, last_seq: 2, rows: 1, finish: seconds(40, 40), update: seconds(30, 30) },
        ),
        (
            &|widening| {
                hold(widening, 1, 3, Some(10), 10, true);
                hold(widening, 2, 4, None, 20, true);
            },
            Block { block: 0, last_seq: 4, rows: 3, finish: seconds(10, 40), update: seconds(20, 30) },
        ),
        (
            &|widening| {
                hold(widening, 3, 5, Some(25), 25, true);
                widening.lose(key_of(FORM, 1), 6);
                widening.lose(key_of(FORM, 2), 7);
            },
            Block { block: 0, last_seq: 7, rows: 2, finish: seconds(10, 40), update: seconds(20, 30) },
        ),
        (
            &|widening| widening.lose(key_of(FORM, 3), 8),
            Block { block: 0, last_seq: 8, rows: 1, finish: seconds(10, 40), update: seconds(20, 30) },
        ),
    ];
    for (change, expected) in steps {
        let mut widening = Widening::default();
        change(&mut widening);
        widen(&db, &widening).await;
        assert_eq!(read!(db, |tx| tx.blocks(FORM).await).unwrap(), [expected]);
    }
}

async fn a_change_may_touch_several_blocks(db: Db) {
    prepare(&db).await;
    let mut widening = Widening::default();
    hold(&mut widening, 2 * BLOCK_ROWS, 3, Some(3), 3, true);
    hold(&mut widening, BLOCK_ROWS - 1, 1, Some(1), 1, true);
    hold(&mut widening, BLOCK_ROWS, 2, Some(2), 2, true);
    widen(&db, &widening).await;
    let block = |block| Block {
        block,
        last_seq: block + 1,
        rows: 1,
        finish: seconds(block + 1, block + 1),
        update: None,
    };
    assert_eq!(read!(db, |tx| tx.blocks(FORM).await).unwrap(), [0, 1, 2].map(block));
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
