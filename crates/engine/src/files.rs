//! Uploaded files: taking them in, giving them out, and knowing which submissions have them.
//!
//! A file is served to anybody who has its address, as clients of file items expect, so that the address cannot be guessed.
//! Which submissions have a file is read from their answers, be it as a file or as a text (a signature is one).
//!
//! Guarantees: no more than the limit is taken in; a file that no submission has is gone after a day, and the files of a
//! deleted submission are not found from that moment on.
//!
//! Must not know: HTTP.

use crate::download::{Download, FileFacts};
use crate::engine::Parts;
use crate::ingest::must_be_open;
use crate::random::hex;
use crate::{Engine, Error, FormRef, FormsWriter, PublicForm, Result};
use bytes::Bytes;
use fillhouse_model::{AccountId, ErrorKind, Fault, Form, ItemType, Leaf, SubmissionId, Timestamp};
use fillhouse_store::{NewFile, NewRow, Result as StoreResult, Tx};
use futures::{Stream, StreamExt as _};
use memchr::memmem;
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, Mutex, PoisonError};

/// What the addresses of files have before their ids.
const MARK: &[u8] = b"/files/f-";
/// How many letters and digits an id has.
const ID_CHARS: usize = 23;
/// How long a name may be.
const MOST_NAME_CHARS: usize = 100;
const MOST_MEDIA_TYPE_CHARS: usize = 100;
const ANY_MEDIA_TYPE: &str = "application/octet-stream";
/// How long a file may be there without a submission that has it.
const LOOSE_MICROS: i64 = 24 * 3_600 * 1_000_000;
/// How many files go in one transaction.
const BATCH: i64 = 100;

/// What may be uploaded.
#[derive(Debug, Clone, Copy)]
pub struct UploadSettings {
    /// How many bytes a file may have.
    pub most_bytes: u64,
}

impl Default for UploadSettings {
    fn default() -> Self {
        Self { most_bytes: 20_000_000 }
    }
}

/// A file to be uploaded.
#[derive(Debug, Clone, Copy)]
pub struct Upload<'a> {
    /// The form it is for.
    pub form: &'a FormRef,
    /// Its name, as its owner calls it.
    pub name: &'a str,
    /// Its media type, if that is known.
    pub media_type: Option<&'a str>,
}

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// How many bytes it has.
    pub size_bytes: u64,
}

impl FormsWriter {
    /// Stores a file, and says where it is. Unless a submission comes to have it, it is gone after a day.
    ///
    /// # Errors
    /// There is no such form; the file is too large, or its bytes break off.
    pub async fn upload(
        &self,
        upload: Upload<'_>,
        bytes: impl Stream<Item = Result<Bytes>> + Send,
    ) -> Result<Uploaded> {
        let form = upload.form.find(&self.engine.parts.store, self.account).await?.form;
        store_file(&self.engine, &form, upload, bytes).await
    }
}

impl PublicForm {
    /// Stores a file that somebody answers the form with, and says where it is. Unless a submission comes to have it, it
    /// is gone after a day.
    ///
    /// # Errors
    /// The form is closed, or asks for no file; the file is too large, or its bytes break off.
    pub async fn upload(
        &self,
        name: &str,
        media_type: Option<&str>,
        bytes: impl Stream<Item = Result<Bytes>> + Send,
    ) -> Result<Uploaded> {
        let form = self.form();
        must_be_open(form)?;
        let takes_files = |leaf: &Leaf<'_>| matches!(leaf.item.kind, ItemType::File | ItemType::Signature);
        if !form.leaves().iter().any(takes_files) {
            return Err(Fault::new("file", "is not asked for by this form").into());
        }
        let upload = Upload { form: &self.form_ref(), name, media_type };
        store_file(&self.engine, form, upload, bytes).await
    }

    /// What the addresses of the files begin with that are uploaded for this form.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn files_prefix(&self) -> Result<String> {
        files_prefix(&self.engine, self.form().account_id).await
    }
}

async fn store_file(
    engine: &Engine,
    form: &Form,
    upload: Upload<'_>,
    bytes: impl Stream<Item = Result<Bytes>> + Send,
) -> Result<Uploaded> {
    let parts = &engine.parts;
    let account_id = form.account_id;
    let prefix = files_prefix(engine, account_id).await?;
    let name = shown_name(upload.name);
    let media_type = media_type(upload.media_type).to_owned();
    let id = parts.random.opaque();
    let (now, file) =
        (engine.now(), NewFile { id: id.clone(), account_id, form_id: form.id, name, media_type });
    let created = file.clone();
    let creating = parts.store.write(move |tx| {
        let created = created.clone();
        Box::pin(async move { tx.create_file(&created, now).await })
    });
    creating.await?;
    // What fails from here on leaves a row that is never finished, and is swept with what there is of its bytes.
    let (size_bytes, sha256) = store_bytes(parts, &file, bytes).await?;
    let finished = id.clone();
    let finishing = parts.store.write(move |tx| {
        let (id, sha256) = (finished.clone(), sha256.clone());
        Box::pin(async move { tx.finish_file(&id, size_bytes.cast_signed(), &sha256).await })
    });
    if !finishing.await? {
        return Err(Error::new(ErrorKind::Unavailable, "the upload took too long; try again"));
    }
    let url = format!("{prefix}{id}_{}", safe_name(&file.name));
    Ok(Uploaded { name: file.name, url, size_bytes })
}

/// What the addresses of an account's files begin with.
async fn files_prefix(engine: &Engine, account: AccountId) -> Result<String> {
    let found = engine.parts.store.read(move |tx| Box::pin(tx.account(account))).await?;
    let user_dir = found.ok_or_else(|| Error::not_found("the account"))?.user_dir;
    Ok(format!("{}/{user_dir}/files/f-", engine.public_url()))
}

impl Engine {
    /// The file of an address: what comes after `files/`, in the directory of an account.
    ///
    /// # Errors
    /// There is no such file.
    pub async fn uploaded_file(&self, user_dir: &str, file: &str) -> Result<Download> {
        let missing = || Error::not_found("the file");
        let (id, name) = file.strip_prefix("f-").and_then(|rest| rest.split_once('_')).ok_or_else(missing)?;
        if !is_id(id.as_bytes()) {
            return Err(missing());
        }
        let wanted = id.to_owned();
        let found = self.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                let Some(stored) = tx.file(&wanted).await? else { return Ok(None) };
                Ok(tx.account(stored.file.account_id).await?.map(|account| (stored, account)))
            })
        });
        let (stored, account) = found.await?.ok_or_else(missing)?;
        if account.user_dir != user_dir || safe_name(&stored.file.name) != name {
            return Err(missing());
        }
        let blob = blob_name(stored.file.account_id, &stored.file.id);
        let facts = FileFacts {
            name: stored.file.name,
            media_type: stored.file.media_type,
            size_bytes: stored.size_bytes.cast_unsigned(),
            sha256: stored.sha256,
            created_at: stored.created_at,
        };
        Ok(Download::of_blob(facts, blob, self.parts.blobs.clone()))
    }

    /// Drops the files that no submission has had for a day, and those of deleted submissions.
    pub(crate) async fn sweep_files(&self) -> Result<()> {
        let before = self.now().plus_micros(-LOOSE_MICROS);
        loop {
            let dropped =
                self.parts.store.write(move |tx| Box::pin(tx.drop_loose_files(before, BATCH))).await?;
            if dropped.is_empty() {
                return Ok(());
            }
            for (id, account) in dropped {
                self.delete_bytes(&id, account).await?;
                self.parts
                    .store
                    .write(move |tx| {
                        let id = id.clone();
                        Box::pin(async move { tx.forget_file(&id).await })
                    })
                    .await?;
            }
        }
    }

    async fn delete_bytes(&self, id: &str, account: AccountId) -> Result<()> {
        let (blobs, name) = (&self.parts.blobs, blob_name(account, id));
        blobs.delete(&name).await?;
        for unfinished in blobs.list_unfinished(&format!("uploads/{account}")).await? {
            if unfinished.starts_with(&name) {
                blobs.delete(&unfinished).await?;
            }
        }
        Ok(())
    }
}

/// Notes which files new rows have, in the transaction that stores them.
pub(crate) async fn keep_files(tx: &mut Tx, account: AccountId, rows: &[NewRow]) -> StoreResult<()> {
    for row in rows {
        let files = files_in(&row.body);
        if !files.is_empty() {
            tx.use_files(account, row.id, &files).await?;
        }
    }
    Ok(())
}

/// The same for rows that are put in place of others: the files that they no longer have are loose from `now` on.
pub(crate) async fn keep_files_instead(
    tx: &mut Tx,
    account: AccountId,
    rows: &[NewRow],
    now: Timestamp,
) -> StoreResult<()> {
    for row in rows {
        let before = tx.release_files(account, row.id).await?;
        tx.use_files(account, row.id, &files_in(&row.body)).await?;
        tx.loosen_files(&before, now).await?;
    }
    Ok(())
}

/// Drops the files of a submission that is deleted, but for those that others have, too.
pub(crate) async fn drop_files_of(tx: &mut Tx, account: AccountId, id: SubmissionId) -> StoreResult<()> {
    let files = tx.release_files(account, id).await?;
    tx.drop_unused_files(&files).await
}

/// The ids of the files whose addresses are in a row.
fn files_in(row: &[u8]) -> Vec<String> {
    let ids = memmem::find_iter(row, MARK).filter_map(|at| {
        let id = row.get(at + MARK.len()..at + MARK.len() + ID_CHARS)?;
        is_id(id).then(|| String::from_utf8_lossy(id).into_owned())
    });
    let mut ids: Vec<String> = ids.collect();
    ids.sort();
    ids.dedup();
    ids
}

fn is_id(text: &[u8]) -> bool {
    text.len() == ID_CHARS && text.iter().all(u8::is_ascii_alphanumeric)
}

pub(crate) fn blob_name(account: AccountId, id: &str) -> String {
    format!("uploads/{account}/{id}")
}

/// Stores a file's bytes as they come, and gives how many they are and their SHA-256.
async fn store_bytes(
    parts: &Parts,
    file: &NewFile,
    bytes: impl Stream<Item = Result<Bytes>> + Send,
) -> Result<(u64, String)> {
    let most_bytes = parts.settings.uploads.most_bytes;
    let seen = Arc::new(Mutex::new((0_u64, Sha256::new())));
    // The store knows failures of its own only; what fails on the way is kept beside.
    let failed: Arc<Mutex<Option<Error>>> = Arc::default();
    let counted = bytes.map(|piece| {
        let counted = piece.and_then(|piece| {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.0 += piece.len() as u64;
            if seen.0 > most_bytes {
                let message = format!("the file is larger than {most_bytes} bytes");
                return Err(Error::new(ErrorKind::TooLarge, message));
            }
            seen.1.update(&piece);
            Ok(piece)
        });
        counted.map_err(|error| {
            let message = error.to_string();
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            fillhouse_store::Error::Driver(message)
        })
    });
    let stored = parts.blobs.put_stream(&blob_name(file.account_id, &file.id), Box::pin(counted)).await;
    if let Some(error) = failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(error);
    }
    stored?;
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((seen.0, hex(&seen.1.clone().finalize())))
}

/// A name as it is shown: without folders, and without what is no letter of any script.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control()).take(MOST_NAME_CHARS).collect();
    let shown = shown.trim().trim_start_matches('.');
    if shown.is_empty() { "file".to_owned() } else { shown.to_owned() }
}

/// A name as it is in an address: of characters that stand for themselves there.
fn safe_name(name: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    name.chars().map(|c| if is_safe(c) { c } else { '_' }).collect()
}

fn media_type(given: Option<&str>) -> &str {
    let given = given.unwrap_or(ANY_MEDIA_TYPE);
    let essence = given.split(';').next().unwrap_or_default().trim();
    let is_token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b))
    };
    match essence.split_once('/') {
        Some((kind, subtype))
            if essence.len() <= MOST_MEDIA_TYPE_CHARS && is_token(kind) && is_token(subtype) =>
        {
            essence
        }
        _ => ANY_MEDIA_TYPE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_wherever_an_answer_names_them() {
        let (one, two) = ("0123456789abcdefABCDEFg", "zzzzzzzzzzzzzzzzzzzzzzz");
        let row = format!(
            "\u{1}https://a.example/acme/files/f-{one}_a.pdf\u{2}/x/files/f-{two}_b /files/f-short /files/f-{one}_a.pdf"
        );
        assert_eq!(files_in(row.as_bytes()), [one, two]);
        assert!(files_in(b"/files/f-").is_empty());
    }

    #[test]
    fn names_are_made_safe() {
        for (given, shown, safe) in [
            ("a.pdf", "a.pdf", "a.pdf"),
            ("C:\\Users\\me\\r\u{e9}sum\u{e9} 1.pdf", "r\u{e9}sum\u{e9} 1.pdf", "r_sum__1.pdf"),
            ("../../etc/passwd", "passwd", "passwd"),
            ("...", "file", "file"),
            ("", "file", "file"),
            ("a\u{0}b\n", "ab", "ab"),
            (".htaccess", "htaccess", "htaccess"),
        ] {
            assert_eq!((shown_name(given).as_str(), safe_name(&shown_name(given)).as_str()), (shown, safe));
        }
        assert_eq!(shown_name(&"x".repeat(500)).len(), MOST_NAME_CHARS);
    }

    #[test]
    fn a_media_type_is_one_or_says_nothing() {
        for (given, taken) in [
            (Some("image/png"), "image/png"),
            (Some("text/plain; charset=utf-8"), "text/plain"),
            (Some("image"), ANY_MEDIA_TYPE),
            (Some("a/b\r\nc"), ANY_MEDIA_TYPE),
            (Some("/"), ANY_MEDIA_TYPE),
            (None, ANY_MEDIA_TYPE),
        ] {
            assert_eq!(media_type(given), taken, "{given:?}");
        }
    }
}
