//! The answers that the values of a page are.
//!
//! Guarantees: every value of a field that the form has becomes part of an answer, or a fault that names its item.
//!
//! Must not know: what makes an answer one of its form.

use super::values::{Values, column_of, file_of, files_of, other_of};
use fillhouse_model::{Answer, AnswerKind, Chosen, Fault, File, Form, Item, ItemType, Leaf};
use std::collections::HashSet;

/// The answers, by item id, and what is none. `prefix` is what the addresses of files begin with that were uploaded for
/// this form.
pub(crate) fn answers(form: &Form, values: &Values, prefix: &str) -> (Vec<(String, Answer)>, Vec<Fault>) {
    let (mut answers, mut faults) = (Vec::new(), Vec::new());
    for leaf in form.leaves() {
        match answer(&leaf, values, prefix) {
            Ok(answer) if answer.is_blank() => {}
            Ok(answer) => answers.push((leaf.item.id.clone(), answer)),
            Err(message) => faults.push(Fault::new(format!("answers.{}", leaf.item.id), message)),
        }
    }
    (answers, faults)
}

fn answer(leaf: &Leaf<'_>, values: &Values, prefix: &str) -> Result<Answer, &'static str> {
    let item = leaf.item;
    Ok(match leaf.kind {
        AnswerKind::Text if item.kind == ItemType::Signature => {
            Answer::Text(files(item, values, prefix)?.pop().map(|file| file.url).unwrap_or_default())
        }
        AnswerKind::Text => Answer::Text(text(item, values.first(&item.id))),
        AnswerKind::Texts => {
            let columns = leaf.parents.iter().flatten().last().map_or(0, |parent| parent.columns.len());
            let texts = (0..columns).map(|n| with_plain_lines(values.first(&column_of(&item.id, n))));
            Answer::Texts(texts.collect())
        }
        AnswerKind::Choices => Answer::Choices(choices(item, values)?),
        AnswerKind::Files => Answer::Files(files(item, values, prefix)?),
    })
}

/// A text as it was given; what surrounds a number and the like is no part of it.
fn text(item: &Item, given: &str) -> String {
    match item.kind {
        ItemType::Text | ItemType::LongText | ItemType::Hidden | ItemType::Calculation => {
            with_plain_lines(given)
        }
        _ => given.trim().to_owned(),
    }
}

/// Browsers end lines as the mail does.
fn with_plain_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn choices(item: &Item, values: &Values) -> Result<Vec<Chosen>, &'static str> {
    let given = values.all(&item.id).iter().filter(|value| !value.is_empty());
    let mut positions: Vec<u32> =
        given.map(|value| value.parse()).collect::<Result<_, _>>().map_err(|_| "is no choice of the item")?;
    let mut seen = HashSet::new();
    positions.retain(|position| seen.insert(*position));
    if let Some(last) = item.choices.last().map(|choice| choice.position) {
        // Whoever types beside a choice means it, unless another one was made that excludes it.
        let is_free = positions.is_empty() || item.kind == ItemType::Checkbox;
        if is_free && !positions.contains(&last) && beside(item, values, last).next().is_some() {
            positions.push(last);
        }
    }
    let mut chosen = Vec::new();
    for position in positions {
        let others = beside(item, values, position).map(str::to_owned);
        let before = chosen.len();
        chosen.extend(others.map(|other| Chosen { position, other: Some(other) }));
        if chosen.len() == before {
            chosen.push(Chosen { position, other: None });
        }
    }
    Ok(chosen)
}

/// What was typed beside a choice.
fn beside<'a>(item: &Item, values: &'a Values, position: u32) -> impl Iterator<Item = &'a str> + use<'a> {
    let typed = item.allow_other.then(|| values.filled(&other_of(item, position)));
    typed.into_iter().flatten().map(str::trim)
}

fn files(item: &Item, values: &Values, prefix: &str) -> Result<Vec<File>, &'static str> {
    let given = values.all(&files_of(&item.id)).iter().filter(|value| !value.is_empty());
    given.map(|value| file_of(value, prefix).ok_or("has a file that was not uploaded here")).collect()
}
