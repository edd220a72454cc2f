//! What is filled in on a page, by the names of its fields.
//!
//! The name of a field is the id of its item. What is typed beside its last choice is `<id>.other`, beside another one, as an
//! API may have done, `<id>.other.<position>`; the text in a column of a row is `<id>.<column>`, a file that is there already
//! `<id>.file`.
//!
//! Guarantees: what an unfinished submission answers, shown on a page and sent again, is the same answer.
//!
//! Must not know: where the values came from, or whether they are any good.

use fillhouse_model::{Answer, Chosen, File, Form, Item, ItemType, Submission};
use std::collections::HashMap;

/// The values of a page's fields.
#[derive(Debug, Default)]
pub(crate) struct Values(HashMap<String, Vec<String>>);

/// The name of what is typed beside the choice of a position.
pub(super) fn other_of(item: &Item, position: u32) -> String {
    if is_last(item, position) {
        format!("{}.other", item.id)
    } else {
        format!("{}.other.{position}", item.id)
    }
}

/// Whether this is the choice beside which everybody can type.
pub(super) fn is_last(item: &Item, position: u32) -> bool {
    item.choices.last().is_some_and(|last| last.position == position)
}

/// The name of the text in a column of a row.
pub(super) fn column_of(id: &str, column: usize) -> String {
    format!("{id}.{column}")
}

/// The name of files that are there already.
pub(super) fn files_of(id: &str) -> String {
    format!("{id}.file")
}

/// A file as the value of a field. An address has no space in it.
pub(super) fn file_value(name: &str, url: &str) -> String {
    format!("{url} {name}")
}

/// The file that a value is; none where it is not one whose address begins like this.
pub(super) fn file_of(value: &str, prefix: &str) -> Option<File> {
    let (url, name) = value.split_once(' ')?;
    let is_ours = url.starts_with(prefix) && !url.contains(['\r', '\n']);
    is_ours.then(|| File { name: name.to_owned(), url: url.to_owned() })
}

impl Values {
    /// Adds a value to a field.
    pub(super) fn add(&mut self, name: &str, value: String) {
        self.0.entry(name.to_owned()).or_default().push(value);
    }

    /// Adds a choice that was made. One beside which several texts stand was made several times.
    fn add_chosen(&mut self, item: &Item, Chosen { position, other }: &Chosen) {
        let value = position.to_string();
        if !self.all(&item.id).contains(&value) {
            self.add(&item.id, value);
        }
        if let Some(other) = other {
            self.add(&other_of(item, *position), other.clone());
        }
    }

    /// The first value of a field that is not blank; else an empty text.
    pub(super) fn first(&self, name: &str) -> &str {
        self.filled(name).next().unwrap_or_default()
    }

    /// The values of a field that are not blank.
    pub(super) fn filled<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.all(name).iter().map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    /// All values of a field.
    pub(super) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// What a page sends.
    pub(crate) fn of_pairs(pairs: &[u8]) -> Self {
        let mut values = Self::default();
        form_urlencoded::parse(pairs).for_each(|(name, value)| values.add(&name, value.into_owned()));
        values
    }

    /// What an address says behind its question mark about the fields of a form: `100=Ada`, or `id100=Ada`. A choice may
    /// be named by its label.
    pub(super) fn of_query(form: &Form, query: &str) -> Self {
        let mut values = Self::default();
        let leaves = form.leaves();
        let by_id: HashMap<&str, _> = leaves.iter().map(|leaf| (leaf.item.id.as_str(), leaf)).collect();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let name = key.strip_prefix("id").unwrap_or(&key);
            let id = name.split('.').next().unwrap_or(name);
            let Some(leaf) = by_id.get(id) else { continue };
            let labelled = leaf.item.choices.iter().find(|choice| choice.label == *value);
            match labelled {
                Some(choice) if name == id => values.add(name, choice.position.to_string()),
                _ => values.add(name, value.into_owned()),
            }
        }
        values
    }

    /// What a submission answers.
    pub(crate) fn of_submission(form: &Form, submission: &Submission) -> Self {
        let mut values = Self::default();
        for leaf in form.leaves() {
            let id = &leaf.item.id;
            match submission.answers.get(leaf.slot).and_then(Option::as_ref) {
                None => {}
                // It is the address of a picture, of which nobody knows the name.
                Some(Answer::Text(url)) if leaf.item.kind == ItemType::Signature => {
                    let name = url.rsplit('/').next().unwrap_or_default();
                    values.add(&files_of(id), file_value(name, url));
                }
                Some(Answer::Text(text)) => values.add(id, text.clone()),
                Some(Answer::Texts(texts)) => {
                    texts
                        .iter()
                        .enumerate()
                        .for_each(|(n, text)| values.add(&column_of(id, n), text.clone()));
                }
                Some(Answer::Files(files)) => {
                    files
                        .iter()
                        .for_each(|file| values.add(&files_of(id), file_value(&file.name, &file.url)));
                }
                Some(Answer::Choices(chosen)) => {
                    chosen.iter().for_each(|choice| values.add_chosen(leaf.item, choice));
                }
            }
        }
        values
    }
}
