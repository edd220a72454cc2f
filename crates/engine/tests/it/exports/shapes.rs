//! Files of other shapes than the table, each of several blocks with nothing of some of them in it.

use crate::files::{downloaded, everything};
use crate::house::House;
use crate::samples::FORM;
use fillhouse_engine::{ChosenColumn, ExportRequest, ExportState, FileShape, Shows, Wanted};
use fillhouse_model::{Submission, SubmissionId};
use fillhouse_store::Artifact;
use std::io::{Cursor, Read as _};

on_both!(
    results_are_an_array_whatever_blocks_they_come_from,
    chosen_columns_come_with_the_newest_first,
    what_is_made_at_once_is_what_a_job_makes,
    chosen_submissions_are_exported_and_no_others,
    what_is_of_another_form_cannot_be_chosen,
);

fn columns() -> FileShape {
    let column = |name: &str, shows| ChosenColumn { name: name.into(), shows };
    FileShape::chosen(vec![column("id", Shows::Id), column("Name", Shows::Item("1".into()))])
}

fn all(wanted: Wanted, shape: FileShape) -> ExportRequest {
    ExportRequest { form: FORM, wanted, shape }
}

/// A submission as a line of [`columns`].
fn line(submission: &Submission) -> String {
    format!("{},answer {}\n", submission.id, submission.id.0 - 10_000_001)
}

async fn file(house: &House, request: ExportRequest) -> (Artifact, Vec<u8>) {
    let reader = house.reader().await;
    let job = reader.start_export(request).await.unwrap();
    house.do_jobs().await;
    match reader.export(&job).await.unwrap().state {
        ExportState::Completed(artifact) => {
            let bytes = downloaded(&reader, &artifact).await;
            (*artifact, bytes)
        }
        other => panic!("it is not completed: {other:?}"),
    }
}

fn unzipped(bytes: &[u8]) -> (String, String) {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut entry = zip.by_index(0).unwrap();
    let name = entry.name().unwrap().into_owned();
    let mut text = String::new();
    entry.read_to_string(&mut text).unwrap();
    (name, text)
}

fn ids(json: &str) -> Vec<i64> {
    let results: Vec<serde_json::Value> = serde_json::from_str(json).unwrap();
    results.iter().map(|result| result["id"].as_str().unwrap().parse().unwrap()).collect()
}

async fn results_are_an_array_whatever_blocks_they_come_from(house: House) {
    let submissions = house.fill_blocks(4, 3).await;
    let (artifact, bytes) =
        file(&house, ExportRequest { shape: FileShape::zipped_results(), ..everything() }).await;
    let (name, json) = unzipped(&bytes);
    assert_eq!(artifact.name.strip_suffix(".zip"), name.strip_suffix(".json"));
    assert_eq!(ids(&json), submissions.iter().map(|one| one.id.0).collect::<Vec<_>>());
    assert_eq!(artifact.rows, submissions.len() as i64);
    // Blocks of which nothing is wanted leave no trace between the others.
    for chosen in [vec![], vec![0], vec![11], vec![0, 11], vec![3, 4, 9]] {
        let wanted = Wanted::Chosen(chosen.iter().map(|&n: &usize| submissions[n].id).collect());
        let (_, bytes) = file(&house, all(wanted, FileShape::zipped_results())).await;
        let expected: Vec<i64> = chosen.iter().map(|&n| submissions[n].id.0).collect();
        assert_eq!(ids(&unzipped(&bytes).1), expected);
    }
}

async fn chosen_columns_come_with_the_newest_first(house: House) {
    let submissions = house.fill_blocks(3, 2).await;
    let (artifact, bytes) = file(&house, all(Wanted::All, columns())).await;
    let expected: String = submissions.iter().rev().map(line).collect();
    assert_eq!(String::from_utf8(bytes).unwrap(), format!("id,Name\n{expected}"));
    assert_eq!((artifact.media_type.as_str(), artifact.rows), ("text/csv; charset=utf-8", 6));
    assert_eq!(artifact.name, "form-7-submissions-20001.csv");
}

async fn what_is_made_at_once_is_what_a_job_makes(house: House) {
    house.fill_blocks(3, 2).await;
    for shape in [columns(), FileShape::chosen(vec![])] {
        let request = all(Wanted::All, shape);
        let (_, bytes) = file(&house, request.clone()).await;
        let reader = house.reader().await;
        let at_once = reader.export_now(request.clone(), 6).await.unwrap().unwrap();
        assert_eq!((&*at_once.bytes, at_once.rows), (&*bytes, 6));
        assert_eq!(reader.export_now(request, 5).await.unwrap(), None, "there are more than 5");
    }
}

async fn chosen_submissions_are_exported_and_no_others(house: House) {
    let submissions = house.fill_blocks(3, 2).await;
    let wanted = Wanted::Chosen(vec![submissions[4].id, submissions[0].id, submissions[4].id]);
    let request = all(wanted, columns());
    let expected = format!("id,Name\n{}{}", line(&submissions[4]), line(&submissions[0]));
    let at_once = house.reader().await.export_now(request.clone(), 3).await.unwrap().unwrap();
    assert_eq!(String::from_utf8(at_once.bytes.to_vec()).unwrap(), expected);
    assert_eq!(file(&house, request).await.1, at_once.bytes);
}

async fn what_is_of_another_form_cannot_be_chosen(house: House) {
    let submissions = house.fill_blocks(1, 2).await;
    let wanted = Wanted::Chosen(vec![submissions[0].id, SubmissionId(999_999)]);
    let reader = house.reader().await;
    let request = all(wanted, FileShape::zipped_table());
    let error = reader.start_export(request.clone()).await.unwrap_err();
    assert_eq!(error.message(), "ids[1]: is no submission of the form");
    let error = reader.export_now(request, 10).await.unwrap_err();
    assert_eq!(error.message(), "ids[1]: is no submission of the form");
}
