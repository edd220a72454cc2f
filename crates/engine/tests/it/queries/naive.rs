//! Queries as anyone would write them who has all submissions in memory and all the time in the world.

use fillhouse_engine::{Condition, Operator, Query};
use fillhouse_model::{Answer, Form, Submission, SubmissionId};

/// The ids of a page, and how many there are on all pages.
pub(crate) fn page(all: &[Submission], form: &Form, query: &Query) -> (Vec<SubmissionId>, u64) {
    let mut found: Vec<&Submission> = all.iter().filter(|one| is_wanted(one, form, query)).collect();
    found.sort_by_key(|one| (sort_key(one, form, &query.sort), one.id));
    if query.descending {
        found.reverse();
    }
    let total = found.len() as u64;
    let skipped = usize::try_from(query.page).unwrap() * query.limit as usize;
    (found.into_iter().skip(skipped).take(query.limit as usize).map(|one| one.id).collect(), total)
}

fn is_wanted(one: &Submission, form: &Form, query: &Query) -> bool {
    let holds = |condition: &Condition| holds(one, form, condition);
    let text = query.any_text_contains.as_deref().unwrap_or_default();
    let has_text = || everything(one, form).iter().any(|part| part.contains(&folded(text)));
    query.after_id.is_none_or(|after| one.id > after)
        && query.before_id.is_none_or(|before| one.id < before)
        && query.after.is_none_or(|after| one.date_update > after)
        && query.before.is_none_or(|before| one.date_update < before)
        && query.dated.is_none_or(|range| range.contains(one.date_finish.unwrap_or(one.date_update)))
        && query.status.is_none_or(|status| one.status == status)
        && (text.is_empty() || has_text())
        && (query.conditions.is_empty()
            || if query.any_of {
                query.conditions.iter().any(holds)
            } else {
                query.conditions.iter().all(holds)
            })
}

fn holds(one: &Submission, form: &Form, condition: &Condition) -> bool {
    let Condition { column, operator, value, .. } = condition;
    if column == "11" || column == "12" {
        let Some(Answer::Choices(chosen)) = answer(one, form, column) else { return false };
        return chosen.iter().any(|choice| choice.position.to_string() == *value);
    }
    if matches!(operator, Operator::AtLeast | Operator::LessThan) {
        let Some(Answer::Text(text)) = answer(one, form, column) else { return false };
        let (number, wanted): (f64, f64) = (text.parse().unwrap(), value.parse().unwrap());
        return if *operator == Operator::AtLeast { number >= wanted } else { number < wanted };
    }
    let wanted = folded(value);
    texts(one, form, column).iter().any(|text| match operator {
        Operator::Equals => *text == wanted,
        Operator::Contains => text.contains(&wanted),
        Operator::Begins => text.starts_with(&wanted),
        Operator::Ends => text.ends_with(&wanted),
        Operator::AtLeast | Operator::LessThan => false,
    })
}

fn answer<'a>(one: &'a Submission, form: &Form, item: &str) -> Option<&'a Answer> {
    let slot = form.slots.iter().position(|slot| slot.item_id == item)?;
    one.answers.get(slot)?.as_ref()
}

/// What a meta or an item says, folded.
fn texts(one: &Submission, form: &Form, column: &str) -> Vec<String> {
    let texts = match column {
        "result_id" => vec![one.id.to_string()],
        "result_status" => vec![one.status.name().to_owned()],
        "user_ip" => vec![one.user_ip.clone().unwrap_or_default()],
        "user_referrer" => vec![one.user_referrer.clone().unwrap_or_else(|| "N/A".to_owned())],
        item => match answer(one, form, item) {
            Some(Answer::Text(text)) => vec![text.clone()],
            Some(Answer::Texts(texts)) => texts.clone(),
            Some(Answer::Files(files)) => {
                files.iter().flat_map(|file| [file.name.clone(), file.url.clone()]).collect()
            }
            Some(Answer::Choices(_)) | None => Vec::new(),
        },
    };
    // What was not answered is an empty text.
    let texts = if texts.is_empty() { vec![String::new()] } else { texts };
    texts.iter().map(|text| folded(text)).collect()
}

/// Whatever can be read in a submission's answers.
fn everything(one: &Submission, form: &Form) -> Vec<String> {
    let mut all = Vec::new();
    for leaf in form.leaves() {
        all.extend(texts(one, form, &leaf.item.id));
        if let Some(Answer::Choices(chosen)) = answer(one, form, &leaf.item.id) {
            for choice in chosen {
                let label = leaf.item.choices.iter().find(|known| known.position == choice.position);
                all.extend(label.map(|label| folded(&label.label)));
                all.extend(choice.other.as_deref().map(folded));
            }
        }
    }
    all
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Nothing,
    Number(i64),
    Bytes(Vec<u8>),
    Choices(Vec<u32>),
}

fn sort_key(one: &Submission, form: &Form, sort: &str) -> Key {
    let moment = |moment: Option<fillhouse_model::Timestamp>| {
        moment.map_or(Key::Nothing, |moment| Key::Number(moment.micros()))
    };
    match sort {
        "result_id" => Key::Number(one.id.0),
        "date_update" => moment(Some(one.date_update)),
        "date_finish" => moment(one.date_finish),
        "16" => match answer(one, form, sort) {
            Some(Answer::Text(text)) => Key::Number(hundredths(text)),
            _ => Key::Nothing,
        },
        "11" | "12" => match answer(one, form, sort) {
            Some(Answer::Choices(chosen)) => {
                Key::Choices(chosen.iter().map(|choice| choice.position).collect())
            }
            _ => Key::Choices(Vec::new()),
        },
        _ => Key::Bytes(texts(one, form, sort).iter().map(String::as_bytes).collect::<Vec<_>>().join(&0xfe)),
    }
}

fn folded(text: &str) -> String {
    text.to_lowercase().replace('ς', "σ")
}

/// A number with at most two digits behind its point.
fn hundredths(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<2}").parse().unwrap()
}
