//! What queries leave behind for those after them.
//!
//! Guarantees: columns and plans weigh no more than the setting says; whoever wants what another is already making
//! waits for it.
//!
//! Must not know: how any of it is made.

use super::column::{Column, ColumnId};
use super::lru::Lru;
use super::plan::{Plan, PlanKey};
use super::snapshot::Snapshot;
use crate::FormRef;
use fillhouse_model::{AccountId, FormId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::Semaphore;

/// How many snapshots are remembered before all are forgotten: a bound, not a working set.
const SNAPSHOTS: usize = 1_000;
/// Plans get one part in so many of the memory.
const PLANS_SHARE: usize = 8;

/// A column of a block; the seq says of which of the block's versions it is.
type ColumnKey = (FormId, i64, ColumnId);
type BlockKey = (FormId, i64);

/// What queries share.
pub(crate) struct QueryCache {
    columns: Lru<ColumnKey, (i64, Arc<Column>)>,
    plans: Lru<PlanKey, Arc<Plan>>,
    snapshots: Mutex<HashMap<(AccountId, FormRef), Arc<Snapshot>>>,
    /// The blocks that columns are being made of.
    building: Mutex<HashMap<BlockKey, Weak<tokio::sync::Mutex<()>>>>,
    /// As many as blocks may be worked on at once.
    pub(super) permits: Arc<Semaphore>,
}

impl QueryCache {
    pub(crate) fn new(most_bytes: usize, threads: usize) -> Self {
        let plans_bytes = most_bytes / PLANS_SHARE;
        Self {
            columns: Lru::new(most_bytes - plans_bytes),
            plans: Lru::new(plans_bytes),
            snapshots: Mutex::default(),
            building: Mutex::default(),
            permits: Arc::new(Semaphore::new(threads)),
        }
    }

    /// The column of a block whose last change was `last_seq`.
    pub(super) fn column(
        &self,
        form: FormId,
        block: i64,
        last_seq: i64,
        id: ColumnId,
    ) -> Option<Arc<Column>> {
        let (seq, column) = self.columns.get(&(form, block, id))?;
        (seq == last_seq).then_some(column)
    }

    pub(super) fn put_column(
        &self,
        form: FormId,
        block: i64,
        last_seq: i64,
        id: ColumnId,
        column: Arc<Column>,
    ) {
        let bytes = column.size_bytes();
        self.columns.put((form, block, id), (last_seq, column), bytes);
    }

    pub(super) fn plan(&self, key: &PlanKey) -> Option<Arc<Plan>> {
        self.plans.get(key)
    }

    pub(super) fn put_plan(&self, key: PlanKey, plan: Arc<Plan>) {
        let bytes = plan.size_bytes();
        self.plans.put(key, plan, bytes);
    }

    pub(super) fn snapshot(&self, account: AccountId, form: &FormRef) -> Option<Arc<Snapshot>> {
        let snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
        snapshots.get(&(account, form.clone())).cloned()
    }

    pub(super) fn put_snapshot(&self, account: AccountId, form: &FormRef, snapshot: Arc<Snapshot>) {
        let mut snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
        if snapshots.len() >= SNAPSHOTS {
            snapshots.clear();
        }
        snapshots.insert((account, form.clone()), snapshot);
    }

    /// What must be held by whoever makes columns of a block.
    pub(super) fn building(&self, form: FormId, block: i64) -> Arc<tokio::sync::Mutex<()>> {
        let mut building = self.building.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = building.get(&(form, block)).and_then(Weak::upgrade) {
            return lock;
        }
        building.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::default();
        building.insert((form, block), Arc::downgrade(&lock));
        lock
    }
}
