//! Uploaded files, and which submissions have them.

use crate::database::{Db, at};
use crate::samples::{ACCOUNT, FORM, OTHER_ACCOUNT};
use fillhouse_model::SubmissionId;
use fillhouse_store::{NewFile, StoredFile};

conformance! {
    a_file_is_found_when_its_bytes_are_there,
    a_file_that_nobody_has_is_dropped,
    a_file_stays_while_a_submission_has_it,
    another_accounts_file_is_nobodys,
    a_deleted_submissions_files_are_gone_at_once,
}

const ONE: SubmissionId = SubmissionId(1);
const TWO: SubmissionId = SubmissionId(2);

fn new_file(id: &str) -> NewFile {
    NewFile {
        id: id.into(),
        account_id: ACCOUNT,
        form_id: FORM,
        name: "résumé.pdf".into(),
        media_type: "application/pdf".into(),
    }
}

async fn upload(db: &Db, id: &str, seconds: i64) {
    let file = new_file(id);
    write!(db, [file], |tx| {
        tx.create_file(&file, at(seconds)).await?;
        assert!(tx.finish_file(&file.id, 10, "ab").await?);
        Ok(())
    })
    .unwrap();
}

async fn is_there(db: &Db, id: &str) -> bool {
    let id = id.to_owned();
    read!(db, [id], |tx| tx.file(&id).await).unwrap().is_some()
}

/// Drops what has been loose since before a moment, and forgets it.
async fn sweep(db: &Db, seconds: i64) -> Vec<String> {
    write!(db, |tx| {
        let mut ids = Vec::new();
        for (id, account) in tx.drop_loose_files(at(seconds), 10).await? {
            assert_eq!(account, ACCOUNT);
            tx.forget_file(&id).await?;
            ids.push(id);
        }
        Ok(ids)
    })
    .unwrap()
}

async fn a_file_is_found_when_its_bytes_are_there(db: Db) {
    let file = new_file("a");
    write!(db, [file], |tx| tx.create_file(&file, at(5)).await).unwrap();
    assert!(!is_there(&db, "a").await);
    assert!(write!(db, |tx| tx.finish_file("a", 10, "ab").await).unwrap());
    let stored = StoredFile { file, size_bytes: 10, sha256: "ab".into(), created_at: at(5) };
    assert_eq!(read!(db, |tx| tx.file("a").await).unwrap(), Some(stored));
    assert!(!write!(db, |tx| tx.finish_file("a", 11, "cd").await).unwrap());
    assert!(!write!(db, |tx| tx.finish_file("b", 11, "cd").await).unwrap());
}

async fn a_file_that_nobody_has_is_dropped(db: Db) {
    upload(&db, "a", 5).await;
    // One that was never finished is dropped as well.
    let unfinished = new_file("b");
    write!(db, [unfinished], |tx| tx.create_file(&unfinished, at(6)).await).unwrap();
    assert!(sweep(&db, 5).await.is_empty());
    assert_eq!(sweep(&db, 6).await, ["a"]);
    assert_eq!(sweep(&db, 7).await, ["b"]);
    assert_eq!(db.count("files").await, 0);
}

async fn a_file_stays_while_a_submission_has_it(db: Db) {
    upload(&db, "a", 5).await;
    let files = vec!["a".to_owned(), "none".to_owned()];
    for _ in 0..2 {
        write!(db, [files], |tx| tx.use_files(ACCOUNT, ONE, &files).await).unwrap();
    }
    write!(db, [files], |tx| tx.use_files(ACCOUNT, TWO, &files).await).unwrap();
    assert!(sweep(&db, 99).await.is_empty());
    assert_eq!(read!(db, |tx| tx.files_size(FORM).await).unwrap(), 10);
    for (submission, size) in [(ONE, 10), (TWO, 0)] {
        write!(db, |tx| {
            let files = tx.release_files(ACCOUNT, submission).await?;
            assert_eq!(files, ["a"]);
            tx.loosen_files(&files, at(50)).await
        })
        .unwrap();
        assert_eq!(read!(db, |tx| tx.files_size(FORM).await).unwrap(), size);
    }
    assert!(is_there(&db, "a").await && sweep(&db, 50).await.is_empty());
    assert_eq!(sweep(&db, 51).await, ["a"]);
}

async fn another_accounts_file_is_nobodys(db: Db) {
    upload(&db, "a", 5).await;
    write!(db, |tx| tx.use_files(OTHER_ACCOUNT, ONE, &["a".to_owned()]).await).unwrap();
    assert_eq!(db.count("file_uses").await, 0);
    assert_eq!(sweep(&db, 99).await, ["a"]);
}

async fn a_deleted_submissions_files_are_gone_at_once(db: Db) {
    upload(&db, "own", 5).await;
    upload(&db, "shared", 5).await;
    write!(db, |tx| {
        tx.use_files(ACCOUNT, ONE, &["own".to_owned(), "shared".to_owned()]).await?;
        tx.use_files(ACCOUNT, TWO, &["shared".to_owned()]).await?;
        let files = tx.release_files(ACCOUNT, ONE).await?;
        tx.drop_unused_files(&files).await
    })
    .unwrap();
    assert!(!is_there(&db, "own").await && is_there(&db, "shared").await);
    assert_eq!(sweep(&db, 1).await, ["own"]);
}
