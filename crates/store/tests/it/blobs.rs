//! Blobs in a folder.

use bytes::Bytes;
use fillhouse_store::{Blobs, Error, Result};
use futures::TryStreamExt as _;
use tempfile::TempDir;

fn blobs() -> (TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::in_folder(folder.path()).unwrap();
    (folder, blobs)
}

async fn streamed(blobs: &Blobs, name: &str, range: std::ops::Range<u64>) -> Result<Vec<u8>> {
    let pieces: Vec<Bytes> = blobs.stream(name.to_owned(), range).try_collect().await?;
    Ok(pieces.concat())
}

#[tokio::test]
async fn what_was_put_is_got() {
    let (_folder, blobs) = blobs();
    for (name, bytes) in [("renditions/1/a", &b"one"[..]), ("renditions/1/b", b""), ("c", &[0, 255])] {
        blobs.put(name, Bytes::from_static(bytes)).await.unwrap();
        assert_eq!(blobs.get(name).await.unwrap(), bytes);
    }
    assert!(matches!(blobs.get("d").await, Err(Error::Blob(_))));
    assert_eq!(blobs.size("renditions/1/a").await.unwrap(), Some(3));
    assert_eq!(blobs.size("renditions/1/b").await.unwrap(), Some(0));
    assert_eq!(blobs.size("d").await.unwrap(), None);
}

#[tokio::test]
async fn blobs_outlive_the_value_that_wrote_them() {
    let (folder, blobs) = blobs();
    blobs.put("a/b", Bytes::from_static(b"kept")).await.unwrap();
    drop(blobs);
    let again = Blobs::in_folder(folder.path()).unwrap();
    assert_eq!(again.get("a/b").await.unwrap(), "kept");
}

#[tokio::test]
async fn a_part_of_a_blob_is_streamed() {
    let (_folder, blobs) = blobs();
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    blobs.put("a", Bytes::from(bytes.clone())).await.unwrap();
    for range in [0..1, 0..200_000, 12_345..123_456, 199_999..200_000] {
        let expected = &bytes[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()];
        assert_eq!(streamed(&blobs, "a", range).await.unwrap(), expected);
    }
    assert!(matches!(streamed(&blobs, "b", 0..1).await, Err(Error::Blob(_))));
    assert!(matches!(streamed(&blobs, "a", 200_000..200_001).await, Err(Error::Blob(_))));
    // Never less than was asked for, as if that were all.
    let cut_off = streamed(&blobs, "a", 199_999..200_001).await;
    assert!(matches!(cut_off, Err(Error::CutOff { size_bytes: 200_000, .. })), "{cut_off:?}");
}

#[tokio::test]
async fn a_blob_is_deleted_once_or_twice() {
    let (folder, blobs) = blobs();
    blobs.put("x/y/a", Bytes::from_static(b"1")).await.unwrap();
    blobs.put("x/b", Bytes::from_static(b"1")).await.unwrap();
    blobs.delete("x/y/a").await.unwrap();
    blobs.delete("x/y/a").await.unwrap();
    assert!(blobs.get("x/y/a").await.is_err());
    // An empty folder goes too, one that is in use stays.
    assert!(!folder.path().join("x/y").exists());
    assert_eq!(blobs.list("x").await.unwrap(), ["x/b"]);
}

#[tokio::test]
async fn blobs_of_a_folder_are_listed() {
    let (_folder, blobs) = blobs();
    assert_eq!(blobs.list("renditions").await.unwrap(), Vec::<String>::new());
    for name in ["renditions/1/a", "renditions/2/b", "renditions-old/c", "uploads/d"] {
        blobs.put(name, Bytes::from_static(b"1")).await.unwrap();
    }
    let mut names = blobs.list("renditions").await.unwrap();
    names.sort();
    assert_eq!(names, ["renditions/1/a", "renditions/2/b"]);
}

/// As a power cut leaves them: only in the middle of a write is such a file there otherwise.
#[tokio::test]
async fn blobs_whose_writer_died_are_found_and_deleted() {
    let (folder, blobs) = blobs();
    assert_eq!(blobs.list_unfinished("renditions").await.unwrap(), Vec::<String>::new());
    blobs.put("renditions/1/a", Bytes::from_static(b"1")).await.unwrap();
    for name in ["renditions/1/b#1", "renditions/2/c#17", "uploads/d#1"] {
        std::fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        std::fs::write(folder.path().join(name), "part").unwrap();
    }
    assert_eq!(blobs.list("renditions").await.unwrap(), ["renditions/1/a"]);
    let mut names = blobs.list_unfinished("renditions").await.unwrap();
    names.sort();
    assert_eq!(names, ["renditions/1/b#1", "renditions/2/c#17"]);
    for name in &names {
        blobs.delete(name).await.unwrap();
        blobs.delete(name).await.unwrap();
    }
    assert_eq!(blobs.list_unfinished("").await.unwrap(), ["uploads/d#1"]);
    assert_eq!(blobs.list("renditions").await.unwrap(), ["renditions/1/a"]);
}

/// So that what was left can be told from blobs: the name of a write under way, by the library that names it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_under_way_is_not_finished() {
    const SIZE: usize = 8 << 20;
    const MOST_WRITES: usize = 1_000;
    let (_folder, blobs) = blobs();
    let (writer, (enough, mut is_enough)) = (blobs.clone(), tokio::sync::oneshot::channel());
    let writing = tokio::spawn(async move {
        for _ in 0..MOST_WRITES {
            writer.put("x/a", Bytes::from(vec![1; SIZE])).await.unwrap();
            if is_enough.try_recv().is_ok() {
                break;
            }
        }
    });
    let mut seen = Vec::new();
    while seen.is_empty() {
        assert!(!writing.is_finished(), "no write was ever seen under way");
        seen = blobs.list_unfinished("x").await.unwrap();
    }
    enough.send(()).unwrap();
    writing.await.unwrap();
    assert_eq!(seen, ["x/a#1"]);
    assert_eq!(blobs.list_unfinished("x").await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_probe_leaves_nothing() {
    let (folder, blobs) = blobs();
    blobs.ping("nonce").await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    // A file where the folder of the probes would be.
    std::fs::write(folder.path().join("probes"), "").unwrap();
    assert!(matches!(blobs.ping("nonce").await, Err(Error::Blob(_))));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_refused() {
    let (folder, _blobs) = blobs();
    assert!(Blobs::in_folder(&folder.path().join("none")).is_err());
}

/// Whoever reads while others write sees one of the blobs, never a part or a mixture.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blob_is_seen_whole() {
    const SIZE: usize = 1 << 20;
    let (_folder, blobs) = blobs();
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
        assert_eq!(blobs.list("").await.unwrap(), ["a"]);
        seen += 1;
    }
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
}
