//! Links between our pages lead somewhere.
//!
//! Looks at links to files of this repository only: it must not ask the network. An anchor in a page is not checked.

use super::source::Source;
use std::path::{Component, Path, PathBuf};

/// Checks every page; `exists` says whether a path from the root of the repository does.
pub(crate) fn check(sources: &[Source], exists: &dyn Fn(&Path) -> bool) -> Vec<String> {
    let mut problems = Vec::new();
    for page in sources.iter().filter(|source| source.is_markdown()) {
        let folder = Path::new(&page.path).parent().unwrap_or(Path::new(""));
        for target in targets(&page.text) {
            let found = resolve(folder, target).is_some_and(|path| exists(&path));
            if !found {
                problems.push(format!("{}: its link to {target} leads nowhere", page.path));
            }
        }
    }
    problems
}

/// The files that a page links to, as it names them.
fn targets(text: &str) -> Vec<&str> {
    let mut targets = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let spoken = line.split('`').step_by(2);
            targets.extend(spoken.flat_map(|part| part.split("](").skip(1)).filter_map(inline_target));
            targets.extend(reference_target(line));
        }
    }
    targets
}

/// What stands before the closing bracket, without a title.
fn inline_target(rest: &str) -> Option<&str> {
    file_of(rest.split(')').next()?)
}

/// The target of `[name]: target`.
fn reference_target(line: &str) -> Option<&str> {
    file_of(line.strip_prefix('[')?.split_once("]: ")?.1)
}

/// The file in a link's target; none when it leads out of the repository or to a place in the same page.
fn file_of(target: &str) -> Option<&str> {
    let address = target.split_whitespace().next()?.trim_matches(['<', '>']);
    let leads_out = address.contains("://") || address.starts_with("mailto:");
    let file = address.split(['#', '?']).next()?;
    (!leads_out && !file.is_empty()).then_some(file)
}

/// A link's path from the root of the repository; none when it leaves the repository.
fn resolve(folder: &Path, target: &str) -> Option<PathBuf> {
    let mut path = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::ParentDir => path.pop().then_some(())?,
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::super::source::sample;
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        check(&[sample(path, text)], &|path| path == Path::new("docs/here.md") || path == Path::new("docs"))
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        for text in ["see [it](gone.md)", "[a](here.md), [it](gone.md#part \"title\")", "[it]: <gone.md>"] {
            assert_eq!(
                problems("docs/page.md", text),
                ["docs/page.md: its link to gone.md leads nowhere"],
                "{text}"
            );
        }
        assert_eq!(problems("README.md", "[it](here.md)").len(), 1);
        assert_eq!(problems("README.md", "[it](../docs/here.md)").len(), 1);
        assert_eq!(problems("README.md", "[it](/docs/here.md)").len(), 1);
    }

    #[test]
    fn other_links_are_left_alone() {
        for text in [
            "[it](docs/here.md#part), ![picture](./docs/../docs/here.md), [folder](docs/)",
            "[out](https://example.org/gone.md), [mail](mailto:a@example.org), [below](#part)",
            "`[code](gone.md)`",
            "```\n[code](gone.md)\n```",
            "[it]: docs/here.md",
            "- [ ] a box: not a link",
        ] {
            assert!(problems("README.md", text).is_empty(), "{text}");
        }
    }
}
