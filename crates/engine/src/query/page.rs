//! Pages: from a plan to the rows of one page.
//!
//! Guarantees: see [`super`].
//!
//! Must not know: conditions.

use super::column::{Column, ColumnId};
use super::order::{self, Place};
use super::plan::{Picked, Plan, PlanKey, Rows};
use super::scan::{Scan, column};
use super::snapshot::Snapshot;
use super::{Page, Query};
use crate::engine::Parts;
use crate::{Error, FormRef, Result};
use fillhouse_model::{AccountId, FormId};
use fillhouse_store::key_of;
use futures::{StreamExt as _, TryStreamExt as _};
use std::ops::Range;
use std::sync::Arc;

/// Finds a page.
pub(super) async fn find(
    parts: &Arc<Parts>,
    account: AccountId,
    form: &FormRef,
    query: &Query,
) -> Result<Page> {
    if let Some(known) = parts.queries.snapshot(account, form)
        && let Some(page) = find_again(parts, known, query).await?
    {
        return Ok(page);
    }
    let snapshot = Snapshot::load(parts, account, form).await?;
    let key = PlanKey::of(query, &snapshot)?;
    let (keys, total) = keys(&Scan::new(parts.clone(), snapshot.clone()), &key, query).await?;
    let rows = parts.store.read(move |tx| {
        let keys = keys.clone();
        Box::pin(async move { tx.bodies_at(&keys).await })
    });
    let rows = rows.await?.into_iter().flatten().collect();
    Ok(Page { form: snapshot.form.clone(), layout: snapshot.layout.clone(), rows, total })
}

/// The page of a snapshot that is remembered, where its plan is at hand and nothing has changed since: both is found out
/// in the one reading that the rows take anyway.
async fn find_again(parts: &Arc<Parts>, known: Arc<Snapshot>, query: &Query) -> Result<Option<Page>> {
    // What was wrong with the query then may not be wrong any more.
    let Ok(key) = PlanKey::of(query, &known) else { return Ok(None) };
    if !key.is_plain() && parts.queries.plan(&key).is_none() {
        return Ok(None);
    }
    // What was replaced long ago cannot be read any more.
    let Ok((keys, total)) = keys(&Scan::new(parts.clone(), known.clone()), &key, query).await else {
        return Ok(None);
    };
    let (id, mark) = (known.form.form.id, known.mark());
    let read = parts.store.read_briefly(move |tx| {
        let keys = keys.clone();
        Box::pin(async move {
            if tx.form_mark(id).await? != Some(mark) {
                return Ok(None);
            }
            tx.bodies_at(&keys).await.map(Some)
        })
    });
    let rows = read.await?;
    Ok(rows.map(|rows| Page {
        form: known.form.clone(),
        layout: known.layout.clone(),
        rows: rows.into_iter().flatten().collect(),
        total,
    }))
}

/// The keys of the rows of a page, and how many rows there are on all pages.
async fn keys(scan: &Scan, key: &PlanKey, query: &Query) -> Result<(Vec<i64>, u64)> {
    let plan = if key.filter.is_of_form() {
        Plan::make(&scan.clone().with_labels(), key).await?
    } else {
        Plan::make(scan, key).await?
    };
    let wanted = ranks(plan.total, query);
    let mut keys = if wanted.is_empty() {
        Vec::new()
    } else if key.sort == ColumnId::Id && is_ascending(&plan) {
        of_consecutive(scan, &plan, wanted).await?
    } else {
        of_merged(scan, plan.clone(), key.sort, wanted).await?
    };
    if query.descending {
        keys.reverse();
    }
    Ok((keys, plan.total as u64))
}

/// The ranks of a page's rows, counted from the least.
fn ranks(total: usize, query: &Query) -> Range<usize> {
    let limit = u64::from(query.limit.max(1));
    let bounded = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).min(total);
    let (from, until) = (
        bounded(query.page.saturating_mul(limit)),
        bounded(query.page.saturating_add(1).saturating_mul(limit)),
    );
    if query.descending { total - until..total - from } else { from..until }
}

/// Whether all ids of each block are after those of the block before.
fn is_ascending(plan: &Plan) -> bool {
    let bounds = plan.blocks.iter().map(|picked| picked.block.ids);
    plan.blocks.iter().all(|picked| picked.block.ids.is_some())
        && bounds.flatten().is_sorted_by(|before, after| before.1 < after.0)
}

/// The page where the blocks follow each other: counting is enough to find the few that it is in.
async fn of_consecutive(scan: &Scan, plan: &Plan, wanted: Range<usize>) -> Result<Vec<i64>> {
    let mut keys = Vec::with_capacity(wanted.len());
    let mut begin = 0;
    for picked in &plan.blocks {
        let end = begin + picked.rows.len();
        let here = wanted.start.max(begin)..wanted.end.min(end);
        if !here.is_empty() {
            let list = List::read(scan, picked, ColumnId::Id).await?;
            keys.extend(here.map(|rank| list.key(&picked.rows, rank - begin)));
        }
        begin = end;
    }
    Ok(keys)
}

/// The page where any block may have a part of it.
async fn of_merged(scan: &Scan, plan: Arc<Plan>, sort: ColumnId, wanted: Range<usize>) -> Result<Vec<i64>> {
    let at_once = scan.parts.settings.render_threads * 2;
    let (scan_of_all, plan_of_all) = (scan.clone(), plan.clone());
    let reading =
        (0..plan.blocks.len()).map(move |n| read(scan_of_all.clone(), plan_of_all.clone(), n, sort));
    let lists: Vec<List> = futures::stream::iter(reading).buffered(at_once).try_collect().await?;
    let merging = tokio::task::spawn_blocking(move || {
        let lengths: Vec<usize> = plan.blocks.iter().map(|picked| picked.rows.len()).collect();
        let row = |(list, place): Place| lists[list].row(&plan.blocks[list].rows, place);
        let compare = |one: Place, other: Place| {
            let (left, right) = (&lists[one.0], &lists[other.0]);
            let (row, other_row) = (row(one), row(other));
            left.sorted
                .compare(row, &right.sorted, other_row)
                .then_with(|| left.ids.number(row).cmp(&right.ids.number(other_row)))
        };
        let places = order::ranks(&lengths, wanted, &compare);
        let key = |place: &Place| lists[place.0].key(&plan.blocks[place.0].rows, place.1);
        places.iter().map(key).collect()
    });
    Ok(merging.await?)
}

/// Reads the columns of a block, and puts its rows in order where that was not done yet: here, and not where the blocks
/// are merged, so that all cores take part.
async fn read(scan: Scan, plan: Arc<Plan>, block: usize, sort: ColumnId) -> Result<List> {
    let picked = &plan.blocks[block];
    let list = List::read(&scan, picked, sort).await?;
    if matches!(picked.rows, Rows::All(_)) && !list.sorted.is_ordered() {
        let permit = scan.parts.queries.permits.clone().acquire_owned().await.map_err(Error::internal)?;
        let (sorted, ids) = (list.sorted.clone(), list.ids.clone());
        let ordering = tokio::task::spawn_blocking(move || {
            sorted.order(&ids);
            drop(permit);
        });
        ordering.await?;
    }
    Ok(list)
}

/// The columns of a block that a page is put together from.
struct List {
    form: FormId,
    sorted: Arc<Column>,
    ids: Arc<Column>,
    ordinals: Arc<Column>,
}

impl List {
    async fn read(scan: &Scan, picked: &Picked, sort: ColumnId) -> Result<Self> {
        let mut wanted = vec![ColumnId::Ordinal, ColumnId::Id];
        if sort != ColumnId::Id {
            wanted.push(sort);
        }
        let columns = scan.columns(picked.block, &wanted).await?;
        let of =
            |id| column(&columns, id).ok_or_else(|| Error::internal("a column was asked for and not made"));
        let (sorted, ids, ordinals) = (of(sort)?, of(ColumnId::Id)?, of(ColumnId::Ordinal)?);
        if let Rows::All(count) = picked.rows
            && count != ids.len()
        {
            return Err(Error::internal(format!("block {} does not hold {count} rows", picked.block.block)));
        }
        Ok(Self { form: scan.snapshot.form.form.id, sorted, ids, ordinals })
    }

    /// The row at a place of the order.
    fn row(&self, rows: &Rows, place: usize) -> usize {
        usize::from(match rows {
            Rows::All(_) => self.sorted.order(&self.ids)[place],
            Rows::These(rows) => rows[place],
        })
    }

    /// The key of the row at a place of the order.
    fn key(&self, rows: &Rows, place: usize) -> i64 {
        key_of(self.form, self.ordinals.number(self.row(rows, place)))
    }
}
