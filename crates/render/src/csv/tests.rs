//! What lines and files look like: by example, which is the specification, and against a plain other way of writing them.

use super::*;
use crate::samples::{choice_item, form, group, instant, item, submission};
use crate::table::META_NAMES;
use fillhouse_model::row::{Malformed, Row, encode};
use fillhouse_model::{Answer, AudienceId, Chosen, File, Form, Item, ItemType, Status, Submission};
use proptest::prelude::*;

mod cells;
mod formulas;
mod naive;

const PLAIN: CsvOptions = CsvOptions {
    delimiter: Delimiter::Comma,
    eol: Eol::Lf,
    bom: false,
    header: HeaderNames::Labels,
    formulas: Formulas::Raw,
};
const ESCAPE: CsvOptions = CsvOptions { formulas: Formulas::Escape, ..PLAIN };

fn line(form: &Form, options: CsvOptions, submission: &Submission) -> String {
    let layout = Layout::new(form, options);
    let mut out = Vec::new();
    let row = encode(submission);
    RowWriter::new(&layout).write(&Row::read(&row).unwrap(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The cell of a form's only answer, as it stands in the line.
fn cell(item: Item, answer: Answer, options: CsvOptions) -> String {
    let line = line(&form(vec![item]), options, &submission(vec![Some(answer)]));
    let delimiter = char::from(options.delimiter.byte());
    let cell = line.splitn(META_NAMES.len() + 1, delimiter).last().unwrap_or_default();
    cell.strip_suffix('\n').unwrap().to_owned()
}

fn text_cell(text: &str, options: CsvOptions) -> String {
    cell(item("1", ItemType::Text, "Text"), Answer::Text(text.into()), options)
}

#[test]
fn a_file_is_a_header_and_a_line_a_row() {
    let form = form(vec![
        item("1", ItemType::Text, "Your name, please"),
        item("2", ItemType::Text, "=1+1"),
        choice_item("3", ItemType::Radio, &[(0, "Yes"), (1, "No")]),
    ]);
    let mut full = submission(vec![
        Some(Answer::Text("Ada".into())),
        None,
        Some(Answer::Choices(vec![Chosen { position: 1, other: None }])),
    ]);
    full.date_start = Some(instant("2026-04-01T08:59:59.999999Z"));
    full.date_finish = Some(instant("2026-04-01T09:00:00Z"));
    full.date_update = instant("2026-04-02T00:00:00Z");
    full.login_email = Some("ada@example.com".into());
    full.login_username = Some("ada".into());
    full.payment_amount = Some("12.5".into());
    full.payment_status = Some("Payment Successful".into());
    full.user_browser = Some("Firefox".into());
    full.user_ip = Some("10.0.0.1".into());
    full.user_device = Some("Desktop".into());
    full.user_referrer = Some("N/A".into());
    full.profile = Some((AudienceId(3), "507f1f77bcf86cd799439011".parse().unwrap()));
    let mut bare = submission(Vec::new());
    bare.status = Status::Incomplete;

    let header = "id,date_start,date_finish,date_update,result_status,login_email,login_username,payment_amount,\
                  payment_status,user_browser,user_ip,user_device,user_referrer,db_id,profile_id,\
                  \"Your name, please\",=1+1,Choose\n";
    let first = "7,2026-04-01T08:59:59Z,2026-04-01T09:00:00Z,2026-04-02T00:00:00Z,Complete,ada@example.com,ada,12.5,\
                 Payment Successful,Firefox,10.0.0.1,Desktop,N/A,3,507f1f77bcf86cd799439011,Ada,,No\n";
    let second = "7,,,1970-01-01T00:00:00Z,Incomplete,,,,,,,,,,,,,\n";
    assert_eq!(written(&form, PLAIN, &[&full, &bare]), [header, first, second].concat());

    let excel = CsvOptions { delimiter: Delimiter::Semicolon, eol: Eol::CrLf, bom: true, ..ESCAPE };
    let file = written(&form, excel, &[&bare]);
    let header =
        header.replace(",=", ",'=").replace(',', ";").replace("\"Your name; please\"", "Your name, please");
    let expected = ["\u{feff}", &header, &second.replace(',', ";")].concat().replace('\n', "\r\n");
    assert_eq!(file, expected);
}

/// The header and the rows, all by one writer.
fn written(form: &Form, options: CsvOptions, submissions: &[&Submission]) -> String {
    let layout = Layout::new(form, options);
    let mut out = Vec::new();
    layout.write_header(&mut out);
    let mut writer = RowWriter::new(&layout);
    for submission in submissions {
        let row = encode(submission);
        writer.write(&Row::read(&row).unwrap(), &mut out).unwrap();
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn chosen_columns_are_written_in_their_order() {
    let form =
        form(vec![item("1", ItemType::Text, "Name"), choice_item("2", ItemType::Radio, &[(0, "Yes")])]);
    let columns = ["2", "result_status", "1", "id"].map(str::to_owned);
    let layout = Layout::of_columns(&form, PLAIN, &columns).unwrap();
    let mut out = Vec::new();
    layout.write_header(&mut out);
    let answers = vec![
        Some(Answer::Text("a,b".into())),
        Some(Answer::Choices(vec![Chosen { position: 0, other: None }])),
    ];
    let row = encode(&submission(answers));
    RowWriter::new(&layout).write(&Row::read(&row).unwrap(), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "Choose,result_status,Name,id\nYes,Complete,\"a,b\",7\n");
}

#[test]
fn a_malformed_row_leaves_nothing_behind() {
    let form = form(vec![choice_item("1", ItemType::Radio, &[(0, "Yes")])]);
    let layout = Layout::new(&form, PLAIN);
    let mut writer = RowWriter::new(&layout);
    let mut out = b"before".to_vec();

    let no_choice = encode(&submission(vec![Some(Answer::Text("\u{80}".into()))]));
    assert_eq!(writer.write(&Row::read(&no_choice).unwrap(), &mut out), Err(Malformed));
    let fine = encode(&submission(Vec::new()));
    for micros in [i64::MIN, i64::MAX] {
        let mut never = Row::read(&fine).unwrap();
        never.date_update = micros;
        assert_eq!(writer.write(&never, &mut out), Err(Malformed));
    }
    assert_eq!(out, b"before");

    writer.write(&Row::read(&fine).unwrap(), &mut out).unwrap();
    assert_eq!(out, b"before7,,,1970-01-01T00:00:00Z,Complete,,,,,,,,,,,\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever is in a row, a reader gets what a plain other way of writing the cells gives; and rows that were written
    /// apart are the same as rows written one after the other.
    #[test]
    fn a_reader_gets_back_every_cell(
        form in naive::any_form(),
        submissions in prop::collection::vec(naive::any_submission(), 1..5),
        options in naive::any_options(),
    ) {
        let all: Vec<&Submission> = submissions.iter().collect();
        let file = written(&form, options, &all);
        let mut reader = ::csv::ReaderBuilder::new()
            .delimiter(options.delimiter.byte())
            .from_reader(file.as_bytes());
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(records.len(), submissions.len());
        for (record, submission) in records.iter().zip(&submissions) {
            let cells: Vec<_> = record.iter().collect();
            prop_assert_eq!(cells, naive::cells(&form, options, submission));
        }
        let apart: String = submissions.iter().map(|submission| line(&form, options, submission)).collect();
        prop_assert!(file.ends_with(&apart));
        prop_assert!(options.bom || file.starts_with("id"));
    }

    #[test]
    fn an_instant_is_spelled_as_the_model_spells_it(instants in prop::collection::vec(naive::any_instant(), 1..20)) {
        let form = form(Vec::new());
        let submissions: Vec<_> = instants
            .iter()
            .map(|&date_update| Submission { date_update, ..submission(Vec::new()) })
            .collect();
        let file = written(&form, PLAIN, &submissions.iter().collect::<Vec<_>>());
        for (line, instant) in file.lines().skip(1).zip(instants) {
            prop_assert_eq!(line.split(',').nth(3), Some(&*instant.to_seconds_string()));
        }
    }
}
