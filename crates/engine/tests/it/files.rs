//! Exports of a house, from the request to the rows of the file.
//!
//! Guarantees: a file that is given was looked at in every way that does not depend on what is in it: its size, count and
//! digest are those that were said, it is a ZIP file with the one entry it should have, and that is CSV.
//!
//! Must not know: what should be in a file.

use crate::house::House;
use crate::samples::FORM;
use crate::waiting::in_time;
use fillhouse_engine::{ExportRequest, ExportState, FileShape, FormsReader, Wanted};
use fillhouse_model::{JobId, Period, parse_date};
use fillhouse_store::Artifact;
use futures::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};
use std::io::{Cursor, Read as _};

/// A finished export.
#[derive(Clone, PartialEq)]
pub(crate) struct Exported {
    pub(crate) artifact: Artifact,
    /// The whole file.
    pub(crate) bytes: Vec<u8>,
    /// The name of the entry in it.
    pub(crate) entry: String,
    /// What the entry holds.
    pub(crate) csv: String,
}

/// A request for the finished submissions of the form 7, from one day to another.
pub(crate) fn between(from: &str, to: &str) -> ExportRequest {
    let day = |text| parse_date("day", text).unwrap();
    let period = Period::new(day(from), day(to)).unwrap();
    let wanted = Wanted::Period { period, include_incomplete: false };
    ExportRequest { form: FORM, wanted, shape: FileShape::zipped_table() }
}

/// A request for all finished submissions of the form 7.
pub(crate) fn finished() -> ExportRequest {
    between("2020-01-01", "2029-12-31")
}

/// A request for all submissions of the form 7.
pub(crate) fn everything() -> ExportRequest {
    with_incomplete(finished())
}

/// The same request, for the unfinished ones, too.
pub(crate) fn with_incomplete(request: ExportRequest) -> ExportRequest {
    let Wanted::Period { period, .. } = request.wanted else { panic!("the request is for no period") };
    ExportRequest { wanted: Wanted::Period { period, include_incomplete: true }, ..request }
}

impl House {
    /// Asks for an export, does it, and downloads it.
    pub(crate) async fn export(&self, request: ExportRequest) -> Exported {
        let reader = self.reader().await;
        let job = reader.start_export(request).await.unwrap();
        self.do_jobs().await;
        download(&reader, &job).await
    }
}

/// Downloads a completed export.
pub(crate) async fn download(reader: &FormsReader, job: &JobId) -> Exported {
    let artifact = match reader.export(job).await.unwrap().state {
        ExportState::Completed(artifact) => *artifact,
        other => panic!("it is not completed: {other:?}"),
    };
    let bytes = downloaded(reader, &artifact).await;
    checked(artifact, bytes)
}

/// The whole file of an artifact.
pub(crate) async fn downloaded(reader: &FormsReader, artifact: &Artifact) -> Vec<u8> {
    let download = reader.download(&artifact.id, &artifact.name).await.unwrap();
    let pieces = download.stream(0..artifact.size_bytes.cast_unsigned()).try_collect::<Vec<_>>();
    in_time("the download", pieces).await.unwrap().concat()
}

fn checked(artifact: Artifact, bytes: Vec<u8>) -> Exported {
    assert_eq!(bytes.len() as i64, artifact.size_bytes);
    assert_eq!(hex(&Sha256::digest(&bytes)), artifact.sha256);
    let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    assert_eq!(zip.len(), 1);
    let mut file = zip.by_index(0).unwrap();
    let entry = file.name().unwrap().into_owned();
    assert_eq!(artifact.name.strip_suffix(".zip"), entry.strip_suffix(".csv"));
    let mut csv = String::new();
    // Which fails where the checksum is not that of the contents.
    file.read_to_string(&mut csv).unwrap();
    drop(file);
    let exported = Exported { artifact, bytes, entry, csv };
    assert_eq!(exported.rows().len() as i64, exported.artifact.rows);
    exported
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Short: the bytes say nothing to a reader.
impl fmt::Debug for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Artifact { id, name, sha256, expires_at, .. } = &self.artifact;
        write!(f, "{name} ({id}, {sha256}, until {expires_at}):\n{}", self.csv)
    }
}

impl Exported {
    /// The names of the columns.
    pub(crate) fn header(&self) -> Vec<String> {
        self.records().remove(0)
    }

    /// The cells of each row.
    pub(crate) fn rows(&self) -> Vec<Vec<String>> {
        self.records().split_off(1)
    }

    /// The ids of the rows, counted from the first that there can be.
    pub(crate) fn numbers(&self) -> Vec<i64> {
        self.rows().iter().map(|row| row[0].parse::<i64>().unwrap() - 10_000_001).collect()
    }

    /// The first answer of each row.
    pub(crate) fn answers(&self) -> Vec<String> {
        self.rows().into_iter().map(|mut row| row.swap_remove(15)).collect()
    }

    fn records(&self) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(self.csv.as_bytes());
        let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
        reader.records().map(|record| cells(record.unwrap())).collect()
    }
}
