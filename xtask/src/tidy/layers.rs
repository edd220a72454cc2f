//! The layer rule: which crate may depend on which.
//!
//! Guarantees that an arrow which is not drawn in [`LAYERS`] is found, and so is a crate that is not named there. It
//! looks at direct dependencies as Cargo reports them, never at code.

use serde_json::Value;

const TEST_KIT: &str = "fillhouse-testkit";

/// Each crate of the workspace with those that it may see.
const LAYERS: [(&str, &[&str]); 10] = [
    (
        "fillhouse",
        &["fillhouse-http", "fillhouse-engine", "fillhouse-store", "fillhouse-render", "fillhouse-model"],
    ),
    ("fillhouse-http", &["fillhouse-engine", "fillhouse-model"]),
    ("fillhouse-engine", &["fillhouse-store", "fillhouse-render", "fillhouse-model"]),
    ("fillhouse-store", &["fillhouse-model"]),
    ("fillhouse-render", &["fillhouse-model"]),
    ("fillhouse-model", &[]),
    (TEST_KIT, &[]),
    ("fillhouse-bench", &["fillhouse-http", "fillhouse-render", TEST_KIT, "fillhouse-model"]),
    ("fillhouse-fuzz", &["fillhouse-http", "fillhouse-engine", "fillhouse-render", "fillhouse-model"]),
    ("xtask", &[]),
];

/// What a crate must not use from outside: it would be doing another layer's work.
const FOREIGN: [(&str, &[&str]); 4] = [
    ("fillhouse-http", &["rusqlite", "tokio-postgres"]),
    ("fillhouse-engine", &["axum"]),
    ("fillhouse-render", &["tokio", "rusqlite", "axum"]),
    ("fillhouse-model", &["tokio", "rusqlite", "axum"]),
];

/// A dependency that a crate states.
struct Arrow<'a> {
    from: &'a str,
    to: &'a str,
    is_for_tests: bool,
}

/// Checks the packages that `cargo metadata --no-deps` lists.
pub(crate) fn check(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let members: Vec<&str> = packages.iter().map(name).collect();
    let unknown = members.iter().filter(|member| allowed(member).is_none());
    let mut problems: Vec<String> = unknown
        .map(|member| {
            format!("{member}: it has no place in the layers; give it one in xtask/src/tidy/layers.rs")
        })
        .collect();
    problems.extend(packages.iter().flat_map(arrows).filter_map(|arrow| {
        let is_wrong = if members.contains(&arrow.to) { breaks_layers(&arrow) } else { is_foreign(&arrow) };
        is_wrong.then(|| format!("{}: it must not depend on {}", arrow.from, arrow.to))
    }));
    problems
}

fn breaks_layers(arrow: &Arrow) -> bool {
    let is_help_for_tests = arrow.is_for_tests && arrow.to == TEST_KIT;
    // A crate without a place was reported already.
    let is_allowed = allowed(arrow.from).is_none_or(|below| below.contains(&arrow.to));
    !is_allowed && !is_help_for_tests
}

fn is_foreign(arrow: &Arrow) -> bool {
    let is_named = |(from, names): &(&str, &[&str])| *from == arrow.from && names.contains(&arrow.to);
    !arrow.is_for_tests && FOREIGN.iter().any(is_named)
}

fn allowed(member: &str) -> Option<&'static [&'static str]> {
    LAYERS.iter().find(|(name, _)| *name == member).map(|(_, below)| *below)
}

fn arrows(package: &Value) -> impl Iterator<Item = Arrow<'_>> {
    let dependencies = package["dependencies"].as_array().map_or(&[][..], Vec::as_slice);
    dependencies.iter().map(|dependency| Arrow {
        from: name(package),
        to: name(dependency),
        is_for_tests: dependency["kind"] == "dev",
    })
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What is wrong when `from` depends on `to`, in a workspace of all crates.
    fn problems(from: &str, to: &str, kind: Option<&str>) -> Vec<String> {
        let package = |name: &str| {
            let dependencies = if name == from { json!([{ "name": to, "kind": kind }]) } else { json!([]) };
            json!({ "name": name, "dependencies": dependencies })
        };
        let packages: Vec<Value> = LAYERS.iter().map(|(name, _)| package(name)).collect();
        check(&json!({ "packages": packages }))
    }

    #[test]
    fn downwards_is_allowed() {
        assert!(problems("fillhouse", "fillhouse-store", None).is_empty());
        assert!(problems("fillhouse-http", "fillhouse-engine", None).is_empty());
        assert!(problems("fillhouse-http", "axum", None).is_empty());
    }

    #[test]
    fn up_and_past_a_layer_is_refused() {
        for (from, to) in [
            ("fillhouse-http", "fillhouse-store"),
            ("fillhouse-model", "fillhouse-store"),
            ("fillhouse-store", "fillhouse-render"),
            ("xtask", "fillhouse-model"),
        ] {
            assert_eq!(problems(from, to, None), [format!("{from}: it must not depend on {to}")]);
            assert_eq!(problems(from, to, Some("dev")), problems(from, to, None));
        }
    }

    #[test]
    fn the_test_kit_is_for_tests() {
        assert!(problems("fillhouse-store", TEST_KIT, Some("dev")).is_empty());
        assert!(problems("fillhouse-bench", TEST_KIT, None).is_empty());
        assert_eq!(problems("fillhouse-store", TEST_KIT, None).len(), 1);
    }

    #[test]
    fn another_layers_library_is_refused() {
        assert_eq!(
            problems("fillhouse-http", "rusqlite", None),
            ["fillhouse-http: it must not depend on rusqlite"]
        );
        assert_eq!(problems("fillhouse-engine", "axum", Some("build")).len(), 1);
        assert_eq!(problems("fillhouse-render", "tokio", None).len(), 1);
    }

    #[test]
    fn a_crate_without_a_place_is_refused() {
        let found = check(&json!({ "packages": [{ "name": "fillhouse-utils", "dependencies": [] }] }));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("fillhouse-utils: it has no place"), "{}", found[0]);
    }
}
