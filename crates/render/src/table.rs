//! The columns of the table layout: what a form's submissions look like as rows of cells.
//!
//! First the metas ([`META_NAMES`]), then a column a leaf in form order. A layout is made once, from a form; everything that
//! can be found out beforehand is: which slot a column shows, what its choices look like, what its name is.
//!
//! Guarantees: every column has a name of its own; two layouts of the same [`Layout::fingerprint_source`] render any row to
//! the same bytes.
//!
//! Must not know: rows, or how many there are.

use crate::csv::cell::Guard;
use crate::csv::{CsvOptions, HeaderNames};
use fillhouse_model::{AnswerKind, Form, ItemType, Leaf};

mod choices;
mod names;

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

/// Raised with every change of what a row is rendered to, the metas included, so that no rendition of before is taken for
/// one of after.
const FORMAT_VERSION: u8 = 1;

/// The table of one form, written with the same options throughout.
#[derive(Debug, Clone)]
pub struct Layout {
    pub(crate) options: CsvOptions,
    pub(crate) names: Vec<String>,
    pub(crate) columns: Vec<Column>,
}

/// A column of answers.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// Where in a row its answers are.
    pub(crate) slot: usize,
    /// What keeps its cells from being read as formulas.
    pub(crate) guard: Guard,
    pub(crate) cells: Cells,
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
        Self {
            options,
            names: META_NAMES.into_iter().map(str::to_owned).chain(names).collect(),
            columns: leaves.iter().map(|leaf| Column::new(leaf, options)).collect(),
        }
    }

    /// The names of the columns, each of them once.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many slots of a row the columns reach into.
    pub(crate) fn slots(&self) -> usize {
        self.columns.iter().map(|column| column.slot + 1).max().unwrap_or(0)
    }

    /// Bytes that say everything that a rendered row depends on, and nothing else: slots, kinds, choices and the options
    /// that touch rows. What only the header shows (labels of items, a byte order mark) is not in them, so that a new
    /// label costs no rendition; whoever keeps whole files must look at [`Layout::write_header`] too.
    pub fn fingerprint_source(&self) -> Vec<u8> {
        let mut bytes =
            vec![FORMAT_VERSION, self.options.delimiter.byte(), self.options.formulas.guard() as u8];
        put_bytes(&mut bytes, self.options.eol.bytes());
        put_number(&mut bytes, self.columns.len());
        for column in &self.columns {
            column.put_fingerprint(&mut bytes);
        }
        bytes
    }
}

impl Column {
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
        Self { slot: leaf.slot, guard, cells }
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
