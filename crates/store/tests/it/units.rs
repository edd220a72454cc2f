//! Units of work: all or nothing, whatever happens in the middle.

use crate::database::Db;
use crate::samples::{ACCOUNT, FORM, OTHER_ACCOUNT, account, prepare};
use fillhouse_store::{Error, Taken};

conformance! {
    a_unit_that_fails_changes_nothing,
    a_unit_that_panics_changes_nothing_and_the_store_goes_on,
    a_reading_that_panics_leaves_the_store_working,
    a_unit_cannot_go_on_after_a_statement_failed,
    a_reading_cannot_write,
    a_brief_reading_is_a_reading,
    many_writers_take_each_ordinal_once,
    a_store_says_that_it_is_there,
}

async fn a_unit_that_fails_changes_nothing(db: Db) {
    let failed: Result<(), _> = write!(db, |tx| {
        tx.put_account(&account(ACCOUNT)).await?;
        Err(Error::Driver("we think better of it".into()))
    });
    assert_eq!(failed.unwrap_err().to_string(), "the database failed: we think better of it");
    assert_eq!(db.count("accounts").await, 0);
}

async fn a_unit_that_panics_changes_nothing_and_the_store_goes_on(db: Db) {
    let early = db.store.write::<()>(|_| panic!("before it is a future")).await;
    assert_eq!(early.unwrap_err().to_string(), "the database failed: a unit of work panicked");
    let late: Result<(), _> = write!(db, |tx| {
        tx.put_account(&account(ACCOUNT)).await?;
        panic!("in the middle")
    });
    assert_eq!(late.unwrap_err().to_string(), "the database failed: a unit of work panicked");
    write!(db, |tx| tx.put_account(&account(OTHER_ACCOUNT)).await).unwrap();
    assert_eq!(db.rows("SELECT id FROM accounts").await, [["2"]]);
}

async fn a_reading_that_panics_leaves_the_store_working(db: Db) {
    // More often than there are connections.
    for _ in 0..20 {
        let panicked: Result<(), _> = read!(db, |tx| {
            tx.account(ACCOUNT).await?;
            panic!("in the middle")
        });
        assert_eq!(panicked.unwrap_err().to_string(), "the database failed: a unit of work panicked");
    }
    db.store.ping().await.unwrap();
}

/// PostgreSQL would commit nothing and say nothing, SQLite would commit the rest.
async fn a_unit_cannot_go_on_after_a_statement_failed(db: Db) {
    prepare(&db).await;
    let swallowed = write!(db, |tx| {
        tx.take_ordinals(FORM, 1, 1, 1).await?;
        let mut thief = account(OTHER_ACCOUNT);
        thief.user_dir = account(ACCOUNT).user_dir;
        tx.put_account(&thief).await.unwrap_err();
        Ok(())
    });
    let message = "the database failed: a unit of work went on although a statement of it had failed";
    assert_eq!(swallowed.unwrap_err().to_string(), message);
    assert_eq!(read!(db, |tx| tx.form_seq(FORM).await).unwrap(), 0);
}

async fn a_reading_cannot_write(db: Db) {
    // Twice, since a connection that has read before may be another one.
    for _ in 0..2 {
        let refused = read!(db, |tx| tx.put_account(&account(ACCOUNT)).await);
        assert!(matches!(refused, Err(Error::Driver(_))), "{refused:?}");
    }
    assert_eq!(db.count("accounts").await, 0);
}

async fn a_brief_reading_is_a_reading(db: Db) {
    prepare(&db).await;
    let mark = db.store.read_briefly(|tx| Box::pin(tx.form_mark(FORM))).await.unwrap();
    assert_eq!(mark, read!(db, |tx| tx.form_mark(FORM).await).unwrap());
    assert!(mark.is_some());
    for _ in 0..20 {
        let panicked: Result<(), _> = db.store.read_briefly(|_| panic!("before it is a future")).await;
        assert_eq!(panicked.unwrap_err().to_string(), "the database failed: a unit of work panicked");
    }
    let written = db
        .store
        .read_briefly(|tx| Box::pin(async move { tx.put_account(&account(OTHER_ACCOUNT)).await }))
        .await;
    assert!(matches!(written, Err(Error::Driver(_))), "{written:?}");
    db.store.ping().await.unwrap();
}

async fn many_writers_take_each_ordinal_once(db: Db) {
    prepare(&db).await;
    let writers: Vec<_> = (0..50)
        .map(|writer| {
            let store = db.store.clone();
            tokio::spawn(async move {
                let taking = store.write(move |tx| Box::pin(tx.take_ordinals(FORM, 1, 1 + writer % 3, 1)));
                (taking.await.unwrap().unwrap(), 1 + writer % 3)
            })
        })
        .collect();
    let mut runs = Vec::new();
    for writer in writers {
        runs.push(writer.await.unwrap());
    }
    runs.sort_by_key(|(taken, _)| taken.first_ordinal);
    let mut next = Taken { first_ordinal: 0, first_seq: 1, has_webhooks: false };
    for (taken, count) in runs {
        assert_eq!(taken, next);
        next.first_ordinal += count;
        next.first_seq += 1;
    }
    assert_eq!(read!(db, |tx| tx.form_seq(FORM).await).unwrap(), 50);
}

async fn a_store_says_that_it_is_there(db: Db) {
    db.store.ping().await.unwrap();
    assert_eq!(db.store.kind(), if db.is_sqlite() { "sqlite" } else { "postgres" });
    // The URL of a database may hold a password.
    let shown = format!("{:?}", db.place.url());
    assert!(!shown.contains("127.0.0.1"), "{shown}");
}
