//! The store: one concrete type over the two databases, and the two ways into it.
//!
//! Guarantees: [`Store::write`] commits before it returns, or changes nothing; a unit of work that lost to another is run
//! again, a bounded number of times.
//!
//! Must not know: what a unit of work does.

use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::tx::Tx;
use crate::{Error, Result};
use futures::future::BoxFuture;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// What a unit of work is made of: a closure that may be run again, and borrows nothing.
///
/// It awaits its transaction and nothing else, and it ends where a statement of it fails: what it does after that is not
/// committed.
pub trait Work<T>: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static {}

impl<T, F> Work<T> for F where F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static {}

/// A unit of work that leaves what it comes to in a place of its own. The drivers run this, so that they are compiled
/// once and not again for every closure there is.
pub(crate) type Unit = Arc<dyn for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<()>> + Send + Sync>;

/// Which database to open.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// SQLite in this file, which is made where it does not exist.
    Sqlite(PathBuf),
    /// PostgreSQL at this URL; it may hold a password, so it is never shown.
    Postgres(String),
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// The database.
#[derive(Clone)]
pub struct Store {
    db: Arc<Db>,
}

enum Db {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens the database as it is; [`Store::migrate`] brings its schema up to date.
    ///
    /// # Errors
    /// It cannot be opened or reached.
    pub async fn open(url: &DatabaseUrl) -> Result<Self> {
        let db = match url {
            DatabaseUrl::Sqlite(path) => Db::Sqlite(Sqlite::open(path)?),
            DatabaseUrl::Postgres(url) => Db::Postgres(Postgres::connect(url).await?),
        };
        Ok(Self { db: Arc::new(db) })
    }

    /// Runs a unit of work and commits it; it is durable when this returns.
    ///
    /// # Errors
    /// The work failed, and nothing of it is kept. Only where the connection to PostgreSQL broke while it was being
    /// committed is it not known whether it was.
    pub async fn write<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T> {
        let (unit, outcome) = unit(work);
        self.write_unit(unit).await?;
        Ok(outcome.take())
    }

    /// Runs statements that change nothing, and that all see the same moment of the database.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn read<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T> {
        let (unit, outcome) = unit(work);
        self.read_unit(unit).await?;
        Ok(outcome.take())
    }

    /// The same for what reads a few rows by their keys. On SQLite it is done on the thread that asks, since to hand it to
    /// another and to be woken again takes longer than the reading itself.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn read_briefly<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T> {
        let (unit, outcome) = unit(work);
        match &*self.db {
            Db::Sqlite(sqlite) => sqlite.read_here(&unit)?,
            Db::Postgres(postgres) => postgres.read(unit).await?,
        }
        Ok(outcome.take())
    }

    pub(crate) fn sqlite(&self) -> Option<&Sqlite> {
        match &*self.db {
            Db::Sqlite(sqlite) => Some(sqlite),
            Db::Postgres(_) => None,
        }
    }

    fn write_unit(&self, unit: Unit) -> BoxFuture<'_, Result<()>> {
        match &*self.db {
            Db::Sqlite(sqlite) => Box::pin(sqlite.write(unit)),
            Db::Postgres(postgres) => Box::pin(postgres.write(unit)),
        }
    }

    fn read_unit(&self, unit: Unit) -> BoxFuture<'_, Result<()>> {
        match &*self.db {
            Db::Sqlite(sqlite) => Box::pin(sqlite.read(unit)),
            Db::Postgres(postgres) => Box::pin(postgres.read(unit)),
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not, and why.
    pub async fn ping(&self) -> Result<()> {
        let one =
            self.read(|tx| Box::pin(tx.query_one("SELECT CAST(1 AS BIGINT)", &[], |row| row.int(0)))).await?;
        if one == Some(1) { Ok(()) } else { Err(Error::Driver("1 is not 1".into())) }
    }

    /// The word for the database in logs: `sqlite` or `postgres`.
    pub fn kind(&self) -> &'static str {
        match &*self.db {
            Db::Sqlite(_) => "sqlite",
            Db::Postgres(_) => "postgres",
        }
    }
}

/// What the last run of a unit of work came to.
struct Outcome<T>(Arc<Mutex<Option<T>>>);

impl<T> Outcome<T> {
    fn put(&self, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }

    fn take(&self) -> T {
        let value = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.expect("a unit of work that succeeded has put what it came to")
    }
}

fn unit<T: Send + 'static>(work: impl Work<T>) -> (Unit, Outcome<T>) {
    let place = Arc::new(Mutex::new(None));
    let outcome = Outcome(place.clone());
    let unit: Unit = Arc::new(move |tx| {
        let (working, outcome) = (work(tx), Outcome(place.clone()));
        Box::pin(async move {
            outcome.put(working.await?);
            Ok(())
        })
    });
    (unit, outcome)
}
