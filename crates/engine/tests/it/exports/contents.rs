//! The rows and the columns of a file, against the submissions that it is of.

use crate::files::{Exported, everything, finished};
use crate::house::House;
use crate::samples::{
    ACCOUNT, answered, form, form_line, item, lines, people, plain, small_house, survey, unfinished,
};
use fillhouse_engine::{ExportRequest, FormRef};
use fillhouse_model::{Answer, Chosen, FormId, ItemType, Status, Submission, Timestamp};

on_both!(
    the_file_holds_what_the_form_holds,
    a_form_without_submissions_gives_a_header,
    unfinished_submissions_are_there_where_they_are_asked_for,
    a_file_is_named_after_its_form_and_its_number,
    empty_exports_of_two_forms_are_two_files,
    a_form_can_be_asked_for_by_its_names,
);

/// The cells of a submission of the survey, as a reader would write them down.
fn cells(submission: &Submission) -> Vec<String> {
    let seconds = |instant: Timestamp| instant.to_seconds_string();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut cells = vec![String::new(); 15];
    cells[0] = submission.id.to_string();
    cells[2] = submission.date_finish.map(seconds).unwrap_or_default();
    cells[3] = seconds(submission.date_update);
    cells[4] = if submission.status == Status::Complete { "Complete".into() } else { "Incomplete".into() };
    cells[7] = text(&submission.payment_amount);
    cells[10] = text(&submission.user_ip);
    let labels: [&[&str]; 8] = [
        &[],
        &["Red", "Green, mostly", "\"Blue\""],
        &["Cat", "Dog", "Fish"],
        &[],
        &["Bad", "Good"],
        &["Bad", "Good"],
        &[],
        &[],
    ];
    for (answer, labels) in submission.answers.iter().zip(labels) {
        let label = |chosen: &Chosen| {
            let label = labels[chosen.position as usize];
            chosen.other.as_ref().map_or(label.to_owned(), |other| format!("{label}: {other}"))
        };
        cells.push(match answer {
            None => String::new(),
            Some(Answer::Text(text)) => text.clone(),
            Some(Answer::Texts(texts)) => texts.join(" | "),
            Some(Answer::Files(files)) => {
                files.iter().map(|file| file.url.as_str()).collect::<Vec<_>>().join(" | ")
            }
            Some(Answer::Choices(chosen)) => chosen.iter().map(label).collect::<Vec<_>>().join(" | "),
        });
    }
    cells
}

async fn the_file_holds_what_the_form_holds(house: House) {
    let (form, submissions) = (survey(), (0..500).map(answered).collect::<Vec<_>>());
    house.import(&(people() + &form_line(&form) + &lines(&form, &submissions))).await;
    let exported = house.export(everything()).await;
    let header = [
        "id",
        "date_start",
        "date_finish",
        "date_update",
        "result_status",
        "login_email",
        "login_username",
        "payment_amount",
        "payment_status",
        "user_browser",
        "user_ip",
        "user_device",
        "user_referrer",
        "db_id",
        "profile_id",
        "Name (10)",
        "Colour",
        "Pets",
        "Papers",
        "Rate: Row 0",
        "Rate: Row 1",
        "Hours: Monday",
        "Name (16)",
    ];
    assert_eq!(exported.header(), header);
    for (row, submission) in exported.rows().into_iter().zip(&submissions) {
        assert_eq!(row, cells(submission));
    }
    assert_eq!(exported.artifact.rows, 500);
}

async fn a_form_without_submissions_gives_a_header(house: House) {
    house.import(&small_house()).await;
    let exported = house.export(everything()).await;
    assert_eq!((exported.header().len(), exported.artifact.rows), (16, 0));
}

async fn unfinished_submissions_are_there_where_they_are_asked_for(house: House) {
    let form = form(7, ACCOUNT, vec![item("1", ItemType::Text, "Name")]);
    let submissions = [plain(0, "2026-04-01T00:00:00Z"), unfinished(1, "2026-04-02T00:00:00Z")];
    house.import(&(people() + &form_line(&form) + &lines(&form, &submissions))).await;
    assert_eq!(house.export(finished()).await.numbers(), [0]);
    assert_eq!(house.export(everything()).await.numbers(), [0, 1]);
}

async fn a_file_is_named_after_its_form_and_its_number(house: House) {
    house.import(&small_house()).await;
    house.clock.set("2026-06-01T12:34:56.789Z");
    let first = house.export(finished()).await;
    assert_eq!(first.artifact.name, "7_20001_form_export.zip");
    assert_eq!(first.entry, "7_20001_form_export.csv");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&first.bytes)).unwrap();
    let modified = zip.by_index(0).unwrap().last_modified().unwrap().to_string();
    assert_eq!(modified, "2026-06-01 12:34:56");
    assert_eq!(first.artifact.media_type, "application/zip");
    // Another layout of another file, which is the next export.
    assert_eq!(house.export(other_form(&house).await).await.artifact.name, "8_20002_form_export.zip");
}

/// Stores a form like the form 7, and asks for it.
async fn other_form(house: &House) -> ExportRequest {
    house.import(&form_line(&form(8, ACCOUNT, vec![item("1", ItemType::Text, "Name")]))).await;
    ExportRequest { form: FormRef::Id(FormId(8)), ..finished() }
}

async fn empty_exports_of_two_forms_are_two_files(house: House) {
    house.import(&small_house()).await;
    let first = house.export(finished()).await;
    let other = house.export(other_form(&house).await).await;
    assert_eq!(first.csv, other.csv);
    assert_ne!(first.artifact.id, other.artifact.id, "one is named after the wrong form");
}

async fn a_form_can_be_asked_for_by_its_names(house: House) {
    house.import(&small_house()).await;
    let by = async |form| -> Exported { house.export(ExportRequest { form, ..finished() }).await };
    let by_id = by(FormRef::Id(FormId(7))).await;
    assert_eq!(by(FormRef::Name("form_00000007".into())).await, by_id);
    assert_eq!(by(FormRef::Name("form-7".into())).await, by_id);
    for name in ["7", "form-7", "form7"] {
        assert_eq!(by(FormRef::called(name)).await, by_id, "{name}");
    }
}
