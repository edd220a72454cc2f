//! Results by example, and that they are JSON whatever is in them.

use super::*;
use crate::samples::{choice_item, form, group, instant, item, submission};
use fillhouse_model::row::{Row, encode};
use fillhouse_model::{Answer, AudienceId, Chosen, Fault, File, Form, ItemType, Status, Submission};
use proptest::prelude::*;

fn written(layout: &ResultLayout, submission: &Submission) -> String {
    let row = encode(submission);
    let mut out = Vec::new();
    ResultWriter::new(layout).write(&Row::read(&row).unwrap(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn every_kind() -> Form {
    let matrix = |id: &str| fillhouse_model::Item {
        columns: vec!["From".into(), "To".into()],
        ..group(id, ItemType::MatrixText, "When", vec![item("3-0", ItemType::Text, "Day")])
    };
    form(vec![
        item("100", ItemType::Text, "Name"),
        choice_item("200", ItemType::Checkbox, &[(0, "multiple choice answer"), (1, "\"B\"")]),
        matrix("3"),
        item("4", ItemType::File, "Papers"),
    ])
}

#[test]
fn a_result_is_what_the_contract_shows() {
    let chosen = |position, other: Option<&str>| Chosen { position, other: other.map(str::to_owned) };
    let file = |url: &str| File { name: "a.pdf".into(), url: url.into() };
    let full = Submission {
        date_start: Some(instant("2019-06-01T17:13:01Z")),
        date_finish: Some(instant("2019-06-01T17:13:50.999Z")),
        date_update: instant("2019-06-01T17:13:50Z"),
        login_email: Some("user@example.com".into()),
        login_username: Some("user".into()),
        payment_amount: Some("123.00".into()),
        payment_status: Some("Payment Successful".into()),
        user_browser: Some("Firefox".into()),
        user_ip: Some("123.123.123".into()),
        user_device: Some("Desktop".into()),
        user_referrer: Some("http://example.com/page.html".into()),
        ..submission(vec![
            Some(Answer::Text("text answer".into())),
            Some(Answer::Choices(vec![chosen(0, Some("other answer")), chosen(1, None), chosen(9, None)])),
            Some(Answer::Texts(vec!["9\n".into(), String::new()])),
            Some(Answer::Files(vec![file("https://x/1"), file("https://x/2")])),
        ])
    };
    let expected = concat!(
        r#"{"date_finish":"2019-06-01T17:13:50Z","date_start":"2019-06-01T17:13:01Z","#,
        r#""date_update":"2019-06-01T17:13:50Z","id":"7","login_email":"user@example.com","#,
        r#""login_username":"user","payment_amount":123.00,"payment_status":"Payment Successful","#,
        r#""result_status":"Complete","user_browser":"Firefox","user_ip":"123.123.123","#,
        r#""user_device":"Desktop","user_referrer":"http://example.com/page.html","items":["#,
        r#"{"id":"100","position":0,"value":"text answer"},"#,
        r#"{"id":"200","position":1,"values":[{"other":"other answer","position":0,"value":"multiple choice answer"},"#,
        r#"{"position":1,"value":"\"B\""},{"position":9,"value":"9"}]},"#,
        r#"{"id":"3-0","position":2,"values":[{"position":0,"value":"9\n"},{"position":1,"value":""}]},"#,
        r#"{"id":"4","position":3,"values":[{"position":0,"value":"https://x/1"},{"position":1,"value":"https://x/2"}]}]}"#,
    );
    assert_eq!(written(&ResultLayout::new(&every_kind()), &full), expected);
}

#[test]
fn a_result_has_what_was_asked_for_in_that_order() {
    let columns = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let form = every_kind();
    let layout =
        ResultLayout::of_columns(&form, &columns(&["4", "profile_id", "100", "id", "db_id"])).unwrap();
    let anybody = submission(vec![Some(Answer::Text("A".into()))]);
    let items = r#""items":[{"id":"4","position":3,"values":[]},{"id":"100","position":0,"value":"A"}]}"#;
    assert_eq!(written(&layout, &anybody), format!(r#"{{"id":"7",{items}"#));
    let profile = Some((AudienceId(5), "507f1f77bcf86cd799439011".parse().unwrap()));
    let known = Submission { profile, ..anybody };
    let who = r#"{"profile_id":"507f1f77bcf86cd799439011","id":"7","db_id":5,"#;
    assert_eq!(written(&layout, &known), format!("{who}{items}"));
    for (names, field, message) in [
        (columns(&["id", "9"]), "columns[1]", "is no column of the form"),
        (columns(&["100", "100"]), "columns[1]", "is there twice"),
        (columns(&[]), "columns", "is empty"),
    ] {
        assert_eq!(ResultLayout::of_columns(&form, &names).unwrap_err(), Fault::new(field, message));
    }
}

#[test]
fn what_was_not_given_is_absent_or_empty_but_every_item_is_there() {
    let expected = concat!(
        r#"{"date_update":"1970-01-01T00:00:00Z","id":"7","result_status":"Incomplete","user_browser":"","#,
        r#""user_ip":"","user_device":"","user_referrer":"N/A","items":[{"id":"100","position":0,"value":""},"#,
        r#"{"id":"200","position":1,"values":[]},"#,
        r#"{"id":"3-0","position":2,"values":[{"position":0,"value":""},{"position":1,"value":""}]},"#,
        r#"{"id":"4","position":3,"values":[]}]}"#,
    );
    let begun = Submission { status: Status::Incomplete, ..submission(vec![]) };
    assert_eq!(written(&ResultLayout::new(&every_kind()), &begun), expected);
}

#[test]
fn a_view_has_what_it_names() {
    let view = |columns: &[&str]| {
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        written(&ResultLayout::new(&every_kind()).view(&columns), &submission(vec![]))
    };
    assert_eq!(view(&["result_id", "100"]), r#"{"id":"7","items":[{"id":"100","position":0,"value":""}]}"#);
    assert_eq!(view(&["id", "date_finish", "nothing"]), r#"{"id":"7","items":[]}"#);
    assert_eq!(view(&[]), r#"{"items":[]}"#);
}

proptest! {
    #[test]
    fn whatever_was_answered_is_read_back(texts in prop::collection::vec(any::<String>(), 3)) {
        let form = form((0..3).map(|n| item(&n.to_string(), ItemType::Text, "L")).collect());
        let answers = texts.iter().map(|text| Some(Answer::Text(text.clone()))).collect();
        let json: serde_json::Value =
            serde_json::from_str(&written(&ResultLayout::new(&form), &submission(answers))).unwrap();
        let values: Vec<&str> = (0..3).map(|n| json["items"][n]["value"].as_str().unwrap()).collect();
        prop_assert_eq!(values, texts);
    }

    #[test]
    fn a_row_that_is_malformed_leaves_nothing(bytes: Vec<u8>) {
        let layout = ResultLayout::new(&every_kind());
        let mut row = encode(&submission(vec![]));
        row.extend(bytes);
        row.remove(36);
        let mut out = b"before".to_vec();
        if let Ok(row) = Row::read(&row)
            && ResultWriter::new(&layout).write(&row, &mut out).is_err()
        {
            prop_assert_eq!(out, b"before");
        }
    }
}
