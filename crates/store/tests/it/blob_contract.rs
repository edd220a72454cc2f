//! What holds of blobs wherever they are kept: each case runs on a folder and on a bucket of an S3 server.

use bytes::Bytes;
use fillhouse_store::{Blobs, BucketSettings, Error, Result, Segment};
use fillhouse_testkit::S3Server;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tempfile::TempDir;

macro_rules! wherever_they_are {
    ($($case:ident),* $(,)?) => {
        mod folder {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(super::Place::folder()).await;
            })*
        }
        mod bucket {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(super::Place::bucket()).await;
            })*
        }
    };
}

wherever_they_are! {
    what_was_put_is_got,
    blobs_outlive_the_value_that_wrote_them,
    a_part_of_a_blob_is_streamed,
    a_blob_is_deleted_once_or_twice,
    all_bytes_of_a_file_are_shown_in_order,
    a_file_of_damaged_blobs_is_refused,
    blobs_below_a_name_are_listed,
    what_comes_in_pieces_is_there_whole_or_not_at_all,
    a_probe_leaves_nothing,
    a_blob_is_seen_whole,
}

/// Where blobs are kept, which goes with its value.
enum Place {
    Folder(TempDir),
    Bucket(S3Server),
}

impl Place {
    fn folder() -> Self {
        Self::Folder(tempfile::tempdir().unwrap())
    }

    fn bucket() -> Self {
        Self::Bucket(S3Server::start())
    }

    fn open(&self) -> Blobs {
        match self {
            Self::Folder(folder) => Blobs::in_folder(folder.path()).unwrap(),
            Self::Bucket(server) => {
                let (access_key_id, secret_access_key) = server.keys();
                let settings = BucketSettings {
                    bucket: server.bucket().to_owned(),
                    endpoint: Some(server.endpoint()),
                    region: "eu-central-1".to_owned(),
                    access_key_id: access_key_id.to_owned(),
                    secret_access_key: secret_access_key.to_owned(),
                };
                Blobs::in_bucket_of(&settings, "/fill/house/").unwrap()
            }
        }
    }
}

async fn streamed(blobs: &Blobs, name: &str, range: std::ops::Range<u64>) -> Result<Vec<u8>> {
    let pieces: Vec<Bytes> = blobs.stream(name.to_owned(), range).try_collect().await?;
    Ok(pieces.concat())
}

async fn what_was_put_is_got(place: Place) {
    let blobs = place.open();
    for (name, bytes) in [("renditions/1/a", &b"one"[..]), ("renditions/1/b", b""), ("c", &[0, 255])] {
        blobs.put(name, Bytes::from_static(bytes)).await.unwrap();
        assert_eq!(blobs.get(name).await.unwrap(), bytes);
    }
    assert!(matches!(blobs.get("d").await, Err(Error::Blob(_))));
    assert_eq!(blobs.size("renditions/1/a").await.unwrap(), Some(3));
    assert_eq!(blobs.size("renditions/1/b").await.unwrap(), Some(0));
    assert_eq!(blobs.size("d").await.unwrap(), None);
    let names = ["d", "renditions/1/a", "c"].map(str::to_owned).to_vec();
    assert_eq!(blobs.sizes(names).await.unwrap(), [None, Some(3), Some(2)]);
    assert_eq!(blobs.get_range("renditions/1/a", 1..3).await.unwrap(), "ne");
}

fn blob(name: &str, size_bytes: u64) -> Segment {
    Segment::Blob { name: name.to_owned(), size_bytes }
}

async fn all_bytes_of_a_file_are_shown_in_order(place: Place) {
    let blobs = place.open();
    // More than is read at once, and not a multiple of it.
    let large: Vec<u8> = (0..3_000_001_u32).map(|n| (n % 251) as u8).collect();
    blobs.put("large", Bytes::from(large.clone())).await.unwrap();
    blobs.put("small", Bytes::from_static(b"small")).await.unwrap();
    blobs.put("empty", Bytes::new()).await.unwrap();
    let memory = |bytes| Segment::Memory(Bytes::from_static(bytes));
    let segments = vec![
        memory(b"head"),
        blob("small", 5),
        memory(b","),
        blob("large", 3_000_001),
        blob("empty", 0),
        blob("small", 5),
        memory(b"tail"),
    ];
    assert_eq!(segments.iter().map(Segment::size_bytes).sum::<u64>(), 3_000_020);
    let all = blobs.fold(segments, Vec::new(), Vec::extend_from_slice).await.unwrap();
    let expected = [b"headsmall,", &large[..], b"smalltail"].concat();
    assert!(all == expected, "{} bytes, not those that were put", all.len());
}

async fn a_file_of_damaged_blobs_is_refused(place: Place) {
    let blobs = place.open();
    blobs.put("a", Bytes::from_static(b"bytes")).await.unwrap();
    for (name, expected_bytes, found) in [("a", 4, Some(5)), ("a", 6, Some(5)), ("b", 1, None)] {
        let segments = vec![blob("a", 5), blob(name, expected_bytes)];
        let refused = blobs.fold(segments, (), |(), _| {}).await.unwrap_err();
        let told = format!("the blob {name} has {found:?} bytes, not {expected_bytes}");
        assert_eq!(refused.to_string(), told);
    }
}

async fn blobs_outlive_the_value_that_wrote_them(place: Place) {
    let blobs = place.open();
    blobs.put("a/b", Bytes::from_static(b"kept")).await.unwrap();
    drop(blobs);
    assert_eq!(place.open().get("a/b").await.unwrap(), "kept");
}

async fn a_part_of_a_blob_is_streamed(place: Place) {
    // More than a piece.
    const SIZE: u64 = 9_000_000;
    let blobs = place.open();
    let bytes: Vec<u8> = (0..SIZE).map(|n| (n % 251) as u8).collect();
    blobs.put("a", Bytes::from(bytes.clone())).await.unwrap();
    for range in [0..1, 0..SIZE, 12_345..7_654_321, SIZE - 1..SIZE] {
        let expected = &bytes[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()];
        assert!(streamed(&blobs, "a", range.clone()).await.unwrap() == expected, "{range:?}");
    }
    assert!(matches!(streamed(&blobs, "b", 0..1).await, Err(Error::Blob(_))));
    assert!(matches!(streamed(&blobs, "a", SIZE..SIZE + 1).await, Err(Error::Blob(_))));
    // Never less than was asked for, as if that were all.
    let cut_off = streamed(&blobs, "a", SIZE - 1..SIZE + 1).await;
    assert!(matches!(cut_off, Err(Error::CutOff { size_bytes: SIZE, .. })), "{cut_off:?}");
}

async fn a_blob_is_deleted_once_or_twice(place: Place) {
    let blobs = place.open();
    blobs.put("x/y/a", Bytes::from_static(b"1")).await.unwrap();
    blobs.put("x/b", Bytes::from_static(b"1")).await.unwrap();
    blobs.delete("x/y/a").await.unwrap();
    blobs.delete("x/y/a").await.unwrap();
    assert!(blobs.get("x/y/a").await.is_err());
    assert_eq!(blobs.list("x").await.unwrap(), ["x/b"]);
}

async fn blobs_below_a_name_are_listed(place: Place) {
    let blobs = place.open();
    assert_eq!(blobs.list("renditions").await.unwrap(), Vec::<String>::new());
    for name in ["renditions/1/a", "renditions/2/b", "renditions-old/c", "uploads/d"] {
        blobs.put(name, Bytes::from_static(b"1")).await.unwrap();
    }
    let mut names = blobs.list("renditions").await.unwrap();
    names.sort();
    assert_eq!(names, ["renditions/1/a", "renditions/2/b"]);
    assert_eq!(blobs.list_unfinished("renditions").await.unwrap(), Vec::<String>::new());
}

async fn what_comes_in_pieces_is_there_whole_or_not_at_all(place: Place) {
    const PIECE: usize = 1 << 20;
    let blobs = place.open();
    let pieces = |last: Result<Bytes>| {
        let full = stream::iter((0..11_u8).map(|n| Ok(Bytes::from(vec![n; PIECE]))));
        full.chain(stream::iter([last])).boxed()
    };
    blobs.put_stream("a/whole", pieces(Ok(Bytes::from_static(b"end")))).await.unwrap();
    let bytes = blobs.get("a/whole").await.unwrap();
    assert_eq!((bytes.len(), &bytes[11 * PIECE..], bytes[5 * PIECE]), (11 * PIECE + 3, &b"end"[..], 5));
    let broken = blobs.put_stream("a/broken", pieces(Err(Error::Busy("no".into())))).await;
    assert!(matches!(broken, Err(Error::Busy(_))), "{broken:?}");
    let mut writer = blobs.begin("a/begun").await.unwrap();
    for n in 0..7 {
        writer.put(Bytes::from(vec![n; PIECE])).await.unwrap();
    }
    assert_eq!(blobs.size("a/begun").await.unwrap(), None);
    writer.finish().await.unwrap();
    assert_eq!(blobs.size("a/begun").await.unwrap(), Some(7 * PIECE as u64));
    let mut names = blobs.list("a").await.unwrap();
    names.sort();
    assert_eq!(names, ["a/begun", "a/whole"]);
}

async fn a_probe_leaves_nothing(place: Place) {
    let blobs = place.open();
    blobs.ping("nonce").await.unwrap();
    assert_eq!(blobs.list("probes").await.unwrap(), Vec::<String>::new());
}

/// Whoever reads while others write sees one of the blobs, never a part or a mixture.
async fn a_blob_is_seen_whole(place: Place) {
    const SIZE: usize = 1 << 20;
    let blobs = place.open();
    blobs.put("a", Bytes::from(vec![0; SIZE])).await.unwrap();
    let writers: Vec<_> = (1..9_u8)
        .map(|byte| {
            let blobs = blobs.clone();
            tokio::spawn(async move { blobs.put("a", Bytes::from(vec![byte; SIZE])).await })
        })
        .collect();
    let mut seen = 0;
    while seen == 0 || writers.iter().any(|writer| !writer.is_finished()) {
        let bytes = blobs.get("a").await.unwrap();
        assert_eq!(bytes.len(), SIZE);
        assert!(bytes.iter().all(|byte| *byte == bytes[0]));
        seen += 1;
    }
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
}
