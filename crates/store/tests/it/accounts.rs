//! Accounts, users and tokens, and the counters of submission ids.

use crate::database::Db;
use crate::samples::{ACCOUNT, OTHER_ACCOUNT, account, prepare, user};
use fillhouse_model::{Account, AccountId, SubmissionId, Token, User, UserId};
use fillhouse_store::Error;

conformance! {
    an_account_is_stored_and_replaced,
    accounts_are_listed_by_id_in_pages,
    an_account_is_found_by_its_directory,
    two_accounts_cannot_have_one_directory,
    submission_ids_count_up,
    reserved_submission_ids_are_never_handed_out,
    a_user_is_stored_and_replaced,
    users_are_listed_by_id_in_pages,
    the_first_user_of_an_account_is_found,
    a_user_needs_its_account,
    a_token_is_stored_replaced_and_deleted,
    tokens_are_listed_in_the_order_they_came,
    a_nul_in_a_text_is_neither_an_error_nor_a_match,
}

async fn an_account_is_stored_and_replaced(db: Db) {
    assert_eq!(read!(db, |tx| tx.account(ACCOUNT).await).unwrap(), None);
    let first = account(ACCOUNT);
    write!(db, [first], |tx| tx.put_account(&first).await).unwrap();
    assert_eq!(read!(db, |tx| tx.account(ACCOUNT).await).unwrap(), Some(first));

    let second = Account {
        user_dir: "other".into(),
        name: "Ещё".into(),
        timezone: "Asia/Tokyo".into(),
        ..account(ACCOUNT)
    };
    write!(db, [second], |tx| tx.put_account(&second).await).unwrap();
    assert_eq!(read!(db, |tx| tx.account(ACCOUNT).await).unwrap(), Some(second));
    assert_eq!(db.count("accounts").await, 1);
}

async fn accounts_are_listed_by_id_in_pages(db: Db) {
    let all = [3, 1, 20].map(|id| account(AccountId(id)));
    write!(db, [all], |tx| {
        for account in &all {
            tx.put_account(account).await?;
        }
        Ok(())
    })
    .unwrap();
    let ids = |accounts: Vec<Account>| accounts.into_iter().map(|account| account.id.0).collect::<Vec<_>>();
    assert_eq!(ids(read!(db, |tx| tx.accounts_after(AccountId(0), 2).await).unwrap()), [1, 3]);
    assert_eq!(ids(read!(db, |tx| tx.accounts_after(AccountId(3), 2).await).unwrap()), [20]);
}

async fn an_account_is_found_by_its_directory(db: Db) {
    prepare(&db).await;
    let found = read!(db, |tx| Ok((tx.account_in("dir-2").await?, tx.account_in("dir-3").await?))).unwrap();
    assert_eq!(found, (Some(account(OTHER_ACCOUNT)), None));
}

async fn two_accounts_cannot_have_one_directory(db: Db) {
    write!(db, |tx| tx.put_account(&account(ACCOUNT)).await).unwrap();
    let thief = Account { user_dir: account(ACCOUNT).user_dir, ..account(OTHER_ACCOUNT) };
    let refused = write!(db, [thief], |tx| tx.put_account(&thief).await);
    assert!(matches!(refused, Err(Error::Constraint(_))), "{refused:?}");
}

async fn submission_ids_count_up(db: Db) {
    prepare(&db).await;
    let take = |count| {
        let db = &db;
        async move { write!(db, |tx| tx.take_submission_ids(ACCOUNT, count).await).unwrap().unwrap().0 }
    };
    assert_eq!([take(1).await, take(3).await, take(1).await], [10_000_001, 10_000_002, 10_000_005]);
    // Replacing the account must not begin anew.
    write!(db, |tx| tx.put_account(&account(ACCOUNT)).await).unwrap();
    assert_eq!(take(1).await, 10_000_006);

    let other = write!(db, |tx| tx.take_submission_ids(OTHER_ACCOUNT, 1).await).unwrap();
    assert_eq!(other, Some(SubmissionId(10_000_001)));
    assert_eq!(write!(db, |tx| tx.take_submission_ids(AccountId(99), 1).await).unwrap(), None);
}

async fn reserved_submission_ids_are_never_handed_out(db: Db) {
    prepare(&db).await;
    let next = write!(db, |tx| {
        tx.reserve_submission_ids(ACCOUNT, SubmissionId(10_000_500)).await?;
        tx.reserve_submission_ids(ACCOUNT, SubmissionId(7)).await?;
        tx.take_submission_ids(ACCOUNT, 1).await
    });
    assert_eq!(next.unwrap(), Some(SubmissionId(10_000_501)));
}

async fn a_user_is_stored_and_replaced(db: Db) {
    prepare(&db).await;
    let named = User { name: Some("Ann".into()), email: "a@b".into(), ..user(1, OTHER_ACCOUNT) };
    write!(db, [named], |tx| tx.put_user(&named).await).unwrap();
    assert_eq!(read!(db, |tx| tx.user(UserId(1)).await).unwrap(), Some(named));
    assert_eq!(read!(db, |tx| tx.user(UserId(3)).await).unwrap(), None);
    assert_eq!(db.count("users").await, 2);
}

async fn users_are_listed_by_id_in_pages(db: Db) {
    prepare(&db).await;
    write!(db, |tx| tx.put_user(&user(30, ACCOUNT)).await).unwrap();
    let page = read!(db, |tx| tx.users_after(UserId(1), 1).await).unwrap();
    assert_eq!(page, [user(2, OTHER_ACCOUNT)]);
    let rest = read!(db, |tx| tx.users_after(UserId(2), 9).await).unwrap();
    assert_eq!(rest, [user(30, ACCOUNT)]);
}

async fn the_first_user_of_an_account_is_found(db: Db) {
    prepare(&db).await;
    let users = [user(9, OTHER_ACCOUNT), user(8, ACCOUNT)];
    write!(db, [users], |tx| {
        for user in &users {
            tx.put_user(user).await?;
        }
        Ok(())
    })
    .unwrap();
    let first = async |account| read!(db, |tx| tx.first_user(account).await).unwrap().map(|user| user.id.0);
    assert_eq!(
        (first(ACCOUNT).await, first(OTHER_ACCOUNT).await, first(AccountId(3)).await),
        (Some(1), Some(2), None)
    );
}

async fn a_user_needs_its_account(db: Db) {
    let refused = write!(db, |tx| tx.put_user(&user(1, ACCOUNT)).await);
    assert!(matches!(refused, Err(Error::Constraint(_))), "{refused:?}");
}

fn token(hash: &str) -> Token {
    let abilities = vec!["forms-read".into(), "unheard-of \"ability\"".into()];
    Token { hash: hash.into(), account_id: ACCOUNT, user_id: UserId(1), name: "t".into(), abilities }
}

async fn a_token_is_stored_replaced_and_deleted(db: Db) {
    prepare(&db).await;
    write!(db, |tx| tx.put_token(&token("aa")).await).unwrap();
    assert_eq!(read!(db, |tx| tx.token("aa").await).unwrap(), Some(token("aa")));
    assert_eq!(read!(db, |tx| tx.token("ab").await).unwrap(), None);

    let changed = Token { abilities: vec![], name: "u".into(), user_id: UserId(2), ..token("aa") };
    write!(db, [changed], |tx| tx.put_token(&changed).await).unwrap();
    assert_eq!(read!(db, |tx| tx.token("aa").await).unwrap(), Some(changed));

    assert!(write!(db, |tx| tx.delete_token("aa").await).unwrap());
    assert!(!write!(db, |tx| tx.delete_token("aa").await).unwrap());
    assert_eq!(db.count("tokens").await, 0);
}

async fn tokens_are_listed_in_the_order_they_came(db: Db) {
    prepare(&db).await;
    write!(db, |tx| {
        for hash in ["cc", "aa", "bb", "cc"] {
            tx.put_token(&token(hash)).await?;
        }
        Ok(())
    })
    .unwrap();
    let first = read!(db, |tx| tx.tokens_after(0, 2).await).unwrap();
    assert_eq!(first.iter().map(|(token, _)| token.hash.as_str()).collect::<Vec<_>>(), ["cc", "aa"]);
    let after = first[1].1;
    let rest = read!(db, |tx| tx.tokens_after(after, 9).await).unwrap();
    assert_eq!(rest.iter().map(|(token, _)| token.hash.as_str()).collect::<Vec<_>>(), ["bb"]);
}

/// PostgreSQL has no NUL in its texts, and ids come from URLs, which may hold `%00`.
async fn a_nul_in_a_text_is_neither_an_error_nor_a_match(db: Db) {
    prepare(&db).await;
    write!(db, |tx| tx.put_token(&token("aa")).await).unwrap();
    assert_eq!(read!(db, |tx| tx.token("aa\0").await).unwrap(), None);

    let odd = User { name: Some("a\0b".into()), ..user(1, ACCOUNT) };
    write!(db, [odd], |tx| tx.put_user(&odd).await).unwrap();
    let kept = read!(db, |tx| tx.user(UserId(1)).await).unwrap().unwrap();
    assert_eq!(kept.name.as_deref(), Some("a\u{fffd}b"));
}
