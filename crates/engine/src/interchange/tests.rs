//! Every kind by example: what is written reads back, what is read is written canonically, and what is wrong is named.

use super::*;
use fillhouse_model::Token;

mod faults;
mod refusals;
mod round_trip;

/// A line of every kind, and items of every type, as they are written. Frozen: what was once written stays readable.
const EVERY_KIND: &str = include_str!("tests/every_kind.jsonl");

/// Reads lines as an import does, and writes them as a dump does.
struct Copier {
    forms: Vec<Leaves>,
}

impl Copier {
    fn new() -> Self {
        Self { forms: Vec::new() }
    }

    fn copy(&mut self, line: &str) -> Result<String, Fault> {
        let mut out = Vec::new();
        match Record::parse(line)? {
            Record::Account(account) => write_account(&account, &mut out),
            Record::User(user) => write_user(&user, &mut out),
            Record::Token(token) => write_token(&hashed(token), &mut out),
            Record::Form(form) => {
                self.forms.push(leaves_of(form.clone()));
                write_form(&form, &mut out);
            }
            Record::ResultsLabels(labels) => write_results_labels(&labels, &mut out),
            Record::ResultsView(view) => write_results_view(&view, &mut out),
            Record::Look(look) => write_look(&look, &mut out),
            Record::Audience(audience) => write_audience(&audience, &mut out),
            Record::Profile(profile) => write_profile(&profile, &mut out),
            Record::Segment(SegmentLine::Kept(segment)) => write_segment(&segment, &mut out),
            Record::Segment(SegmentLine::Deleted(deleted)) => write_deleted_segment(&deleted, &mut out),
            Record::Webhook(webhook) => write_webhook(&webhook, &mut out),
            Record::Integration(integration) => write_integration(&integration, &mut out),
            Record::Submission(record) => {
                let of_its_form = |leaves: &&Leaves| leaves.form_id() == record.form_id;
                let leaves = self.forms.iter().find(of_its_form).expect("the form came first");
                write_submission(leaves, &record.document.bind_imported(leaves)?, &mut out);
            }
            Record::Schedule(schedule) => write_schedule(&schedule, &mut out),
        }
        Ok(String::from_utf8(out).unwrap())
    }
}

fn leaves_of(mut form: Form) -> Leaves {
    form.assign_slots(&[]);
    Leaves::of(&form)
}

fn hashed(record: TokenRecord) -> Token {
    let Credential::Hash(hash) = record.credential else {
        panic!("the token has a secret");
    };
    Token {
        hash,
        account_id: record.account_id,
        user_id: record.user_id,
        name: record.name,
        abilities: record.abilities,
    }
}

#[test]
fn every_kind_and_every_item_type_comes_back_byte_for_byte() {
    let mut copier = Copier::new();
    for line in EVERY_KIND.split_inclusive('\n') {
        assert_eq!(copier.copy(line).unwrap(), line);
    }
}

#[test]
fn the_example_of_the_manual_comes_back_byte_for_byte() {
    let manual = include_str!("../../../../docs/interchange.md");
    let (_, rest) = manual.split_once("```json\n").expect("the manual has an example");
    let (example, _) = rest.split_once("```").expect("the example ends");
    let mut copier = Copier::new();
    for line in example.split_inclusive('\n') {
        assert_eq!(copier.copy(line).unwrap(), line);
    }
}

#[test]
fn what_is_spelled_otherwise_is_kept_and_written_canonically() {
    let mut copier = Copier::new();
    let mut same =
        |given: &str, written: &str| assert_eq!(copier.copy(given).unwrap(), format!("{written}\n"));
    same(
        r#" { "name" : "\u00c4cme" , "user_dir":"acme","id":1,"timezone":null, "k\u0069nd" : "account" } "#,
        r#"{"kind":"account","id":1,"user_dir":"acme","name":"Äcme","timezone":"UTC"}"#,
    );
    same(
        concat!(
            r#"{"kind":"form","id":1,"shortname":"form_6Ven2v7O","directory":"d","slug":"s","name":"N","items":["#,
            r#"{"label":"A","allow_other":false,"type":"radio","id":"1","required":false,"choices":[{"label":"B","position":0}],"children":[]}"#,
            r#",{"children":[{"id":"2-0","type":"text","label":"C"}],"id":"2","type":"list","label":"D"}"#,
            r#",{"id":"3","type":"file","label":"E"}],"account_id":2,"state":"open","partial":false}"#
        ),
        concat!(
            r#"{"kind":"form","id":1,"account_id":2,"shortname":"form_6Ven2v7O","directory":"d","slug":"s","name":"N","state":"open","items":["#,
            r#"{"id":"1","type":"radio","label":"A","choices":[{"position":0,"label":"B"}]}"#,
            r#",{"id":"2","type":"list","label":"D","children":[{"id":"2-0","type":"text","label":"C"}]},{"id":"3","type":"file","label":"E"}]}"#
        ),
    );
    same(
        r#"{"kind":"profile","id":"507f1f77bcf86cd799439011","fields":{ "b" : 1.0 , "a" : [ "\u00e9\/" , 1E2 ] },"audience_id":3,"phones":[]}"#,
        r#"{"kind":"profile","audience_id":3,"id":"507f1f77bcf86cd799439011","fields":{"b":1.0,"a":["é/",1E2]}}"#,
    );
    same(
        concat!(
            r#"{"kind":"submission","answers":{"3":[{"url":"u","name":"n"}],"2-0":null,"1":[{"other":null,"position":0},{"other":"x","position":1}]},"#,
            r#""id":5,"form_id":1,"status":"Complete","date_update":"2026-04-01T11:00:00.0+02:00","date_finish":"2026-04-01T00:00:00-05:30","payment_amount":0.10}"#
        ),
        concat!(
            r#"{"kind":"submission","form_id":1,"id":5,"status":"Complete","date_finish":"2026-04-01T05:30:00Z","date_update":"2026-04-01T09:00:00Z","payment_amount":0.10,"#,
            r#""answers":{"1":[{"position":0},{"position":1,"other":"x"}],"3":[{"name":"n","url":"u"}]}}"#
        ),
    );
}

#[test]
fn a_secret_is_read_and_never_shown() {
    let line = r#"{"kind":"token","account_id":1,"user_id":2,"name":"all","abilities":["*","x"],"secret":"demo-token-0123456789abcdef"}"#;
    let Record::Token(token) = Record::parse(line).unwrap() else {
        panic!("not a token");
    };
    assert_eq!(token.credential, Credential::Secret("demo-token-0123456789abcdef".into()));
    assert_eq!(token.abilities, ["*", "x"]);
    assert!(!format!("{token:?}").contains("demo"), "{token:?}");
    let line = EVERY_KIND.lines().find(|line| line.contains("By cron")).unwrap();
    assert!(!format!("{:?}", Record::parse(line).unwrap()).contains("a secret"));
}

#[test]
fn answers_of_leaves_that_are_gone_are_not_written() {
    let line = EVERY_KIND.lines().find(|line| line.contains("10000001")).expect("the example has it");
    let form_line =
        EVERY_KIND.lines().find(|line| line.contains(r#""form","id":1,"#)).expect("the example has it");
    let (Record::Submission(record), Record::Form(mut form)) =
        (Record::parse(line).unwrap(), Record::parse(form_line).unwrap())
    else {
        panic!("other kinds");
    };
    form.assign_slots(&[]);
    let submission = record.document.bind_imported(&Leaves::of(&form)).unwrap();

    form.items.retain(|item| item.id == "118" || item.id == "114");
    form.items.reverse();
    form.assign_slots(&form.slots.clone());
    let mut out = Vec::new();
    write_submission(&Leaves::of(&form), &submission, &mut out);
    let written = String::from_utf8(out).unwrap();
    let answers = concat!(
        r#""answers":{"118":[{"name":"receipt 1.pdf","url":"https://files.example/1"},"#,
        r#"{"name":"b.png","url":"https://files.example/2"}],"114-0":[{"position":1}],"114-1":[{"position":0}]}}"#,
        "\n"
    );
    assert!(written.ends_with(answers), "{written}");
}
