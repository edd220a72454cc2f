//! Whom a request means, and what becomes of them.

use super::{AUDIENCE, DYNAMIC, FIXED, id, lines, reader, writer};
use crate::house::House;
use fillhouse_engine::{Error, Matching, NewProfile, NewSegment, ProfileQuery};
use fillhouse_model::filter::Spelling;
use fillhouse_model::{AudienceId, ErrorKind, SegmentId};

on_both!(
    a_profile_is_found_by_what_it_is_known_by,
    whoever_is_known_is_changed_and_whoever_is_not_is_new,
    two_who_add_the_same_person_make_one_profile,
    what_is_given_must_be_of_the_fields_type,
    profiles_are_listed_page_by_page,
    whoever_is_deleted_is_gone,
    segments_are_made_and_counted,
    a_dump_of_what_was_changed_can_be_imported,
);

fn email(text: &str) -> Matching {
    Matching::Email(text.into())
}

fn field(name: &str, value: &str) -> Matching {
    Matching::Field { name: name.into(), value: value.into() }
}

fn person(matching: Option<Matching>, json: &str) -> NewProfile {
    NewProfile { matching, json: json.into(), spelling: Spelling::Typed }
}

async fn a_profile_is_found_by_what_it_is_known_by(house: House) {
    house.import_text(lines()).await;
    let reader = reader(&house).await;
    let found = async |matching| {
        reader.profile(AUDIENCE, matching).await.map(|profile| profile.id).map_err(|e| e.kind())
    };
    for (matching, number) in [
        (email(" ADA@example.ORG"), 1),
        (Matching::Phone("+2".into()), 2),
        (Matching::Id(id(3)), 3),
        (field("occupation", "admiral"), 2),
        (field("age", "85"), 2),
        (field("born", "1906-12-09T00:00:00Z"), 2),
        (field("tags", "b, a"), 1),
    ] {
        assert_eq!(found(matching.clone()).await, Ok(id(number)), "{matching:?}");
    }
    for matching in [
        email("nobody@example.org"),
        email(""),
        Matching::Phone("none".into()),
        Matching::Id(id(9)),
        field("age", "old"),
        field("nothing", "1"),
        field("tags", "a, c"),
    ] {
        assert_eq!(found(matching.clone()).await, Err(ErrorKind::NotFound), "{matching:?}");
    }
    for matching in [Matching::Phone("49-30-1".into()), field("occupation", "doctor")] {
        assert_eq!(found(matching.clone()).await, Err(ErrorKind::Conflict), "{matching:?}");
    }
}

async fn whoever_is_known_is_changed_and_whoever_is_not_is_new(house: House) {
    house.import_text(lines()).await;
    let (reader, writer) = (reader(&house).await, writer(&house).await);
    let stored = writer
        .store(
            AUDIENCE,
            vec![
                person(
                    Some(email("ada@example.org")),
                    r#"{"age":37,"tags":null,"born":"1815-12-10","_status":1}"#,
                ),
                person(Some(email("new@example.org")), r#"{"occupation":"nurse","phones":"5"}"#),
                person(Some(field("occupation", "pilot")), "{}"),
                person(Some(Matching::Id(id(9))), "{}"),
                person(Some(Matching::Phone("49301".into())), "{}"),
                person(None, r#"{"email":"ADA@example.org"}"#),
            ],
        )
        .await
        .unwrap();
    let kinds: Vec<Option<ErrorKind>> =
        stored.iter().map(|stored| stored.as_ref().err().map(Error::kind)).collect();
    let conflict = Some(ErrorKind::Conflict);
    assert_eq!(kinds, [None, None, None, Some(ErrorKind::NotFound), conflict, conflict]);
    let ada = reader.profile(AUDIENCE, email("ada@example.org")).await.unwrap();
    assert_eq!((ada.id, ada.status.as_deref()), (id(1), Some("unsubscribed")));
    assert_eq!(ada.fields, r#"{"occupation":"doctor","age":37,"born":"1815-12-10"}"#);
    let new = reader.profile(AUDIENCE, Matching::Phone("5".into())).await.unwrap();
    assert_eq!((new.email.as_deref(), &*new.fields), (Some("new@example.org"), r#"{"occupation":"nurse"}"#));
    assert_eq!(
        reader.profile(AUDIENCE, field("occupation", "pilot")).await.unwrap().id,
        *stored[2].as_ref().unwrap()
    );
    assert_eq!(house.number("SELECT profiles FROM audiences WHERE id = 5").await, 5);
}

async fn two_who_add_the_same_person_make_one_profile(house: House) {
    house.import_text(lines()).await;
    let writer = writer(&house).await;
    let adding = (0..8).map(|n| {
        let json = format!(r#"{{"email":"Same@example.org","age":{n}}}"#);
        writer.store(AUDIENCE, vec![person(Some(email("same@example.org")), &json)])
    });
    let ids: std::collections::BTreeSet<_> = futures::future::join_all(adding)
        .await
        .into_iter()
        .map(|stored| *stored.unwrap()[0].as_ref().unwrap())
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(house.count("profiles WHERE audience_id = 5").await, 4);
}

async fn what_is_given_must_be_of_the_fields_type(house: House) {
    house.import_text(lines()).await;
    let writer = writer(&house).await;
    for (json, said) in [
        (r#"{"age":"36"}"#, "data.age: is not of the type int"),
        (r#"{"age":1.5}"#, "data.age: is not of the type int"),
        (r#"{"occupation":1}"#, "data.occupation: is not of the type string"),
        (r#"{"born":"yesterday"}"#, "data.born: is not of the type date"),
        (r#"{"tags":[1]}"#, "data.tags: is not of the type tags"),
        (r#"{"height":1}"#, "data.height: is no field of the audience"),
        (r#"{"email":"nobody"}"#, "data.email: is not an e-mail address"),
        (r#"{"phones":[1]}"#, "data.phones: is not a text"),
        (r#"{"id":"000000000000000000000009"}"#, "data.id: cannot be given"),
        (r#"{"status":7}"#, "data.status: is not the number of a status"),
        ("[]", "data: "),
    ] {
        let stored = writer.store(AUDIENCE, vec![person(None, json)]).await.unwrap();
        let refused = stored[0].as_ref().unwrap_err();
        assert!(refused.message().starts_with(said), "{json}: {}", refused.message());
    }
    let as_texts = NewProfile {
        spelling: Spelling::Texts,
        ..person(None, r#"{"age":" 36 ","born":"","tags":"x","occupation":""}"#)
    };
    let id = *writer.store(AUDIENCE, vec![as_texts]).await.unwrap()[0].as_ref().unwrap();
    let kept = reader(&house).await.profile(AUDIENCE, Matching::Id(id)).await.unwrap();
    assert_eq!(kept.fields, r#"{"age":36,"tags":["x"],"occupation":""}"#);
}

async fn profiles_are_listed_page_by_page(house: House) {
    house.import_text(lines()).await;
    let reader = reader(&house).await;
    let page = async |after, limit, query: Option<&str>| {
        let names = ["_id".to_owned(), "age".to_owned()];
        let page =
            reader.profiles(AUDIENCE, after, limit, query.map(ProfileQuery::typed), &names).await.unwrap();
        (page.profiles, page.next)
    };
    let shown = |n: u8, age: &str| format!(r#"{{"id":"{}"{age}}}"#, id(n));
    let (ada, grace, third) = (shown(1, r#","age":36"#), shown(2, r#","age":85"#), shown(3, ""));
    assert_eq!(page(None, 2, None).await, (vec![ada.clone(), grace], Some(id(2))));
    assert_eq!(page(Some(id(2)), 2, None).await, (vec![third.clone()], None));
    let doctors = Some(r#"{"occupation":"doctor"}"#);
    assert_eq!(page(None, 1, doctors).await, (vec![ada], Some(id(1))));
    assert_eq!(page(Some(id(1)), 1, doctors).await, (vec![third], None));
}

async fn whoever_is_deleted_is_gone(house: House) {
    house.import_text(lines()).await;
    let (reader, writer) = (reader(&house).await, writer(&house).await);
    assert_eq!(writer.delete(AUDIENCE, email("ada@example.org")).await.unwrap(), id(1));
    let again = writer.delete(AUDIENCE, email("ada@example.org")).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::NotFound);
    assert_eq!(reader.segment(FIXED).await.unwrap().count, 1);
    let several = writer.delete(AUDIENCE, field("occupation", "doctor")).await;
    assert_eq!(several.unwrap(), id(3));
}

async fn segments_are_made_and_counted(house: House) {
    house.import_text(lines()).await;
    let (reader, writer) = (reader(&house).await, writer(&house).await);
    let new = |query: Option<&str>| NewSegment {
        audience_id: AUDIENCE,
        name: "New".into(),
        query: query.map(ProfileQuery::typed),
    };
    let old = writer.add_segment(new(Some(r#"{ "age": {"$gt": 40} }"#))).await.unwrap();
    let fixed = writer.add_segment(new(None)).await.unwrap();
    assert_eq!((old, fixed), (SegmentId(4), SegmentId(5)));
    let details = reader.segment(old).await.unwrap();
    assert_eq!((details.count, details.query.as_deref()), (1, Some(r#"{"age":{"$gt":40}}"#)));
    for number in [3, 3, 1] {
        writer.set_member((AUDIENCE, fixed), id(number), true).await.unwrap();
    }
    writer.set_member((AUDIENCE, fixed), id(1), false).await.unwrap();
    assert_eq!(reader.segment(fixed).await.unwrap().count, 1);
    let refused = async |segment, profile| {
        writer.set_member((AUDIENCE, segment), id(profile), true).await.unwrap_err().kind()
    };
    assert_eq!(refused(fixed, 9).await, ErrorKind::NotFound);
    assert_eq!(refused(SegmentId(3), 1).await, ErrorKind::NotFound);
    assert_eq!(refused(DYNAMIC, 1).await, ErrorKind::Conflict);
    let bad = writer.add_segment(new(Some(r#"{"$where":1}"#))).await.unwrap_err();
    assert_eq!(bad.message(), "query.$where: is not an operator that is known here");
    let theirs =
        writer.add_segment(NewSegment { audience_id: AudienceId(6), ..new(None) }).await.unwrap_err();
    assert_eq!(theirs.kind(), ErrorKind::NotFound);
    let page = reader.segments(SegmentId(1), 2).await.unwrap();
    assert_eq!((page.segments.len(), page.next, page.total), (2, Some(SegmentId(4)), 4));
}

async fn a_dump_of_what_was_changed_can_be_imported(house: House) {
    house.import_text(lines()).await;
    let writer = writer(&house).await;
    writer.store(AUDIENCE, vec![person(Some(email("x@example.org")), r#"{"tags":["t"]}"#)]).await.unwrap();
    writer.delete(AUDIENCE, Matching::Id(id(2))).await.unwrap();
    // It is from the profile that is gone: the link goes, the submission stays.
    let linked = r#"{"kind":"form","id":7,"account_id":1,"shortname":"form_00000007","directory":"d","slug":"s","name":"F","state":"open","items":[{"id":"1","type":"text","label":"Name"}]}
{"kind":"submission","form_id":7,"id":10000001,"status":"Complete","date_finish":"2026-04-01T00:00:00Z","date_update":"2026-04-01T00:00:00Z","audience_id":5,"profile_id":"000000000000000000000001","answers":{"1":"Ada"}}
"#;
    house.import(linked).await;
    writer.delete(AUDIENCE, Matching::Id(id(1))).await.unwrap();
    let dump = house.dump().await;
    assert!(house.dumped("\"kind\":\"submission\"").await[0].contains("Ada"));
    let other = house.other_kind().await;
    other.import(&dump).await;
    assert_eq!(other.dump().await, dump);
}
