//! SQLite: one thread that writes, and connections that read beside it.
//!
//! Guarantees: units of work are run one after the other, each synced to the disk before it counts (`synchronous=FULL`);
//! readers never wait for the writer, nor it for them (WAL). What was written ahead is brought into the database by a thread
//! beside, so that hardly any unit of work waits for that.
//!
//! Must not know: any table.

pub(crate) mod statements;

use crate::store::Unit;
use crate::tx::{Connection, Tx};
use crate::{Error, Result};
use futures::FutureExt as _;
use statements::execute;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

/// How long a statement waits for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// How often, and after which pauses, we ask again for what SQLite does not wait for.
const WRITE_AHEAD_TRIES: usize = 200;
const WRITE_AHEAD_PAUSE: Duration = Duration::from_millis(5);
/// Distinct statements that a connection keeps prepared; there are fewer in this crate.
const PREPARED_STATEMENTS: usize = 256;
/// Connections that may read at once.
const READERS: usize = 16;

/// How often what was written ahead is brought into the database, if anything was.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(1);
/// The pages written ahead from which on the writer does that itself: the log begins anew only when no writer is in between,
/// and must not grow for ever.
const MOST_PAGES_AHEAD: i64 = 16_384;
/// The memory for pages of the connection that writes, in KiB: indices are written all over.
const WRITER_CACHE_KIB: i64 = 65_536;

/// What the writing thread is given: it takes the connection and gives it back.
type Job = Box<dyn FnOnce(rusqlite::Connection) -> rusqlite::Connection + Send>;

pub(crate) struct Sqlite {
    writer: mpsc::Sender<Job>,
    readers: Readers,
    reader_permits: Arc<Semaphore>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut connection = connect(path)?;
        // A negative number is one of KiB, not of pages.
        connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        connection.pragma_update(None, "wal_autocheckpoint", MOST_PAGES_AHEAD)?;
        let (writer, jobs) = mpsc::channel::<Job>();
        let checkpoints = Checkpoints::begin(path)?;
        spawn("sqlite-writer", move || {
            for job in jobs {
                connection = job(connection);
                checkpoints.is_due.store(true, Ordering::Relaxed);
            }
        })?;
        Ok(Self {
            writer,
            readers: Readers { path: path.into(), idle: Arc::default() },
            reader_permits: Arc::new(Semaphore::new(READERS)),
        })
    }

    pub(crate) async fn write(&self, unit: Unit) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let (connection, result) = run("BEGIN IMMEDIATE", connection, &unit);
            // Whoever asked may have gone; the work is committed all the same.
            reply.send(result).ok();
            connection
        });
        self.writer.send(job).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    pub(crate) async fn read(&self, unit: Unit) -> Result<()> {
        let permit = self.reader_permits.clone().acquire_owned().await.map_err(|_| gone())?;
        let readers = self.readers.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let result = readers.run(&unit);
            drop(permit);
            result
        });
        reading.await.map_err(|error| Error::Driver(format!("a reader ended: {error}")))?
    }

    /// Copies the database as it is at one moment into a new file, which is on the disk when this returns.
    pub(crate) async fn copy_to(&self, file: &Path) -> Result<()> {
        let (path, file) = (self.readers.path.clone(), file.to_owned());
        let copying = tokio::task::spawn_blocking(move || {
            let connection = connect(&path)?;
            connection.execute("VACUUM INTO ?1", [file.to_string_lossy()])?;
            let synced = std::fs::File::open(&file).and_then(|copy| copy.sync_all());
            synced.map_err(|error| Error::Driver(format!("the copy is not on the disk: {error}")))
        });
        copying.await.map_err(|error| Error::Driver(format!("the copying ended: {error}")))?
    }

    /// Reads on the thread that it is called on: for what takes no longer than to hand it to another. There are never more
    /// of these at once than threads that ask.
    pub(crate) fn read_here(&self, unit: &Unit) -> Result<()> {
        self.readers.run(unit)
    }
}

/// The thread that brings what was written ahead into the database. It ends with whoever has this.
struct Checkpoints {
    is_due: Arc<AtomicBool>,
    _ends: mpsc::Sender<()>,
}

impl Checkpoints {
    fn begin(path: &Path) -> Result<Self> {
        let connection = connect(path)?;
        let (ends, ended) = mpsc::channel();
        let is_due = Arc::new(AtomicBool::new(false));
        let due = is_due.clone();
        spawn("sqlite-checkpoints", move || {
            while ended.recv_timeout(CHECKPOINT_EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
                // What cannot be brought over now, or fails to be, is still written ahead, and is tried with what comes next.
                if due.swap(false, Ordering::Relaxed) {
                    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).ok();
                }
            }
        })?;
        Ok(Self { is_due, _ends: ends })
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    let spawned = std::thread::Builder::new().name(name.into()).spawn(work);
    spawned.map(drop).map_err(|error| Error::Driver(format!("the thread {name} does not start: {error}")))
}

/// The connections that read.
#[derive(Clone)]
struct Readers {
    path: Arc<Path>,
    idle: Arc<Mutex<Vec<rusqlite::Connection>>>,
}

impl Readers {
    /// Runs a unit of work on a connection of its own.
    fn run(&self, unit: &Unit) -> Result<()> {
        let idle = self.idle().pop();
        let connection = idle.map_or_else(|| connect_reader(&self.path), Ok)?;
        let (connection, result) = run("BEGIN DEFERRED", connection, unit);
        self.idle().push(connection);
        result
    }

    fn idle(&self) -> MutexGuard<'_, Vec<rusqlite::Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn gone() -> Error {
    Error::Driver("the database was closed".into())
}

/// Runs one unit of work on the thread it is called on. A panic within it rolls back and goes on as an error, so that
/// the connection, and with it the thread, outlives it.
fn run(begin: &str, connection: rusqlite::Connection, unit: &Unit) -> (rusqlite::Connection, Result<()>) {
    if let Err(error) = execute(&connection, begin, &[]) {
        return (connection, Err(error));
    }
    let mut tx = Tx::new(Connection::Sqlite(connection));
    let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| unit(&mut tx).now_or_never()));
    let worked = match ran {
        Ok(Some(worked)) => tx.verdict(worked),
        Ok(None) => Err(Error::Driver("a unit of work waited for something beside its transaction".into())),
        Err(_) => Err(Error::panicked()),
    };
    let Connection::Sqlite(connection) = tx.into_connection() else {
        unreachable!("a transaction keeps the connection it was made of")
    };
    let result = worked.and_then(|()| execute(&connection, "COMMIT", &[]).map(drop));
    if result.is_err() && !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK").ok();
    }
    (connection, result)
}

/// Refuses to write, as PostgreSQL does in a transaction that only reads.
fn connect_reader(path: &Path) -> Result<rusqlite::Connection> {
    let connection = connect(path)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn connect(path: &Path) -> Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    write_ahead(&connection)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// Makes the database write ahead, which it then does for good. Two that open a new one at once are in each other's way,
/// and SQLite does not wait for this by itself.
fn write_ahead(connection: &rusqlite::Connection) -> Result<()> {
    for _ in 0..WRITE_AHEAD_TRIES {
        match connection.pragma_update(None, "journal_mode", "wal").map_err(Error::from) {
            Err(Error::Busy(_)) => std::thread::sleep(WRITE_AHEAD_PAUSE),
            done => return done,
        }
    }
    Ok(connection.pragma_update(None, "journal_mode", "wal")?)
}
