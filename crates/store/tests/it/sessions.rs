//! Sessions, and the links that begin them.

use crate::database::{Db, at};
use crate::samples::{ACCOUNT, prepare, user};
use fillhouse_store::SessionOwner;

conformance! {
    a_link_is_taken_once_and_in_time,
    a_session_lasts_until_it_expires_or_is_ended,
}

async fn owner(db: &Db) -> SessionOwner {
    prepare(db).await;
    let user = user(901, ACCOUNT);
    write!(db, [user], |tx| tx.put_user(&user).await).unwrap();
    SessionOwner { account_id: ACCOUNT, user_id: user.id }
}

async fn a_link_is_taken_once_and_in_time(db: Db) {
    let owner = owner(&db).await;
    write!(db, |tx| {
        tx.put_session("link", true, owner, at(10)).await?;
        tx.put_session("late", true, owner, at(10)).await?;
        tx.put_session("session", false, owner, at(10)).await
    })
    .unwrap();
    // A link is no session, and a session no link.
    assert_eq!(read!(db, |tx| tx.session("link", at(1)).await).unwrap(), None);
    assert_eq!(write!(db, |tx| tx.take_link("session", at(1)).await).unwrap(), None);
    assert_eq!(write!(db, |tx| tx.take_link("link", at(9)).await).unwrap(), Some(owner));
    assert_eq!(write!(db, |tx| tx.take_link("link", at(9)).await).unwrap(), None);
    assert_eq!(write!(db, |tx| tx.take_link("late", at(10)).await).unwrap(), None);
}

async fn a_session_lasts_until_it_expires_or_is_ended(db: Db) {
    let owner = owner(&db).await;
    write!(db, |tx| {
        tx.put_session("one", false, owner, at(10)).await?;
        tx.put_session("two", false, owner, at(20)).await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| tx.count_sessions(at(9)).await).unwrap(), 2);
    assert_eq!(read!(db, |tx| tx.session("one", at(9)).await).unwrap(), Some(owner));
    assert_eq!(read!(db, |tx| tx.session("one", at(10)).await).unwrap(), None);
    assert_eq!(write!(db, |tx| tx.drop_sessions(at(10)).await).unwrap(), 1);
    write!(db, |tx| tx.end_session("two").await).unwrap();
    assert_eq!(read!(db, |tx| tx.count_sessions(at(0)).await).unwrap(), 0);
}
