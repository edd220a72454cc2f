//! Renditions: one a key, and none dropped that something is made of.

use crate::database::{Db, PATIENCE, at};
use crate::samples::{FORM, artifact, checkpoint, create_job, lease_next, prepare, raise_seq, rendition};
use fillhouse_model::{FormId, JobId};
use fillhouse_store::{Checkpoint, Error, Lease, Rendition, RenditionKey, Widening, key_of};
use std::sync::Arc;
use tokio::sync::Barrier;

conformance! {
    a_rendition_is_found_by_its_whole_key,
    an_empty_rendition_has_no_blob,
    two_jobs_share_an_equal_rendition,
    a_rendition_is_reused_while_it_is_there,
    a_position_is_done_once,
    a_rendition_in_use_is_never_dropped,
    a_rendition_out_of_date_is_dropped_at_once,
    an_unused_rendition_is_dropped_when_it_is_cold,
    renditions_are_dropped_a_few_at_a_time,
    the_coldest_renditions_make_room,
    blobs_in_use_are_told,
    a_damaged_rendition_goes_with_all_that_was_made_of_it,
}

/// A leased job for each of `names`.
async fn prepare_jobs(db: &Db, names: &[&str]) -> Vec<Lease> {
    prepare(db).await;
    let mut leases = Vec::new();
    for name in names {
        create_job(db, name).await;
        leases.push(lease_next(db, "w", 0).await.unwrap());
    }
    leases
}

/// Forgets what the jobs are made of, as the end of their artifacts would.
async fn forget_parts(db: &Db) {
    db.execute("DELETE FROM parts").await;
}

async fn drop_unused_since(db: &Db, seconds: i64) -> Vec<Option<String>> {
    let mut blobs = write!(db, |tx| tx.drop_renditions(at(seconds), 99).await).unwrap();
    blobs.sort();
    blobs
}

fn blob(id: &str) -> Option<String> {
    rendition(id, 0).blob
}

async fn a_rendition_is_found_by_its_whole_key(db: Db) {
    let leases = prepare_jobs(&db, &["a"]).await;
    let kept = rendition("r", 3);
    checkpoint(&db, &leases[0], 0, &kept).await;
    let key = kept.key.clone();
    let keys = [
        RenditionKey { block: 4, ..key.clone() },
        RenditionKey { version: 2, ..key.clone() },
        RenditionKey { layout: "json".into(), ..key.clone() },
        RenditionKey { form_id: FormId(8), ..key.clone() },
        key,
    ];
    let found = read!(db, [keys], |tx| tx.renditions(&keys).await).unwrap();
    assert_eq!(found, [None, None, None, None, Some(kept)]);
}

async fn an_empty_rendition_has_no_blob(db: Db) {
    let leases = prepare_jobs(&db, &["a"]).await;
    let empty =
        Rendition { blob: None, rows: 0, raw_bytes: 0, deflated_bytes: 0, crc32: 0, ..rendition("r", 0) };
    assert_eq!(checkpoint(&db, &leases[0], 0, &empty).await, Checkpoint::Stored(empty));
    forget_parts(&db).await;
    assert_eq!(drop_unused_since(&db, 1).await, [None]);
}

async fn two_jobs_share_an_equal_rendition(db: Db) {
    let leases = prepare_jobs(&db, &["a", "b"]).await;
    let (first, equal) = (rendition("first", 0), rendition("equal", 0));
    assert_eq!(checkpoint(&db, &leases[0], 0, &first).await, Checkpoint::Stored(first.clone()));
    assert_eq!(checkpoint(&db, &leases[1], 5, &equal).await, Checkpoint::Stored(first.clone()));
    assert_eq!(db.count("renditions").await, 1);
    let parts = read!(db, |tx| tx.parts(&JobId("b".into())).await).unwrap();
    assert_eq!(parts, [(5, first)]);
}

async fn a_rendition_is_reused_while_it_is_there(db: Db) {
    let leases = prepare_jobs(&db, &["a", "b"]).await;
    let kept = rendition("r", 0);
    checkpoint(&db, &leases[0], 0, &kept).await;
    forget_parts(&db).await;
    let reuse = async |position| {
        let (lease, kept) = (&leases[1], &kept);
        write!(db, [lease, kept], |tx| tx.checkpoint_reused(&lease, position, &kept, at(50)).await).unwrap()
    };
    assert_eq!(reuse(3).await, Checkpoint::Stored(kept.clone()));
    let parts = read!(db, |tx| tx.parts(&JobId("b".into())).await).unwrap();
    assert_eq!(parts, [(3, kept.clone())]);
    assert_eq!(db.number("SELECT used_at FROM renditions").await, 50_000_000);

    forget_parts(&db).await;
    assert_eq!(drop_unused_since(&db, 51).await, [blob("r")]);
    assert_eq!(reuse(4).await, Checkpoint::Gone);
    assert_eq!((db.count("renditions").await, db.count("parts").await), (0, 0));
}

async fn a_position_is_done_once(db: Db) {
    let leases = prepare_jobs(&db, &["a"]).await;
    let lease = &leases[0];
    checkpoint(&db, lease, 0, &rendition("r0", 0)).await;
    let twice = write!(db, [lease], |tx| tx.checkpoint(&lease, 0, &rendition("r1", 1), at(0)).await);
    assert!(matches!(twice, Err(Error::Constraint(_))), "{twice:?}");
    assert_eq!(db.count("renditions").await, 1);
}

async fn a_rendition_in_use_is_never_dropped(db: Db) {
    let leases = prepare_jobs(&db, &["a"]).await;
    checkpoint(&db, &leases[0], 0, &rendition("r", 0)).await;
    change_block(&db, 0).await;
    // Old and out of date, but a job is made of it.
    assert_eq!(drop_unused_since(&db, 999).await, []);
    assert_eq!(db.count("renditions").await, 1);
}

/// Changes a block, with a seq after that of every rendition.
async fn change_block(db: &Db, block: i64) {
    raise_seq(db, 2).await;
    let mut widening = Widening::default();
    widening.lose(key_of(FORM, block * fillhouse_store::BLOCK_ROWS), 2, 1);
    write!(db, [widening], |tx| tx.widen_blocks(FORM, &widening, at(0)).await).unwrap();
}

async fn a_rendition_out_of_date_is_dropped_at_once(db: Db) {
    let leases = prepare_jobs(&db, &["a"]).await;
    for block in [0, 1] {
        checkpoint(&db, &leases[0], block, &rendition(&format!("r{block}"), block)).await;
    }
    forget_parts(&db).await;
    change_block(&db, 1).await;
    assert_eq!(drop_unused_since(&db, -1).await, [blob("r1")]);
    assert_eq!(drop_unused_since(&db, -1).await, []);
}

async fn an_unused_rendition_is_dropped_when_it_is_cold(db: Db) {
    let leases = prepare_jobs(&db, &["a", "b"]).await;
    for (block, seconds) in [(0, 10), (1, 20)] {
        let lease = leases[0].clone();
        write!(db, [lease], |tx| {
            let rendition = rendition(&format!("r{block}"), block);
            tx.checkpoint(&lease, block, &rendition, at(seconds)).await
        })
        .unwrap();
    }
    forget_parts(&db).await;
    assert_eq!(drop_unused_since(&db, 10).await, []);
    // To be used again is to be warm again.
    let lease = leases[1].clone();
    write!(db, [lease], |tx| tx.checkpoint(&lease, 0, &rendition("equal", 0), at(30)).await).unwrap();
    forget_parts(&db).await;
    assert_eq!(drop_unused_since(&db, 21).await, [blob("r1")]);
    assert_eq!(drop_unused_since(&db, 31).await, [blob("r0")]);
}

async fn renditions_are_dropped_a_few_at_a_time(db: Db) {
    let leases = prepare_jobs(&db, &["a"]).await;
    for block in 0..5 {
        checkpoint(&db, &leases[0], block, &rendition(&format!("r{block}"), block)).await;
    }
    forget_parts(&db).await;
    for expected in [2, 2, 1, 0] {
        assert_eq!(write!(db, |tx| tx.drop_renditions(at(9), 2).await).unwrap().len(), expected);
    }
}

async fn the_coldest_renditions_make_room(db: Db) {
    let leases = prepare_jobs(&db, &["a", "b"]).await;
    for n in 0..4 {
        let sized = Rendition { deflated_bytes: 100, ..rendition(&format!("r{n}"), n) };
        checkpoint(&db, &leases[usize::from(n == 0)], n, &sized).await;
    }
    // The first is in use; of the others, the second was used last.
    db.execute("DELETE FROM parts WHERE position > 0").await;
    db.execute("UPDATE renditions SET used_at = used_at + 5000000 WHERE block = 1").await;
    let beyond =
        async |budget, limit| write!(db, [], |tx| tx.drop_renditions_beyond(budget, limit).await).unwrap();
    assert_eq!(beyond(400, 99).await, []);
    assert_eq!(beyond(301, 99).await, [blob("r2")]);
    assert_eq!(beyond(0, 1).await, [blob("r3")]);
    assert_eq!(beyond(0, 99).await, [blob("r1")]);
    assert_eq!(beyond(0, 99).await, []);
    assert_eq!(db.count("renditions").await, 1);
}

async fn blobs_in_use_are_told(db: Db) {
    let leases = prepare_jobs(&db, &["a"]).await;
    checkpoint(&db, &leases[0], 0, &rendition("r", 0)).await;
    let ids = ["x", "r", "renditions/r"].map(ToOwned::to_owned);
    assert_eq!(read!(db, [ids], |tx| tx.blobs_in_use(&ids).await).unwrap(), [false, true, false]);
}

/// A job uses a rendition again, and commits only after the sweeper has looked. On PostgreSQL alone two write at once.
#[tokio::test]
async fn a_rendition_that_comes_into_use_meanwhile_is_kept() {
    let db = Db::postgres().await;
    let leases = prepare_jobs(&db, &["a", "b"]).await;
    checkpoint(&db, &leases[0], 0, &rendition("r", 0)).await;
    forget_parts(&db).await;

    let (used, swept) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let (lease, inner_used, inner_swept) = (leases[1].clone(), used.clone(), swept.clone());
    let using = db.store.write(move |tx| {
        let (lease, used, swept) = (lease.clone(), inner_used.clone(), inner_swept.clone());
        Box::pin(async move {
            let stored = tx.checkpoint(&lease, 0, &rendition("equal", 0), at(0)).await?;
            used.wait().await;
            swept.wait().await;
            Ok(stored)
        })
    });
    let sweeping = async {
        used.wait().await;
        let dropping = db.store.write(|tx| Box::pin(tx.drop_renditions(at(999), 99)));
        let dropped = tokio::time::timeout(PATIENCE, dropping).await.expect("it does not wait for the job");
        swept.wait().await;
        dropped
    };
    let (used, dropped) = tokio::join!(using, sweeping);
    assert_eq!(used.unwrap(), Checkpoint::Stored(rendition("r", 0)));
    assert_eq!(dropped.unwrap(), []);
    assert_eq!(db.count("renditions").await, 1);
}

async fn a_damaged_rendition_goes_with_all_that_was_made_of_it(db: Db) {
    let leases = prepare_jobs(&db, &["finished", "running", "other"]).await;
    for lease in &leases[..2] {
        checkpoint(&db, lease, 0, &rendition("damaged", 0)).await;
    }
    for lease in &leases {
        checkpoint(&db, lease, 1, &rendition("sound", 1)).await;
    }
    for (lease, name) in [(&leases[0], "finished"), (&leases[2], "other")] {
        let file = artifact(name, name, 99);
        let stored = write!(db, [lease, file], |tx| {
            tx.put_artifact(&file).await?;
            tx.complete_job(&lease, &file.id, 1, at(0)).await
        });
        assert!(stored.unwrap());
    }
    for _ in 0..2 {
        write!(db, |tx| tx.drop_damaged_rendition("damaged").await).unwrap();
    }
    assert_eq!(db.rows("SELECT id FROM renditions").await, [["sound"]]);
    assert_eq!(db.rows("SELECT id FROM artifacts").await, [["other"]], "the other can be read");
    let parts = db.rows("SELECT job_id, position FROM parts ORDER BY job_id").await;
    assert_eq!(parts, [["finished", "1"], ["other", "1"], ["running", "1"]]);
    // The one that runs can finish the block again.
    let again = rendition("again", 0);
    assert_eq!(checkpoint(&db, &leases[1], 0, &again).await, Checkpoint::Stored(again));
}
