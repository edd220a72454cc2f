//! Files of every format, opened by readers that know nothing of ours: `tools/check_formats.py` computes what must be in
//! them from the data set, and compares cell by cell.
//!
//! Which Python has the readers is said by the environment; `cargo xtask test` says it.

use crate::files::downloaded;
use crate::house::House;
use crate::samples::{FORM, people};
use fillhouse_engine::{
    ColumnOptions, Container, Content, ExportRequest, ExportState, FileShape, ResultOptions, TableOptions,
    Wanted,
};
use std::path::Path;
use std::process::Command;

on_both!(every_reader_finds_every_cell_in_every_format,);

const VARIABLE: &str = "FILLHOUSE_TEST_READERS";

/// Every kind of item; quotes, ends of lines, control characters, emoji, text from right to left, nothing at all, and more
/// than a cell of a spreadsheet takes.
fn data_set() -> String {
    let long = "a long story, \\\"told\\\" at length\\n".repeat(3_000);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/exports/readers.jsonl");
    let data = std::fs::read_to_string(file).unwrap().replace("@LONG@", &long);
    people() + &data.replace("@LONG EMOJI@", &"🦀".repeat(20_000))
}

fn shapes() -> Vec<FileShape> {
    let containers = [Container::Zip, Container::Bare, Container::Gzip, Container::Zstd];
    let texts = [
        Content::Table(TableOptions::default()),
        Content::Results(ResultOptions::default()),
        Content::Results(ResultOptions::lines()),
    ];
    let mut shapes: Vec<FileShape> = texts
        .into_iter()
        .flat_map(|content| containers.map(|container| FileShape { content: content.clone(), container }))
        .collect();
    let own = [Content::Workbook(ColumnOptions::default()), Content::Columnar(ColumnOptions::default())];
    shapes.extend(own.map(|content| FileShape { content, container: Container::Bare }));
    shapes
}

async fn every_reader_finds_every_cell_in_every_format(house: House) {
    let Some(python) = std::env::var_os(VARIABLE) else {
        panic!("{VARIABLE} is not set: run the tests with `cargo xtask test`");
    };
    let folder = tempfile::tempdir().unwrap();
    let (data, files) = (folder.path().join("data.jsonl"), folder.path().join("files"));
    std::fs::write(&data, data_set()).unwrap();
    std::fs::create_dir(&files).unwrap();
    house.import(&data_set()).await;
    for shape in shapes() {
        let (name, bytes) = file(&house, shape).await;
        std::fs::write(files.join(name), bytes).unwrap();
    }
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/check_formats.py");
    let checked =
        Command::new(python).arg(tool).arg(data).arg(&files).args(["--form", "7"]).output().unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
    assert!(checked.status.success(), "{said}{wrong}");
    assert_eq!(said.lines().count(), shapes().len(), "{said}");
}

async fn file(house: &House, shape: FileShape) -> (String, Vec<u8>) {
    let reader = house.reader().await;
    let job = reader.start_export(ExportRequest { form: FORM, wanted: Wanted::All, shape }).await.unwrap();
    house.do_jobs().await;
    match reader.export(&job).await.unwrap().state {
        ExportState::Completed(artifact) => (artifact.name.clone(), downloaded(&reader, &artifact).await),
        other => panic!("it is not completed: {other:?}"),
    }
}
