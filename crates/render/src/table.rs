//! The columns of the table layout: what a form's submissions look like as rows of cells.
//!
//! First the metas ([`META_NAMES`]), then a column a leaf in form order; or those of them that were chosen. A layout is made once, from a form; everything that
//! can be found out beforehand is: which slot a column shows, what its choices look like, what its name is.
//!
//! Guarantees: every column has a name of its own; two layouts of the same [`Layout::fingerprint_source`] render any row to
//! the same bytes.
//!
//! Must not know: rows, or how many there are.

use crate::csv::cell::Guard;
use crate::csv::{CsvOptions, HeaderNames};
use crate::named::places_of;
use fillhouse_model::row::{TEXTS, Text};
use fillhouse_model::{AnswerKind, Fault, Form, ItemType, Leaf};

mod choices;
mod names;
mod plain;

pub(crate) use choices::Choices;

/// The names of the columns that every form has, in their order.
pub const META_NAMES: [&str; 15] = [
    "id",
    "date_start",
    "date_finish",
    "date_update",
    "result_status",
    "login_email",
    "login_username",
    "payment_amount",
    "payment_status",
    "user_browser",
    "user_ip",
    "user_device",
    "user_referrer",
    "db_id",
    "profile_id",
];

/// What the row of a submission that is gone has as its status; of the rest it has the id alone.
pub(crate) const DELETED: &[u8] = b"Deleted";

/// Raised with every change of what a row is rendered to, the metas included, so that no rendition of before is taken for
/// one of after.
const FORMAT_VERSION: u8 = 1;
/// What the version of a fingerprint has on it where columns were chosen; each of them then begins with what it is.
const CHOSEN: u8 = 0x80;
const META: u8 = 0;
const ANSWERS: u8 = 1;

/// The table of one form, written with the same options throughout.
#[derive(Debug, Clone)]
pub struct Layout {
    pub(crate) options: CsvOptions,
    pub(crate) names: Vec<String>,
    pub(crate) columns: Vec<Column>,
    /// Whether the columns are not all of the form's in their usual order.
    is_chosen: bool,
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    Meta(Meta),
    Answers(Answers),
}

/// What a column shows that is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meta {
    Id,
    DateStart,
    DateFinish,
    DateUpdate,
    Status,
    Text(Text),
    Audience,
    Profile,
}

/// A column of answers.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    /// Where in a row its answers are.
    pub(crate) slot: usize,
    /// What keeps its cells from being read as formulas.
    pub(crate) guard: Guard,
    /// What its texts are, for formats that tell numbers and dates from texts.
    pub(crate) value: Value,
    pub(crate) cells: Cells,
}

/// What the texts of a column are, where they are not just texts. A text may be none of these all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    Text = 0,
    Number = 1,
    Date = 2,
}

/// What the cells of a column are made of.
#[derive(Debug, Clone)]
pub(crate) enum Cells {
    Text,
    Choices(Choices),
    Texts,
    Files,
}

impl Layout {
    /// The table of `form`, as it is now.
    pub fn new(form: &Form, options: CsvOptions) -> Self {
        let leaves = form.leaves();
        let names = match options.header {
            HeaderNames::Labels => names::by_label(&leaves),
            HeaderNames::Ids => leaves.iter().map(|leaf| leaf.item.id.clone()).collect(),
        };
        let answers = leaves.iter().map(|leaf| Column::Answers(Answers::new(leaf, options)));
        Self {
            options,
            names: META_NAMES.into_iter().map(str::to_owned).chain(names).collect(),
            columns: metas().map(Column::Meta).chain(answers).collect(),
            is_chosen: false,
        }
    }

    /// The table of `form` with no columns but these, in their order: names of metas and ids of items that hold answers
    /// themselves. They are called what they are called in the whole table.
    ///
    /// # Errors
    /// There is no such column, one is there twice, or there is none at all. The fault names its place in `columns`.
    pub fn of_columns(form: &Form, options: CsvOptions, columns: &[String]) -> Result<Self, Fault> {
        let whole = Self::new(form, options);
        let leaves = form.leaves();
        let known = META_NAMES.into_iter().chain(leaves.iter().map(|leaf| leaf.item.id.as_str()));
        let places = places_of(columns, known)?;
        let chosen =
            places.into_iter().map(|place| (whole.names[place].clone(), whole.columns[place].clone()));
        let (names, columns) = chosen.unzip();
        Ok(Self { options, names, columns, is_chosen: true })
    }

    /// The names of the columns, each of them once.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many slots of a row the columns reach into.
    pub(crate) fn slots(&self) -> usize {
        let slot = |column: &Column| match column {
            Column::Meta(_) => None,
            Column::Answers(answers) => Some(answers.slot + 1),
        };
        self.columns.iter().filter_map(slot).max().unwrap_or(0)
    }

    /// Bytes that say everything that a rendered row depends on, and nothing else: slots, kinds, choices and the options
    /// that touch rows. What only the header shows (labels of items, a byte order mark) is not in them, so that a new
    /// label costs no rendition; whoever keeps whole files must look at [`Layout::write_header`] too.
    pub fn fingerprint_source(&self) -> Vec<u8> {
        let version = if self.is_chosen { FORMAT_VERSION | CHOSEN } else { FORMAT_VERSION };
        let mut bytes = vec![version, self.options.delimiter.byte(), self.options.formulas.guard() as u8];
        put_bytes(&mut bytes, self.options.eol.bytes());
        // The metas of a whole table are all there, in their order, so nothing is said of them.
        let unsaid = if self.is_chosen { 0 } else { META_NAMES.len() };
        put_number(&mut bytes, self.columns.len() - unsaid);
        for column in &self.columns[unsaid..] {
            match column {
                Column::Meta(meta) => bytes.extend([META, meta.number()]),
                Column::Answers(answers) => {
                    bytes.extend(self.is_chosen.then_some(ANSWERS));
                    answers.put_fingerprint(&mut bytes);
                }
            }
        }
        bytes
    }
}

/// Every meta, in the order of [`META_NAMES`].
fn metas() -> impl Iterator<Item = Meta> {
    let first = [Meta::Id, Meta::DateStart, Meta::DateFinish, Meta::DateUpdate, Meta::Status];
    first.into_iter().chain(TEXTS.map(Meta::Text)).chain([Meta::Audience, Meta::Profile])
}

impl Meta {
    /// Its place among the metas.
    fn number(self) -> u8 {
        metas().zip(0..).find(|(meta, _)| *meta == self).map_or(u8::MAX, |(_, number)| number)
    }
}

impl Answers {
    fn new(leaf: &Leaf<'_>, options: CsvOptions) -> Self {
        let guard = match options.formulas.guard() {
            Guard::Text if leaf.item.kind == ItemType::Phone => Guard::Phone,
            guard => guard,
        };
        let cells = match leaf.kind {
            AnswerKind::Text => Cells::Text,
            AnswerKind::Choices => Cells::Choices(Choices::new(&leaf.item.choices, options.delimiter, guard)),
            AnswerKind::Texts => Cells::Texts,
            AnswerKind::Files => Cells::Files,
        };
        let value = match (leaf.kind, leaf.item.kind) {
            (AnswerKind::Text, ItemType::Date) => Value::Date,
            (
                AnswerKind::Text,
                ItemType::Number | ItemType::Calculation | ItemType::Rating | ItemType::Scale,
            ) => Value::Number,
            _ => Value::Text,
        };
        Self { slot: leaf.slot, guard, value, cells }
    }

    fn put_fingerprint(&self, bytes: &mut Vec<u8>) {
        put_number(bytes, self.slot);
        let kind = match self.cells {
            Cells::Text => 0,
            Cells::Choices(_) => 1,
            Cells::Texts => 2,
            Cells::Files => 3,
        };
        bytes.extend([kind, self.guard as u8]);
        if let Cells::Choices(choices) = &self.cells {
            choices.put_fingerprint(bytes);
        }
    }
}

/// Appends a number in a fixed width, so that where it ends is never in doubt.
fn put_number(bytes: &mut Vec<u8>, number: usize) {
    bytes.extend((number as u64).to_le_bytes());
}

/// Appends bytes behind their length.
fn put_bytes(bytes: &mut Vec<u8>, more: &[u8]) {
    put_number(bytes, more.len());
    bytes.extend_from_slice(more);
}

#[cfg(test)]
mod tests;
