//! Every crate is on the map, `ARCHITECTURE.md`.
//!
//! Checks that `crates/<name>` is written there; what is said of a crate is for a reader to judge.

use super::source::Source;

const MAP: &str = "ARCHITECTURE.md";

/// Checks the map against the folders below `crates/`.
pub(crate) fn check(sources: &[Source], crates: &[String]) -> Vec<String> {
    let Some(map) = sources.iter().find(|source| source.path == MAP) else {
        return vec![format!("{MAP}: it is missing")];
    };
    let unnamed = crates.iter().filter(|name| !is_named(&map.text, name));
    unnamed.map(|name| format!("{MAP}: it does not name crates/{name}")).collect()
}

/// Whether `crates/<name>` is in the text, and not only as the beginning of a longer name.
fn is_named(text: &str, name: &str) -> bool {
    let path = format!("crates/{name}");
    let mut after = text.split(&path).skip(1);
    after.any(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '-' || next == '_'))
}

#[cfg(test)]
mod tests {
    use super::super::source::sample;
    use super::*;

    #[test]
    fn a_crate_that_is_not_on_the_map_is_found() {
        let map = sample(MAP, "| `crates/model` | nouns |\n| `crates/store-tests` | |\n");
        let crates = ["model", "store"].map(String::from);
        assert_eq!(check(&[map], &crates), ["ARCHITECTURE.md: it does not name crates/store"]);
    }

    #[test]
    fn a_missing_map_is_found() {
        assert_eq!(check(&[], &[]), ["ARCHITECTURE.md: it is missing"]);
    }
}
