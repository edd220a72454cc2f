//! Every module says what it is, and fits a reader's head.
//!
//! Looks only at the first line and the number of lines of our Rust files. Whether a text is good is for a reader.

use super::source::Source;

/// Beyond this a file holds more than one thing.
const MOST_LINES: usize = 600;

/// Checks the first line and the size of each module.
pub(crate) fn check(sources: &[Source]) -> Vec<String> {
    let mut problems = Vec::new();
    for module in modules(sources) {
        if !module.text.starts_with("//!") {
            problems.push(format!("{}: it must start with `//!`, saying what it is", module.path));
        }
        if lines(module) > MOST_LINES {
            problems.push(format!(
                "{}: {} lines, at most {MOST_LINES}: split it",
                module.path,
                lines(module)
            ));
        }
    }
    problems
}

/// A line about how long our files are.
pub(crate) fn sizes(sources: &[Source]) -> String {
    let mut modules: Vec<&Source> = modules(sources).collect();
    modules.sort_by_key(|module| lines(module));
    let (Some(median), Some(longest)) = (modules.get(modules.len() / 2), modules.last()) else {
        return "no Rust files".into();
    };
    format!(
        "{} Rust files: {} lines in the median, at most {} ({})",
        modules.len(),
        lines(median),
        lines(longest),
        longest.path
    )
}

fn modules(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|source| source.is_rust() && is_ours(&source.path))
}

fn is_ours(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), ["crates", _, "src" | "tests", ..] | ["xtask", "src", ..])
}

fn lines(source: &Source) -> usize {
    source.text.lines().count()
}

#[cfg(test)]
mod tests {
    use super::super::source::sample;
    use super::*;

    #[test]
    fn a_module_without_a_doc_is_found() {
        let found = check(&[
            sample("crates/a/src/lib.rs", "use std::fs;\n"),
            sample("crates/a/tests/it/main.rs", "/// Not the module's.\n"),
            sample("xtask/src/main.rs", "//! Chores.\n"),
            sample("tools/sketch.rs", "fn main() {}\n"),
        ]);
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("crates/a/src/lib.rs: it must start with"), "{}", found[0]);
    }

    #[test]
    fn a_long_file_is_found() {
        let of = |lines: usize| sample("crates/a/src/lib.rs", &"//!\n".repeat(lines));
        assert!(check(&[of(MOST_LINES)]).is_empty());
        assert_eq!(check(&[of(MOST_LINES + 1)]), ["crates/a/src/lib.rs: 601 lines, at most 600: split it"]);
    }

    #[test]
    fn the_median_is_told() {
        let of =
            |name: &str, lines: usize| sample(&format!("crates/a/src/{name}.rs"), &"//!\n".repeat(lines));
        let told = sizes(&[of("a", 90), of("b", 10), of("c", 20)]);
        assert_eq!(told, "3 Rust files: 20 lines in the median, at most 90 (crates/a/src/a.rs)");
        assert_eq!(sizes(&[]), "no Rust files");
    }
}
