//! The fuzzer: libFuzzer over the target that `FILLHOUSE_FUZZ_TARGET` names.
//!
//! Must not know: what a target does.
#![no_main]

use fillhouse_fuzz::{Target, target};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FILLHOUSE_FUZZ_TARGET");
    target(&name.expect("FILLHOUSE_FUZZ_TARGET says which target to fuzz: `cargo xtask fuzz` does"))
});

fuzz_target!(|data: &[u8]| (TARGET.run)(data));
