//! The seeds of each target do what they did when they were checked in: nothing that we do not promise.

use fillhouse_fuzz::TARGETS;
use std::path::Path;

#[test]
fn every_target_has_seeds_and_takes_them() {
    for target in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target.name);
        let seeds =
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut count = 0;
        for seed in seeds {
            (target.run)(&std::fs::read(seed.unwrap().path()).unwrap());
            count += 1;
        }
        assert!(count >= 3, "{} has {count} seeds", target.name);
    }
}

#[test]
fn every_target_takes_nothing_and_anything() {
    let noise: Vec<u8> = (0..4_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    for target in TARGETS {
        (target.run)(&[]);
        (target.run)(&noise);
        (target.run)(&[0; 300]);
    }
}

#[test]
#[should_panic(expected = "there is no target \"pieces\": these are deflate, zip, rows")]
fn a_target_that_there_is_not_is_told_with_those_that_there_are() {
    fillhouse_fuzz::target("pieces");
}
