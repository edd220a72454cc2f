//! The same submissions in every content and every container, each of several blocks.

use crate::files::downloaded;
use crate::house::House;
use crate::samples::FORM;
use fillhouse_engine::{
    ChosenColumn, ColumnOptions, Container, Content, CsvOptions, ExportRequest, ExportState, FileShape,
    Formulas, Framing, HeaderNames, ResultOptions, Shows, TableOptions, Wanted,
};
use fillhouse_store::Artifact;
use std::io::{Cursor, Read as _};

on_both!(
    every_content_is_the_same_in_every_container,
    a_line_is_a_result,
    nothing_is_a_file_in_every_container,
    a_table_can_have_other_columns_and_another_look,
    results_can_have_less_in_them_in_another_order,
    a_workbook_has_the_rows_of_all_blocks,
    what_is_no_file_is_refused,
);

const CONTAINERS: [Container; 4] = [Container::Zip, Container::Bare, Container::Gzip, Container::Zstd];

async fn file(house: &House, wanted: Wanted, content: &Content, container: Container) -> (Artifact, Vec<u8>) {
    let reader = house.reader().await;
    let shape = FileShape { content: content.clone(), container };
    let job = reader.start_export(ExportRequest { form: FORM, wanted, shape }).await.unwrap();
    house.do_jobs().await;
    match reader.export(&job).await.unwrap().state {
        ExportState::Completed(artifact) => {
            let bytes = downloaded(&reader, &artifact).await;
            (*artifact, bytes)
        }
        other => panic!("it is not completed: {other:?}"),
    }
}

/// The content of a file, as a reader who knows nothing of ours gets it.
fn opened(container: Container, bytes: &[u8]) -> String {
    let mut text = String::new();
    match container {
        Container::Bare => text = String::from_utf8(bytes.to_vec()).unwrap(),
        Container::Zip => {
            let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
            assert_eq!(zip.len(), 1);
            zip.by_index(0).unwrap().read_to_string(&mut text).unwrap();
        }
        Container::Gzip => {
            let mut member = flate2::read::GzDecoder::new(bytes);
            member.read_to_string(&mut text).unwrap();
            assert!(member.into_inner().is_empty(), "one member and nothing behind it");
        }
        Container::Zstd => text = String::from_utf8(zstd::decode_all(bytes).unwrap()).unwrap(),
    }
    text
}

fn tables() -> Content {
    Content::Table(TableOptions::default())
}

async fn every_content_is_the_same_in_every_container(house: House) {
    house.fill_blocks(3, 2).await;
    for (content, inner, media_type) in [
        (tables(), "csv", "text/csv; charset=utf-8"),
        (Content::Results(ResultOptions::default()), "json", "application/json"),
        (Content::Results(ResultOptions::lines()), "ndjson", "application/x-ndjson"),
    ] {
        let mut contents = Vec::new();
        for (container, extension, container_type) in [
            (Container::Zip, "zip".to_owned(), "application/zip"),
            (Container::Bare, inner.to_owned(), media_type),
            (Container::Gzip, format!("{inner}.gz"), "application/gzip"),
            (Container::Zstd, format!("{inner}.zst"), "application/zstd"),
        ] {
            let (artifact, bytes) = file(&house, Wanted::All, &content, container).await;
            assert_eq!(artifact.rows, 6);
            assert_eq!(artifact.media_type, container_type);
            let name = artifact.name.strip_prefix("7_2").unwrap().split_once('_').unwrap().1;
            assert_eq!(name, format!("form_export.{extension}"));
            contents.push(opened(container, &bytes));
        }
        assert!(contents.iter().all(|other| *other == contents[0]), "{contents:?}");
        assert!(contents[0].contains("answer 5"), "{contents:?}");
    }
}

async fn a_line_is_a_result(house: House) {
    let submissions = house.fill_blocks(3, 2).await;
    let (_, lines) =
        file(&house, Wanted::All, &Content::Results(ResultOptions::lines()), Container::Bare).await;
    let (_, array) =
        file(&house, Wanted::All, &Content::Results(ResultOptions::default()), Container::Bare).await;
    let lines = String::from_utf8(lines).unwrap();
    let results: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(results, serde_json::from_slice::<Vec<serde_json::Value>>(&array).unwrap());
    assert_eq!(results.len(), submissions.len());
    assert!(lines.ends_with("}\n"));
}

async fn nothing_is_a_file_in_every_container(house: House) {
    house.fill_blocks(1, 2).await;
    for (content, expected) in [
        (Content::Results(ResultOptions::default()), "[\n\n]\n"),
        (Content::Results(ResultOptions::lines()), ""),
    ] {
        for container in CONTAINERS {
            let (artifact, bytes) = file(&house, Wanted::Chosen(vec![]), &content, container).await;
            assert_eq!(artifact.rows, 0);
            assert_eq!(opened(container, &bytes), expected);
        }
    }
}

async fn a_table_can_have_other_columns_and_another_look(house: House) {
    house.fill_blocks(2, 1).await;
    let columns = Some(vec!["1".to_owned(), "result_status".to_owned(), "id".to_owned()]);
    let csv = CsvOptions { header: HeaderNames::Ids, formulas: Formulas::Escape, ..CsvOptions::default() };
    let content = Content::Table(TableOptions { csv, columns });
    for container in CONTAINERS {
        let (_, bytes) = file(&house, Wanted::All, &content, container).await;
        let expected = "1,result_status,id\nanswer 0,Complete,10000001\nanswer 1,Complete,10000002\n";
        assert_eq!(opened(container, &bytes), expected);
    }
}

/// What is in the first sheet of a workbook.
pub(super) fn sheet(bytes: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    zip.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
    xml
}

async fn a_workbook_has_the_rows_of_all_blocks(house: House) {
    house.fill_blocks(3, 2).await;
    let columns = Some(vec!["id".to_owned(), "1".to_owned()]);
    let content = Content::Workbook(ColumnOptions { header: HeaderNames::Ids, columns });
    let (artifact, bytes) = file(&house, Wanted::All, &content, Container::Bare).await;
    assert_eq!(artifact.rows, 6);
    assert!(artifact.name.ends_with("_form_export.xlsx"), "{}", artifact.name);
    let row = |n| {
        let id = 10_000_001 + n;
        format!("<row><c><v>{id}</v></c><c t=\"inlineStr\"><is><t>answer {n}</t></is></c></row>\n")
    };
    let rows: String = (0..6).map(row).collect();
    let end = "</sheetData><autoFilter ref=\"A1:B7\"/></worksheet>";
    let xml = sheet(&bytes);
    assert!(xml.ends_with(&(rows + end)), "{xml}");
    let (_, bytes) = file(&house, Wanted::Chosen(vec![]), &content, Container::Bare).await;
    let end = "<is><t>1</t></is></c></row>\n</sheetData><autoFilter ref=\"A1:B1\"/></worksheet>";
    assert!(sheet(&bytes).ends_with(end));
}

async fn results_can_have_less_in_them_in_another_order(house: House) {
    house.fill_blocks(2, 1).await;
    let columns = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
    let content =
        |framing, names: &[&str]| Content::Results(ResultOptions { framing, columns: columns(names) });
    for container in CONTAINERS {
        let lines = content(Framing::Lines, &["1", "result_status", "id"]);
        let (_, bytes) = file(&house, Wanted::All, &lines, container).await;
        let line = |n| {
            let item = format!(r#"{{"id":"1","position":0,"value":"answer {n}"}}"#);
            format!("{{\"result_status\":\"Complete\",\"id\":\"1000000{}\",\"items\":[{item}]}}\n", n + 1)
        };
        assert_eq!(opened(container, &bytes), line(0) + &line(1));
        let array = content(Framing::Array, &["id"]);
        let (_, bytes) = file(&house, Wanted::All, &array, container).await;
        let expected = "[\n{\"id\":\"10000001\",\"items\":[]},\n{\"id\":\"10000002\",\"items\":[]}\n]\n";
        assert_eq!(opened(container, &bytes), expected);
    }
}

async fn what_is_no_file_is_refused(house: House) {
    house.fill_blocks(1, 1).await;
    let reader = house.reader().await;
    let columns = |columns: &[&str]| {
        let columns = Some(columns.iter().map(|column| (*column).to_owned()).collect());
        Content::Table(TableOptions { columns, ..TableOptions::default() })
    };
    let workbook = |columns: &[&str]| {
        let columns = Some(columns.iter().map(|column| (*column).to_owned()).collect());
        Content::Workbook(ColumnOptions { columns, ..ColumnOptions::default() })
    };
    let results = |columns: &[&str]| {
        let columns = Some(columns.iter().map(|column| (*column).to_owned()).collect());
        Content::Results(ResultOptions { columns, ..ResultOptions::default() })
    };
    let chosen = Content::Chosen(vec![ChosenColumn { name: "id".into(), shows: Shows::Id }]);
    for (content, container, message) in [
        (columns(&["id", "99"]), Container::Zip, "columns[1]: is no column of the form"),
        (columns(&[]), Container::Bare, "columns: is empty"),
        (results(&["id", "99"]), Container::Bare, "columns[1]: is no column of the form"),
        (results(&["id", "id"]), Container::Bare, "columns[1]: is there twice"),
        (chosen, Container::Gzip, "compression: is not to be had with these columns"),
        (workbook(&["id"]), Container::Zip, "compression: is none of this format, which has its own"),
        (workbook(&["id", "0"]), Container::Bare, "columns[1]: is no column of the form"),
    ] {
        let shape = FileShape { content, container };
        let request = ExportRequest { form: FORM, wanted: Wanted::All, shape };
        assert_eq!(reader.start_export(request.clone()).await.unwrap_err().message(), message);
        if !matches!(request.shape.content, Content::Workbook(_)) {
            assert_eq!(reader.export_now(request, 10).await.unwrap_err().message(), message);
        }
    }
}
