//! Exports of what has changed since another, and of what there once was.

use super::containers::sheet;
use crate::files::downloaded;
use crate::house::{House, VERSION_TTL};
use crate::samples::{ACCOUNT, FORM, form, form_line, item, lines, plain, small_house, unfinished};
use crate::spread::plain_form;
use fillhouse_engine::{
    AsOf, ColumnOptions, Condition, Container, Content, ExportRequest, ExportState, FileShape, Filtered,
    Moment, Operator, Query, ResultOptions, TableOptions, Wanted,
};
use fillhouse_model::{Answer, Clock as _, FormId, ItemType, Submission};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::RowAccessor as _;
use serde_json::Value;
use std::collections::BTreeMap;

on_both!(
    changes_put_on_top_of_each_other_make_the_whole,
    what_is_gone_is_told_in_every_format,
    what_there_was_is_exported_as_it_was,
    what_there_was_at_a_time_is_exported,
    what_is_not_known_any_more_is_refused,
);

fn named(n: i64, name: &str) -> Submission {
    Submission { answers: vec![Some(Answer::Text(name.into()))], ..plain(n, "2026-05-01T00:00:00Z") }
}

fn lines_shape() -> FileShape {
    FileShape { content: Content::Results(ResultOptions::lines()), container: Container::Bare }
}

fn request(filtered: Filtered, shape: FileShape) -> ExportRequest {
    ExportRequest { form: FORM, wanted: Wanted::Filtered(Box::new(filtered)), shape }
}

/// Those whose name has an `a` in it.
fn with_a() -> Query {
    let condition = Condition {
        column: "1".into(),
        operator: Operator::Contains,
        value: "a".into(),
        named: "filter".into(),
    };
    Query { conditions: vec![condition], ..Query::default() }
}

/// The text of the file, and the moment of the form that it is of.
async fn text(house: &House, request: ExportRequest) -> (String, Moment) {
    let (bytes, moment) = file(house, request).await;
    (String::from_utf8(bytes).unwrap(), moment)
}

async fn file(house: &House, request: ExportRequest) -> (Vec<u8>, Moment) {
    let reader = house.reader().await;
    let asked = reader.ask_for_export(request, None).await.unwrap();
    house.do_jobs().await;
    let export = reader.follow_export(&asked.id).await.unwrap();
    let ExportState::Completed(artifact) = export.state else { panic!("it is not completed: {export:?}") };
    let bytes = downloaded(&reader, &artifact).await;
    (bytes, Moment { form_id: export.form_id, seq: export.snapshot_seq })
}

async fn refusal(house: &House, request: ExportRequest) -> String {
    house.reader().await.ask_for_export(request, None).await.unwrap_err().to_string()
}

/// What is put together from one file after the other.
type Whole = BTreeMap<String, Value>;

fn put(whole: &mut Whole, lines: &str) {
    for line in lines.lines() {
        let result: Value = serde_json::from_str(line).unwrap();
        let id = result["id"].as_str().unwrap().to_owned();
        if result["deleted"] == true {
            whole.remove(&id)
        } else {
            whole.insert(id, result)
        };
    }
}

/// Rounds of changes, in several blocks: some are new, some renamed, some finished, some deleted.
async fn changes_put_on_top_of_each_other_make_the_whole(house: House) {
    house.import(&small_house()).await;
    let queries = [Query::default(), with_a()];
    let mut wholes: Vec<(Whole, Option<Moment>)> = queries.iter().map(|_| (Whole::new(), None)).collect();
    let names = ["Ada", "Bob", "Cyd", "Dana", "Eve"];
    let mut there: Vec<i64> = Vec::new();
    for round in 0..6_i64 {
        let new: Vec<i64> = (round * 10..round * 10 + 10).collect();
        let mut edits: Vec<Submission> = new
            .iter()
            .map(|&n| match n % 4 {
                3 => unfinished(n, "2026-05-02T00:00:00Z"),
                _ => named(n, names[usize::try_from(n).unwrap() % 5]),
            })
            .collect();
        let again = there.iter().filter(|&&n| n % 3 == round % 3);
        edits.extend(again.map(|&n| named(n, names[usize::try_from(n + round).unwrap() % 5])));
        house.import(&lines(&plain_form(), &edits)).await;
        there.extend(new);
        for gone in [round * 10 + 1, (round - 1) * 10 + 2] {
            if let Some(place) = there.iter().position(|&n| n == gone) {
                house.delete(plain(there.swap_remove(place), "2026-05-01T00:00:00Z").id).await;
            }
        }
        if round % 2 == 0 {
            house.skip_to_next_block().await;
        }
        for (query, (whole, since)) in queries.iter().zip(&mut wholes) {
            let wanted = |since| Filtered { query: query.clone(), since, ..Filtered::default() };
            let (changes, moment) = text(&house, request(wanted(*since), lines_shape())).await;
            put(whole, &changes);
            *since = Some(moment);
            let mut all = Whole::new();
            put(&mut all, &text(&house, request(wanted(None), lines_shape())).await.0);
            assert_eq!(*whole, all, "round {round}");
            let nothing = text(&house, request(wanted(*since), lines_shape())).await.0;
            assert_eq!(nothing, "", "nothing has changed since");
        }
    }
    assert!(wholes.iter().all(|(whole, _)| whole.len() > 10));
}

async fn what_is_gone_is_told_in_every_format(house: House) {
    house.import(&small_house()).await;
    house.import(&lines(&plain_form(), &[named(0, "Ada"), named(1, "Bob"), named(2, "Cyd")])).await;
    let since = Some(text(&house, request(Filtered::default(), lines_shape())).await.1);
    house.delete(named(0, "").id).await;
    house.import(&lines(&plain_form(), &[named(1, "Dana")])).await;
    house.delete(named(2, "").id).await;
    let changes = || Filtered { since, ..Filtered::default() };
    let bare = |content| FileShape { content, container: Container::Bare };
    let columns = |names: &[&str]| {
        let columns = Some(names.iter().map(|&name| name.to_owned()).collect());
        bare(Content::Table(TableOptions { columns, ..TableOptions::default() }))
    };
    let (csv, _) = text(&house, request(changes(), columns(&["id", "1", "result_status"]))).await;
    assert_eq!(csv, "id,Name,result_status\n10000001,,Deleted\n10000002,Dana,Complete\n10000003,,Deleted\n");
    let (json, _) = text(&house, request(changes(), bare(Content::Results(ResultOptions::default())))).await;
    let results: Vec<Value> = serde_json::from_str(&json).unwrap();
    let told: Vec<(&str, bool)> =
        results.iter().map(|result| (result["id"].as_str().unwrap(), result["deleted"] == true)).collect();
    assert_eq!(told, [("10000001", true), ("10000002", false), ("10000003", true)]);
    let few = |names: &[&str]| ColumnOptions {
        columns: Some(names.iter().map(|&name| name.to_owned()).collect()),
        ..ColumnOptions::default()
    };
    let told = few(&["id", "1", "result_status", "date_update"]);
    let (book, _) = file(&house, request(changes(), bare(Content::Workbook(told.clone())))).await;
    let rows = sheet(&book).split("</row>").map(str::trim).skip(1).map(str::to_owned).collect::<Vec<_>>();
    let text = |text| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    assert_eq!(rows[0], format!("<row><c><v>10000001</v></c><c/>{}", text("Deleted")));
    assert!(rows[1].starts_with(&format!("<row><c><v>10000002</v></c>{}{}", text("Dana"), text("Complete"))));
    assert_eq!(rows[2], format!("<row><c><v>10000003</v></c><c/>{}", text("Deleted")));
    let (parquet, _) = file(&house, request(changes(), bare(Content::Columnar(told)))).await;
    let reader = SerializedFileReader::new(bytes::Bytes::from(parquet)).unwrap();
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    let told: Vec<_> =
        rows.iter().map(|row| (row.get_long(0).unwrap(), row.get_string(2).unwrap().as_str())).collect();
    assert_eq!(told, [(10_000_001, "Deleted"), (10_000_002, "Complete"), (10_000_003, "Deleted")]);
    assert!(rows[0].get_string(1).is_err() && rows[0].get_timestamp_micros(3).is_err(), "{rows:?}");
    assert_eq!(rows[1].get_string(1).unwrap(), "Dana");
    let lacking = [
        columns(&["id", "1"]),
        bare(Content::Workbook(few(&["1", "result_status"]))),
        bare(Content::Columnar(few(&["id"]))),
    ];
    for shape in lacking {
        assert_eq!(
            refusal(&house, request(changes(), shape)).await,
            "columns: lacks id or result_status, which say what is gone since"
        );
    }
    let elsewhere = Some(Moment { form_id: FormId(8), seq: 1 });
    let wanted = Filtered { since: elsewhere, ..Filtered::default() };
    assert_eq!(refusal(&house, request(wanted, lines_shape())).await, "since: is a cursor of another form");
    let later = Some(Moment { form_id: FormId(7), seq: 99 });
    let wanted = Filtered { since: later, ..Filtered::default() };
    assert_eq!(
        refusal(&house, request(wanted, lines_shape())).await,
        "since: is later than what is exported"
    );
}

async fn what_there_was_is_exported_as_it_was(house: House) {
    house.import(&small_house()).await;
    let mut moments = Vec::new();
    for round in 0..4_i64 {
        let changed: Vec<Submission> = (0..=round * 2).map(|n| named(n, &format!("round {round}"))).collect();
        house.import(&lines(&plain_form(), &changed)).await;
        if round == 2 {
            house.delete(named(1, "").id).await;
        }
        moments.push(text(&house, request(Filtered::default(), lines_shape())).await);
    }
    let as_of = |seq| Filtered { as_of: Some(AsOf::Seq(seq)), ..Filtered::default() };
    for (was, moment) in &moments {
        assert_eq!(text(&house, request(as_of(moment.seq), lines_shape())).await.0, *was);
    }
    // Between two moments, neither of which is now.
    let between = Filtered { since: Some(moments[1].1), ..as_of(moments[2].1.seq) };
    let mut whole = Whole::new();
    put(&mut whole, &moments[1].0);
    put(&mut whole, &text(&house, request(between, lines_shape())).await.0);
    let mut expected = Whole::new();
    put(&mut expected, &moments[2].0);
    assert_eq!(whole, expected);
    let last = moments[3].1.seq;
    for seq in [last + 1, -1] {
        let refused = refusal(&house, request(as_of(seq), lines_shape())).await;
        assert_eq!(refused, "as_of: is no change that the form has had");
    }
}

async fn what_there_was_at_a_time_is_exported(house: House) {
    let begun = house.clock.now();
    house.import(&small_house()).await;
    let mut moments = Vec::new();
    for round in 0..3_i64 {
        house.clock.advance_micros(1_500_000);
        house
            .import(&lines(&plain_form(), &[named(0, &format!("round {round}")), named(round, "new")]))
            .await;
        house.clock.advance_micros(500_000);
        moments.push((house.clock.now(), text(&house, request(Filtered::default(), lines_shape())).await.0));
    }
    let at = |time| request(Filtered { as_of: Some(AsOf::Time(time)), ..Filtered::default() }, lines_shape());
    for (time, was) in &moments {
        assert_eq!(text(&house, at(*time)).await.0, *was);
    }
    // Until the next change it stays so; and now is now.
    assert_eq!(text(&house, at(moments[0].0.plus_micros(400_000))).await.0, moments[0].1);
    assert_eq!(text(&house, at(moments[2].0.plus_micros(3_600_000_000))).await.0, moments[2].1);
    let refused = refusal(&house, at(begun.plus_micros(-2_000_000))).await;
    assert_eq!(refused, "as_of: is before all that is known of the form");
    // What has not changed for long is known of still.
    house.clock.advance_micros(i64::try_from(VERSION_TTL.as_micros()).unwrap() * 2);
    house.engine.drop_due().await.unwrap();
    assert_eq!(text(&house, at(house.clock.now().plus_micros(-1))).await.0, moments[2].1);
}

async fn what_is_not_known_any_more_is_refused(house: House) {
    house.import(&small_house()).await;
    house.import(&lines(&plain_form(), &[named(0, "Ada"), named(1, "Bob")])).await;
    let (_, first) = text(&house, request(Filtered::default(), lines_shape())).await;
    house.import(&lines(&plain_form(), &[named(0, "Eve")])).await;
    house.delete(named(1, "").id).await;
    let (now, last) = text(&house, request(Filtered::default(), lines_shape())).await;
    let as_of = |seq| request(Filtered { as_of: Some(AsOf::Seq(seq)), ..Filtered::default() }, lines_shape());
    // Whoever asked in time has it, however long it takes.
    let reader = house.reader().await;
    let in_time = reader.ask_for_export(as_of(first.seq), None).await.unwrap();
    house.clock.advance_micros(i64::try_from(VERSION_TTL.as_micros()).unwrap() + 1);
    house.engine.drop_due().await.unwrap();
    house.do_jobs().await;
    assert_eq!(reader.follow_export(&in_time.id).await.unwrap().rows_written, 2);
    let refused = refusal(&house, as_of(first.seq)).await;
    assert_eq!(refused, "as_of: is too long ago: what has been replaced since is not kept any more");
    assert_eq!(text(&house, as_of(last.seq)).await.0, now);
    // What has changed is known for ever.
    let since = Filtered { since: Some(first), ..Filtered::default() };
    let (changes, _) = text(&house, request(since, lines_shape())).await;
    assert_eq!(changes.lines().nth(1), Some(r#"{"id":"10000002","deleted":true}"#));
    // Columns are those of now.
    let renamed = form(7, ACCOUNT, vec![item("1", ItemType::Text, "Full name")]);
    house.import(&form_line(&renamed)).await;
    let shape = FileShape { content: Content::Table(TableOptions::default()), container: Container::Bare };
    let (table, _) = text(&house, ExportRequest { shape, ..as_of(last.seq) }).await;
    assert!(table.lines().next().unwrap().ends_with(",Full name"), "{table}");
}
