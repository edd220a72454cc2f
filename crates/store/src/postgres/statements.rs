//! Running statements on PostgreSQL: many are sent before the first is answered, where they do not depend on each other.
//!
//! Must not know: any table.

use crate::Result;
use crate::tx::{Visit, VisitEach};
use crate::value::{Param, Row};
use deadpool_postgres::Object;
use futures::StreamExt as _;
use futures::future::try_join_all;
use std::pin::pin;
use tokio_postgres::Statement;

pub(crate) async fn execute(client: &Object, sql: &str, params: &[Param<'_>]) -> Result<u64> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.execute_raw(&statement, params.iter().copied()).await?)
}

pub(crate) async fn execute_each(client: &Object, sql: &str, lists: &[Vec<Param<'_>>]) -> Result<u64> {
    let statement = client.prepare_cached(sql).await?;
    let runs = lists.iter().map(|params| client.execute_raw(&statement, params.iter().copied()));
    Ok(try_join_all(runs).await?.into_iter().sum())
}

pub(crate) async fn visit(
    client: &Object,
    sql: &str,
    params: &[Param<'_>],
    visit: &mut Visit<'_>,
) -> Result<()> {
    show(client, &client.prepare_cached(sql).await?, params, visit).await
}

pub(crate) async fn visit_once(
    client: &Object,
    sql: &str,
    params: &[Param<'_>],
    visit: &mut Visit<'_>,
) -> Result<()> {
    show(client, &client.prepare(sql).await?, params, visit).await
}

async fn show(
    client: &Object,
    statement: &Statement,
    params: &[Param<'_>],
    visit: &mut Visit<'_>,
) -> Result<()> {
    let rows = client.query_raw(statement, params.iter().copied()).await?;
    let mut rows = pin!(rows);
    while let Some(row) = rows.next().await {
        visit(Row::Postgres(&row?))?;
    }
    Ok(())
}

pub(crate) async fn visit_each(
    client: &Object,
    sql: &str,
    lists: &[Vec<Param<'_>>],
    visit: &mut VisitEach<'_>,
) -> Result<()> {
    let statement = client.prepare_cached(sql).await?;
    let runs = lists.iter().map(|params| {
        let params: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> =
            params.iter().map(|param| param as _).collect();
        let statement = &statement;
        async move { client.query_opt(statement, &params).await }
    });
    for (place, row) in try_join_all(runs).await?.iter().enumerate() {
        if let Some(row) = row {
            visit(place, Row::Postgres(row))?;
        }
    }
    Ok(())
}
