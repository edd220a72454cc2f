//! A form with an item of each kind of answer, and submissions of it in several blocks, not in the order of their ids.

use crate::clock::instant;
use crate::house::House;
use crate::samples::{ACCOUNT, choice_item, form, form_line, item, lines, people, plain};
use fillhouse_model::{
    Answer, Chosen, File, Form, Item, ItemType, Status, Submission, SubmissionId, Timestamp,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

/// The form 7.
pub(crate) fn queried_form() -> Form {
    let grid = Item {
        columns: vec!["In".into(), "Out".into()],
        children: vec![item("15-0", ItemType::Text, "Monday")],
        ..item("15", ItemType::MatrixText, "Hours")
    };
    form(
        7,
        ACCOUNT,
        vec![
            item("10", ItemType::Text, "Name"),
            choice_item("11", ItemType::Radio, "Colour", &["Red", "Green", "ÉCRU"]),
            choice_item("12", ItemType::Checkbox, "Pets", &["Cat", "Dog", "Fish"]),
            item("13", ItemType::File, "Papers"),
            grid,
            item("16", ItemType::Number, "Price"),
        ],
    )
}

/// A value of a strategy.
pub(crate) fn sampled<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

/// A few words, so that they meet often.
pub(crate) fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "a", "A", "ab", "aB a", "é", "É b", "ΟΔΟΣ", "οδος", "zz", "b"])
        .prop_map(str::to_owned)
}

pub(crate) fn moment() -> impl Strategy<Value = Timestamp> {
    (0_i64..50).prop_map(|n| instant("2026-05-01T00:00:00Z").plus_micros(n * 250_000))
}

fn answers() -> impl Strategy<Value = Vec<Option<Answer>>> {
    let chosen = |most| {
        prop::collection::btree_set(0_u32..3, 0..most).prop_map(|positions| {
            let chosen = |position| Chosen { position, other: (position == 2).then(|| "Other".to_owned()) };
            Answer::Choices(positions.into_iter().map(chosen).collect())
        })
    };
    let file = word().prop_map(|name| File { url: format!("https://x/{name}"), name });
    let number = prop::sample::select(vec!["5.00", "10", "9", "-1.5", "0"]);
    (
        prop::option::of(word().prop_map(Answer::Text)),
        prop::option::of(chosen(2)),
        prop::option::of(chosen(3)),
        prop::option::of(prop::collection::vec(file, 0..3).prop_map(Answer::Files)),
        prop::option::of(prop::collection::vec(word(), 2).prop_map(Answer::Texts)),
        prop::option::of(number.prop_map(|number| Answer::Text(number.to_owned()))),
    )
        .prop_map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f])
}

/// Any submission of the form, of this id.
pub(crate) fn submission(id: i64) -> impl Strategy<Value = Submission> {
    let user_ip = prop::option::of(prop::sample::select(vec!["10.0.0.1", "10.0.0.2"]));
    (answers(), (moment(), moment()), any::<bool>(), user_ip, prop::option::of(word())).prop_map(
        move |(mut answers, moments, is_finished, user_ip, user_referrer)| {
            let last = answers.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
            answers.truncate(last);
            Submission {
                id: SubmissionId(id),
                status: if is_finished { Status::Complete } else { Status::Incomplete },
                date_finish: is_finished.then_some(moments.0.min(moments.1)),
                date_update: moments.0.max(moments.1),
                user_ip: user_ip.map(str::to_owned),
                user_referrer,
                answers,
                ..plain(0, "2026-05-01T00:00:00Z")
            }
        },
    )
}

/// Stores `per_block` submissions in each of four blocks, changes some of them and deletes others; gives those that are
/// left. Where `is_ascending`, the order of the ids is that of arrival.
pub(crate) async fn fill(
    house: &House,
    runner: &mut TestRunner,
    per_block: usize,
    is_ascending: bool,
) -> Vec<Submission> {
    house.import(&(people() + &form_line(&queried_form()))).await;
    let mut ids: Vec<i64> = (10_000_001..).take(per_block * 4).collect();
    if !is_ascending {
        ids = sampled(runner, &Just(ids).prop_shuffle());
    }
    let mut all = Vec::new();
    for ids in ids.chunks(per_block) {
        let block: Vec<Submission> = ids.iter().map(|id| sampled(runner, &submission(*id))).collect();
        house.import(&lines(&queried_form(), &block)).await;
        house.skip_to_next_block().await;
        all.extend(block);
    }
    change(house, runner, &mut all).await;
    all
}

/// Changes every fifth submission, and deletes every seventh.
pub(crate) async fn change(house: &House, runner: &mut TestRunner, all: &mut Vec<Submission>) {
    for one in all.iter_mut().step_by(5) {
        *one = sampled(runner, &submission(one.id.0));
    }
    house.import(&lines(&queried_form(), all.iter().step_by(5))).await;
    let mut kept = Vec::new();
    for (n, one) in all.drain(..).enumerate() {
        if n % 7 == 3 {
            house.delete(one.id).await;
        } else {
            kept.push(one);
        }
    }
    *all = kept;
}
