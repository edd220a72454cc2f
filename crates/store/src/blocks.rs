//! Blocks: runs of consecutive submissions of a form, and what is known of each without reading it.
//!
//! Guarantees: a block's bounds hold for every submission that was ever in it; its `last_seq` is that of its last change.
//!
//! Must not know: what a period or a selection is.

use crate::submissions::ordinal_of;
use crate::value::{Param, Row, params};
use crate::{Result, Tx};
use fillhouse_model::row::Row as StoredRow;
use fillhouse_model::{FormId, Timestamp};
use std::collections::BTreeMap;

/// How many consecutive ordinals make a block.
pub const BLOCK_ROWS: i64 = 8_192;

/// The block that an ordinal is in.
pub fn block_of(ordinal: i64) -> i64 {
    ordinal / BLOCK_ROWS
}

const BLOCKS: &str = "SELECT block, last_seq, rows, first_finish, last_finish, first_update, last_update, \
     first_id, last_id, first_change, last_change, size_bytes FROM blocks WHERE form_id = $1 ORDER BY block";
const BLOCK: &str = "SELECT block, last_seq, rows, first_finish, last_finish, first_update, last_update, \
     first_id, last_id, first_change, last_change, size_bytes FROM blocks WHERE form_id = $1 AND block = $2";
const ROWS_OF: &str = "SELECT CAST(COALESCE(SUM(rows), 0) AS BIGINT) FROM blocks WHERE form_id = $1";
const WIDEN: &str = "INSERT INTO blocks \
     (form_id, block, last_seq, rows, first_finish, last_finish, first_update, last_update, \
     first_id, last_id, first_change, last_change, size_bytes) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (form_id, block) DO UPDATE SET \
     last_seq = CASE WHEN excluded.last_seq > blocks.last_seq THEN excluded.last_seq ELSE blocks.last_seq END, \
     rows = blocks.rows + excluded.rows, size_bytes = blocks.size_bytes + excluded.size_bytes, \
     first_finish = CASE WHEN blocks.first_finish <= excluded.first_finish OR excluded.first_finish IS NULL \
         THEN blocks.first_finish ELSE excluded.first_finish END, \
     last_finish = CASE WHEN blocks.last_finish >= excluded.last_finish OR excluded.last_finish IS NULL \
         THEN blocks.last_finish ELSE excluded.last_finish END, \
     first_update = CASE WHEN blocks.first_update <= excluded.first_update OR excluded.first_update IS NULL \
         THEN blocks.first_update ELSE excluded.first_update END, \
     last_update = CASE WHEN blocks.last_update >= excluded.last_update OR excluded.last_update IS NULL \
         THEN blocks.last_update ELSE excluded.last_update END, \
     first_id = CASE WHEN blocks.first_id <= excluded.first_id OR excluded.first_id IS NULL \
         THEN blocks.first_id ELSE excluded.first_id END, \
     last_id = CASE WHEN blocks.last_id >= excluded.last_id OR excluded.last_id IS NULL \
         THEN blocks.last_id ELSE excluded.last_id END, \
     first_change = CASE WHEN blocks.first_change <= excluded.first_change OR excluded.first_change IS NULL \
         THEN blocks.first_change ELSE excluded.first_change END, \
     last_change = CASE WHEN blocks.last_change >= excluded.last_change OR excluded.last_change IS NULL \
         THEN blocks.last_change ELSE excluded.last_change END";

/// What is known of a block without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Its number: ordinal 0 is in block 0.
    pub block: i64,
    /// The seq of its last change.
    pub last_seq: i64,
    /// How many submissions it holds now.
    pub rows: i64,
    /// How many bytes their rows have.
    pub size_bytes: i64,
    /// The first and the last `date_finish` of its finished submissions, in microseconds, or wider.
    pub finish: Option<(i64, i64)>,
    /// The first and the last `date_update` of its unfinished submissions, in microseconds, or wider.
    pub update: Option<(i64, i64)>,
    /// The first and the last id of its submissions, or wider.
    pub ids: Option<(i64, i64)>,
    /// The first and the last `date_update` of its submissions, finished or not, in microseconds, or wider.
    pub changes: Option<(i64, i64)>,
}

impl Block {
    /// The first and the last instant that its submissions are dated at, in microseconds, or wider; without the unfinished ones
    /// where those do not matter.
    pub fn dates(&self, with_unfinished: bool) -> Option<(i64, i64)> {
        match (self.finish, self.update.filter(|_| with_unfinished)) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        }
    }
}

/// What a change does to the blocks of one form, gathered so that each block is written once.
#[derive(Debug, Default, Clone)]
pub struct Widening {
    blocks: BTreeMap<i64, Block>,
}

impl Widening {
    /// A submission came into the block of `key` with `seq`; or is there with `seq` in place of a version of `before_bytes`. Its
    /// row comes with how many bytes it has.
    pub fn hold(
        &mut self,
        key: i64,
        seq: i64,
        (row, size_bytes): (&StoredRow<'_>, usize),
        before_bytes: Option<usize>,
    ) {
        let block = self.touch(key, seq);
        block.rows += i64::from(before_bytes.is_none());
        block.size_bytes += size_bytes as i64 - before_bytes.unwrap_or(0) as i64;
        block.ids = Some(widen(block.ids, row.id));
        block.changes = Some(widen(block.changes, row.date_update));
        match row.finished_at() {
            Some(finish) => block.finish = Some(widen(block.finish, finish)),
            None => block.update = Some(widen(block.update, row.dated_at())),
        }
    }

    /// The submission at `key`, whose row had `before_bytes`, was deleted with `seq`.
    pub fn lose(&mut self, key: i64, seq: i64, before_bytes: usize) {
        let block = self.touch(key, seq);
        block.rows -= 1;
        block.size_bytes -= before_bytes as i64;
    }

    /// What was gathered, a block at a time.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.blocks.values()
    }

    fn touch(&mut self, key: i64, seq: i64) -> &mut Block {
        let block = block_of(ordinal_of(key));
        let known = self.blocks.entry(block).or_insert(Block {
            block,
            last_seq: seq,
            rows: 0,
            size_bytes: 0,
            finish: None,
            update: None,
            ids: None,
            changes: None,
        });
        known.last_seq = known.last_seq.max(seq);
        known
    }
}

fn widen(bounds: Option<(i64, i64)>, instant: i64) -> (i64, i64) {
    bounds.map_or((instant, instant), |(first, last)| (first.min(instant), last.max(instant)))
}

impl Tx {
    /// The blocks of a form, in order.
    pub async fn blocks(&mut self, form: FormId) -> Result<Vec<Block>> {
        self.query(BLOCKS, params![form.0], read_block).await
    }

    /// One block of a form.
    pub async fn block(&mut self, form: FormId, block: i64) -> Result<Option<Block>> {
        self.query_one(BLOCK, params![form.0, block], read_block).await
    }

    /// How many submissions a form holds now.
    pub async fn rows_of(&mut self, form: FormId) -> Result<i64> {
        let rows = self.query_one(ROWS_OF, params![form.0], |row| row.int(0)).await?;
        Ok(rows.unwrap_or(0))
    }

    /// Records what a change did to the blocks of a form at `now`.
    pub async fn widen_blocks(&mut self, form: FormId, widening: &Widening, now: Timestamp) -> Result<()> {
        let lists: Vec<Vec<Param<'_>>> = widening
            .blocks
            .values()
            .map(|block| {
                let (first_finish, last_finish) = block.finish.unzip();
                let (first_update, last_update) = block.update.unzip();
                let (first_id, last_id) = block.ids.unzip();
                let (first_change, last_change) = block.changes.unzip();
                let Block { block, last_seq, rows, size_bytes, .. } = *block;
                let place: &[Param<'_>] = params![form.0, block, last_seq, rows];
                let bounds: &[Param<'_>] = params![
                    first_finish,
                    last_finish,
                    first_update,
                    last_update,
                    first_id,
                    last_id,
                    first_change,
                    last_change,
                    size_bytes,
                ];
                [place, bounds].concat()
            })
            .collect();
        self.execute_each(WIDEN, &lists).await?;
        match widening.blocks.values().map(|block| block.last_seq).max() {
            Some(seq) => self.note_moment(form, seq, now).await,
            None => Ok(()),
        }
    }
}

fn read_block(row: Row<'_>) -> Result<Block> {
    Ok(Block {
        block: row.int(0)?,
        last_seq: row.int(1)?,
        rows: row.int(2)?,
        size_bytes: row.int(11)?,
        finish: row.int_or_null(3)?.zip(row.int_or_null(4)?),
        update: row.int_or_null(5)?.zip(row.int_or_null(6)?),
        ids: row.int_or_null(7)?.zip(row.int_or_null(8)?),
        changes: row.int_or_null(9)?.zip(row.int_or_null(10)?),
    })
}
