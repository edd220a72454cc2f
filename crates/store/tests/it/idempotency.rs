//! Idempotency keys.

use crate::database::{Db, at};
use crate::samples::{ACCOUNT, OTHER_ACCOUNT, prepare};
use fillhouse_store::{Error, Remembered};

conformance! {
    a_key_is_remembered_once_and_forgotten_when_old,
}

fn answer(response: &str) -> Remembered {
    Remembered { fingerprint: "f1".into(), response: response.into() }
}

async fn a_key_is_remembered_once_and_forgotten_when_old(db: Db) {
    prepare(&db).await;
    assert_eq!(read!(db, |tx| tx.remembered(ACCOUNT, "k").await).unwrap(), None);
    write!(db, |tx| {
        tx.remember(ACCOUNT, "k", &answer("one"), at(10)).await?;
        tx.remember(OTHER_ACCOUNT, "k", &answer("other"), at(20)).await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| tx.remembered(ACCOUNT, "k").await).unwrap(), Some(answer("one")));

    let again = write!(db, |tx| tx.remember(ACCOUNT, "k", &answer("two"), at(30)).await);
    assert!(matches!(again, Err(Error::Constraint(_))), "{again:?}");

    assert_eq!(write!(db, |tx| tx.forget_keys(at(10)).await).unwrap(), 0);
    assert_eq!(write!(db, |tx| tx.forget_keys(at(20)).await).unwrap(), 1);
    assert_eq!(read!(db, |tx| tx.remembered(ACCOUNT, "k").await).unwrap(), None);
    assert_eq!(read!(db, |tx| tx.remembered(OTHER_ACCOUNT, "k").await).unwrap(), Some(answer("other")));
}
