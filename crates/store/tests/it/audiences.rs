//! Audiences, profiles and segments.

use crate::database::Db;
use crate::samples::{ACCOUNT, prepare};
use fillhouse_model::{
    Audience, AudienceId, Field, FieldType, Profile, ProfileId, Segment, SegmentId, SegmentMembers,
};

conformance! {
    an_audience_is_stored_replaced_and_listed,
    profiles_are_stored_and_found_in_the_order_asked,
    of_equal_profiles_in_one_call_the_last_one_stays,
    profiles_are_listed_by_id_in_pages,
    a_fixed_segment_keeps_its_order,
    a_segment_changes_between_a_query_and_fixed,
    segments_are_listed_by_id_in_pages,
}

const AUDIENCE: AudienceId = AudienceId(5);

fn audience(id: AudienceId, fields: Vec<Field>) -> Audience {
    Audience { id, account_id: ACCOUNT, name: format!("Audience {id}"), fields }
}

async fn prepare_audience(db: &Db) {
    prepare(db).await;
    write!(db, |tx| tx.put_audience(&audience(AUDIENCE, Vec::new())).await).unwrap();
}

fn profile_id(number: u32) -> ProfileId {
    let mut id = [0xab; 12];
    id[..4].copy_from_slice(&number.to_be_bytes());
    ProfileId(id)
}

fn profile(number: u32) -> Profile {
    Profile {
        id: profile_id(number),
        audience_id: AUDIENCE,
        email: Some(format!("{number}@example.org")),
        phones: vec!["+7 900".into(), format!("{number}")],
        status: None,
        fields: r#"{"b": 1, "a": "я"}"#.into(),
    }
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

async fn profiles_are_stored_and_found_in_the_order_asked(db: Db) {
    prepare_audience(&db).await;
    let bare =
        Profile { email: None, phones: vec![], status: Some("on".into()), fields: "{}".into(), ..profile(2) };
    write!(db, [bare], |tx| tx.put_profiles(&[profile(1), profile(2), bare]).await).unwrap();
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
        (0..500).map(|n| Profile { fields: format!("{{\"n\": {n}}}"), ..profile(n % 5) }).collect();
    let last = all[495..].to_vec();
    write!(db, [all], |tx| tx.put_profiles(&all).await).unwrap();
    assert_eq!(read!(db, |tx| tx.profiles_after(AUDIENCE, None, 9).await).unwrap(), last);
}

async fn profiles_are_listed_by_id_in_pages(db: Db) {
    prepare_audience(&db).await;
    let all: Vec<Profile> = [0x0a, 0xf0, 0x9f, 0x10].map(profile).to_vec();
    write!(db, [all], |tx| tx.put_profiles(&all).await).unwrap();
    let first = read!(db, |tx| tx.profiles_after(AUDIENCE, None, 3).await).unwrap();
    assert_eq!(first, [0x0a, 0x10, 0x9f].map(profile));
    let rest = read!(db, |tx| tx.profiles_after(AUDIENCE, Some(profile_id(0x9f)), 3).await).unwrap();
    assert_eq!(rest, [profile(0xf0)]);
    assert_eq!(read!(db, |tx| tx.profiles_after(AudienceId(6), None, 3).await).unwrap(), []);
}

fn segment(id: i64, members: SegmentMembers) -> Segment {
    Segment { id: SegmentId(id), audience_id: AUDIENCE, name: format!("Segment {id}"), members }
}

async fn a_fixed_segment_keeps_its_order(db: Db) {
    prepare_audience(&db).await;
    // A member need not be a profile, and may be there twice: what that means is not the store's to say.
    let fixed = segment(1, SegmentMembers::Fixed([9, 2, 5, 2, 1].map(profile_id).to_vec()));
    write!(db, [fixed], |tx| tx.put_segment(&fixed).await).unwrap();
    assert_eq!(read!(db, |tx| tx.segment(SegmentId(1)).await).unwrap(), Some(fixed));
    assert_eq!(read!(db, |tx| tx.segment(SegmentId(2)).await).unwrap(), None);
}

async fn a_segment_changes_between_a_query_and_fixed(db: Db) {
    prepare_audience(&db).await;
    for members in [
        SegmentMembers::Query("{\"b\": 1, \"a\": 2}".into()),
        SegmentMembers::Fixed([3, 1].map(profile_id).to_vec()),
        SegmentMembers::Fixed(vec![profile_id(2)]),
        SegmentMembers::Fixed(Vec::new()),
        SegmentMembers::Query("{}".into()),
    ] {
        let changed = segment(1, members);
        write!(db, [changed], |tx| tx.put_segment(&changed).await).unwrap();
        assert_eq!(read!(db, |tx| tx.segment(SegmentId(1)).await).unwrap(), Some(changed));
    }
    assert_eq!(db.count("segment_profiles").await, 0);
}

async fn segments_are_listed_by_id_in_pages(db: Db) {
    prepare_audience(&db).await;
    let query = segment(3, SegmentMembers::Query("{}".into()));
    let fixed = segment(2, SegmentMembers::Fixed([7, 6].map(profile_id).to_vec()));
    write!(db, [query, fixed], |tx| {
        tx.put_segment(&query).await?;
        tx.put_segment(&fixed).await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| tx.segments_after(SegmentId(0), 1).await).unwrap(), [fixed]);
    assert_eq!(read!(db, |tx| tx.segments_after(SegmentId(2), 9).await).unwrap(), [query]);
}
