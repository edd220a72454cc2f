//! That whatever can be stored is written so that it reads back as the same, whatever is in its texts.

use super::{Copier, EVERY_KIND, leaves_of};
use crate::interchange::{Leaves, Record, canonical_object, write_form, write_profile, write_submission};
use fillhouse_model::{
    Answer, AnswerKind, AudienceId, Choice, Chosen, File, Form, Item, ItemType, Matches, Profile, ProfileId,
    Status, Submission, SubmissionId, Timestamp,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

/// The example's form with items of every type.
fn example_form() -> Form {
    let line = EVERY_KIND.lines().find(|line| line.contains("form_6Ven2v7O")).expect("the example has it");
    match Record::parse(line) {
        Ok(Record::Form(mut form)) => {
            form.assign_slots(&[]);
            form
        }
        other => panic!("{other:?}"),
    }
}

/// A text that is no answer.
fn any_text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| text.replace('\0', "␀"))
}

fn any_answer(kind: AnswerKind) -> BoxedStrategy<Answer> {
    let chosen =
        (any::<u32>(), option::of(any::<String>())).prop_map(|(position, other)| Chosen { position, other });
    let file = any::<(String, String)>().prop_map(|(name, url)| File { name, url });
    match kind {
        AnswerKind::Text => any::<String>().prop_map(Answer::Text).boxed(),
        AnswerKind::Choices => vec(chosen, 0..4).prop_map(Answer::Choices).boxed(),
        AnswerKind::Texts => vec(any::<String>(), 0..4).prop_map(Answer::Texts).boxed(),
        AnswerKind::Files => vec(file, 0..3).prop_map(Answer::Files).boxed(),
    }
}

/// Every instant from the year 1 to 9999.
fn any_instant() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_000_000_i64..=253_402_207_199_999_999)
        .prop_map(|micros| Timestamp::from_micros(micros).unwrap())
}

fn answers_of_the_example() -> impl Strategy<Value = Vec<Option<Answer>>> {
    let form = example_form();
    let kinds = form.slots.iter().map(|slot| slot.kind);
    kinds.map(|kind| option::of(any_answer(kind))).collect::<Vec<_>>()
}

prop_compose! {
    fn any_submission()(
        id in 1..=i64::MAX,
        date_start in option::of(any_instant()),
        date_finish in option::of(any_instant()),
        date_update in any_instant(),
        amount in option::of("-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,7})?"),
        texts in vec(option::of(any_text()), 7),
        profile in option::of((1..=i64::MAX, any::<[u8; 12]>())),
        answers in answers_of_the_example(),
    ) -> Submission {
        let mut texts = texts.into_iter();
        let mut text = || texts.next().flatten();
        Submission {
            id: SubmissionId(id),
            status: if date_finish.is_some() { Status::Complete } else { Status::Incomplete },
            date_start, date_finish, date_update,
            login_email: text(), login_username: text(), payment_amount: amount, payment_status: text(),
            user_browser: text(), user_ip: text(), user_device: text(), user_referrer: text(),
            profile: profile.map(|(audience, id)| (AudienceId(audience), ProfileId(id))),
            answers,
        }
    }
}

prop_compose! {
    /// An item without its id, which depends on where it stands.
    fn any_leaf()(
        kind in prop::sample::select(&[ItemType::Text, ItemType::Radio, ItemType::Checkbox, ItemType::File]),
        label in "\\PC+",
        (required, allow_other) in any::<(bool, bool)>(),
        choices in vec(any::<String>(), 0..4),
        columns in vec(any::<String>(), 0..3),
        matches in option::of(prop_oneof![
            Just(Matches::Email), Just(Matches::Phone), "\\PC+".prop_map(Matches::Field),
        ]),
    ) -> Item {
        let choices = choices.into_iter().zip(0..).map(|(label, position)| Choice { position, label });
        Item {
            id: String::new(), kind, label: format!("{label}."), required, choices: choices.collect(), allow_other,
            columns, children: vec![], matches,
        }
    }
}

/// An item tree of up to three levels.
fn any_items() -> impl Strategy<Value = Vec<Item>> {
    let parent = |kind| {
        move |(mut item, children): (Item, Vec<Item>)| {
            (item.kind, item.children) = (kind, children);
            item
        }
    };
    let rows = || (any_leaf(), vec(any_leaf(), 1..4)).prop_map(parent(ItemType::MatrixChoice));
    let scales = (any_leaf(), vec(rows(), 1..3)).prop_map(parent(ItemType::MultiScale));
    vec(prop_oneof![any_leaf(), rows(), scales], 0..6).prop_map(|mut items: Vec<Item>| {
        number(&mut items, "");
        items
    })
}

fn number(items: &mut [Item], prefix: &str) {
    for (n, item) in items.iter_mut().enumerate() {
        item.id = format!("{prefix}{n}");
        number(&mut item.children, &format!("{prefix}{n}-"));
    }
}

/// JSON of any kind, not nested deeper than a few levels.
fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

proptest! {
    #[test]
    fn a_submission_reads_back_as_it_was_written(submission in any_submission()) {
        let leaves = Leaves::of(&example_form());
        let line = written(|out| write_submission(&leaves, &submission, out));
        prop_assert_eq!(line.find('\n'), Some(line.len() - 1));
        let Ok(Record::Submission(record)) = Record::parse(&line) else {
            panic!("{line} was not read");
        };
        let again = record.document.bind_imported(&leaves).unwrap();
        prop_assert_eq!(&again, &submission);
        prop_assert_eq!(written(|out| write_submission(&leaves, &again, out)), line);
    }

    #[test]
    fn a_form_reads_back_as_it_was_written(items in any_items(), (name, partial) in (any_text(), any::<bool>())) {
        let form = Form { items, name, partial, slots: vec![], ..example_form() };
        let line = written(|out| write_form(&form, out));
        let Ok(Record::Form(again)) = Record::parse(&line) else {
            panic!("{line} was not read: {:?}", Record::parse(&line));
        };
        prop_assert_eq!(&again, &form);
        prop_assert_eq!(written(|out| write_form(&again, out)), line);
    }

    #[test]
    fn a_profile_reads_back_as_it_was_written(
        fields in prop::collection::btree_map(any::<String>(), any_json(), 0..4),
        (id, pretty) in any::<([u8; 12], bool)>(),
        texts in vec(any_text(), 2..5),
    ) {
        let value = Value::Object(fields.into_iter().collect());
        let given = if pretty { format!("{value:#}") } else { value.to_string() };
        let fields = canonical_object(&given).unwrap();
        let meaning = |json: &str| serde_json::from_str::<Value>(json).unwrap();
        prop_assert_eq!(meaning(&fields), meaning(&given));
        prop_assert_eq!(canonical_object(&fields), Ok(fields.clone()));
        let profile = Profile {
            id: ProfileId(id), audience_id: AudienceId(3), email: texts.first().cloned(), status: texts.get(1).cloned(),
            phones: texts[2..].to_vec(), fields,
        };
        let line = written(|out| write_profile(&profile, out));
        prop_assert_eq!(line.find('\n'), Some(line.len() - 1));
        match Record::parse(&line) {
            Ok(Record::Profile(again)) => prop_assert_eq!(again, profile),
            other => panic!("{other:?}"),
        }
    }

    /// A damaged line is refused, or means something else; it never does harm.
    #[test]
    fn no_line_makes_reading_panic(
        line in prop::sample::select(EVERY_KIND.lines().collect::<Vec<_>>()),
        at in any::<prop::sample::Index>(),
        put in "[\"\\\\{}\\[\\],:0-9ea ]|\\PC",
    ) {
        let mut damaged: Vec<char> = line.chars().collect();
        let at = at.index(damaged.len());
        damaged.splice(at..=at, put.chars());
        let damaged: String = damaged.into_iter().collect();
        let mut copier = Copier::new();
        copier.forms.push(leaves_of(example_form()));
        let _refused_or_not = copier.copy(&damaged);
    }
}
