//! The files that the rules look at, read once.
//!
//! Guarantees paths relative to the root of the repository, with `/`, in a fixed order. It must not know a rule.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// What is read in the folders of code; elsewhere only Markdown is.
const CODE: [&str; 7] = ["rs", "sql", "py", "sh", "html", "css", "js"];

/// A file and what is in it.
pub(crate) struct Source {
    /// Relative to the root of the repository.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn is_rust(&self) -> bool {
        self.has_extension("rs")
    }

    pub(crate) fn is_markdown(&self) -> bool {
        self.has_extension("md")
    }

    /// Whether this is a test that stands beside a crate, not in it.
    pub(crate) fn is_integration_test(&self) -> bool {
        let mut folders = self.path.split('/');
        folders.next() == Some("crates") && folders.nth(1) == Some("tests")
    }

    fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|own| own == extension)
    }
}

/// All code and all pages of the repository at `root`.
pub(crate) fn read_all(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for (folder, extensions) in [("crates", &CODE[..]), ("xtask", &CODE), ("tools", &CODE), ("docs", &["md"])]
    {
        walk(root, folder, extensions, &mut sources)?;
    }
    for name in names(root)? {
        if Path::new(&name).extension().is_some_and(|extension| extension == "md") {
            sources.push(read(root, name)?);
        }
    }
    Ok(sources)
}

/// The names of the folders in a folder.
pub(crate) fn folders(folder: &Path) -> Result<Vec<String>> {
    Ok(names(folder)?.into_iter().filter(|name| folder.join(name).is_dir()).collect())
}

fn walk(root: &Path, folder: &str, extensions: &[&str], sources: &mut Vec<Source>) -> Result<()> {
    for name in names(&root.join(folder))? {
        let path = format!("{folder}/{name}");
        let wanted = Path::new(&name)
            .extension()
            .and_then(|own| own.to_str())
            .is_some_and(|own| extensions.contains(&own));
        if root.join(&path).is_dir() {
            walk(root, &path, extensions, sources)?;
        } else if wanted {
            sources.push(read(root, path)?);
        }
    }
    Ok(())
}

fn read(root: &Path, path: String) -> Result<Source> {
    let text = fs::read_to_string(root.join(&path)).with_context(|| format!("cannot read {path}"))?;
    Ok(Source { path, text })
}

/// The names in a folder, sorted, without hidden ones; none where there is no such folder.
fn names(folder: &Path) -> Result<Vec<String>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
pub(crate) fn sample(path: &str, text: &str) -> Source {
    Source { path: path.into(), text: text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_pages_are_read_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let files = [
            "crates/a/src/lib.rs",
            "crates/a/tests/it/main.rs",
            "crates/a/data.bin",
            "docs/b.md",
            "C.md",
            "target/d.rs",
        ];
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        let sources = read_all(root.path()).unwrap();
        let paths: Vec<&str> = sources.iter().map(|source| source.path.as_str()).collect();
        assert_eq!(paths, ["crates/a/src/lib.rs", "crates/a/tests/it/main.rs", "docs/b.md", "C.md"]);
        assert!(!sources[0].is_integration_test());
        assert!(sources[1].is_integration_test());
        assert_eq!(folders(&root.path().join("crates")).unwrap(), ["a"]);
    }
}
