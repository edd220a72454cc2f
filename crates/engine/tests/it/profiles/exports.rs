//! Files of profiles: what is in them, and that they are of one moment, however often they are begun.

use super::{
    AUDIENCE, DYNAMIC, FIXED, all, artifact, downloaded, export, id, lines, many, numbers, of_segment,
    reader, writer,
};
use crate::house::{House, OTHER_SECRET, do_jobs};
use fillhouse_engine::{
    ExportState, Matching, NewProfile, NewSegment, ProfileExport, ProfileFormat, ProfileQuery, ProfileSource,
    Settings,
};
use fillhouse_model::filter::Spelling;
use fillhouse_model::{ErrorKind, LEASE_MICROS, SegmentId};

on_both!(
    an_audience_is_exported_as_a_table_and_as_objects,
    a_segment_is_exported_whichever_kind_it_is,
    a_query_says_who_is_exported,
    a_query_that_cannot_be_read_is_refused,
    an_export_sees_what_there_was_when_it_was_asked_for,
    an_export_of_a_segment_outlives_it,
    a_killed_export_goes_on_and_gives_the_same_bytes,
    a_part_that_was_lost_is_written_again,
    the_same_export_of_the_same_profiles_is_the_same_file,
    what_an_export_leaves_behind_goes_with_its_file,
    what_is_anothers_is_not_found,
);

async fn an_audience_is_exported_as_a_table_and_as_objects(house: House) {
    house.import_text(lines()).await;
    let csv = "\
id,email,phones,status,occupation,age,born,tags
000000000000000000000001,Ada@example.org,+49 (30) 1,,doctor,36,,a | b
000000000000000000000002,grace@example.org,49301 | 2,subscribed,admiral,85,1906-12-09,
000000000000000000000003,,,,doctor,,,
";
    assert_eq!(export(&house, all(ProfileFormat::Csv)).await, csv);
    let json: serde_json::Value =
        serde_json::from_str(&export(&house, all(ProfileFormat::Json)).await).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 3);
    let first = r#"{"id":"000000000000000000000001","email":"Ada@example.org","phones":["+49 (30) 1"],"status":null,"occupation":"doctor","age":36,"tags":["a","b"]}"#;
    assert_eq!(json[0], serde_json::from_str::<serde_json::Value>(first).unwrap());
    let nobody =
        ProfileExport { query: Some(ProfileQuery::typed(r#"{"age":1}"#)), ..all(ProfileFormat::Json) };
    assert_eq!(export(&house, nobody).await, "[]\n");
}

async fn a_segment_is_exported_whichever_kind_it_is(house: House) {
    house.import_text(lines()).await;
    assert_eq!(numbers(&export(&house, of_segment(DYNAMIC, None)).await), ["1", "3"]);
    assert_eq!(numbers(&export(&house, of_segment(FIXED, None)).await), ["1", "2"]);
    assert_eq!(numbers(&export(&house, of_segment(DYNAMIC, Some(r#"{"age":{"$gt":1}}"#))).await), ["1"]);
    assert_eq!(numbers(&export(&house, of_segment(FIXED, Some(r#"{"occupation":"doctor"}"#))).await), ["1"]);
}

async fn a_query_says_who_is_exported(house: House) {
    house.import_text(lines()).await;
    for (json, spelling, expected) in [
        (r#"{"occupation":"doctor"}"#, Spelling::Typed, &["1", "3"][..]),
        (r#"{"age":"36"}"#, Spelling::Typed, &[]),
        (r#"{"age":"36"}"#, Spelling::Texts, &["1"]),
        (r#"{"born":{"$lt":"1910-01-01T00:00:00Z"}}"#, Spelling::Typed, &["2"]),
        (r#"{"tags":{"$all":["b","a"]}}"#, Spelling::Typed, &["1"]),
        (r#"{"email":{"$exists":false}}"#, Spelling::Typed, &["3"]),
        ("{}", Spelling::Typed, &["1", "2", "3"]),
    ] {
        let query = Some(ProfileQuery { json: json.into(), spelling });
        let csv = export(&house, ProfileExport { query, ..all(ProfileFormat::Csv) }).await;
        assert_eq!(numbers(&csv), expected, "{json}");
    }
}

async fn a_query_that_cannot_be_read_is_refused(house: House) {
    house.import_text(lines()).await;
    let reader = reader(&house).await;
    for (json, said) in [
        (r#"{"$where":"1"}"#, "query.$where: is not an operator that is known here"),
        (r#"{"age":1,"age":2}"#, "query.age: is given twice"),
        ("[]", "query: "),
        ("{", "query: is not JSON"),
        (&format!(r#"{{"a":"{}"}}"#, "x".repeat(100_000)), "query: is longer than 100000 bytes"),
    ] {
        let query = Some(ProfileQuery::typed(json));
        let refused =
            reader.start_export(ProfileExport { query, ..all(ProfileFormat::Csv) }).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidArgument);
        assert!(refused.message().starts_with(said), "{}", refused.message());
    }
    assert_eq!(house.count("jobs").await, 0);
}

async fn an_export_sees_what_there_was_when_it_was_asked_for(house: House) {
    house.import_text(lines()).await;
    let (reader, writer) = (reader(&house).await, writer(&house).await);
    let mut jobs = Vec::new();
    for request in [all(ProfileFormat::Csv), of_segment(FIXED, None), of_segment(DYNAMIC, None)] {
        jobs.push(reader.start_export(request).await.unwrap());
    }
    let changed = r#"{"occupation":"doctor","age":37}"#;
    let person = |matching, json: &str| NewProfile { matching, json: json.into(), spelling: Spelling::Typed };
    writer
        .store(AUDIENCE, vec![person(Some(Matching::Id(id(2))), changed), person(None, "{}")])
        .await
        .unwrap();
    writer.delete(AUDIENCE, Matching::Id(id(1))).await.unwrap();
    writer.set_member((AUDIENCE, FIXED), id(3), true).await.unwrap();
    // What is replaced is dropped as soon as it is old, but not while an export may still read it.
    house.clock.advance_micros(2 * 3_600_000_000);
    house.engine.drop_due().await.unwrap();
    house.do_jobs().await;
    let mut files = Vec::new();
    for job in &jobs {
        files.push(downloaded(&reader, &artifact(&reader, job).await).await);
    }
    assert_eq!(
        files.iter().map(|csv| numbers(csv)).collect::<Vec<_>>(),
        [vec!["1", "2", "3"], vec!["1", "2"], vec!["1", "3"]]
    );
    assert!(files[0].contains("admiral,85"), "{}", files[0]);
    house.engine.drop_due().await.unwrap();
    assert_eq!(house.count("profile_versions").await, 0);
    assert_eq!(numbers(&export(&house, of_segment(FIXED, None)).await), ["2", "3"]);
}

/// Four parts, the last of them not full.
const MANY: u32 = 26_000;

async fn an_export_of_a_segment_outlives_it(house: House) {
    house.import_text(lines()).await;
    let (reader, writer) = (reader(&house).await, writer(&house).await);
    let mut jobs = Vec::new();
    for segment in [FIXED, DYNAMIC] {
        jobs.push(reader.start_export(of_segment(segment, None)).await.unwrap());
    }
    for segment in [FIXED, DYNAMIC] {
        writer.delete_segment(segment).await.unwrap();
        let refused = reader.start_export(of_segment(segment, None)).await.unwrap_err();
        assert_eq!(refused.message(), format!("segment {segment} was not found"));
        assert_eq!(writer.delete_segment(segment).await.unwrap_err().kind(), ErrorKind::NotFound);
    }
    house.clock.advance_micros(2 * 3_600_000_000);
    house.engine.drop_due().await.unwrap();
    house.do_jobs().await;
    let mut files = Vec::new();
    for job in &jobs {
        files.push(downloaded(&reader, &artifact(&reader, job).await).await);
        assert_eq!(
            reader.export(job).await.unwrap().source.to_string().split_once(' ').unwrap().0,
            "segment"
        );
    }
    assert_eq!(files.iter().map(|csv| numbers(csv)).collect::<Vec<_>>(), [vec!["1", "2"], vec!["1", "3"]]);
    // Theirs is the third: the ids of those that were deleted are not given again.
    let new = NewSegment { audience_id: AUDIENCE, name: "New".into(), query: None };
    assert_eq!(writer.add_segment(new).await.unwrap(), SegmentId(4));
    writer.delete_segment(SegmentId(4)).await.unwrap();
    let new = NewSegment { audience_id: AUDIENCE, name: "Newer".into(), query: None };
    assert_eq!(writer.add_segment(new).await.unwrap(), SegmentId(5));
    assert_eq!(writer.delete_segment(SegmentId(3)).await.unwrap_err().kind(), ErrorKind::NotFound);
    let entries = house.caller(crate::house::SECRET).await.audit_log(None, 3).await.unwrap();
    let said: Vec<_> = entries.iter().map(|entry| (entry.what.as_str(), entry.subject.as_str())).collect();
    let expected = [
        ("segment.created", "segment 5: Newer"),
        ("segment.deleted", "segment 4: New"),
        ("segment.created", "segment 4: New"),
    ];
    assert_eq!(said, expected);
}

async fn a_killed_export_goes_on_and_gives_the_same_bytes(house: House) {
    house.import_text(lines() + &many(100, MANY)).await;
    let reader = reader(&house).await;
    let job = reader.start_export(all(ProfileFormat::Json)).await.unwrap();
    let killed = house.worker_paused_at(2, house.settings()).await;
    assert_eq!(house.count("profile_parts").await, 2);
    house.clock.advance_micros(LEASE_MICROS);
    let elsewhere = Settings { owner: "elsewhere".into(), ..house.settings() };
    do_jobs(&house.open(elsewhere, 2).await).await;
    let resumed = artifact(&reader, &job).await;
    assert_eq!((resumed.rows, house.count("profile_parts").await), (i64::from(MANY) + 3, 4));
    let bytes = downloaded(&reader, &resumed).await;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&bytes).unwrap();
    assert_eq!(rows.len(), MANY as usize + 3);
    drop(killed);

    let other = house.another().await;
    other.import_text(lines() + &many(100, MANY)).await;
    assert!(export(&other, all(ProfileFormat::Json)).await == bytes, "the control has other bytes");
}

async fn a_part_that_was_lost_is_written_again(house: House) {
    house.import_text(lines() + &many(100, MANY)).await;
    let reader = reader(&house).await;
    let job = reader.start_export(all(ProfileFormat::Csv)).await.unwrap();
    let killed = house.worker_paused_at(3, house.settings()).await;
    let lost = house.database.rows("SELECT blob FROM profile_parts WHERE position = 1").await;
    std::fs::remove_file(house.blob_folder().join(&lost[0][0])).unwrap();
    house.clock.advance_micros(LEASE_MICROS);
    let elsewhere = Settings { owner: "elsewhere".into(), ..house.settings() };
    do_jobs(&house.open(elsewhere, 2).await).await;
    let csv = downloaded(&reader, &artifact(&reader, &job).await).await;
    assert_eq!(csv.lines().count(), MANY as usize + 4);
    drop(killed);
}

async fn the_same_export_of_the_same_profiles_is_the_same_file(house: House) {
    house.import_text(lines()).await;
    let (reader, writer) = (reader(&house).await, writer(&house).await);
    let mut artifacts = Vec::new();
    for request in [all(ProfileFormat::Csv), all(ProfileFormat::Csv), all(ProfileFormat::Json)] {
        let job = reader.start_export(request).await.unwrap();
        house.do_jobs().await;
        artifacts.push(artifact(&reader, &job).await.id);
    }
    writer.delete(AUDIENCE, Matching::Id(id(3))).await.unwrap();
    let job = reader.start_export(all(ProfileFormat::Csv)).await.unwrap();
    house.do_jobs().await;
    artifacts.push(artifact(&reader, &job).await.id);
    assert_eq!(artifacts[0], artifacts[1]);
    artifacts.sort_unstable();
    artifacts.dedup();
    assert_eq!(artifacts.len(), 3);
}

async fn what_an_export_leaves_behind_goes_with_its_file(house: House) {
    house.import_text(lines()).await;
    export(&house, all(ProfileFormat::Csv)).await;
    house.engine.sweep().await.unwrap();
    assert_eq!(house.blob_files().len(), 1);
    house.clock.advance_micros(25 * 3_600_000_000);
    house.engine.drop_due().await.unwrap();
    assert_eq!((house.blob_files().len(), house.count("profile_parts").await), (0, 0));
}

async fn what_is_anothers_is_not_found(house: House) {
    house.import_text(lines()).await;
    let (mine, theirs) = (reader(&house).await, house.caller(OTHER_SECRET).await.profiles_reader().unwrap());
    let job = mine.start_export(all(ProfileFormat::Csv)).await.unwrap();
    house.do_jobs().await;
    let file = artifact(&mine, &job).await;
    let not_found = |error: fillhouse_engine::Error| assert_eq!(error.kind(), ErrorKind::NotFound);
    not_found(theirs.start_export(all(ProfileFormat::Csv)).await.unwrap_err());
    not_found(theirs.start_export(of_segment(FIXED, None)).await.unwrap_err());
    not_found(mine.start_export(of_segment(SegmentId(3), None)).await.unwrap_err());
    not_found(theirs.export(&job).await.unwrap_err());
    not_found(theirs.download(&file.id, &file.name).await.unwrap_err());
    not_found(theirs.audience(AUDIENCE).await.unwrap_err());
    not_found(theirs.profile(AUDIENCE, Matching::Id(id(1))).await.unwrap_err());
    not_found(theirs.segment(FIXED).await.unwrap_err());
    // A reader of forms does not see it either, though it is of the same account.
    not_found(house.reader().await.export(&job).await.unwrap_err());
    not_found(house.reader().await.download(&file.id, &file.name).await.unwrap_err());
    assert!(matches!(mine.export(&job).await.unwrap().state, ExportState::Completed(_)));
    assert_eq!(mine.export(&job).await.unwrap().source, ProfileSource::Audience(AUDIENCE));
}
