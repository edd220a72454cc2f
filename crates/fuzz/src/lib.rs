//! Targets of fuzzing: functions that take any bytes, and panic where something that we promise does not hold of them.
//!
//! A fuzzer that is guided by coverage looks for bytes that bring a target elsewhere than all before. `cargo xtask fuzz` builds
//! and runs one; the tests replay a few inputs of each target, so that no target rots.
//!
//! Guarantees: a target neither waits nor asks anybody; apart from what `requests` has stored, the same bytes do the same.
//!
//! Must not know: which fuzzer runs it.

mod filters;
mod house;
mod input;
mod lines;
mod pieces;
mod requests;
mod rows;

/// Something to be fuzzed.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name; its seeds are in `seeds/NAME`.
    pub name: &'static str,
    /// Takes any bytes.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 6] = [
    Target { name: "deflate", run: pieces::deflate },
    Target { name: "zip", run: pieces::zip },
    Target { name: "rows", run: rows::rows },
    Target { name: "lines", run: lines::lines },
    Target { name: "filters", run: filters::filters },
    Target { name: "requests", run: requests::requests },
];

/// The target of this name.
///
/// # Panics
/// There is none.
pub fn target(name: &str) -> Target {
    let known = || TARGETS.map(|target| target.name).join(", ");
    let found = TARGETS.into_iter().find(|target| target.name == name);
    found.unwrap_or_else(|| panic!("there is no target {name:?}: these are {}", known()))
}
