//! Downloads of a part of a file.

use crate::files::{Exported, finished};
use crate::house::House;
use fillhouse_engine::Download;
use futures::TryStreamExt as _;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Handle;

on_both!(any_part_of_a_download_is_that_part_of_the_file);

async fn any_part_of_a_download_is_that_part_of_the_file(house: House) {
    house.fill_blocks(4, 20).await;
    let exported = house.export(finished()).await;
    let reader = house.reader().await;
    let download = reader.download(&exported.artifact.id, &exported.artifact.name).await.unwrap();
    let (facts, artifact) = (&download.facts, &exported.artifact);
    assert_eq!(
        (&facts.name, &facts.sha256, &facts.media_type),
        (&artifact.name, &artifact.sha256, &artifact.media_type)
    );
    assert_eq!(
        (facts.size_bytes, facts.created_at),
        (artifact.size_bytes.cast_unsigned(), artifact.created_at)
    );
    let runtime = Handle::current();
    // The cases are run one after the other on a thread that may block.
    let all = tokio::task::spawn_blocking(move || try_ranges(&runtime, &download, &exported));
    all.await.unwrap();
}

fn try_ranges(runtime: &Handle, download: &Download, exported: &Exported) {
    let size = exported.bytes.len();
    let any_range = (0..=size, 0..=size).prop_map(|(a, b)| a.min(b)..a.max(b));
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(300) });
    let tried = runner.run(&any_range, |range| {
        let pieces = download.stream(range.start as u64..range.end as u64).try_collect::<Vec<_>>();
        let part = runtime.block_on(pieces).unwrap().concat();
        prop_assert_eq!(part, &exported.bytes[range]);
        Ok(())
    });
    tried.unwrap();
}
