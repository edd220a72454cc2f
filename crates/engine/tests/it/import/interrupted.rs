//! Imports that end in the middle, and are simply run again.

use crate::house::{House, SECRET};
use crate::samples::{lines, plain, small_house};
use crate::spread::plain_form;
use crate::waiting::{in_time, wait_for};
use fillhouse_engine::Counts;
use std::io::{BufReader, Read};

on_both!(
    an_import_that_was_interrupted_is_run_again,
    an_import_that_was_dropped_is_run_again,
    a_file_that_cannot_be_read_ends_the_import,
);

/// Gives some bytes, and then fails.
struct Torn<'a>(&'a [u8]);

impl Read for Torn<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(to)? {
            0 => Err(std::io::Error::other("the cable was pulled")),
            count => Ok(count),
        }
    }
}

fn all_lines() -> String {
    let submissions: Vec<_> = (0..3_500).map(|n| plain(n, "2026-04-01T00:00:00Z")).collect();
    small_house() + &lines(&plain_form(), &submissions)
}

/// Imports the first bytes of a file whose rest cannot be read; says why that ended.
async fn import_torn(house: &House, all: &str, bytes: usize) -> String {
    let mut importer = house.engine.importer(false);
    let given = all.as_bytes()[..bytes].to_vec();
    let importing = tokio::task::spawn_blocking(move || {
        let mut reader = BufReader::new(Torn(&given));
        importer.import("torn", &mut reader, &mut |_| {}, &mut |_| {}).unwrap_err().to_string()
    });
    in_time("the import", importing).await.unwrap()
}

async fn an_import_that_was_interrupted_is_run_again(house: House) {
    let all = all_lines();
    for share in [3, 5, 7] {
        import_torn(&house, &all, all.len() * share / 10).await;
    }
    assert!(house.count("submissions").await < 3_500);
    let counts = house.import(&all).await;
    let [added, replaced, unchanged] = counts.by_kind["submission"];
    assert!(added > 0 && unchanged > 0, "{counts:?}");
    assert_eq!((added + unchanged, replaced), (3_500, 0));
    let other = house.another().await;
    other.import(&all).await;
    assert!(house.dump().await == other.dump().await, "the dumps differ");
}

async fn an_import_that_was_dropped_is_run_again(house: House) {
    let all = all_lines();
    let mut importer = house.engine.importer(false);
    let given = all.clone();
    let importing = tokio::task::spawn_blocking(move || {
        let mut give_up = |counts: &Counts| {
            if counts.lines >= 2_000 {
                // As if the process died, with one batch under way and another gathered.
                std::panic::resume_unwind(Box::new("given up"));
            }
        };
        importer.import("lines", &mut given.as_bytes(), &mut give_up, &mut |_| {}).unwrap();
    });
    assert!(in_time("the import", importing).await.unwrap_err().is_panic());
    wait_for("what was stored to be written down", async || {
        let stored = house.count("submissions").await;
        let entries = house.caller(SECRET).await.audit_log(None, 10).await.unwrap();
        let said: Vec<_> = entries.into_iter().map(|entry| entry.subject).collect();
        let expected = [format!("form 7: {stored} new, 0 in place of what was there")];
        (stored >= 1_000 && said == expected).then_some(())
    })
    .await;
    let [added, replaced, unchanged] = house.import(&all).await.by_kind["submission"];
    assert!(added >= 1_500 && replaced == 0, "{added} {replaced} {unchanged}");
    assert_eq!(house.count("submissions").await, 3_500);
}

async fn a_file_that_cannot_be_read_ends_the_import(house: House) {
    let all = all_lines();
    let error = import_torn(&house, &all, all.len() / 2).await;
    assert_eq!(error, "torn: the cable was pulled");
}
