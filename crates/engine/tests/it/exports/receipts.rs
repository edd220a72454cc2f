//! Receipts: a file is what it was, or does not pass.

use crate::files::{downloaded, finished};
use crate::house::House;
use fillhouse_engine::{ExportState, Receipt};
use fillhouse_model::{ErrorKind, JobId};

on_both!(
    a_receipt_says_what_the_file_is,
    no_file_passes_but_the_very_one,
    a_receipt_that_was_touched_is_none,
    what_has_no_file_has_no_receipt,
);

async fn exported(house: &House) -> (JobId, Vec<u8>) {
    house.fill_blocks(2, 40).await;
    let reader = house.reader().await;
    let id = reader.start_export(finished()).await.unwrap();
    house.do_jobs().await;
    let ExportState::Completed(artifact) = reader.export(&id).await.unwrap().state else {
        panic!("it is not completed")
    };
    let bytes = downloaded(&reader, &artifact).await;
    (id, bytes)
}

fn check(receipt: &Receipt, bytes: &[u8], key: Option<&str>) -> Result<i64, String> {
    receipt.check(&mut { bytes }, key).map(|checked| checked.rows)
}

async fn a_receipt_says_what_the_file_is(house: House) {
    let (id, bytes) = exported(&house).await;
    let reader = house.reader().await;
    let receipt = reader.export_receipt(&id).await.unwrap();
    assert_eq!(reader.export_receipt(&id).await.unwrap(), receipt, "it is the same whenever it is made");
    let read = Receipt::from_json(&receipt.to_json()).unwrap();
    assert_eq!(read, receipt);
    let json: serde_json::Value = serde_json::from_str(&receipt.to_json()).unwrap();
    let manifest = &json["manifest"];
    assert_eq!(
        (&manifest["rows"], &manifest["form"]["items"][0]["label"]),
        (&serde_json::json!(80), &serde_json::json!("Name"))
    );
    assert_eq!(manifest["file"]["size_bytes"], bytes.len());
    // Another server on the same store has the same key.
    let other = house.open(house.settings(), 2).await;
    let key = other.receipt_key().await.unwrap();
    assert_eq!(check(&read, &bytes, Some(&key)), Ok(80));
    assert_eq!(check(&read, &bytes, None), Ok(80));
    let elsewhere = house.another().await.engine.receipt_key().await.unwrap();
    if elsewhere != key {
        assert!(check(&read, &bytes, Some(&elsewhere)).is_err());
    }
    for bad in ["", "zz", &key[2..]] {
        assert!(check(&read, &bytes, Some(bad)).is_err(), "{bad}");
    }
}

async fn no_file_passes_but_the_very_one(house: House) {
    let (id, bytes) = exported(&house).await;
    let receipt = house.reader().await.export_receipt(&id).await.unwrap();
    assert!(bytes.len() > 500, "{}", bytes.len());
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(check(&receipt, &changed, None).is_err(), "byte {place} was changed");
        let cut = &bytes[..place];
        assert!(check(&receipt, cut, None).is_err(), "it was cut at {place}");
        assert!(check(&receipt, &bytes[place + 1..], None).is_err(), "its beginning was cut at {place}");
        let lacking = [cut, &bytes[place + 1..]].concat();
        assert!(check(&receipt, &lacking, None).is_err(), "byte {place} was lost");
    }
    assert!(check(&receipt, &[&bytes[..], b"\n"].concat(), None).is_err());
    assert_eq!(check(&receipt, &bytes, None), Ok(80));
}

async fn a_receipt_that_was_touched_is_none(house: House) {
    let (id, bytes) = exported(&house).await;
    let json = house.reader().await.export_receipt(&id).await.unwrap().to_json();
    for place in 0..json.len() {
        let mut touched = json.clone().into_bytes();
        touched[place] = if touched[place] == b'1' { b'2' } else { b'1' };
        let Ok(touched) = String::from_utf8(touched) else { continue };
        let passes = Receipt::from_json(&touched).is_ok_and(|receipt| check(&receipt, &bytes, None).is_ok());
        assert!(!passes, "letter {place} of {json}");
    }
    assert!(Receipt::from_json("{}").is_err() && Receipt::from_json("").is_err());
    let newer = json.replace("fillhouse-receipt-1", "fillhouse-receipt-2");
    assert!(Receipt::from_json(&newer).unwrap_err().contains("is not known"));
}

async fn what_has_no_file_has_no_receipt(house: House) {
    house.fill_blocks(1, 1).await;
    let reader = house.reader().await;
    let id = reader.start_export(finished()).await.unwrap();
    assert_eq!(reader.export_receipt(&id).await.unwrap_err().kind(), ErrorKind::Conflict);
    let unknown = reader.export_receipt(&JobId("x".into())).await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::NotFound);
}
