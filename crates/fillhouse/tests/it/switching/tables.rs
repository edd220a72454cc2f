//! From tables: our own, into the form that they are of, and those of others, into a form that is made for them.

use super::submissions;
use crate::dataset::DataSet;
use crate::place::Place;
use crate::run::Ran;
use std::fs;

/// What of a form there is, as a table.
#[track_caller]
fn exported(place: &Place, form: &str, more: &[&str]) -> Vec<u8> {
    place.run(&[&["export", form, "-o", "-", "--include-incomplete"], more].concat()).ok().stdout
}

/// All columns but the one that has decimals.
const BUT_DECIMALS: &str = "id,date_start,date_finish,date_update,result_status,login_email,payment_amount,payment_status,\
    user_browser,user_ip,user_device,user_referrer,profile_id,100,101,102,103,104,105,107,108,109,110,111,112,113,114,115,\
    116-0,116-1,116-2,116-3";

#[test]
fn our_own_tables_come_back_as_they_were() {
    let data = DataSet::of(400).with_more();
    let theirs = Place::sqlite();
    theirs.import(data.path());
    // The same forms and profiles, without any submission.
    let bare = fs::read_to_string(data.path()).unwrap();
    let kept: Vec<&str> = bare.lines().filter(|line| !line.starts_with(r#"{"kind":"submission""#)).collect();
    fs::write(data.path(), kept.join("\n")).unwrap();
    let file = |name: &str| data.folder().join(name).to_str().unwrap().to_owned();
    let (csv, gz, xlsx) = (file("a.csv"), file("b.csv.gz"), file("c.xlsx"));
    theirs.run(&["export", "1", "--include-incomplete", "-o", &csv]).ok();
    let options = ["--delimiter", ";", "--header", "id", "--bom", "--eol", "crlf"];
    theirs.run(&[&["export", "1", "--include-incomplete", "-o", &gz], &options[..]].concat()).ok();
    theirs.run(&["export", "1", "--include-incomplete", "-o", &xlsx]).ok();
    for (kind, file) in [("csv", &csv), ("csv", &gz), ("xlsx", &xlsx)] {
        let ours = Place::sqlite();
        ours.import(data.path());
        let asked = ["import", "--from", kind, file, "--form", "form123", "--account", "acme"];
        let first = ours.run(&asked).ok();
        assert_eq!(submissions(&first), [400, 0, 0]);
        assert!(!first.stderr.contains("not taken over"), "{first:?}");
        assert_eq!(submissions(&ours.run(&asked).ok()), [0, 0, 400]);
        // A number in a workbook has no zeros at its end.
        let columns: &[&str] = if kind == "xlsx" { &["--columns", BUT_DECIMALS] } else { &[] };
        let (came, was) = (exported(&ours, "1", columns), exported(&theirs, "1", columns));
        assert!(came == was, "{file} comes back as something else");
    }
}

#[test]
fn rows_are_kept_whose_profiles_are_not_here() {
    let data = DataSet::of(400).with_more();
    let theirs = Place::sqlite();
    theirs.import(data.path());
    let file = data.folder().join("a.xlsx").to_str().unwrap().to_owned();
    theirs.run(&["export", "1", "--include-incomplete", "-o", &file]).ok();
    // The same forms, and nobody who answered them.
    let bare = fs::read_to_string(data.path()).unwrap();
    let is_people = |line: &&str| {
        ["submission", "profile", "audience", "segment"]
            .iter()
            .any(|kind| line.starts_with(&format!(r#"{{"kind":"{kind}""#)))
    };
    let kept: Vec<&str> = bare.lines().filter(|line| !is_people(line)).collect();
    fs::write(data.path(), kept.join("\n")).unwrap();
    let ours = Place::sqlite();
    ours.import(data.path());
    let asked = ["import", "--from", "xlsx", &file, "--form", "form123", "--account", "acme"];
    let first = ours.run(&asked).ok();
    assert_eq!(submissions(&first), [400, 0, 0]);
    assert!(first.stderr.contains("does not exist; the row is kept without it"), "{first:?}");
    assert_eq!(submissions(&ours.run(&asked).ok()), [0, 0, 400]);
}

const PEOPLE: &str = "Name;Age;Joined;Colour;Pets;No.\n\
    Ada;36;2026-01-02;red;Cat | Dog;007\n\
    Alan;41;2026-01-03;blue;Dog;008\n\
    \"Grace; or\nnot\";85;2026-02-01;red;;009\n\
    Linus;56;2026-02-02;blue;Cat;010\n\
    Ken;;2026-02-03;red;Cat | Dog;011\n\
    Jean;70;2026-02-04;red;Dog;012\n";

fn import_people(place: &Place, file: &str, more: &[&str]) -> Ran {
    place.run(&[&["import", "--from", "csv", file, "--name", "People we know"], more].concat())
}

#[test]
fn a_table_of_others_becomes_a_form() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    let file = path.to_str().unwrap();
    fs::write(&path, PEOPLE).unwrap();
    let place = Place::sqlite();
    let looked = import_people(&place, file, &["--dry-run"]).ok().text();
    let expected = [
        "6 rows",
        "Name: long_text",
        "Age: number",
        "Joined: date",
        "Colour: radio: red, blue",
        "Pets: checkbox: Cat, Dog",
        "No.: text",
    ];
    expected.iter().for_each(|line| assert!(looked.contains(line), "{line}: {looked}"));
    assert_eq!(submissions(&import_people(&place, file, &[]).ok()), [6, 0, 0]);
    assert_eq!(submissions(&import_people(&place, file, &[]).ok()), [0, 0, 6]);

    // Who adds rows to the file adds rows to the form.
    fs::write(&path, format!("{PEOPLE}Radia;70;2026-02-05;blue;;013\n")).unwrap();
    assert_eq!(submissions(&import_people(&place, file, &[]).ok()), [1, 0, 6]);
    let columns = ["--columns", "100,101,102,103,104,105"];
    let table = String::from_utf8(exported(&place, "1", &columns)).unwrap();
    assert!(
        table.starts_with("Name,Age,Joined,Colour,Pets,No.\nAda,36,2026-01-02,red,Cat | Dog,007\n"),
        "{table}"
    );
    assert!(table.contains("\"Grace; or\nnot\",85,2026-02-01,red,,009\n"), "{table}");
    assert_eq!(table.matches('\n').count(), 1 + 7 + 1, "{table}");
}

#[test]
fn what_cannot_be_taken_over_is_told_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    let (file, report) = (path.to_str().unwrap(), folder.path().join("report"));
    fs::write(&path, PEOPLE).unwrap();
    let place = Place::sqlite();
    import_people(&place, file, &[]).ok();
    let other = folder.path().join("other.csv");
    fs::write(&other, "Name,Colour,Shoes\nBarbara,green,38\nTim,red,43\n").unwrap();
    let asked = [
        "import",
        "--from",
        "csv",
        other.to_str().unwrap(),
        "--form",
        "1",
        "--report",
        report.to_str().unwrap(),
    ];
    let ran = place.run(&asked).ok();
    let told = fs::read_to_string(&report).unwrap();
    assert!(told.contains("other.csv: the column \"Shoes\" is no item of the form\n"), "{told}");
    assert!(told.contains("other.csv:2: Colour: \"green\" is no choice of the item\n"), "{told}");
    assert!(ran.stderr.contains("2 things were not taken over"), "{ran:?}");
    assert_eq!(submissions(&ran), [2, 0, 0]);

    // The same name again, from another file, is no reason to change what is there.
    let ran = place.run(&["import", "--from", "csv", other.to_str().unwrap(), "--name", "People we know"]);
    assert!(ran.status == Some(1) && ran.stderr.contains("nothing was changed"), "{ran:?}");
    for (name, kind) in [("people.csv", "csv"), ("People.CSV.gz", "csv"), ("a.xlsx", "xlsx")] {
        let ran = place.run(&["import", name]);
        let expected = format!("{name} is a table: say --from {kind}");
        assert!(ran.status == Some(1) && ran.stderr.contains(&expected), "{ran:?}");
    }
    fs::write(&path, b"Name\nJos\xe9\n").unwrap();
    let ran = place.run(&["import", "--from", "csv", file]);
    assert!(ran.status == Some(1) && ran.stderr.contains("UTF-8"), "{ran:?}");
    let ran = place.run(&["import", "--from", "xlsx", file]);
    assert!(ran.status == Some(1) && ran.stderr.contains("no workbook"), "{ran:?}");
}
