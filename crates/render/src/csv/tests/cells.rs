//! What answers look like as cells, by example.

use super::*;

#[test]
fn a_text_has_quotes_only_where_it_needs_them() {
    use Delimiter::{Comma, Pipe, Semicolon, Tab};
    let table = [
        (Comma, "", ""),
        (Comma, "  padded  ", "  padded  "),
        (Comma, "it's", "it's"),
        (Comma, "naïve café, €5", "\"naïve café, €5\""),
        (Comma, ",", "\",\""),
        (Comma, "\"", "\"\"\"\""),
        (Comma, "say \"hello\", twice", "\"say \"\"hello\"\", twice\""),
        (Comma, "line one\nline two", "\"line one\nline two\""),
        (Comma, "seven\r!", "\"seven\r!\""),
        (Comma, "a line long enough, or so", "\"a line long enough, or so\""),
        (Comma, "a;b|c\td", "a;b|c\td"),
        (Semicolon, "a;b", "\"a;b\""),
        (Semicolon, "a,b", "a,b"),
        (Tab, "a\tb", "\"a\tb\""),
        (Tab, "a,b", "a,b"),
        (Pipe, "a|b", "\"a|b\""),
        (Pipe, "a,b", "a,b"),
    ];
    for (delimiter, text, expected) in table {
        assert_eq!(text_cell(text, CsvOptions { delimiter, ..PLAIN }), expected);
    }
}

#[test]
fn a_special_character_is_found_wherever_it_stands() {
    for length in 1..40 {
        for place in 0..length {
            for special in [",", "\"", "\r", "\n"] {
                let mut text = "x".repeat(length);
                text.replace_range(place..=place, special);
                let expected = format!("\"{}\"", text.replace('"', "\"\""));
                assert_eq!(text_cell(&text, PLAIN), expected);
            }
        }
    }
}

#[test]
fn an_answer_is_one_cell_whatever_its_kind() {
    let boxes = || choice_item("1", ItemType::Checkbox, &[(1, "Shoes"), (2, "Print, paid"), (9, "Other")]);
    let chosen = |positions: &[(u32, Option<&str>)]| {
        let chosen =
            |&(position, other): &(u32, Option<&str>)| Chosen { position, other: other.map(str::to_owned) };
        Answer::Choices(positions.iter().map(chosen).collect())
    };
    let rows = || {
        let row = vec![item("1-0", ItemType::Text, "Row")];
        group("1", ItemType::MatrixText, "Matrix", row)
    };
    let texts = |texts: &[&str]| Answer::Texts(texts.iter().map(|&text| text.into()).collect());
    let files = |urls: &[&str]| {
        let file = |&url: &&str| File { name: "photo, the best.png".into(), url: url.into() };
        Answer::Files(urls.iter().map(file).collect())
    };
    let upload = || item("1", ItemType::File, "File");
    let table = [
        (boxes(), chosen(&[]), ""),
        (boxes(), chosen(&[(1, None)]), "Shoes"),
        (boxes(), chosen(&[(2, None)]), "\"Print, paid\""),
        (boxes(), chosen(&[(9, None), (1, None)]), "Other | Shoes"),
        (boxes(), chosen(&[(1, None), (2, None)]), "\"Shoes | Print, paid\""),
        (boxes(), chosen(&[(9, Some("a friend"))]), "Other: a friend"),
        (boxes(), chosen(&[(9, Some(""))]), "Other"),
        (boxes(), chosen(&[(9, Some("\"so\"")), (1, None)]), "\"Other: \"\"so\"\" | Shoes\""),
        (boxes(), chosen(&[(0, None)]), "0"),
        (boxes(), chosen(&[(5, None)]), "5"),
        (boxes(), chosen(&[(4_294_967_295, Some("x")), (1, None)]), "4294967295: x | Shoes"),
        (rows(), texts(&[]), ""),
        (rows(), texts(&["one"]), "one"),
        (rows(), texts(&["one", "", "two, three"]), "\"one |  | two, three\""),
        (upload(), files(&["https://files.example/1"]), "https://files.example/1"),
        (
            upload(),
            files(&["https://files.example/1", "https://files.example/2"]),
            "https://files.example/1 | https://files.example/2",
        ),
        (item("1", ItemType::Number, "Number"), Answer::Text("007.50".into()), "007.50"),
    ];
    for (item, answer, expected) in table {
        let what = format!("{answer:?}");
        assert_eq!(cell(item, answer, PLAIN), expected, "{what}");
    }
    let piped = CsvOptions { delimiter: Delimiter::Pipe, ..PLAIN };
    assert_eq!(cell(boxes(), chosen(&[(9, None), (1, None)]), piped), "\"Other | Shoes\"");
}
