//! A transaction: where statements are run, on either database.
//!
//! A unit of work is an async closure over `&mut Tx`. On SQLite every await within it is ready at once, and it runs from
//! end to end on one thread; on PostgreSQL it runs on the runtime. What it awaits is its transaction and nothing else.
//!
//! Guarantees: a statement is prepared once for a connection; after one that failed nothing is committed, whatever the
//! unit of work makes of the failure.
//!
//! Must not know: any table; those are in the modules that extend `Tx` with their statements.

use crate::postgres::statements as on_postgres;
use crate::sqlite::statements as on_sqlite;
use crate::value::{Param, Row};
use crate::{Error, Result};
use futures::future::BoxFuture;

/// What is done with each row of a query.
pub(crate) type Visit<'v> = dyn FnMut(Row<'_>) -> Result<()> + Send + 'v;

/// What is done with the first row of each of several runs.
pub(crate) type VisitEach<'v> = dyn FnMut(usize, Row<'_>) -> Result<()> + Send + 'v;

/// A transaction of a unit of work. Its statements are the methods that this crate's modules give it.
pub struct Tx {
    pub(crate) connection: Connection,
    has_failed: bool,
}

pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(deadpool_postgres::Object),
}

// The six that run something give boxed futures: others would be compiled again wherever a unit of work is written.
// Each matches the connection by reference to its parts: a reference to the whole could not be held while PostgreSQL is
// awaited.
impl Tx {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection, has_failed: false }
    }

    pub(crate) fn into_connection(self) -> Connection {
        self.connection
    }

    /// Remembers whether a statement failed. After that PostgreSQL would quietly commit nothing, and SQLite the rest:
    /// neither is what the unit of work can have meant.
    pub(crate) fn noted<T>(&mut self, ran: Result<T>) -> Result<T> {
        self.has_failed |= ran.is_err();
        ran
    }

    /// What a unit of work came to, before it is committed.
    pub(crate) fn verdict(&self, worked: Result<()>) -> Result<()> {
        if worked.is_ok() && self.has_failed {
            return Err(Error::Driver("a unit of work went on although a statement of it had failed".into()));
        }
        worked
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) fn execute<'a>(
        &'a mut self,
        sql: &'a str,
        params: &'a [Param<'_>],
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let ran = match self.connection {
                Connection::Sqlite(ref connection) => on_sqlite::execute(connection, sql, params),
                Connection::Postgres(ref client) => on_postgres::execute(client, sql, params).await,
            };
            self.noted(ran)
        })
    }

    /// Runs a statement once for each of `lists`, in their order; on PostgreSQL they are sent without waiting in between.
    pub(crate) fn execute_each<'a>(
        &'a mut self,
        sql: &'a str,
        lists: &'a [Vec<Param<'_>>],
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let ran = match self.connection {
                Connection::Sqlite(ref connection) => on_sqlite::execute_each(connection, sql, lists),
                Connection::Postgres(ref client) => on_postgres::execute_each(client, sql, lists).await,
            };
            self.noted(ran)
        })
    }

    /// Runs a statement and shows each row it gives, as it comes.
    pub(crate) fn visit<'a>(
        &'a mut self,
        sql: &'a str,
        params: &'a [Param<'_>],
        visit: &'a mut Visit<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let ran = match self.connection {
                Connection::Sqlite(ref connection) => on_sqlite::visit(connection, sql, params, visit),
                Connection::Postgres(ref client) => on_postgres::visit(client, sql, params, visit).await,
            };
            self.noted(ran)
        })
    }

    /// Like [`Tx::visit`], for a statement that was put together and is not likely to come again: it is not kept prepared.
    pub(crate) fn visit_once<'a>(
        &'a mut self,
        sql: &'a str,
        params: &'a [Param<'_>],
        visit: &'a mut Visit<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let ran = match self.connection {
                Connection::Sqlite(ref connection) => on_sqlite::visit_once(connection, sql, params, visit),
                Connection::Postgres(ref client) => on_postgres::visit_once(client, sql, params, visit).await,
            };
            self.noted(ran)
        })
    }

    /// Runs a statement once for each of `lists`, and shows the first row that each run gives, where it gives one, with
    /// the run's place among them.
    pub(crate) fn visit_each<'a>(
        &'a mut self,
        sql: &'a str,
        lists: &'a [Vec<Param<'_>>],
        visit: &'a mut VisitEach<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let ran = match self.connection {
                Connection::Sqlite(ref connection) => on_sqlite::visit_each(connection, sql, lists, visit),
                Connection::Postgres(ref client) => on_postgres::visit_each(client, sql, lists, visit).await,
            };
            self.noted(ran)
        })
    }

    /// Runs statements that take no values, one after the other.
    pub(crate) fn batch<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let ran = match self.connection {
                Connection::Sqlite(ref connection) => connection.execute_batch(sql).map_err(Error::from),
                Connection::Postgres(ref client) => client.batch_execute(sql).await.map_err(Error::from),
            };
            self.noted(ran)
        })
    }

    /// Runs a statement and turns each row it gives into a `T`.
    pub(crate) async fn query<T: Send>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        map: impl FnMut(Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        let mut mapped = Vec::new();
        self.visit(sql, params, &mut pushing(&mut mapped, map)).await?;
        Ok(mapped)
    }

    /// Like [`Tx::query`], for a statement that is not likely to come again.
    pub(crate) async fn query_once<T: Send>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        map: impl FnMut(Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<T>> {
        let mut mapped = Vec::new();
        self.visit_once(sql, params, &mut pushing(&mut mapped, map)).await?;
        Ok(mapped)
    }

    /// Like [`Tx::query`], for a statement that gives at most one row.
    pub(crate) async fn query_one<T: Send>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        map: impl FnMut(Row<'_>) -> Result<T> + Send,
    ) -> Result<Option<T>> {
        let mut rows = self.query(sql, params, map).await?;
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            more => self.noted(Err(Error::Driver(format!("{more} rows where at most one can be: {sql}")))),
        }
    }

    /// Like [`Tx::query_one`], once for each of `lists`.
    pub(crate) async fn query_each<T: Send>(
        &mut self,
        sql: &str,
        lists: &[Vec<Param<'_>>],
        mut map: impl FnMut(Row<'_>) -> Result<T> + Send,
    ) -> Result<Vec<Option<T>>> {
        let mut found: Vec<Option<T>> = lists.iter().map(|_| None).collect();
        let mut put = |place: usize, row: Row<'_>| {
            found[place] = Some(map(row)?);
            Ok(())
        };
        self.visit_each(sql, lists, &mut put).await?;
        Ok(found)
    }
}

/// What puts each row it is shown into a list, as what `map` makes of it.
fn pushing<T: Send>(
    mapped: &mut Vec<T>,
    mut map: impl FnMut(Row<'_>) -> Result<T> + Send,
) -> impl FnMut(Row<'_>) -> Result<()> + Send {
    move |row| {
        mapped.push(map(row)?);
        Ok(())
    }
}
