//! Files that are put into buckets.

use super::*;
use crate::deliveries::submit;
use fillhouse_testkit::S3Server;

on_both!(
    a_file_is_put_into_a_bucket,
    keys_that_are_not_let_in_are_told_without_being_shown,
    a_bucket_that_is_not_there_is_told,
);

fn bucket(server: &S3Server, name: &str, key: &str) -> NewDestination {
    let destination = Destination::Bucket {
        bucket: name.into(),
        prefix: "acme/weekly".into(),
        endpoint: Some(server.endpoint()),
        region: "eu-central-1".into(),
        file_name: None,
    };
    let access_key_id = server.keys().0.to_owned();
    let secret = DestinationSecret::Keys { access_key_id, secret_access_key: key.into() };
    NewDestination { destination, secret: Some(secret) }
}

/// A schedule that is due, to a bucket of a server.
async fn due(house: &House, destination: NewDestination) -> Schedule {
    house.import(&small_house()).await;
    submit(house, r#"{"answers":{"1":"Ada"}}"#).await;
    let made = made(house, ScheduleDraft { destination, ..hourly() }).await;
    house.clock.advance_seconds(3_600);
    made
}

async fn a_file_is_put_into_a_bucket(house: House) {
    let server = S3Server::start();
    let made = due(&house, bucket(&server, server.bucket(), server.keys().1)).await;
    // More than a part of an upload.
    let long = "x".repeat(90_000);
    for _ in 0..70 {
        submit(&house, &format!(r#"{{"answers":{{"1":"{long}"}}}}"#)).await;
    }
    work_until_run(&house, &house.engine).await;
    let run = runs(&house, &made.id).await.pop().unwrap();
    assert_eq!((run.state, run.error, run.rows), (RunState::Delivered, None, Some(71)));
    let key = format!("acme/weekly/{}", run.file_name.unwrap());
    assert_eq!(run.delivered_to, Some(format!("s3://exports/{key}")));
    let text = std::fs::read_to_string(server.path(&key)).unwrap();
    assert!(text.len() > 6_000_000 && run.size_bytes == Some(text.len() as i64), "{}", text.len());
    assert_eq!(text.lines().filter(|line| line.contains(&long)).count(), 70);
}

async fn keys_that_are_not_let_in_are_told_without_being_shown(house: House) {
    let server = S3Server::start();
    let made = due(&house, bucket(&server, server.bucket(), "another-secret-key")).await;
    work_until_tried(&house, 1).await;
    let run = runs(&house, &made.id).await.pop().unwrap();
    assert_eq!(run.error.as_deref(), Some("the bucket does not let these keys in"));
    let stored = house.database.rows("SELECT destination FROM schedules").await;
    assert!(!format!("{stored:?}").contains("another-secret-key"));
}

async fn a_bucket_that_is_not_there_is_told(house: House) {
    let server = S3Server::start();
    let made = due(&house, bucket(&server, "none", server.keys().1)).await;
    work_until_tried(&house, 1).await;
    let run = runs(&house, &made.id).await.pop().unwrap();
    assert_eq!(run.error.as_deref(), Some("there is no such bucket"));
}
