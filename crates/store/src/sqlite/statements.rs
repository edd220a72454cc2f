//! Running statements on SQLite: each is done when the call returns.
//!
//! Must not know: any table.

use crate::Result;
use crate::tx::{Visit, VisitEach};
use crate::value::{Param, Row};
use rusqlite::{CachedStatement, Connection, Statement, params_from_iter};

pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Param<'_>]) -> Result<u64> {
    Ok(prepared(connection, sql)?.execute(params_from_iter(params))? as u64)
}

pub(crate) fn execute_each(connection: &Connection, sql: &str, lists: &[Vec<Param<'_>>]) -> Result<u64> {
    let mut statement = prepared(connection, sql)?;
    let mut changed = 0;
    for params in lists {
        changed += statement.execute(params_from_iter(params))? as u64;
    }
    Ok(changed)
}

pub(crate) fn visit(
    connection: &Connection,
    sql: &str,
    params: &[Param<'_>],
    visit: &mut Visit<'_>,
) -> Result<()> {
    show(&mut *prepared(connection, sql)?, params, visit)
}

pub(crate) fn visit_once(
    connection: &Connection,
    sql: &str,
    params: &[Param<'_>],
    visit: &mut Visit<'_>,
) -> Result<()> {
    let mut statement = connection.prepare(sql)?;
    check_order(&statement, sql);
    show(&mut statement, params, visit)
}

fn show(statement: &mut Statement<'_>, params: &[Param<'_>], visit: &mut Visit<'_>) -> Result<()> {
    let mut rows = statement.query(params_from_iter(params))?;
    while let Some(row) = rows.next()? {
        visit(Row::Sqlite(row))?;
    }
    Ok(())
}

pub(crate) fn visit_each(
    connection: &Connection,
    sql: &str,
    lists: &[Vec<Param<'_>>],
    visit: &mut VisitEach<'_>,
) -> Result<()> {
    let mut statement = prepared(connection, sql)?;
    for (place, params) in lists.iter().enumerate() {
        let mut rows = statement.query(params_from_iter(params))?;
        if let Some(row) = rows.next()? {
            visit(place, Row::Sqlite(row))?;
        }
    }
    Ok(())
}

fn prepared<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>> {
    let statement = connection.prepare_cached(sql)?;
    check_order(&statement, sql);
    Ok(statement)
}

/// SQLite numbers `$N` by first appearance, PostgreSQL by the digits: they agree where the numbers ascend.
fn check_order(statement: &Statement<'_>, sql: &str) {
    debug_assert!(
        (1..=statement.parameter_count()).all(|n| statement.parameter_name(n) == Some(&format!("${n}"))),
        "the parameters do not ascend: {sql}"
    );
}
