//! The two databases differ in few statements: the named pairs in one file, which are counted here.
//!
//! Guarantees that a pair beyond the budget is refused, and also that the count does not become none when the file moves.

use super::source::Source;
use super::words;

const PAIRS: &str = "crates/store/src/dialect.rs";
const MOST_PAIRS: usize = 12;

/// Checks the number of pairs.
pub(crate) fn check(sources: &[Source]) -> Vec<String> {
    match count(sources) {
        None => vec![format!("{PAIRS}: it is missing, so the pairs of SQL cannot be counted")],
        Some(count) if count > MOST_PAIRS => {
            vec![format!(
                "{PAIRS}: {count} pairs of SQL, at most {MOST_PAIRS}: write one statement for both databases"
            )]
        }
        Some(_) => Vec::new(),
    }
}

/// A line about how much of the budget is used.
pub(crate) fn summary(sources: &[Source]) -> String {
    format!("{} of {MOST_PAIRS} pairs of SQL", count(sources).unwrap_or_default())
}

fn count(sources: &[Source]) -> Option<usize> {
    let file = sources.iter().find(|source| source.path == PAIRS)?;
    Some(file.text.lines().filter(|line| is_pair(line)).count())
}

/// Whether a line begins `pub(crate) const NAME: Pair`.
fn is_pair(line: &str) -> bool {
    let Some(constant) = line.trim_start().strip_prefix("pub(crate) const ") else {
        return false;
    };
    constant.split_once(':').is_some_and(|(_, kind)| words::of(kind).next() == Some("Pair"))
}

#[cfg(test)]
mod tests {
    use super::super::source::sample;
    use super::*;

    fn pairs(count: usize) -> Source {
        sample(PAIRS, &"pub(crate) const CLAIM: Pair = Pair {\n".repeat(count))
    }

    #[test]
    fn a_pair_too_many_is_found() {
        assert!(check(&[pairs(MOST_PAIRS)]).is_empty());
        let found = check(&[pairs(MOST_PAIRS + 1)]);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("crates/store/src/dialect.rs: 13 pairs of SQL, at most 12"),
            "{}",
            found[0]
        );
    }

    #[test]
    fn a_file_that_moved_is_found() {
        assert_eq!(check(&[]).len(), 1);
    }

    #[test]
    fn only_pairs_are_counted() {
        let file = sample(
            PAIRS,
            "pub(crate) const A: Pair = x;\n// Pair\npub(crate) const B: Pairs = y;\nconst C: u8 = 1;\n",
        );
        assert_eq!(summary(&[file]), "1 of 12 pairs of SQL");
    }
}
