//! Tokens: made, used, and revoked.

use crate::house::{House, OTHER_SECRET, SECRET};
use crate::samples::{people, small_house};
use fillhouse_engine::{Error, NewToken};
use fillhouse_model::{AccountId, ErrorKind, UserId};
use std::fmt::Write as _;

on_both!(
    a_token_that_was_made_opens_its_account,
    abilities_are_all_that_a_token_may_do,
    a_revoked_token_ends_at_once_here_and_soon_elsewhere,
    a_token_needs_an_account_and_one_of_its_users,
    a_token_is_made_for_the_first_user_of_many,
    tokens_are_listed_in_the_order_they_came,
    an_account_is_found_by_its_id_and_its_directory,
);

fn new(account: i64, user: Option<i64>, abilities: &[&str]) -> NewToken {
    NewToken {
        account_id: AccountId(account),
        user_id: user.map(UserId),
        name: "made".into(),
        abilities: abilities.iter().map(|ability| (*ability).to_owned()).collect(),
    }
}

async fn refused(house: &House, secret: &str) -> ErrorKind {
    house.engine.caller(secret).await.err().expect("the token is not known").kind()
}

async fn a_token_that_was_made_opens_its_account(house: House) {
    house.import(&small_house()).await;
    let secret = house.engine.create_token(new(2, None, &["*"])).await.unwrap().secret;
    assert_eq!(secret.len(), 64);
    let caller = house.engine.caller(&secret).await.unwrap();
    let error = caller.forms_reader().unwrap().form_id(&crate::samples::FORM).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "the form is the other account's");
    assert!(!house.dump().await.contains(&secret), "it is kept by its hash");
    assert_eq!(refused(&house, &secret[..63]).await, ErrorKind::UnknownToken);
    assert_eq!(refused(&house, "").await, ErrorKind::UnknownToken);
}

async fn abilities_are_all_that_a_token_may_do(house: House) {
    house.import(&people()).await;
    for (abilities, may_read, may_write) in [
        (&["*"][..], true, true),
        (&["forms-read"], true, false),
        (&["forms-write"], false, true),
        (&["forms-write", "forms-read"], true, true),
        (&["profiles-read"], false, false),
        (&[], false, false),
    ] {
        let secret = house.engine.create_token(new(1, None, abilities)).await.unwrap().secret;
        let caller = house.engine.caller(&secret).await.unwrap();
        let forbidden = |error: Error| (error.kind(), error.message().to_owned());
        let reads = caller.forms_reader().map(drop).map_err(forbidden);
        let writes = caller.forms_writer().map(drop).map_err(forbidden);
        let lacks = |name| Err((ErrorKind::Forbidden, format!("the token lacks the ability {name}")));
        assert_eq!(reads, if may_read { Ok(()) } else { lacks("forms-read") }, "{abilities:?}");
        assert_eq!(writes, if may_write { Ok(()) } else { lacks("forms-write") }, "{abilities:?}");
    }
    for unknown in ["FORMS-READ", "", "forms-read "] {
        let refused = house.engine.create_token(new(1, None, &["forms-read", unknown])).await.unwrap_err();
        assert_eq!(refused.faults()[0].field, "ability", "{unknown}");
    }
}

async fn a_revoked_token_ends_at_once_here_and_soon_elsewhere(house: House) {
    house.import(&people()).await;
    let elsewhere = house.open(house.settings(), 2).await;
    elsewhere.caller(SECRET).await.unwrap();
    house.caller(SECRET).await;
    let shown = house.engine.list_tokens().await.unwrap();
    let revoked = house.engine.revoke_token(&shown[0].prefix).await.unwrap();
    assert_eq!(revoked, shown[0]);
    assert_eq!(refused(&house, SECRET).await, ErrorKind::UnknownToken);
    house.clock.advance_micros(999_999);
    assert!(elsewhere.caller(SECRET).await.is_ok(), "nobody told it yet");
    house.clock.advance_micros(1);
    assert_eq!(elsewhere.caller(SECRET).await.err().unwrap().kind(), ErrorKind::UnknownToken);
    house.caller(OTHER_SECRET).await;
}

async fn a_token_needs_an_account_and_one_of_its_users(house: House) {
    house.import(&people()).await;
    for (token, says) in [
        (new(3, None, &["*"]), "account: does not exist"),
        (new(1, Some(21), &["*"]), "user: is no user of the account"),
        (new(1, Some(99), &["*"]), "user: is no user of the account"),
    ] {
        let error = house.engine.create_token(token).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidArgument, says));
    }
    house.import(r#"{"kind":"account","id":3,"user_dir":"empty","name":"Empty"}"#).await;
    let error = house.engine.create_token(new(3, None, &["*"])).await.unwrap_err();
    assert_eq!(error.message(), "user: is no user of the account");
}

async fn a_token_is_made_for_the_first_user_of_many(house: House) {
    let mut lines = people();
    for id in 1_001..2_202 {
        writeln!(lines, r#"{{"kind":"user","id":{id},"account_id":1,"email":"{id}@acme.example"}}"#).unwrap();
    }
    lines += r#"{"kind":"account","id":3,"user_dir":"late","name":"Late"}
{"kind":"user","id":5000,"account_id":3,"email":"a@late.example"}
{"kind":"user","id":4999,"account_id":3,"email":"b@late.example"}
"#;
    house.import(&lines).await;
    house.engine.create_token(new(3, None, &["*"])).await.unwrap();
    house.engine.create_token(new(3, Some(5_000), &["*"])).await.unwrap();
    let made = house.engine.list_tokens().await.unwrap().split_off(2);
    let users: Vec<i64> = made.iter().map(|shown| shown.token.user_id.0).collect();
    assert_eq!(users, [4_999, 5_000]);
}

async fn tokens_are_listed_in_the_order_they_came(house: House) {
    house.import(&people()).await;
    for n in 0..3 {
        house.engine.create_token(NewToken { name: format!("made {n}"), ..new(1, None, &[]) }).await.unwrap();
    }
    let shown = house.engine.list_tokens().await.unwrap();
    let names: Vec<&str> = shown.iter().map(|shown| shown.token.name.as_str()).collect();
    assert_eq!(names, ["all", "all", "made 0", "made 1", "made 2"]);
    assert!(
        shown.iter().all(|shown| shown.prefix.len() == 12 && shown.token.hash.starts_with(&shown.prefix))
    );
    for prefix in ["", "no-such-prefix"] {
        let error = house.engine.revoke_token(prefix).await.unwrap_err();
        assert_eq!(error.message(), format!("prefix: {prefix:?} does not name exactly one token"));
    }
    assert_eq!(house.engine.list_tokens().await.unwrap(), shown);
}

async fn an_account_is_found_by_its_id_and_its_directory(house: House) {
    house.import(&(people() + r#"{"kind":"account","id":3,"user_dir":"2","name":"Two"}"#)).await;
    let named = async |name| house.engine.account_named(name).await.map(|account| account.id.0);
    assert_eq!(named("1").await.unwrap(), 1);
    assert_eq!(named("globex").await.unwrap(), 2);
    assert_eq!(named("2").await.unwrap(), 2, "an id comes first");
    assert_eq!(named("4").await.unwrap_err().message(), "account 4 was not found");
    assert_eq!(named("Acme").await.unwrap_err().kind(), ErrorKind::NotFound);
}
