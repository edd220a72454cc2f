//! Receipts: what a file of an export is, signed, so that anybody can tell later, and elsewhere, whether it still is that.
//!
//! A receipt is a JSON object of a `manifest` and a `signature`: Ed25519 (RFC 8032), in hex, over the manifest as JSON with
//! its keys in order and no spaces.
//!
//! Guarantees: a receipt is only made of a file whose every byte was read and found to be what was said when it was
//! completed; it is the same whenever it is made; a file with a byte changed, missing or added does not pass.
//!
//! Must not know: where a receipt is kept.

use super::run::form_of;
use super::track::file_of;
use super::{StoredRequest, state};
use crate::interchange::write_form;
use crate::keys::unhex;
use crate::random::hex;
use crate::{Engine, Error, FormsReader, Result};
use fillhouse_model::JobId;
use fillhouse_store::{Artifact, JobRecord};
use futures::StreamExt as _;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::io::Read;

/// The name of the key in the store.
const KEY: &str = "receipts";
const FORMAT: &str = "fillhouse-receipt-1";
/// How many bytes each part has but the last, of which the digests tell where a file was changed.
const PART_BYTES: usize = 1 << 22;

/// A receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    manifest: Value,
    signature: Vec<u8>,
}

/// What a receipt says of a file that is what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptCheck {
    /// The name that the file had.
    pub name: String,
    /// How many rows it has.
    pub rows: i64,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// The public key that signed it, in hex.
    pub key: String,
}

impl FormsReader {
    /// The receipt of an export's file.
    ///
    /// # Errors
    /// There is no such export of this account; it is not completed ([`fillhouse_model::ErrorKind::Conflict`]); its file has expired.
    pub async fn export_receipt(&self, id: &JobId) -> Result<Receipt> {
        let (job, artifact) = self.engine.task_of(self.account, super::KIND, id).await?;
        let artifact = file_of(state(&job, artifact))?;
        let parts = self.parts_of(&artifact).await?;
        let pair = self.engine.receipt_pair().await?;
        let manifest = self.manifest(&job, &artifact, (parts, hex(pair.public_key().as_ref()))).await?;
        let signature = pair.sign(canonical(&manifest).as_bytes()).as_ref().to_vec();
        Ok(Receipt { manifest, signature })
    }

    async fn manifest(
        &self,
        job: &JobRecord,
        artifact: &Artifact,
        (parts, key): (Vec<Value>, String),
    ) -> Result<Value> {
        let request = StoredRequest::from_json(&job.request).map_err(Error::internal)?;
        let form = form_of(&self.engine.parts, job, &request).await?;
        let mut codebook = Vec::new();
        write_form(&form, &mut codebook);
        let codebook: Value = serde_json::from_slice(&codebook).map_err(Error::internal)?;
        let request: Value = serde_json::from_str(&job.request).map_err(Error::internal)?;
        Ok(json!({
            "format": FORMAT,
            "export": job.id.0,
            "form": codebook,
            "snapshot": job.snapshot_seq,
            "request": request,
            "rows": artifact.rows,
            "file": {
                "name": artifact.name,
                "media_type": artifact.media_type,
                "size_bytes": artifact.size_bytes,
                "sha256": artifact.sha256,
            },
            "parts": parts,
            "completed_at": artifact.created_at.to_millis_string(),
            "key": key,
        }))
    }

    /// The parts of a file, each with its digest.
    async fn parts_of(&self, artifact: &Artifact) -> Result<Vec<Value>> {
        let download = self.download(&artifact.id, &artifact.name).await?;
        let mut bytes = download.stream(0..artifact.size_bytes.cast_unsigned());
        let mut digests = Digests::default();
        while let Some(piece) = bytes.next().await {
            digests.put(&piece?);
        }
        let (parts, size_bytes, sha256) = digests.finish();
        if size_bytes != artifact.size_bytes.cast_unsigned() || sha256 != artifact.sha256 {
            return Err(Error::internal("a file is not what it was when it was completed"));
        }
        Ok(parts)
    }
}

impl Engine {
    /// What tells whether a receipt is of this server: its public key, in hex.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn receipt_key(&self) -> Result<String> {
        Ok(hex(self.receipt_pair().await?.public_key().as_ref()))
    }

    async fn receipt_pair(&self) -> Result<Ed25519KeyPair> {
        let seed = self.secret_of(KEY).await?;
        // What ring says of a key that it rejects is nothing but that.
        Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| Error::internal("the key of receipts is none"))
    }
}

impl Receipt {
    /// It as JSON.
    pub fn to_json(&self) -> String {
        canonical(&json!({ "manifest": self.manifest, "signature": hex(&self.signature) }))
    }

    /// Reads a receipt.
    ///
    /// # Errors
    /// It is none; says why.
    pub fn from_json(json: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(json).map_err(|error| format!("it is not JSON: {error}"))?;
        let signature = value["signature"].as_str().and_then(unhex).ok_or("it has no signature")?;
        match value["manifest"]["format"].as_str() {
            Some(FORMAT) => Ok(Self { manifest: value["manifest"].clone(), signature }),
            Some(other) => Err(format!("its format {other:?} is not known")),
            None => Err("it has no manifest".to_owned()),
        }
    }

    /// Whether this is the receipt of `file`, signed with the key of this server: its public key in hex, or, where none is
    /// given, the one that the receipt itself names.
    ///
    /// # Errors
    /// It is not; says what is wrong.
    pub fn check(&self, file: &mut dyn Read, key: Option<&str>) -> Result<ReceiptCheck, String> {
        let manifest = &self.manifest;
        let own = manifest["key"].as_str().ok_or("the receipt names no key")?;
        let key = key.unwrap_or(own).trim();
        let public = unhex(key).ok_or("the key is not hex")?;
        UnparsedPublicKey::new(&ED25519, public)
            .verify(canonical(manifest).as_bytes(), &self.signature)
            .map_err(|_| format!("the receipt is not signed with the key {key}"))?;
        let (parts, size_bytes, sha256) = read(file)?;
        let said = manifest["parts"].as_array().ok_or("the receipt names no parts")?;
        if let Some(place) = parts.iter().zip(said).position(|(is, said)| is != said) {
            let from = place * PART_BYTES;
            return Err(format!(
                "the file is not what it was: it differs from byte {from} on, or soon after"
            ));
        }
        let said_bytes = manifest["file"]["size_bytes"].as_u64().ok_or("the receipt names no size")?;
        if size_bytes != said_bytes {
            return Err(format!("the file has {size_bytes} bytes, and had {said_bytes}"));
        }
        if parts.len() != said.len() || manifest["file"]["sha256"] != sha256.as_str() {
            return Err("the file is not what it was".to_owned());
        }
        let name = manifest["file"]["name"].as_str().unwrap_or_default().to_owned();
        Ok(ReceiptCheck {
            name,
            rows: manifest["rows"].as_i64().unwrap_or(0),
            size_bytes,
            key: key.to_owned(),
        })
    }
}

fn read(file: &mut dyn Read) -> Result<(Vec<Value>, u64, String), String> {
    let mut digests = Digests::default();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(digests.finish()),
            Ok(count) => digests.put(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(format!("the file cannot be read: {error}")),
        }
    }
}

/// The digests of a file, of its parts and of the whole, while it goes by.
#[derive(Default)]
struct Digests {
    whole: Sha256,
    part: Sha256,
    part_bytes: usize,
    parts: Vec<Value>,
    size_bytes: u64,
}

impl Digests {
    fn put(&mut self, mut bytes: &[u8]) {
        self.whole.update(bytes);
        self.size_bytes += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PART_BYTES - self.part_bytes));
            self.part.update(now);
            self.part_bytes += now.len();
            if self.part_bytes == PART_BYTES {
                self.end_part();
            }
            bytes = later;
        }
    }

    fn end_part(&mut self) {
        let digest = std::mem::take(&mut self.part).finalize();
        self.parts.push(json!({ "size_bytes": self.part_bytes, "sha256": hex(&digest) }));
        self.part_bytes = 0;
    }

    fn finish(mut self) -> (Vec<Value>, u64, String) {
        if self.part_bytes > 0 {
            self.end_part();
        }
        (self.parts, self.size_bytes, hex(&self.whole.finalize()))
    }
}

/// JSON with the keys of each object in order and no spaces, whatever order they came in.
fn canonical(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let mut names: Vec<&String> = members.keys().collect();
                names.sort();
                let member = |name: &String| Some((name.clone(), sorted(members.get(name)?)));
                Value::Object(names.into_iter().filter_map(member).collect::<Map<_, _>>())
            }
            Value::Array(elements) => Value::Array(elements.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    sorted(value).to_string()
}
