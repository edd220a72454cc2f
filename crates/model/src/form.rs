//! Forms: their items, the leaves that hold answers, and the slots that answers are stored in.
//!
//! Guarantees: a slot, once given to a leaf, is never given to another, so that a stored submission can be read whatever
//! became of its form since.
//!
//! Must not know: how a form is written down; see `form_rules` for what makes one valid.

use crate::{AccountId, AnswerKind, FormId};
use std::collections::{HashMap, HashSet};

/// A questionnaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Its id.
    pub id: FormId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// Its name in the v1.1 dialect: `form_` and 8 alphanumerics; unique.
    pub shortname: String,
    /// Its directory in URLs; unique in the account.
    pub directory: String,
    /// Its name in the URLs of the jobs dialect; unique.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Whether it takes submissions.
    pub state: FormState,
    /// The IANA name of its time zone; the account's holds where it has none.
    pub timezone: Option<String>,
    /// Whether unfinished submissions are accepted.
    pub partial: bool,
    /// Its questions.
    pub items: Vec<Item>,
    /// Which leaf each stored answer belongs to, by position in a stored submission.
    pub slots: Vec<Slot>,
}

/// Whether a form takes submissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormState {
    /// It does.
    Open,
    /// It does not; the whole state as it is shown, beginning with `closed`.
    Closed(String),
}

impl FormState {
    /// The state as it is shown.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Open => "open",
            Self::Closed(text) => text,
        }
    }
}

/// A question, or a group of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id: digits, and for a child those of its parent, a hyphen and digits.
    pub id: String,
    /// Its type.
    pub kind: ItemType,
    /// The question.
    pub label: String,
    /// Whether a finished submission must answer it.
    pub required: bool,
    /// Its options.
    pub choices: Vec<Choice>,
    /// Whether something may be typed beside a choice.
    pub allow_other: bool,
    /// The columns of a text matrix.
    pub columns: Vec<String>,
    /// The items below it.
    pub children: Vec<Item>,
    /// What its answer says about whom it is from.
    pub matches: Option<Matches>,
}

impl Item {
    /// An item that asks for something, and nothing besides.
    pub fn plain(id: impl Into<String>, kind: ItemType, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            kind,
            label: label.into(),
            required: false,
            choices: Vec::new(),
            allow_other: false,
            columns: Vec::new(),
            children: Vec::new(),
            matches: None,
        }
    }

    /// Items with all that are below them, each before those below it.
    pub fn each(items: &[Self]) -> Vec<&Self> {
        items.iter().flat_map(|item| std::iter::once(item).chain(Self::each(&item.children))).collect()
    }
}

/// An option of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its position: what an answer holds.
    pub position: u32,
    /// What people see.
    pub label: String,
}

/// Which part of a profile an answer is to be compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matches {
    /// Its e-mail address.
    Email,
    /// One of its phone numbers.
    Phone,
    /// The field of this name.
    Field(String),
}

/// The type of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemType {
    /// A line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A number.
    Number,
    /// A day.
    Date,
    /// Filled in by the form itself.
    Hidden,
    /// Calculated by the form itself.
    Calculation,
    /// The address of a picture of a signature.
    Signature,
    /// A number of stars.
    Rating,
    /// A number on a scale.
    Scale,
    /// One choice, all of them in sight.
    Radio,
    /// One choice of a list that opens.
    Dropdown,
    /// Any number of choices.
    Checkbox,
    /// A group: rows that share their choices.
    MatrixChoice,
    /// A group: rows of texts, one a column.
    MatrixText,
    /// A group of groups: several scales with the same rows.
    MultiScale,
    /// A group: short texts under one question.
    List,
    /// Uploaded files.
    File,
}

impl ItemType {
    /// Every type with its name.
    pub const ALL: [(Self, &'static str); 19] = [
        (Self::Text, "text"),
        (Self::LongText, "long_text"),
        (Self::Email, "email"),
        (Self::Phone, "phone"),
        (Self::Number, "number"),
        (Self::Date, "date"),
        (Self::Hidden, "hidden"),
        (Self::Calculation, "calculation"),
        (Self::Signature, "signature"),
        (Self::Rating, "rating"),
        (Self::Scale, "scale"),
        (Self::Radio, "radio"),
        (Self::Dropdown, "dropdown"),
        (Self::Checkbox, "checkbox"),
        (Self::MatrixChoice, "matrix_choice"),
        (Self::MatrixText, "matrix_text"),
        (Self::MultiScale, "multi_scale"),
        (Self::List, "list"),
        (Self::File, "file"),
    ];

    /// Whether items of this type hold others and no answer.
    pub fn is_parent(self) -> bool {
        matches!(self, Self::MatrixChoice | Self::MatrixText | Self::MultiScale | Self::List)
    }

    /// Whether an answer is a list of choices.
    pub fn has_choices(self) -> bool {
        matches!(self, Self::Radio | Self::Dropdown | Self::Checkbox)
    }
}

/// The place of one leaf's answers in a stored submission.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The leaf's item id.
    pub item_id: String,
    /// What it was answered with. An item that changes its kind gets a second slot.
    pub kind: AnswerKind,
}

/// An item that holds answers itself, seen from its form.
#[derive(Debug, Clone, Copy)]
pub struct Leaf<'form> {
    /// The item.
    pub item: &'form Item,
    /// What it is answered with.
    pub kind: AnswerKind,
    /// The slot of its answers.
    pub slot: usize,
    /// The position on the form of the topmost item it is below, or its own.
    pub position: usize,
    /// The items above it, topmost first; none where an end is not reached.
    pub parents: [Option<&'form Item>; 2],
}

impl Form {
    /// The leaves, in the order of the form.
    ///
    /// A leaf without a slot is left out, which no form has that went through [`Form::assign_slots`].
    pub fn leaves(&self) -> Vec<Leaf<'_>> {
        let by_leaf: HashMap<(&str, AnswerKind), usize> =
            self.slots.iter().enumerate().map(|(n, slot)| ((slot.item_id.as_str(), slot.kind), n)).collect();
        let mut leaves = Vec::new();
        self.visit_leaves(&mut |item, parents, position| {
            let kind = answer_kind(item, parents);
            if let Some(&slot) = by_leaf.get(&(item.id.as_str(), kind)) {
                leaves.push(Leaf { item, kind, slot, position, parents });
            }
        });
        leaves
    }

    /// Gives a slot to each leaf that has none: those of `before` first, which an earlier version of the form gave.
    pub fn assign_slots(&mut self, before: &[Slot]) {
        let mut slots = before.to_vec();
        let mut known: HashSet<Slot> = slots.iter().cloned().collect();
        self.visit_leaves(&mut |item, parents, _| {
            let slot = Slot { item_id: item.id.clone(), kind: answer_kind(item, parents) };
            if known.insert(slot.clone()) {
                slots.push(slot);
            }
        });
        self.slots = slots;
    }

    fn visit_leaves<'form>(
        &'form self,
        visit: &mut impl FnMut(&'form Item, [Option<&'form Item>; 2], usize),
    ) {
        for (position, top) in self.items.iter().enumerate() {
            if !top.kind.is_parent() {
                visit(top, [None, None], position);
            }
            for child in &top.children {
                if !child.kind.is_parent() {
                    visit(child, [Some(top), None], position);
                }
                for grandchild in &child.children {
                    visit(grandchild, [Some(top), Some(child)], position);
                }
            }
        }
    }
}

/// What a leaf is answered with: its type says, but for the rows of a text matrix.
fn answer_kind(item: &Item, parents: [Option<&Item>; 2]) -> AnswerKind {
    let in_text_matrix = parents.iter().flatten().any(|parent| parent.kind == ItemType::MatrixText);
    match item.kind {
        _ if in_text_matrix => AnswerKind::Texts,
        ItemType::File => AnswerKind::Files,
        kind if kind.has_choices() => AnswerKind::Choices,
        _ => AnswerKind::Text,
    }
}

/// Other labels for a form's items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultsLabels {
    /// The form.
    pub form_id: FormId,
    /// Its id, unique in the form.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Item id and label, in the order given.
    pub labels: Vec<(String, String)>,
}

/// A choice of a form's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultsView {
    /// The form.
    pub form_id: FormId,
    /// Its id, unique in the form.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Names of metas and item ids.
    pub columns: Vec<String>,
}

/// What a dialect keeps of how a form is shown, which means nothing to anybody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormLook {
    /// The form.
    pub form_id: FormId,
    /// The name of the dialect.
    pub dialect: String,
    /// A JSON object.
    pub look: String,
}

#[cfg(test)]
mod tests;
