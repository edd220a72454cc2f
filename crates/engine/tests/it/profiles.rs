//! Profiles: whom a request means, what becomes of them, and the files that they are exported in.

mod changes;
mod exports;

use crate::house::{House, SECRET};
use crate::samples::people;
use crate::waiting::in_time;
use fillhouse_engine::{
    ExportState, ProfileExport, ProfileFormat, ProfileQuery, ProfileSource, ProfilesReader, ProfilesWriter,
};
use fillhouse_model::{AudienceId, JobId, ProfileId, SegmentId};
use fillhouse_store::Artifact;
use futures::TryStreamExt as _;
use std::fmt::Write as _;

const AUDIENCE: AudienceId = AudienceId(5);
const DYNAMIC: SegmentId = SegmentId(1);
const FIXED: SegmentId = SegmentId(2);

/// Two accounts; of the first, an audience of three with a segment of each kind; of the second, an audience.
fn lines() -> String {
    let audience = r#"{"kind":"audience","id":5,"account_id":1,"name":"Clients","fields":[{"name":"occupation","type":"string"},{"name":"age","type":"int"},{"name":"born","type":"date"},{"name":"tags","type":"tags"}]}
{"kind":"audience","id":6,"account_id":2,"name":"Others","fields":[]}
{"kind":"profile","audience_id":5,"id":"000000000000000000000001","email":"Ada@example.org","phones":["+49 (30) 1"],"fields":{"occupation":"doctor","age":36,"tags":["a","b"]}}
{"kind":"profile","audience_id":5,"id":"000000000000000000000002","email":"grace@example.org","phones":["49301","2"],"status":"subscribed","fields":{"occupation":"admiral","age":85,"born":"1906-12-09"}}
{"kind":"profile","audience_id":5,"id":"000000000000000000000003","fields":{"occupation":"doctor"}}
{"kind":"profile","audience_id":6,"id":"000000000000000000000001","email":"ada@example.org","fields":{}}
{"kind":"segment","id":1,"audience_id":5,"name":"Doctors","query":{"occupation":"doctor"}}
{"kind":"segment","id":2,"audience_id":5,"name":"Chosen","profiles":["000000000000000000000002","000000000000000000000001"]}
{"kind":"segment","id":3,"audience_id":6,"name":"Theirs","profiles":[]}
"#;
    people() + audience
}

/// `count` profiles from the number `first` on.
fn many(first: u32, count: u32) -> String {
    (first..first + count).fold(String::new(), |mut lines, n| {
        let id = format!("{n:024x}");
        writeln!(lines, r#"{{"kind":"profile","audience_id":5,"id":"{id}","email":"p{n}@example.org","phones":["{n}"],"fields":{{"age":{n}}}}}"#).unwrap();
        lines
    })
}

fn id(number: u8) -> ProfileId {
    let mut id = [0; 12];
    id[11] = number;
    ProfileId(id)
}

async fn reader(house: &House) -> ProfilesReader {
    house.caller(SECRET).await.profiles_reader().unwrap()
}

async fn writer(house: &House) -> ProfilesWriter {
    house.caller(SECRET).await.profiles_writer().unwrap()
}

fn all(format: ProfileFormat) -> ProfileExport {
    ProfileExport { source: ProfileSource::Audience(AUDIENCE), format, query: None }
}

fn of_segment(segment: SegmentId, query: Option<&str>) -> ProfileExport {
    let query = query.map(ProfileQuery::typed);
    ProfileExport { source: ProfileSource::Segment(segment), format: ProfileFormat::Csv, query }
}

/// Asks for an export, does it, and downloads it.
async fn export(house: &House, request: ProfileExport) -> String {
    let reader = reader(house).await;
    let job = reader.start_export(request).await.unwrap();
    house.do_jobs().await;
    downloaded(&reader, &artifact(&reader, &job).await).await
}

async fn artifact(reader: &ProfilesReader, job: &JobId) -> Artifact {
    match reader.export(job).await.unwrap().state {
        ExportState::Completed(artifact) => *artifact,
        other => panic!("it is not completed: {other:?}"),
    }
}

/// The whole file, whose size is the one that was said.
async fn downloaded(reader: &ProfilesReader, artifact: &Artifact) -> String {
    let download = reader.download(&artifact.id, &artifact.name).await.unwrap();
    let pieces = download.stream(0..artifact.size_bytes.cast_unsigned()).try_collect::<Vec<_>>();
    let bytes = in_time("the download", pieces).await.unwrap().concat();
    assert_eq!(bytes.len() as i64, artifact.size_bytes);
    String::from_utf8(bytes).unwrap()
}

/// The ids in a CSV file, by their last digit.
fn numbers(csv: &str) -> Vec<&str> {
    csv.lines().skip(1).map(|line| &line[23..24]).collect()
}
