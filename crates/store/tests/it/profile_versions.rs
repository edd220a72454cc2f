//! Audiences and fixed segments as they were at any moment, against a model that remembers everything.

use crate::audiences::{AUDIENCE, prepare_audience, profile, profile_id};
use crate::database::{Db, at};
use crate::samples::job_spec;
use crate::segments::{put_segment, segment};
use fillhouse_model::{Filter, JobSubject, Profile, ProfileId, SegmentId, SegmentMembers};
use fillhouse_store::{JobSpec, Lease, ProfileChunk, Tx};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::{BTreeMap, BTreeSet};

conformance! {
    an_audience_and_a_segment_are_read_as_they_were_at_every_seq,
    versions_of_profiles_stay_while_an_unfinished_job_may_read_them,
}

const CHANGES: usize = 60;
const PROFILES: u32 = 12;
const SEGMENT: SegmentId = SegmentId(1);

/// All that there was at a moment.
#[derive(Clone, Default)]
struct Moment {
    profiles: BTreeMap<ProfileId, Profile>,
    members: BTreeSet<ProfileId>,
}

#[derive(Clone)]
enum Change {
    Put(Vec<Profile>),
    Delete(Vec<ProfileId>),
    Add(ProfileId),
    Remove(ProfileId),
}

impl Change {
    fn next(random: &mut StdRng) -> Self {
        let ids: Vec<u32> =
            (0..random.random_range(1..4)).map(|_| random.random_range(0..PROFILES)).collect();
        match random.random_range(0..6) {
            0 => Self::Delete(ids.into_iter().map(profile_id).collect()),
            1 => Self::Remove(profile_id(ids[0])),
            2 | 3 => Self::Add(profile_id(ids[0])),
            _ => {
                let changed =
                    |id| Profile { fields: format!("{{\"n\":{}}}", random.random::<u8>()), ..profile(id) };
                Self::Put(ids.into_iter().map(changed).collect())
            }
        }
    }

    fn make(&self, moment: &mut Moment) {
        match self {
            Self::Put(profiles) => {
                moment.profiles.extend(profiles.iter().map(|profile| (profile.id, profile.clone())));
            }
            Self::Delete(ids) => {
                moment.profiles.retain(|id, _| !ids.contains(id));
                moment.members.retain(|id| !ids.contains(id));
            }
            Self::Add(id) => drop(moment.members.insert(*id)),
            Self::Remove(id) => drop(moment.members.remove(id)),
        }
    }

    async fn apply(&self, tx: &mut Tx) -> fillhouse_store::Result<()> {
        match self {
            Self::Put(profiles) => tx.put_profiles(AUDIENCE, profiles, at(0)).await,
            Self::Delete(ids) => tx.delete_profiles(AUDIENCE, ids, at(0)).await,
            Self::Add(id) => tx.add_member((AUDIENCE, SEGMENT), *id).await,
            Self::Remove(id) => tx.remove_member((AUDIENCE, SEGMENT), *id, at(0)).await,
        }
    }
}

/// What is read chunk by chunk, by id.
async fn whole(mut chunk: impl AsyncFnMut(Option<ProfileId>) -> ProfileChunk) -> Vec<Profile> {
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..=PROFILES {
        let next = chunk(after).await;
        found.extend(next.profiles);
        match next.last_id {
            Some(last) => after = Some(last),
            None => return found,
        }
    }
    panic!("there are more chunks than profiles");
}

async fn an_audience_and_a_segment_are_read_as_they_were_at_every_seq(db: Db) {
    prepare_audience(&db).await;
    put_segment(&db, &segment(SEGMENT.0, SegmentMembers::Fixed(Vec::new()))).await;
    let mut random = StdRng::seed_from_u64(3);
    // The segment itself was the first change.
    let mut moments = vec![Moment::default(); 2];
    for _ in 0..CHANGES {
        let change = Change::next(&mut random);
        let mut moment = moments[moments.len() - 1].clone();
        change.make(&mut moment);
        moments.push(moment);
        write!(db, [change], |tx| change.apply(tx).await).unwrap();
    }
    for (seq, moment) in (0..).zip(&moments) {
        let profiles = whole(async |after| {
            read!(db, |tx| tx.profile_chunk(AUDIENCE, after, seq, &Filter::everyone(), 4).await).unwrap()
        });
        assert_eq!(profiles.await, moment.profiles.values().cloned().collect::<Vec<_>>(), "seq {seq}");
        let members = whole(async |after| {
            read!(db, |tx| tx.member_chunk((AUDIENCE, SEGMENT), after, seq, 2).await).unwrap()
        });
        let expected: Vec<_> =
            moment.members.iter().filter_map(|id| moment.profiles.get(id).cloned()).collect();
        assert_eq!(members.await, expected, "seq {seq}");
    }
}

async fn versions_of_profiles_stay_while_an_unfinished_job_may_read_them(db: Db) {
    prepare_audience(&db).await;
    let put_again = async || write!(db, |tx| tx.put_profiles(AUDIENCE, &[profile(1)], at(10)).await).unwrap();
    put_again().await;
    let spec = JobSpec { subject: JobSubject::Audience(AUDIENCE), ..job_spec("a") };
    write!(db, [spec], |tx| tx.create_job(&spec, at(0)).await).unwrap();
    put_again().await;
    put_again().await;
    let drop_before = async |seconds| write!(db, |tx| tx.drop_profile_versions(at(seconds)).await).unwrap();
    assert_eq!(drop_before(10).await, 0);
    assert_eq!(drop_before(11).await, 0);
    write!(db, |tx| {
        let record = tx.due_job(at(1), i64::MAX).await?.expect("it is due");
        assert_eq!((record.subject, record.snapshot_seq), (JobSubject::Audience(AUDIENCE), 1));
        tx.put_lease(&record, record.job.lease(at(1)).expect("it is due"), "w", at(1)).await?;
        tx.fail_job(&Lease { job_id: record.id, attempt: 1 }, "no more", at(1)).await
    })
    .unwrap();
    assert_eq!(drop_before(11).await, 2);
}
