//! The examples of the documentation that say so are run, as a reader would run them.
//!
//! Guarantees: each page's examples are run in their order, in one folder, so that one can use what another has written.

use crate::dataset::{DataSet, TOKEN};
use crate::place::Place;
use crate::run::{PROGRAM, in_repository, run};
use std::path::Path;
use std::process::Command;

/// What begins an example that is run; the first word is its language.
const FENCES: [(&str, Language); 2] = [("```sh run", Language::Shell), ("```python run", Language::Python)];

#[derive(Clone, Copy)]
enum Language {
    Shell,
    Python,
}

#[test]
fn the_quick_start_does_what_it_says() {
    let ran = run_page("quickstart.md");
    assert_eq!(ran.len(), 4);
    let [stored, found, exported, read] = [&ran[0], &ran[1], &ran[2], &ran[3]];
    assert!(stored.starts_with(r#"{"ids":["#), "{stored}");
    let id = stored.trim().trim_start_matches(r#"{"ids":["#).trim_end_matches("]}");
    assert!(found.contains(&format!(r#""id":"{id}""#)), "{found}");
    assert!(exported.contains("completed 100\n"), "{exported}");
    assert_eq!(read.lines().count(), 3, "{read}");
}

#[test]
fn the_recipes_of_the_cookbook_work() {
    let ran = run_page("cookbook.md");
    assert_eq!(ran.len(), 4);
    assert!(ran[0].ends_with(" results\n"), "{}", ran[0]);
    assert!(ran[1].starts_with(r#"{"results":[{"#), "{}", ran[1]);
    assert!(ran[2].starts_with("survey.xlsx: "), "{}", ran[2]);
    assert!(ran[3].contains(r#""task_id":"#), "{}", ran[3]);
}

#[test]
fn the_examples_of_all_other_pages_run() {
    let mut pages = 0;
    for entry in std::fs::read_dir(in_repository("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let has_own_test = ["quickstart.md", "cookbook.md"].contains(&name.as_str());
        let is_page = Path::new(&name).extension().is_some_and(|extension| extension == "md");
        if is_page && !has_own_test && !run_page(&name).is_empty() {
            pages += 1;
        }
    }
    assert!(pages >= 5, "only {pages} pages have examples that are run");
}

/// Runs the examples of a page against a server with a small data set, and gives what each has printed.
fn run_page(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(in_repository("docs").join(page)).unwrap();
    let examples = examples(&text);
    if examples.is_empty() {
        return Vec::new();
    }
    let data = DataSet::of(500);
    let place = Place::sqlite();
    place.import(data.path());
    let server = place.serve();
    // Where the program is found by its name, as after an installation.
    let programs = Path::new(PROGRAM).parent().unwrap().display().to_string();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap_or_default());
    examples
        .into_iter()
        .map(|(language, code)| {
            let mut command = match language {
                Language::Shell => Command::new("bash"),
                Language::Python => Command::new("python3"),
            };
            let code = match language {
                Language::Shell => format!("set -euo pipefail\n{code}"),
                Language::Python => code,
            };
            command.args(["-c", &code]).env("URL", server.url()).env("TOKEN", TOKEN).env("PATH", &path);
            command.env("FILLHOUSE_SERVER", server.url()).env("FILLHOUSE_TOKEN", TOKEN);
            command.env("FILLHOUSE_DATA_DIR", place.data_dir());
            // Those of whoever runs the tests are none of the program's.
            for (name, _) in std::env::vars_os() {
                if name.to_string_lossy().starts_with("FILLHOUSE_TEST_") {
                    command.env_remove(name);
                }
            }
            run(command.current_dir(data.folder())).ok().text()
        })
        .collect()
}

/// The examples that are run, in their order.
fn examples(text: &str) -> Vec<(Language, String)> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some((_, language)) = FENCES.into_iter().find(|(fence, _)| *fence == line) {
            let code: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.push((language, code.join("\n")));
        }
    }
    found
}
