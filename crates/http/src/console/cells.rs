//! Answers as people read them.
//!
//! Guarantees: nothing is made a link but what is an address of the web.
//!
//! Must not know: where an answer is shown.

use super::words;
use fillhouse_engine::NOT_BEGUN;
use fillhouse_model::{Answer, Form, Item, ItemType, Leaf, Submission};

/// An answer to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    /// What can be opened: names and addresses.
    pub(super) links: Vec<(String, String)>,
    pub(super) is_number: bool,
}

/// What a leaf is called, with what it is below.
pub(super) fn label(leaf: &Leaf<'_>) -> String {
    let above = leaf.parents.iter().flatten().map(|parent| parent.label.as_str());
    above.chain([leaf.item.label.as_str()]).collect::<Vec<_>>().join(": ")
}

/// What the item is called after which nothing more was answered, whose id this is.
pub(super) fn last_answered(form: &Form, id: &str) -> String {
    let leaves = form.leaves();
    match leaves.iter().find(|leaf| leaf.item.id == id) {
        Some(leaf) => label(leaf),
        None if id == NOT_BEGUN => words::BEFORE_ANY.to_owned(),
        None => id.to_owned(),
    }
}

/// What a submission answers to a leaf.
pub(super) fn cell(leaf: &Leaf<'_>, submission: &Submission) -> Cell {
    let is_number = matches!(leaf.item.kind, ItemType::Number | ItemType::Rating | ItemType::Scale);
    let cell = Cell { is_number, ..Cell::default() };
    match submission.answers.get(leaf.slot).and_then(Option::as_ref) {
        None => cell,
        Some(Answer::Text(text)) if leaf.item.kind == ItemType::Signature && is_address(text) => {
            let name = text.rsplit('/').next().unwrap_or_default().to_owned();
            Cell { links: vec![(name, text.clone())], ..cell }
        }
        Some(Answer::Text(text)) => Cell { text: text.clone(), ..cell },
        Some(Answer::Texts(texts)) => Cell { text: texts.join(" | "), ..cell },
        Some(Answer::Choices(chosen)) => {
            let texts = chosen.iter().map(|chosen| match &chosen.other {
                Some(other) => format!("{}: {other}", choice(leaf.item, chosen.position)),
                None => choice(leaf.item, chosen.position),
            });
            Cell { text: texts.collect::<Vec<_>>().join(" | "), ..cell }
        }
        Some(Answer::Files(files)) => {
            let (links, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| is_address(&file.url));
            let links = links.into_iter().map(|file| (file.name.clone(), file.url.clone())).collect();
            let others: Vec<&str> = others.into_iter().map(|file| file.name.as_str()).collect();
            Cell { text: others.join(" | "), links, ..cell }
        }
    }
}

fn choice(item: &Item, position: u32) -> String {
    let known = item.choices.iter().find(|choice| choice.position == position);
    known.map_or_else(|| position.to_string(), |choice| choice.label.clone())
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// What each slot of a form holds.
pub(super) fn kinds(form: &Form) -> Vec<fillhouse_model::AnswerKind> {
    form.slots.iter().map(|slot| slot.kind).collect()
}
