//! Which texts are kept from being read as formulas, by example.

use super::*;

#[test]
fn a_text_that_looks_like_a_formula_is_escaped_where_asked() {
    let table = [
        ("=1+1", "'=1+1"),
        ("@home", "'@home"),
        ("\tindented", "'\tindented"),
        ("\rreturned", "\"'\rreturned\""),
        ("=HYPERLINK(\"https://x.example\",1)", "\"'=HYPERLINK(\"\"https://x.example\"\",1)\""),
        ("+SUM(1)", "'+SUM(1)"),
        ("-SUM(1)", "'-SUM(1)"),
        ("-", "'-"),
        ("+", "'+"),
        ("- a list", "'- a list"),
        ("-1+1", "'-1+1"),
        ("-3,5", "\"'-3,5\""),
        ("-.5", "'-.5"),
        ("-1.2.3", "'-1.2.3"),
        ("-3", "-3"),
        ("-3.5", "-3.5"),
        ("+3.5", "+3.5"),
        ("+44 20 7946 0018", "+44 20 7946 0018"),
        ("+49 (0)30 123-45", "+49 (0)30 123-45"),
        ("+49 30 123 ext. 5", "'+49 30 123 ext. 5"),
        ("1=1", "1=1"),
        (" =1", " =1"),
        ("'=1", "'=1"),
        ("", ""),
    ];
    for (text, expected) in table {
        assert_eq!(text_cell(text, ESCAPE), expected);
        assert!(!text_cell(text, PLAIN).contains('\'') || text.contains('\''), "{text}");
    }
}

#[test]
fn a_phone_number_is_never_escaped_but_a_formula_in_its_place_is() {
    let table = [
        ("+44 20 7946 0018", "+44 20 7946 0018"),
        ("+49 30 123 ext. 5", "+49 30 123 ext. 5"),
        ("+49.30/123*7#", "+49.30/123*7#"),
        ("-30-123", "-30-123"),
        ("+49 (0)30 123", "+49 (0)30 123"),
        ("=1+1", "'=1+1"),
        ("+WEBSERVICE(A1)", "'+WEBSERVICE(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
    ];
    for (text, expected) in table {
        let phone = item("1", ItemType::Phone, "Phone");
        assert_eq!(cell(phone, Answer::Text(text.into()), ESCAPE), expected);
    }
}

#[test]
fn labels_and_other_texts_are_escaped_like_answers() {
    let chosen = |position| Chosen { position, other: None };
    let boxes = || choice_item("1", ItemType::Checkbox, &[(0, "=A1"), (1, "-1"), (2, "-5 °C")]);
    let one = |position| Answer::Choices(vec![chosen(position)]);
    assert_eq!(cell(boxes(), one(0), ESCAPE), "'=A1");
    assert_eq!(cell(boxes(), one(1), ESCAPE), "-1");
    assert_eq!(cell(boxes(), one(2), ESCAPE), "'-5 °C");
    let both = Answer::Choices(vec![chosen(1), chosen(0)]);
    assert_eq!(cell(boxes(), both, ESCAPE), "'-1 | =A1");

    // A browser may say what it likes of itself; our own ids and dates are no texts.
    let mut shown = submission(Vec::new());
    shown.id.0 = -7;
    shown.user_browser = Some("=1+1".into());
    shown.payment_amount = Some("-12.50".into());
    let line = line(&form(Vec::new()), ESCAPE, &shown);
    assert_eq!(line, "-7,,,1970-01-01T00:00:00Z,Complete,,,-12.50,,'=1+1,,,,,\n");
}
