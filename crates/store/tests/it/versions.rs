//! Blocks as they were at any moment, against a model that remembers everything.

use crate::database::{Db, at};
use crate::samples::{ACCOUNT, FORM, form, job_spec, new_row, prepare, raise_seq};
use fillhouse_model::{FormId, JobId, JobSubject, SubmissionId};
use fillhouse_store::{BLOCK_ROWS, BlockRows, Lease, NewRow, Tx, key_of};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::BTreeMap;

conformance! {
    a_block_is_read_as_it_was_at_every_seq,
    versions_are_dropped_when_they_are_old,
    versions_stay_while_an_unfinished_job_may_read_them,
}

const CHANGES: i64 = 300;
const BLOCKS: std::ops::Range<i64> = 0..3;
const FORMS: [FormId; 2] = [FORM, FormId(8)];

/// The bodies that a row had, with the seq since when; nothing since it was deleted.
type History = Vec<(i64, Option<Vec<u8>>)>;

/// All that ever was in a form, by ordinal.
#[derive(Default)]
struct Model {
    rows: BTreeMap<i64, History>,
    seq: i64,
}

impl Model {
    fn at(&self, block: i64, seq: i64) -> Vec<Vec<u8>> {
        let of_block = self.rows.range(block * BLOCK_ROWS..(block + 1) * BLOCK_ROWS);
        of_block.filter_map(|(_, versions)| body_at(versions, seq)).collect()
    }

    fn change(&mut self, ordinal: i64, body: Option<Vec<u8>>) {
        self.rows.entry(ordinal).or_default().push((self.seq, body));
    }

    /// Ordinals that were never used, and those of rows that are there.
    fn free_and_live(&self) -> (Vec<i64>, Vec<i64>) {
        let near_borders = BLOCKS.flat_map(|block| {
            let first = block * BLOCK_ROWS;
            (first..first + 15).chain(first + BLOCK_ROWS - 15..first + BLOCK_ROWS)
        });
        let free = near_borders.filter(|ordinal| !self.rows.contains_key(ordinal)).collect();
        let live = self.rows.iter().filter(|(_, versions)| body_at(versions, self.seq).is_some());
        (free, live.map(|(ordinal, _)| *ordinal).collect())
    }
}

fn body_at(versions: &[(i64, Option<Vec<u8>>)], seq: i64) -> Option<Vec<u8>> {
    versions.iter().rev().find(|(since, _)| *since <= seq).and_then(|(_, body)| body.clone())
}

enum Change {
    Insert(NewRow),
    Replace(NewRow),
    Delete { key: i64, seq: i64 },
}

impl Change {
    async fn apply(&self, tx: &mut Tx) -> fillhouse_store::Result<()> {
        match self {
            Self::Insert(row) => tx.insert_submissions(ACCOUNT, std::slice::from_ref(row)).await,
            Self::Replace(row) => tx.replace_submissions(std::slice::from_ref(row), at(1)).await,
            Self::Delete { key, seq } => tx.delete_submission(*key, *seq, at(1)).await,
        }
    }
}

/// The next change of a form, which the model makes at once.
fn next_change(random: &mut StdRng, form: FormId, model: &mut Model) -> Change {
    let (free, live) = model.free_and_live();
    model.seq += 1;
    let seq = model.seq;
    let body: Vec<u8> = (0..random.random_range(0..6)).map(|_| random.random()).collect();
    let chance = random.random_range(0..100);
    let pick = |from: &[i64], random: &mut StdRng| from[random.random_range(0..from.len())];
    if live.is_empty() || (chance < 40 && !free.is_empty()) {
        let ordinal = pick(&free, random);
        model.change(ordinal, Some(body.clone()));
        let id = SubmissionId(key_of(form, ordinal));
        return Change::Insert(NewRow { key: key_of(form, ordinal), id, seq, body });
    }
    let ordinal = pick(&live, random);
    let key = key_of(form, ordinal);
    if chance < 85 {
        model.change(ordinal, Some(body.clone()));
        return Change::Replace(NewRow { key, id: SubmissionId(key), seq, body });
    }
    model.change(ordinal, None);
    Change::Delete { key, seq }
}

async fn a_block_is_read_as_it_was_at_every_seq(db: Db) {
    prepare(&db).await;
    write!(db, |tx| tx.put_form(&form(FORMS[1], ACCOUNT)).await).unwrap();
    for seed in 0..2 {
        db.execute("DELETE FROM submissions").await;
        db.execute("DELETE FROM versions").await;
        let mut random = StdRng::seed_from_u64(seed);
        let mut models = [Model::default(), Model::default()];
        for _ in 0..CHANGES {
            let which = random.random_range(0..2);
            let change = std::sync::Arc::new(next_change(&mut random, FORMS[which], &mut models[which]));
            write!(db, [change], |tx| change.apply(tx).await).unwrap();
        }
        for (form, model) in FORMS.into_iter().zip(&models) {
            for seq in 0..=model.seq {
                for block in BLOCKS {
                    let rows =
                        read!(db, |tx| tx.block_rows(form, block, seq, BlockRows::default()).await).unwrap();
                    let expected = model.at(block, seq);
                    assert!(rows.iter().eq(&expected), "seed {seed}, form {form}, block {block}, seq {seq}");
                }
            }
        }
    }
}

/// One row that was replaced at 10 s and at 20 s, with seqs 2 and 3.
async fn prepare_versions(db: &Db) {
    prepare(db).await;
    write!(db, |tx| {
        tx.insert_submissions(ACCOUNT, &[new_row(0, 10, 1)]).await?;
        tx.replace_submissions(&[new_row(0, 10, 2)], at(10)).await?;
        tx.replace_submissions(&[new_row(0, 10, 3)], at(20)).await
    })
    .unwrap();
}

async fn versions_are_dropped_when_they_are_old(db: Db) {
    prepare_versions(&db).await;
    for (before, dropped) in [(10, 0), (11, 1), (20, 0), (21, 1)] {
        assert_eq!(write!(db, |tx| tx.drop_versions(at(before)).await).unwrap(), dropped, "before {before}");
    }
    assert_eq!(db.count("submissions").await, 1);
}

async fn versions_stay_while_an_unfinished_job_may_read_them(db: Db) {
    prepare_versions(&db).await;
    // The jobs see the form at 1, 2 and 3; a job of another form sees nothing of it.
    write!(db, |tx| tx.put_form(&form(FORMS[1], ACCOUNT)).await).unwrap();
    for id in ["a", "b", "c"] {
        raise_seq(&db, 1).await;
        write!(db, |tx| tx.create_job(&job_spec(id), at(0)).await).unwrap();
    }
    let elsewhere = fillhouse_store::JobSpec { subject: JobSubject::Form(FORMS[1]), ..job_spec("d") };
    write!(db, [elsewhere], |tx| tx.create_job(&elsewhere, at(0)).await).unwrap();

    let end_first = async || {
        let due = write!(db, |tx| {
            let record = tx.due_job(at(1), i64::MAX).await?.expect("one is due");
            tx.put_lease(&record, record.job.lease(at(1)).expect("it is due"), "w", at(1)).await?;
            let lease = Lease { job_id: record.id, attempt: record.job.attempt + 1 };
            tx.fail_job(&lease, "no more", at(1)).await?;
            Ok(lease.job_id)
        });
        due.unwrap()
    };
    let drop_all = async || write!(db, |tx| tx.drop_versions(at(99)).await).unwrap();
    assert_eq!(drop_all().await, 0);
    assert_eq!(end_first().await, JobId("a".into()));
    assert_eq!(drop_all().await, 1);
    assert_eq!(db.rows("SELECT replaced_seq FROM versions").await, [["3"]]);
    assert_eq!(end_first().await, JobId("b".into()));
    assert_eq!(drop_all().await, 1);
}
