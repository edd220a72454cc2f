//! Segments, and who is in them.

use crate::audiences::{AUDIENCE, prepare_audience, profile, profile_id, put};
use crate::database::{Db, at};
use crate::samples::{ACCOUNT, OTHER_ACCOUNT};
use fillhouse_model::{Segment, SegmentId, SegmentMembers};
use fillhouse_store::DeletedSegment;

conformance! {
    a_fixed_segment_keeps_its_order,
    a_segment_changes_between_a_query_and_fixed,
    segments_are_listed_by_id_in_pages,
    the_segments_of_an_account_are_listed_without_their_members,
    members_come_and_go_one_by_one,
    a_profile_that_is_deleted_leaves_its_segments,
    the_id_of_a_deleted_segment_is_nobody_elses,
    that_a_segment_was_deleted_can_be_stored,
}

pub(crate) fn segment(id: i64, members: SegmentMembers) -> Segment {
    Segment { id: SegmentId(id), audience_id: AUDIENCE, name: format!("Segment {id}"), members }
}

pub(crate) async fn put_segment(db: &Db, segment: &Segment) {
    write!(db, [segment], |tx| tx.put_segment(&segment, at(0)).await).unwrap();
}

async fn find(db: &Db, id: i64) -> Option<Segment> {
    read!(db, |tx| tx.segment(SegmentId(id)).await).unwrap()
}

async fn a_fixed_segment_keeps_its_order(db: Db) {
    prepare_audience(&db).await;
    // A member need not be a profile, and may be there twice: what that means is not the store's to say.
    let fixed = segment(1, SegmentMembers::Fixed([9, 2, 5, 2, 1].map(profile_id).to_vec()));
    put_segment(&db, &fixed).await;
    assert_eq!(find(&db, 1).await, Some(fixed));
    assert_eq!(find(&db, 2).await, None);
    assert_eq!(read!(db, |tx| tx.count_members(SegmentId(1)).await).unwrap(), 4);
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
        put_segment(&db, &changed).await;
        assert_eq!(find(&db, 1).await, Some(changed));
    }
    assert_eq!(db.count("segment_profiles WHERE removed_seq IS NULL").await, 0);
    assert_eq!(write!(db, |tx| tx.drop_profile_versions(at(1)).await).unwrap(), 3);
}

async fn segments_are_listed_by_id_in_pages(db: Db) {
    prepare_audience(&db).await;
    let query = segment(3, SegmentMembers::Query("{}".into()));
    let fixed = segment(2, SegmentMembers::Fixed([7, 6].map(profile_id).to_vec()));
    put_segment(&db, &query).await;
    put_segment(&db, &fixed).await;
    assert_eq!(read!(db, |tx| tx.segments_after(SegmentId(0), 1).await).unwrap(), [fixed]);
    assert_eq!(read!(db, |tx| tx.segments_after(SegmentId(2), 9).await).unwrap(), [query]);
}

async fn the_segments_of_an_account_are_listed_without_their_members(db: Db) {
    prepare_audience(&db).await;
    put_segment(&db, &segment(3, SegmentMembers::Query("{}".into()))).await;
    put_segment(&db, &segment(2, SegmentMembers::Fixed(vec![profile_id(1)]))).await;
    let heads = read!(db, |tx| tx.segments_of(ACCOUNT, SegmentId(1), 9).await).unwrap();
    let shown: Vec<_> = heads.iter().map(|head| (head.id.0, head.query.as_deref())).collect();
    assert_eq!(shown, [(2, None), (3, Some("{}"))]);
    assert_eq!(read!(db, |tx| tx.segments_of(ACCOUNT, SegmentId(3), 9).await).unwrap(), heads[1..]);
    assert_eq!(read!(db, |tx| tx.segments_of(OTHER_ACCOUNT, SegmentId(1), 9).await).unwrap(), []);
    assert_eq!(read!(db, |tx| tx.count_segments(ACCOUNT).await).unwrap(), 2);
    assert_eq!(write!(db, |tx| tx.next_segment_id().await).unwrap(), SegmentId(4));
}

async fn members_come_and_go_one_by_one(db: Db) {
    prepare_audience(&db).await;
    put_segment(&db, &segment(1, SegmentMembers::Fixed(vec![profile_id(9)]))).await;
    write!(db, |tx| {
        for number in [2, 9, 2, 1] {
            tx.add_member((AUDIENCE, SegmentId(1)), profile_id(number)).await?;
        }
        tx.remove_member((AUDIENCE, SegmentId(1)), profile_id(9), at(0)).await?;
        tx.remove_member((AUDIENCE, SegmentId(1)), profile_id(7), at(0)).await
    })
    .unwrap();
    let members = SegmentMembers::Fixed([2, 1].map(profile_id).to_vec());
    assert_eq!(find(&db, 1).await.unwrap().members, members);
}

async fn a_profile_that_is_deleted_leaves_its_segments(db: Db) {
    prepare_audience(&db).await;
    put(&db, &[profile(1), profile(2)]).await;
    put_segment(&db, &segment(1, SegmentMembers::Fixed([1, 2].map(profile_id).to_vec()))).await;
    write!(db, |tx| tx.delete_profiles(AUDIENCE, &[profile_id(1)], at(0)).await).unwrap();
    assert_eq!(find(&db, 1).await.unwrap().members, SegmentMembers::Fixed(vec![profile_id(2)]));
}

async fn the_id_of_a_deleted_segment_is_nobody_elses(db: Db) {
    prepare_audience(&db).await;
    let fixed = segment(2, SegmentMembers::Fixed(vec![profile_id(1)]));
    put_segment(&db, &segment(1, SegmentMembers::Query("{}".into()))).await;
    put_segment(&db, &fixed).await;
    for is_there in [true, false] {
        let deleted = write!(db, |tx| tx.delete_segment((AUDIENCE, SegmentId(2)), at(0)).await).unwrap();
        assert_eq!(deleted, is_there);
    }
    assert_eq!(find(&db, 2).await, None);
    assert_eq!(read!(db, |tx| tx.segments_after(SegmentId(1), 9).await).unwrap(), []);
    assert_eq!(read!(db, |tx| tx.segments_of(ACCOUNT, SegmentId(2), 9).await).unwrap(), []);
    assert_eq!(read!(db, |tx| tx.count_segments(ACCOUNT).await).unwrap(), 1);
    assert_eq!(db.count("segment_profiles WHERE removed_seq IS NULL").await, 0);
    assert_eq!(db.count("segments WHERE name = '' AND query IS NULL").await, 1);
    assert_eq!(write!(db, |tx| tx.next_segment_id().await).unwrap(), SegmentId(3));
    assert_eq!(read!(db, |tx| tx.account_of_segment(SegmentId(2)).await).unwrap(), Some(ACCOUNT));
    // Whoever says the id brings it back.
    put_segment(&db, &fixed).await;
    assert_eq!(find(&db, 2).await, Some(fixed));
}

async fn that_a_segment_was_deleted_can_be_stored(db: Db) {
    prepare_audience(&db).await;
    put_segment(&db, &segment(2, SegmentMembers::Fixed(vec![profile_id(1)]))).await;
    let deleted = |id| DeletedSegment { id: SegmentId(id), audience_id: AUDIENCE };
    write!(db, |tx| {
        for id in [9, 2, 2] {
            tx.put_deleted_segment(deleted(id), at(0)).await?;
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(find(&db, 2).await, None);
    assert_eq!(db.count("segment_profiles WHERE removed_seq IS NULL").await, 0);
    assert_eq!(write!(db, |tx| tx.next_segment_id().await).unwrap(), SegmentId(10));
    let after = async |id| read!(db, |tx| tx.deleted_segments_after(SegmentId(id), 1).await).unwrap();
    assert_eq!((after(0).await, after(2).await), (vec![deleted(2)], vec![deleted(9)]));
    put_segment(&db, &segment(9, SegmentMembers::Query("{}".into()))).await;
    let found = async |id| read!(db, |tx| tx.deleted_segment(SegmentId(id)).await).unwrap();
    assert_eq!((found(2).await, found(9).await), (Some(deleted(2)), None));
}
