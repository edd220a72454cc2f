//! Audiences and profiles, and what profiles are found by.

use crate::database::{Db, at};
use crate::samples::{ACCOUNT, OTHER_ACCOUNT, prepare};
use fillhouse_model::{Audience, AudienceId, Field, FieldType, Profile, ProfileId};

conformance! {
    an_audience_is_stored_replaced_and_listed,
    the_audiences_of_an_account_are_listed,
    profiles_are_stored_and_found_in_the_order_asked,
    of_equal_profiles_in_one_call_the_last_one_stays,
    profiles_are_listed_by_id_in_pages,
    a_profile_is_found_by_what_it_has_now_and_by_nothing_else,
    deleted_profiles_are_gone_and_no_others,
    an_audience_knows_how_many_profiles_it_has,
    a_profile_needs_its_audience,
}

pub(crate) const AUDIENCE: AudienceId = AudienceId(5);

pub(crate) fn audience(id: AudienceId, fields: Vec<Field>) -> Audience {
    Audience { id, account_id: ACCOUNT, name: format!("Audience {id}"), fields }
}

pub(crate) async fn prepare_audience(db: &Db) {
    prepare(db).await;
    write!(db, |tx| tx.put_audience(&audience(AUDIENCE, Vec::new())).await).unwrap();
}

pub(crate) fn profile_id(number: u32) -> ProfileId {
    let mut id = [0xab; 12];
    id[..4].copy_from_slice(&number.to_be_bytes());
    ProfileId(id)
}

pub(crate) fn profile(number: u32) -> Profile {
    Profile {
        id: profile_id(number),
        audience_id: AUDIENCE,
        email: Some(format!("{number}@example.org")),
        phones: vec!["+7 900".into(), format!("{number}")],
        status: None,
        fields: r#"{"b":1,"a":"я"}"#.into(),
    }
}

/// Stores profiles at the epoch.
pub(crate) async fn put(db: &Db, profiles: &[Profile]) {
    let profiles = profiles.to_vec();
    write!(db, [profiles], |tx| tx.put_profiles(AUDIENCE, &profiles, at(0)).await).unwrap();
}

async fn an_audience_is_stored_replaced_and_listed(db: Db) {
    prepare_audience(&db).await;
    let fields = FieldType::ALL.map(|(kind, name)| Field { name: name.into(), kind }).to_vec();
    let changed = audience(AUDIENCE, fields);
    let other = audience(AudienceId(4), Vec::new());
    write!(db, [changed, other], |tx| {
        tx.put_audience(&changed).await?;
        tx.put_audience(&other).await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| tx.audience(AUDIENCE).await).unwrap(), Some(changed.clone()));
    assert_eq!(read!(db, |tx| tx.audience(AudienceId(6)).await).unwrap(), None);
    assert_eq!(read!(db, |tx| tx.audiences_after(AudienceId(0), 1).await).unwrap(), [other]);
    assert_eq!(read!(db, |tx| tx.audiences_after(AudienceId(4), 9).await).unwrap(), [changed]);
}

async fn the_audiences_of_an_account_are_listed(db: Db) {
    prepare_audience(&db).await;
    let foreign = Audience { account_id: OTHER_ACCOUNT, ..audience(AudienceId(6), Vec::new()) };
    write!(db, [foreign], |tx| {
        tx.put_audience(&foreign).await?;
        tx.put_audience(&audience(AudienceId(7), Vec::new())).await
    })
    .unwrap();
    let listed = async |from: i64, limit: i64| {
        let found = read!(db, |tx| tx.audiences_of(ACCOUNT, AudienceId(from), limit).await).unwrap();
        found.iter().map(|audience| audience.id.0).collect::<Vec<_>>()
    };
    assert_eq!(listed(1, 9).await, [5, 7]);
    assert_eq!(listed(5, 1).await, [5]);
    assert_eq!(listed(6, 9).await, [7]);
    assert_eq!(read!(db, |tx| tx.count_audiences(ACCOUNT).await).unwrap(), 2);
}

async fn profiles_are_stored_and_found_in_the_order_asked(db: Db) {
    prepare_audience(&db).await;
    let bare =
        Profile { email: None, phones: vec![], status: Some("on".into()), fields: "{}".into(), ..profile(2) };
    put(&db, &[profile(1), profile(2), bare.clone()]).await;
    let found = read!(db, |tx| {
        tx.profiles(&[
            (AUDIENCE, profile_id(2)),
            (AUDIENCE, profile_id(9)),
            (AudienceId(6), profile_id(1)),
            (AUDIENCE, profile_id(1)),
        ])
        .await
    });
    assert_eq!(found.unwrap(), [Some(bare), None, None, Some(profile(1))]);
}

/// On PostgreSQL the statements are sent without waiting in between: their order must hold all the same.
async fn of_equal_profiles_in_one_call_the_last_one_stays(db: Db) {
    prepare_audience(&db).await;
    let all: Vec<Profile> =
        (0..500).map(|n| Profile { fields: format!("{{\"n\":{n}}}"), ..profile(n % 5) }).collect();
    put(&db, &all).await;
    assert_eq!(read!(db, |tx| tx.profiles_after(AUDIENCE, None, 9).await).unwrap(), all[495..]);
}

async fn profiles_are_listed_by_id_in_pages(db: Db) {
    prepare_audience(&db).await;
    put(&db, &[0x0a, 0xf0, 0x9f, 0x10].map(profile)).await;
    let first = read!(db, |tx| tx.profiles_after(AUDIENCE, None, 3).await).unwrap();
    assert_eq!(first, [0x0a, 0x10, 0x9f].map(profile));
    let rest = read!(db, |tx| tx.profiles_after(AUDIENCE, Some(profile_id(0x9f)), 3).await).unwrap();
    assert_eq!(rest, [profile(0xf0)]);
    assert_eq!(read!(db, |tx| tx.profiles_after(AudienceId(6), None, 3).await).unwrap(), []);
}

async fn with_key(db: &Db, key: &str) -> Vec<Profile> {
    let key = key.to_owned();
    read!(db, [key], |tx| tx.profiles_with_key(AUDIENCE, &key, 9).await).unwrap()
}

async fn a_profile_is_found_by_what_it_has_now_and_by_nothing_else(db: Db) {
    prepare_audience(&db).await;
    put(&db, &[profile(1), profile(2)]).await;
    assert_eq!(with_key(&db, "email:1@example.org").await, [profile(1)]);
    assert_eq!(with_key(&db, "phone:7900").await, [profile(1), profile(2)]);
    let moved =
        Profile { email: Some("New@Example.org".into()), phones: vec!["(7) 900".into()], ..profile(1) };
    put(&db, std::slice::from_ref(&moved)).await;
    assert_eq!(with_key(&db, "email:1@example.org").await, []);
    assert_eq!(with_key(&db, "phone:1").await, []);
    assert_eq!(with_key(&db, "email:new@example.org").await, std::slice::from_ref(&moved));
    assert_eq!(with_key(&db, "phone:7900").await, [moved, profile(2)]);
}

async fn deleted_profiles_are_gone_and_no_others(db: Db) {
    prepare_audience(&db).await;
    put(&db, &[1, 2, 3].map(profile)).await;
    let ids = [profile_id(1), profile_id(3), profile_id(9)];
    write!(db, |tx| tx.delete_profiles(AUDIENCE, &ids, at(1)).await).unwrap();
    assert_eq!(read!(db, |tx| tx.profiles_after(AUDIENCE, None, 9).await).unwrap(), [profile(2)]);
    assert_eq!(with_key(&db, "phone:7900").await, [profile(2)]);
    assert_eq!(db.count("profile_keys").await, 3);
}

async fn an_audience_knows_how_many_profiles_it_has(db: Db) {
    prepare_audience(&db).await;
    let count = async || read!(db, |tx| tx.count_profiles(AUDIENCE).await).unwrap();
    assert_eq!(count().await, 0);
    put(&db, &[1, 2, 3, 3].map(profile)).await;
    put(&db, &[3, 4].map(profile)).await;
    assert_eq!(count().await, 4);
    let ids = [profile_id(1), profile_id(9)];
    write!(db, |tx| tx.delete_profiles(AUDIENCE, &ids, at(1)).await).unwrap();
    assert_eq!(count().await, 3);
    write!(db, |tx| tx.put_audience(&audience(AUDIENCE, Vec::new())).await).unwrap();
    assert_eq!(count().await, 3);
}

async fn a_profile_needs_its_audience(db: Db) {
    prepare(&db).await;
    let missing = write!(db, |tx| tx.put_profiles(AUDIENCE, &[profile(1)], at(0)).await);
    assert!(matches!(missing, Err(fillhouse_store::Error::Constraint(_))), "{missing:?}");
}
