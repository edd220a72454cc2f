//! Migrations: each once, whoever comes first; and a schema that is not ours is refused.

use crate::database::{Db, at};
use fillhouse_store::{Error, Migrated, Store, migrations_known};

conformance! {
    migrating_twice_applies_nothing,
    two_that_start_at_once_migrate_once,
    a_migration_that_was_edited_is_refused,
    a_database_of_a_newer_program_is_refused,
    an_empty_database_is_told_how_to_migrate,
    a_database_that_lacks_one_is_told_how_to_migrate,
}

async fn migrating_twice_applies_nothing(migrated: Db) {
    let db = migrated.another_empty().await;
    let known: Vec<String> = migrations_known().into_iter().map(Into::into).collect();
    assert_eq!(db.store.migrate(at(5)).await.unwrap(), Migrated { applied: known });
    db.store.check_schema().await.unwrap();
    assert_eq!(db.store.migrate(at(6)).await.unwrap(), Migrated { applied: Vec::new() });
    assert_eq!(db.rows("SELECT DISTINCT applied_at FROM migrations").await, [["5000000"]]);
}

async fn two_that_start_at_once_migrate_once(migrated: Db) {
    let rounds = if migrated.is_sqlite() { 20 } else { 5 };
    for _ in 0..rounds {
        let place = migrated.place.another();
        let start = std::sync::Arc::new(std::sync::Barrier::new(2));
        // A thread and a runtime each, as two processes have.
        let processes = [(), ()].map(|()| {
            let (url, start) = (place.url(), start.clone());
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                start.wait();
                runtime.block_on(async {
                    let store = Store::open(&url).await?;
                    let migrated = store.migrate(at(0)).await?;
                    store.check_schema().await?;
                    Ok::<_, Error>(migrated.applied.len())
                })
            })
        });
        let applied: usize = processes.map(|process| process.join().unwrap().unwrap()).into_iter().sum();
        assert_eq!(applied, migrations_known().len());
    }
}

/// Both what migrates and what only looks must refuse, with `message`.
async fn assert_refused(db: &Db, message: &str) {
    for refused in [db.store.check_schema().await, db.store.migrate(at(0)).await.map(drop)] {
        let error = refused.unwrap_err();
        assert!(matches!(error, Error::Schema(_)), "{error:?}");
        assert_eq!(error.to_string(), message);
    }
}

async fn a_migration_that_was_edited_is_refused(db: Db) {
    db.execute("UPDATE migrations SET checksum = checksum + 1 WHERE name = '0001_initial'").await;
    assert_refused(&db, "0001_initial was applied in another wording than this program has").await;
}

async fn a_database_of_a_newer_program_is_refused(db: Db) {
    db.execute("INSERT INTO migrations (name, checksum, applied_at) VALUES ('9999_later', 1, 1)").await;
    assert_refused(&db, "the database was migrated by a newer fillhouse (9999_later): use that one").await;
}

async fn an_empty_database_is_told_how_to_migrate(migrated: Db) {
    let db = migrated.another_empty().await;
    let error = db.store.check_schema().await.unwrap_err();
    assert!(matches!(error, Error::Schema(_)), "{error:?}");
    assert_eq!(error.to_string(), "the database has no schema yet: run `fillhouse migrate`");
}

async fn a_database_that_lacks_one_is_told_how_to_migrate(db: Db) {
    let last = migrations_known().pop().unwrap();
    db.execute(&format!("DELETE FROM migrations WHERE name = '{last}'")).await;
    let error = db.store.check_schema().await.unwrap_err().to_string();
    assert_eq!(error, format!("the database lacks {last}: run `fillhouse migrate`"));
}
