//! Blobs in a folder, beside what holds of them everywhere.

use bytes::Bytes;
use fillhouse_store::{Blobs, Error};
use tempfile::TempDir;

fn blobs() -> (TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::in_folder(folder.path()).unwrap();
    (folder, blobs)
}

#[tokio::test]
async fn an_empty_folder_goes_with_its_last_blob() {
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
