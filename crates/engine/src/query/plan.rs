//! Plans: which rows of which blocks a query wants, in the order of each block; the same for all of its pages.
//!
//! Must not know: pages.

use super::Query;
use super::column::ColumnId;
use super::filter::{Filter, Share, sort_column};
use super::scan::{Scan, column};
use super::snapshot::Snapshot;
use crate::{Error, Result};
use fillhouse_model::FormId;
use fillhouse_store::Block;
use futures::{StreamExt as _, TryStreamExt as _};
use std::sync::Arc;

/// What a plan depends on: the form, its revision and its seq, and the query but for its page and its direction.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PlanKey {
    form: FormId,
    mark: (i64, i64),
    pub(super) filter: Filter,
    pub(super) sort: ColumnId,
}

/// The rows that a query wants.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The blocks that have any, in order.
    pub(super) blocks: Vec<Picked>,
    pub(super) total: usize,
}

/// The rows of a block that are wanted.
#[derive(Debug)]
pub(super) struct Picked {
    pub(super) block: Block,
    pub(super) rows: Rows,
}

/// Rows of a block, in the order of the column that is sorted by.
#[derive(Debug)]
pub(super) enum Rows {
    /// All; so many.
    All(usize),
    These(Vec<u16>),
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::All(count) => *count,
            Self::These(rows) => rows.len(),
        }
    }
}

impl PlanKey {
    /// What a query wants of a form as it is in a snapshot.
    pub(super) fn of(query: &Query, snapshot: &Snapshot) -> Result<Self> {
        let form = &snapshot.form.form;
        let (filter, sort) = (Filter::of(query, form)?, sort_column(&query.sort, form)?);
        Ok(Self { form: form.id, mark: snapshot.mark(), filter, sort })
    }

    /// The columns that it takes to make its plan.
    fn columns(&self) -> Vec<ColumnId> {
        let mut ids = vec![ColumnId::Id];
        for id in self.filter.columns().chain([self.sort]) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// Whether its plan is made without looking into a block.
    pub(super) fn is_plain(&self) -> bool {
        self.filter.is_empty()
    }
}

impl Plan {
    pub(super) fn size_bytes(&self) -> usize {
        let rows = self.blocks.iter().map(|picked| match &picked.rows {
            Rows::All(_) => 0,
            Rows::These(rows) => rows.len() * size_of::<u16>(),
        });
        size_of::<Self>() + self.blocks.len() * size_of::<Picked>() + rows.sum::<usize>()
    }

    /// The plan of a key, made where it is not remembered.
    pub(super) async fn make(scan: &Scan, key: &PlanKey) -> Result<Arc<Self>> {
        if let Some(plan) = scan.parts.queries.plan(key) {
            return Ok(plan);
        }
        let at_once = scan.parts.settings.render_threads * 2;
        let wanted: Vec<Block> =
            scan.snapshot.blocks.iter().filter(|block| block.rows > 0).copied().collect();
        // Futures that borrow nothing: of others the compiler could not prove that any thread may have them.
        let (scan_of_all, key_of_all) = (scan.clone(), Arc::new(key.clone()));
        let picking =
            wanted.into_iter().map(move |block| pick(scan_of_all.clone(), key_of_all.clone(), block));
        let mut blocks: Vec<Picked> = futures::stream::iter(picking).buffered(at_once).try_collect().await?;
        blocks.retain(|picked| picked.rows.len() > 0);
        let total = blocks.iter().map(|picked| picked.rows.len()).sum();
        let plan = Arc::new(Self { blocks, total });
        if !key.is_plain() {
            scan.parts.queries.put_plan(key.clone(), plan.clone());
        }
        Ok(plan)
    }
}

async fn pick(scan: Scan, key: Arc<PlanKey>, block: Block) -> Result<Picked> {
    let rows = match key.filter.share(&block) {
        Share::Nothing => Rows::These(Vec::new()),
        Share::All => Rows::All(usize::try_from(block.rows).unwrap_or(0)),
        Share::Some => pick_some(&scan, &key, block).await?,
    };
    Ok(Picked { block, rows })
}

async fn pick_some(scan: &Scan, key: &PlanKey, block: Block) -> Result<Rows> {
    let columns = scan.columns(block, &key.columns()).await?;
    let permit = scan.parts.queries.permits.clone().acquire_owned().await.map_err(Error::internal)?;
    let (filter, sort) = (key.filter.clone(), key.sort);
    let picking = tokio::task::spawn_blocking(move || {
        let of = |id| column(&columns, id);
        let (Some(ids), Some(sorted)) = (of(ColumnId::Id), of(sort)) else { return Rows::These(Vec::new()) };
        let wanted = filter.rows(ids.len(), &of);
        let count = wanted.count();
        let rows = if count == ids.len() {
            Rows::All(count)
        } else if count == 0 {
            Rows::These(Vec::new())
        } else {
            let order = sorted.order(&ids).iter().copied();
            Rows::These(order.filter(|row| wanted.has(usize::from(*row))).collect())
        };
        drop(permit);
        rows
    });
    Ok(picking.await?)
}
