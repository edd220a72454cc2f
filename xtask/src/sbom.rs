//! A list of what a program is made of: a software bill of materials in `CycloneDX`'s JSON.
//!
//! Guarantees: the same lock file gives the same bytes; what only builds or tests the program, and what only another system
//! needs, is not in it. It must not know what any crate does.

use crate::{cargo, shell};
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What `package` is made of, built for `target`.
pub(crate) fn of(package: &str, target: &str) -> Result<String> {
    let mut command = cargo::command("metadata --format-version 1 --locked");
    let metadata: Value = serde_json::from_str(&shell::read(command.args(["--filter-platform", target]))?)?;
    let lock = std::fs::read_to_string(shell::root().join("Cargo.lock"))?;
    let document = document(&metadata, &checksums(&lock), package)?;
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// The digests of a lock file, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let mut found = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let field = |name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(&format!("{name} = \"")))?;
            line.strip_suffix('"').map(str::to_owned)
        };
        if let (Some(name), Some(version), Some(checksum)) =
            (field("name"), field("version"), field("checksum"))
        {
            found.insert((name, version), checksum);
        }
    }
    found
}

fn document(
    metadata: &Value,
    checksums: &BTreeMap<(String, String), String>,
    package: &str,
) -> Result<Value> {
    let packages = metadata["packages"].as_array().context("no packages")?;
    let packages: BTreeMap<&str, &Value> =
        packages.iter().filter_map(|package| Some((package["id"].as_str()?, package))).collect();
    let nodes = metadata["resolve"]["nodes"].as_array().context("nothing is resolved")?;
    let nodes: BTreeMap<&str, Vec<&str>> =
        nodes.iter().filter_map(|node| Some((node["id"].as_str()?, needed(node)))).collect();
    let (root, own) = packages
        .iter()
        .find(|(_, own)| own["name"] == package && own["source"].is_null())
        .with_context(|| format!("there is no {package}"))?;
    let mut reached = BTreeSet::from([*root]);
    let mut left = vec![*root];
    while let Some(id) = left.pop() {
        for next in nodes.get(id).into_iter().flatten() {
            if reached.insert(next) {
                left.push(next);
            }
        }
    }
    let of = |id: &&str| packages.get(*id).map(|package| component(package, checksums));
    let components: Vec<Value> = reached.iter().filter(|id| *id != root).filter_map(of).collect();
    let reference = |id: &&str| packages.get(*id).map(|package| purl(package));
    let depends = |id: &&str| {
        let on: BTreeSet<String> = nodes.get(*id).into_iter().flatten().filter_map(reference).collect();
        reference(id).map(|from| json!({"ref": from, "dependsOn": on}))
    };
    let mut main = component(own, checksums);
    main["type"] = json!("application");
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": main},
        "components": components,
        "dependencies": reached.iter().filter_map(depends).collect::<Vec<_>>(),
    }))
}

/// The packages that a package needs when it runs.
fn needed(node: &Value) -> Vec<&str> {
    let is_needed = |dependency: &&Value| {
        let kinds = dependency["dep_kinds"].as_array();
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
    };
    let dependencies = node["deps"].as_array().into_iter().flatten();
    dependencies.filter(is_needed).filter_map(|dependency| dependency["pkg"].as_str()).collect()
}

fn component(package: &Value, checksums: &BTreeMap<(String, String), String>) -> Value {
    let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let (name, version) = (text("name"), text("version"));
    let purl = purl(package);
    let mut component =
        json!({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl});
    let license = text("license").replace('/', " OR ");
    if !license.is_empty() {
        component["licenses"] = json!([{"expression": license}]);
    }
    if let Some(checksum) = checksums.get(&(name, version)) {
        component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
    }
    component
}

/// The address of a package, as such lists spell it.
fn purl(package: &Value) -> String {
    let text = |key: &str| package[key].as_str().unwrap_or_default();
    format!("pkg:cargo/{}@{}", text("name"), text("version"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> Value {
        let package = |id: &str, source: Value| json!({"id": id, "name": id, "version": "1.0.0", "source": source, "license": "MIT/Apache-2.0"});
        let registry = || json!("registry+somewhere");
        let needs = |id: &str, kind: Value| json!({"pkg": id, "dep_kinds": [{"kind": kind, "target": null}]});
        json!({
            "packages": [package("ours", Value::Null), package("used", registry()), package("below", registry()),
                package("builds", registry()), package("tests", registry())],
            "resolve": {"nodes": [
                {"id": "ours", "deps": [needs("used", Value::Null), needs("tests", json!("dev"))]},
                {"id": "used", "deps": [needs("below", Value::Null), needs("builds", json!("build"))]},
                {"id": "below", "deps": []}, {"id": "builds", "deps": []}, {"id": "tests", "deps": []},
            ]},
        })
    }

    #[test]
    fn what_runs_is_in_it_and_what_builds_or_tests_is_not() {
        let lock = "[[package]]\nname = \"used\"\nversion = \"1.0.0\"\nchecksum = \"abc\"\n\n[[package]]\nname = \"ours\"\n";
        let found = document(&metadata(), &checksums(lock), "ours").unwrap();
        let names: Vec<&str> =
            found["components"].as_array().unwrap().iter().filter_map(|part| part["name"].as_str()).collect();
        assert_eq!(names, ["below", "used"]);
        let used = &found["components"][1];
        assert_eq!(used["purl"], "pkg:cargo/used@1.0.0");
        assert_eq!(used["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(used["hashes"][0]["content"], "abc");
        assert_eq!(found["metadata"]["component"]["type"], "application");
        let used = found["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .find(|part| part["ref"] == "pkg:cargo/used@1.0.0");
        assert_eq!(used.unwrap()["dependsOn"], json!(["pkg:cargo/below@1.0.0"]));
    }

    #[test]
    fn ours_is_made_of_something() {
        let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
        let text = of("fillhouse", &target).unwrap();
        assert!(text.contains("pkg:cargo/tokio@") && text.contains("pkg:cargo/fillhouse-engine@"));
        assert!(!text.contains("pkg:cargo/proptest@") && !text.contains("pkg:cargo/xtask@"));
    }
}
