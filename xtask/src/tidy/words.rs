//! Words that must not be in our sources: promises for later, tests that are switched off, tests that wait blindly.
//!
//! Reads lines and words, not Rust: a word in a comment or a text counts. The forbidden words are put together from
//! halves here, or this file would break its own rule.

use super::source::Source;

const PROMISES: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const UNFINISHED: &str = concat!("to", "do!");
const SWITCHED_OFF: &str = concat!("#[ig", "nore");
const BLIND_WAITS: [&str; 2] = [concat!("thread::sl", "eep"), concat!("time::sl", "eep")];

/// Checks every line of code.
pub(crate) fn check(sources: &[Source]) -> Vec<String> {
    let mut problems = Vec::new();
    for source in sources.iter().filter(|source| !source.is_markdown()) {
        for (index, line) in source.text.lines().enumerate() {
            let found = complaints(line, source.is_integration_test());
            problems.extend(found.map(|complaint| format!("{}:{}: {complaint}", source.path, index + 1)));
        }
    }
    problems
}

fn complaints(line: &str, is_test: bool) -> impl Iterator<Item = String> {
    let promise = of(line).find(|word| PROMISES.contains(word));
    let wait = BLIND_WAITS.into_iter().find(|wait| is_test && line.contains(wait));
    [
        promise.map(|word| format!("{word}: do it, or write an issue")),
        line.contains(UNFINISHED).then(|| format!("{UNFINISHED} is not finished")),
        line.contains(SWITCHED_OFF)
            .then(|| "a test that does not run shows nothing: mend it or remove it".into()),
        wait.map(|wait| format!("{wait} in a test: wait for what you wait for")),
    ]
    .into_iter()
    .flatten()
}

/// The words of a text: runs of letters, digits and underscores.
pub(crate) fn of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::source::sample;
    use super::*;

    fn problems(path: &str, line: &str) -> usize {
        check(&[sample(path, line)]).len()
    }

    #[test]
    fn each_forbidden_word_is_found() {
        for word in PROMISES {
            assert_eq!(problems("crates/a/src/lib.rs", &format!("// {word}: later")), 1, "{word}");
            assert_eq!(problems("tools/a.py", &format!("# {word}(me) later")), 1, "{word}");
        }
        assert_eq!(problems("crates/a/src/lib.rs", &format!("    {UNFINISHED}()")), 1);
        assert_eq!(problems("crates/a/src/lib.rs", &format!("    {SWITCHED_OFF} = \"slow\"]")), 1);
    }

    #[test]
    fn a_blind_wait_is_found_in_tests_only() {
        for wait in BLIND_WAITS {
            let line = format!("std::{wait}(second);");
            assert_eq!(problems("crates/a/tests/it/main.rs", &line), 1, "{wait}");
            assert_eq!(problems("crates/a/src/lib.rs", &line), 0, "{wait}");
        }
    }

    #[test]
    fn longer_words_and_pages_are_left_alone() {
        let mktemp = format!("mktemp a.{}{}", PROMISES[2], PROMISES[2]);
        assert_eq!(problems("xtask/src/a.sh", &mktemp), 0);
        assert_eq!(problems("docs/a.md", PROMISES[0]), 0);
    }

    #[test]
    fn the_line_is_told() {
        let found = check(&[sample("a.rs", &format!("//! Doc.\n// {}\n", PROMISES[1]))]);
        assert_eq!(found, [format!("a.rs:2: {}: do it, or write an issue", PROMISES[1])]);
    }
}
