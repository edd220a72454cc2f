//! What was rendered once is not rendered again.

use crate::files::{Exported, between, everything, finished};
use crate::house::House;
use crate::samples::{ACCOUNT, form, form_line, item, lines, people, plain};
use crate::spread::plain_form;
use fillhouse_model::{Answer, ItemType, Submission};
use fillhouse_store::Artifact;
use std::path::PathBuf;

on_both!(
    a_file_has_the_rows_of_all_blocks_in_their_order,
    many_rows_fill_several_blocks,
    the_same_again_is_the_same_file,
    after_a_change_only_its_block_is_rendered_again,
    what_only_the_header_shows_costs_no_rendition,
    a_period_shares_the_blocks_that_it_holds_whole,
    two_identical_requests_at_once_make_one_file,
);

async fn a_file_has_the_rows_of_all_blocks_in_their_order(house: House) {
    house.fill_blocks(5, 3).await;
    let exported = house.export(finished()).await;
    assert_eq!(exported.numbers(), (0..15).collect::<Vec<_>>());
    assert_eq!(house.blob_files().len(), 5);
}

async fn many_rows_fill_several_blocks(house: House) {
    let submissions: Vec<Submission> = (0..20_000).map(|n| plain(n, "2026-05-01T10:00:00Z")).collect();
    house.import(&(people() + &form_line(&plain_form()) + &lines(&plain_form(), &submissions))).await;
    let exported = house.export(finished()).await;
    assert_eq!(exported.numbers(), (0..20_000).collect::<Vec<_>>());
    assert_eq!(house.blob_files().len(), 3, "8,192 rows are a block");
    assert_eq!(exported.answers()[19_999], "answer 19999");
}

async fn the_same_again_is_the_same_file(house: House) {
    house.fill_blocks(3, 2).await;
    let first = house.export(finished()).await;
    let blobs = house.blob_files();
    house.clock.advance_seconds(60);
    let again = house.export(finished()).await;
    assert!(again.artifact.expires_at > first.artifact.expires_at, "it is kept as long as for a new one");
    let kept_longer = Artifact { expires_at: again.artifact.expires_at, ..first.artifact };
    assert_eq!(again, Exported { artifact: kept_longer, ..first });
    assert_eq!(house.blob_files(), blobs);
}

fn renamed(submission: &Submission) -> Submission {
    Submission { answers: vec![Some(Answer::Text("Another".into()))], ..submission.clone() }
}

fn new_ones(house: &House, before: &[PathBuf]) -> usize {
    house.blob_files().iter().filter(|path| !before.contains(path)).count()
}

async fn after_a_change_only_its_block_is_rendered_again(house: House) {
    let submissions = house.fill_blocks(5, 3).await;
    let first = house.export(finished()).await;
    let before = house.blob_files();
    house.import(&lines(&plain_form(), &[renamed(&submissions[7])])).await;
    let second = house.export(finished()).await;
    assert_ne!(second.artifact.id, first.artifact.id);
    assert_eq!(new_ones(&house, &before), 1, "the third block");
    assert_eq!(second.csv, first.csv.replace("answer 7", "Another"));

    // Between the head and the tail, which have the file's name, the other blocks are the same bytes.
    let sizes = "SELECT deflated_bytes FROM parts JOIN renditions ON renditions.id = rendition_id \
                 JOIN jobs ON jobs.id = job_id WHERE number = 20002 ORDER BY position";
    let sizes: Vec<usize> =
        house.database.rows(sizes).await.iter().map(|row| row[0].parse().unwrap()).collect();
    let (first, second) = (body(&first), body(&second));
    let (head, tail) = (sizes[..2].iter().sum::<usize>(), sizes[3..].iter().sum::<usize>());
    assert_eq!(second[..head], first[..head]);
    assert_eq!(second[second.len() - tail..], first[first.len() - tail..]);
    assert_eq!(second.len(), head + sizes[2] + tail);
}

/// The blocks of a file, without what is before and behind them.
fn body(exported: &Exported) -> &[u8] {
    let Artifact { head, tail, .. } = &exported.artifact;
    &exported.bytes[head.len()..exported.bytes.len() - tail.len()]
}

async fn what_only_the_header_shows_costs_no_rendition(house: House) {
    house.fill_blocks(3, 2).await;
    let first = house.export(finished()).await;
    let before = house.blob_files();
    let relabelled = form(7, ACCOUNT, vec![item("1", ItemType::Text, "Your name")]);
    house.import(&form_line(&relabelled)).await;
    let second = house.export(finished()).await;
    assert_eq!(house.blob_files(), before);
    assert_eq!(second.csv, first.csv.replace("Name", "Your name"));
    assert_ne!(second.artifact.id, first.artifact.id);
}

async fn a_period_shares_the_blocks_that_it_holds_whole(house: House) {
    let submissions = house.fill_blocks(5, 2).await;
    // The block of 4 May reaches into the 5th, so that the periods below hold only a part of it.
    let mut later = submissions[7].clone();
    later.date_finish = Some("2026-05-05T10:00:00Z".parse().unwrap());
    house.import(&lines(&plain_form(), &[later])).await;
    house.export(finished()).await;
    let before = house.blob_files();
    assert_eq!(house.export(between("2026-05-02", "2026-05-04")).await.numbers(), [2, 3, 4, 5, 6]);
    assert_eq!(new_ones(&house, &before), 1, "the block of 4 May");
    let before = house.blob_files();
    assert_eq!(house.export(between("2026-05-01", "2026-05-03")).await.numbers(), [0, 1, 2, 3, 4, 5]);
    assert_eq!(house.blob_files(), before);
    // Other options, other bytes: the same rows would be there, but nobody knows that without looking.
    house.export(everything()).await;
    assert_eq!(new_ones(&house, &before), 5);
}

async fn two_identical_requests_at_once_make_one_file(house: House) {
    house.fill_blocks(3, 2).await;
    let reader = house.reader().await;
    let jobs =
        [reader.start_export(finished()).await.unwrap(), reader.start_export(finished()).await.unwrap()];
    let settings = fillhouse_engine::Settings { export_jobs: 2, ..house.settings() };
    let engine = house.open(settings, 2).await;
    crate::house::do_jobs(&engine).await;
    let first = crate::files::download(&reader, &jobs[0]).await;
    let second = crate::files::download(&reader, &jobs[1]).await;
    assert_eq!(first.csv, second.csv);
    assert_eq!(house.blob_files().len(), 3, "whoever came second threw its own away");
}
