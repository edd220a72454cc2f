//! A dialect never sees another dialect, and nothing in `http` sees the store.
//!
//! Reads names in code and in comments alike: a comment that leans on another dialect is a bond too. It must not know
//! which dialects there are; their folders tell.

use super::source::Source;
use super::words;
use std::collections::BTreeSet;

const HTTP: &str = "crates/http/src/";
const DIALECTS: &str = "crates/http/src/dialect/";
const STORE: &str = "fillhouse_store";

/// Checks the files of `http`.
pub(crate) fn check(sources: &[Source]) -> Vec<String> {
    let http = || sources.iter().filter(|source| source.path.starts_with(HTTP));
    let mut problems: Vec<String> = http()
        .filter(|source| source.text.contains(STORE))
        .map(|source| format!("{}: it names {STORE}; http goes through the engine", source.path))
        .collect();
    let dialects: BTreeSet<&str> = http().filter_map(|source| dialect_of(&source.path)).collect();
    for source in http() {
        let Some(own) = dialect_of(&source.path) else {
            continue;
        };
        let seen = dialects.iter().filter(|other| **other != own && sees(source, other));
        problems.extend(seen.map(|other| format!("{}: it sees another dialect, {other}", source.path)));
    }
    problems
}

/// The folder below `dialect/`, or the file there, that a path belongs to.
fn dialect_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix(DIALECTS)?;
    let name = inside.split('/').next()?.trim_end_matches(".rs");
    (name != "mod").then_some(name)
}

fn sees(source: &Source, other: &str) -> bool {
    let text: String = source.text.split_whitespace().collect();
    let up = "super::".repeat(depth(&source.path));
    leads_to(&text, "dialect::", other) || leads_to(&text, &up, other)
}

/// How many `super` lead from a file to the dialects.
fn depth(path: &str) -> usize {
    let folders = path.trim_start_matches(DIALECTS).split('/').count();
    if path.ends_with("/mod.rs") { folders - 1 } else { folders }
}

/// Whether the other's name follows the path in `text`, alone or in a list in braces.
fn leads_to(text: &str, path: &str, other: &str) -> bool {
    text.split(path).skip(1).any(|rest| match rest.strip_prefix('{') {
        Some(list) => words::of(until_closed(list)).any(|word| word == other),
        None => words::of(rest).next() == Some(other) && rest.starts_with(other),
    })
}

/// The inside of braces whose first was taken off.
fn until_closed(text: &str) -> &str {
    let mut open = 1;
    for (at, character) in text.char_indices() {
        match character {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::source::sample;
    use super::*;

    /// What is wrong when a file of the dialect `v2` holds this text, beside a dialect `open`.
    fn problems(file: &str, text: &str) -> Vec<String> {
        check(&[
            sample("crates/http/src/dialect/mod.rs", "mod open; mod v2; pub use open::router;"),
            sample("crates/http/src/dialect/open/mod.rs", ""),
            sample(&format!("crates/http/src/dialect/v2/{file}"), text),
        ])
    }

    #[test]
    fn another_dialect_is_found_however_it_is_named() {
        for text in [
            "use crate::dialect::open::status;",
            "use crate::dialect::{self, open::status};",
            "use crate::{dialect::open, error};",
            "//! As [`dialect::open`] does.",
            "use super::super::open;",
            "use super::super::{\n    open,\n};",
        ] {
            assert_eq!(
                problems("forms.rs", text),
                ["crates/http/src/dialect/v2/forms.rs: it sees another dialect, open"],
                "{text}"
            );
        }
        assert_eq!(problems("mod.rs", "use super::open::status;").len(), 1);
        assert_eq!(problems("forms/list.rs", "use super::super::super::open;").len(), 1);
    }

    #[test]
    fn a_dialects_own_names_are_its_own() {
        for text in [
            "use super::open::Parameters;",
            "use crate::dialect::v2::open;",
            "use crate::dialect::openings;",
            "use crate::dialect::{v2}; use crate::open;",
            "let open = dialect::v2::open();",
        ] {
            assert!(problems("forms.rs", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_store_is_not_seen_from_http() {
        let found = check(&[
            sample("crates/http/src/router.rs", "use fillhouse_store::Store;"),
            sample("crates/engine/src/lib.rs", "use fillhouse_store::Store;"),
        ]);
        assert_eq!(
            found,
            ["crates/http/src/router.rs: it names fillhouse_store; http goes through the engine"]
        );
    }
}
