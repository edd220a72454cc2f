//! PostgreSQL, and databases that speak as it does: a pool of connections.
//!
//! Guarantees: nothing here needs session state, advisory locks or LISTEN, so a pooling proxy or a distributed engine
//! serves too; a unit of work that lost to another (40001, 40P01) is run again with growing, jittered pauses.
//!
//! Must not know: any table.

pub(crate) mod statements;
mod tls;

use crate::store::Unit;
use crate::tx::{Connection, Tx};
use crate::{Error, Result};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tls::Target;
use tokio_postgres::NoTls;

/// A process that is stopped in the middle of a transaction holds the rows that it changed. After five seconds without a
/// statement the server ends it for us, or nobody could take over from it until it goes on.
const BEGIN_WRITE: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 5000";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
/// How often a unit of work is run before it is given up as busy.
const TRIES: u32 = 12;
/// Connections of this process.
const CONNECTIONS: usize = 16;

pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(crate) fn connect(url: &str) -> BoxFuture<'_, Result<Self>> {
        Box::pin(async move {
            let Target { config, tls } = Target::of(url)?;
            let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
            let manager = match tls {
                Some(tls) => Manager::from_config(config, tls, recycling),
                None => Manager::from_config(config, NoTls, recycling),
            };
            let pool = Pool::builder(manager)
                .max_size(CONNECTIONS)
                .build()
                .map_err(|error| Error::Driver(error.to_string()))?;
            // So that a database that cannot be reached is found at the start.
            drop(pool.get().await?);
            Ok(Self { pool })
        })
    }

    pub(crate) async fn write(&self, unit: Unit) -> Result<()> {
        self.run(BEGIN_WRITE, unit).await
    }

    /// A distributed engine may ask even a reading to begin anew.
    pub(crate) async fn read(&self, unit: Unit) -> Result<()> {
        self.run(BEGIN_READ, unit).await
    }

    async fn run(&self, begin: &str, unit: Unit) -> Result<()> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.run_once(begin, &unit).await {
                Err(error) if error.is_transient() && tries < TRIES => {
                    tracing::debug!(%error, tries, "a unit of work lost to another and is run again");
                    tokio::time::sleep(pause(tries)).await;
                }
                result => return result,
            }
        }
    }

    async fn run_once(&self, begin: &str, unit: &Unit) -> Result<()> {
        let client = self.pool.get().await?;
        // Before anything is sent: whoever asked may be gone at any await from here on.
        let mut unfinished = Unfinished { tx: Some(Tx::new(Connection::Postgres(client))) };
        let tx = unfinished.tx.as_mut().expect("it was put there just now");
        tx.batch(begin).await?;
        let ran = AssertUnwindSafe(async { unit(&mut *tx).await }).catch_unwind().await;
        let worked = tx.verdict(ran.unwrap_or_else(|_| Err(Error::panicked())));
        let end = if worked.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = tx.batch(end).await;
        if ended.is_ok() {
            drop(unfinished.tx.take());
        }
        worked.and(ended)
    }
}

/// A transaction under way. Where its future is dropped in the middle, or its end fails, the connection is closed, never
/// given back to the pool with a transaction open.
struct Unfinished {
    tx: Option<Tx>,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(Connection::Postgres(client)) = self.tx.take().map(Tx::into_connection) {
            drop(deadpool_postgres::Object::take(client));
        }
    }
}

/// A pause before try `tries` + 1: about twice as long each time, and not the same for two who collided.
fn pause(tries: u32) -> Duration {
    use std::hash::{BuildHasher as _, RandomState};
    let most_micros = 2_000_u64 << tries.min(8);
    Duration::from_micros(most_micros / 2 + RandomState::new().hash_one(tries) % (most_micros / 2))
}
