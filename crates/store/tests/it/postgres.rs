//! What holds on PostgreSQL alone: units of work run side by side, and whoever waits for one may be gone.

use crate::database::{Db, OPEN};
use crate::samples::{ACCOUNT, OTHER_ACCOUNT, account, prepare};
use fillhouse_model::AccountId;
use fillhouse_store::{DatabaseUrl, Error, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Barrier, Notify};

#[tokio::test]
async fn a_unit_that_is_dropped_in_the_middle_leaves_nothing() {
    let db = Db::postgres().await;
    let reached = Arc::new(Notify::new());
    let (store, inner) = (db.store.clone(), reached.clone());
    let writing = tokio::spawn(async move {
        let unit = store.write::<()>(move |tx| {
            let reached = inner.clone();
            Box::pin(async move {
                tx.put_account(&account(ACCOUNT)).await?;
                reached.notify_one();
                std::future::pending().await
            })
        });
        unit.await
    });
    reached.notified().await;
    assert_eq!(db.number(OPEN).await, 1);
    writing.abort();
    assert!(writing.await.unwrap_err().is_cancelled());
    db.wait_for("the transaction to end", OPEN, 0).await;
    assert_eq!(db.count("accounts").await, 0);
    write!(db, |tx| tx.put_account(&account(ACCOUNT)).await).unwrap();
}

/// Dropped at each of its first awaits, that is also when nothing but BEGIN was sent.
#[tokio::test]
async fn a_unit_that_is_dropped_early_disturbs_nobody() {
    let db = Db::postgres().await;
    for polls in 1..8 {
        let mut reading = Box::pin(db.store.read(|tx| Box::pin(tx.account(ACCOUNT))));
        for _ in 0..polls {
            if futures::poll!(&mut reading).is_ready() {
                break;
            }
            db.store.ping().await.unwrap();
        }
        drop(reading);
        // In a transaction that was left open by a reading, this would be refused.
        write!(db, |tx| tx.put_account(&account(AccountId(polls))).await).unwrap();
        db.wait_for("the transaction to end", OPEN, 0).await;
    }
}

/// Locks two accounts, one after the other; on its first run the two wait for each other in between.
async fn lock_both(store: Store, first: AccountId, second: AccountId, meet: Arc<Barrier>) -> usize {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let unit = store.write(move |tx| {
        let (runs, meet) = (counted.clone(), meet.clone());
        Box::pin(async move {
            tx.take_submission_ids(first, 1).await?;
            if runs.fetch_add(1, Ordering::Relaxed) == 0 {
                meet.wait().await;
            }
            tx.take_submission_ids(second, 1).await
        })
    });
    unit.await.unwrap();
    runs.load(Ordering::Relaxed)
}

#[tokio::test]
async fn of_two_that_block_each_other_the_loser_runs_again() {
    let db = Db::postgres().await;
    prepare(&db).await;
    let meet = Arc::new(Barrier::new(2));
    let (one, other) = tokio::join!(
        lock_both(db.store.clone(), ACCOUNT, OTHER_ACCOUNT, meet.clone()),
        lock_both(db.store.clone(), OTHER_ACCOUNT, ACCOUNT, meet),
    );
    assert_eq!(one + other, 3);
    let next = db.rows("SELECT next_submission_id FROM accounts").await;
    assert_eq!(next, [["10000003"], ["10000003"]]);
}

/// A function of the database stands for one that finds that two transactions cannot both have been.
#[tokio::test]
async fn what_cannot_be_serialised_runs_again() {
    let db = Db::postgres().await;
    db.execute(
        "CREATE SEQUENCE runs; \
         CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF nextval('runs') < 3 THEN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END IF; \
         RETURN NEW; END $$; \
         CREATE TRIGGER refuse BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    .await;
    write!(db, |tx| tx.put_account(&account(ACCOUNT)).await).unwrap();
    assert_eq!(db.number("SELECT last_value FROM runs").await, 3);
    assert_eq!(db.count("accounts").await, 1);
}

#[tokio::test]
async fn a_unit_that_always_loses_is_given_up_as_busy() {
    let db = Db::postgres().await;
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let given_up = db.store.write::<()>(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Err(Error::Busy("again".into())) })
    });
    assert!(given_up.await.unwrap_err().is_transient());
    assert!((5..50).contains(&runs.load(Ordering::Relaxed)));
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_says_why_and_keeps_the_password() {
    for (url, expected) in
        [("postgres://me:secret@127.0.0.1:1/x", "refused"), ("postgres://me:secret@[/x", "cannot be read")]
    {
        let url = DatabaseUrl::Postgres(url.into());
        let error = Store::open(&url).await.err().unwrap().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("secret") && !format!("{url:?}").contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_database_that_went_away_is_not_taken_for_an_empty_one() {
    let db = Db::postgres().await;
    let url = db.place.url();
    let store = Store::open(&url).await.unwrap();
    drop(db);
    let error = store.check_schema().await.unwrap_err();
    assert!(matches!(error, Error::Driver(_)), "{error:?}");
}
