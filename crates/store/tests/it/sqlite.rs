//! What holds on SQLite alone: units of work run on threads of the store, and wait for nothing.

use crate::database::Db;
use crate::samples::{ACCOUNT, OTHER_ACCOUNT, account};
use fillhouse_store::{DatabaseUrl, Store};

#[tokio::test]
async fn a_unit_that_waits_for_something_else_is_refused() {
    let db = Db::sqlite().await;
    let waited = write!(db, |tx| {
        tx.put_account(&account(ACCOUNT)).await?;
        tokio::task::yield_now().await;
        tx.put_account(&account(OTHER_ACCOUNT)).await
    });
    let message = "the database failed: a unit of work waited for something beside its transaction";
    assert_eq!(waited.unwrap_err().to_string(), message);
    let waited = read!(db, |_tx| {
        tokio::task::yield_now().await;
        Ok(())
    });
    assert_eq!(waited.unwrap_err().to_string(), message);
    assert_eq!(db.count("accounts").await, 0);
    write!(db, |tx| tx.put_account(&account(ACCOUNT)).await).unwrap();
}

#[tokio::test]
async fn what_was_begun_is_committed_although_nobody_waits() {
    let db = Db::sqlite().await;
    let mut writing =
        Box::pin(db.store.write(|tx| Box::pin(async { tx.put_account(&account(ACCOUNT)).await })));
    assert!(futures::poll!(&mut writing).is_pending());
    drop(writing);
    // The writer takes one after the other: when this is done, so is that.
    write!(db, |tx| tx.put_account(&account(OTHER_ACCOUNT)).await).unwrap();
    assert_eq!(db.count("accounts").await, 2);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    std::fs::write(&path, "Dear reader, ".repeat(100)).unwrap();
    let error = Store::open(&DatabaseUrl::Sqlite(path)).await.err().unwrap().to_string();
    assert!(error.contains("not a database"), "{error}");
    let nowhere = folder.path().join("none").join("fillhouse.sqlite");
    assert!(Store::open(&DatabaseUrl::Sqlite(nowhere)).await.is_err());
}
