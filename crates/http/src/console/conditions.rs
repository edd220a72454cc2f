//! Conditions of answers, as the pages have them: an item, a comparison and a text each, a row for each.
//!
//! Guarantees: a condition that is filled in by half is refused beside its row, and not passed over.
//!
//! Must not know: how submissions are found.

use super::cells::label;
use super::pairs::{Faults, Pairs};
use super::words;
use fillhouse_engine::{COMPLETION_SECONDS, LAST_ANSWERED, Operator};
use fillhouse_model::{Fault, Form, Leaf};

/// How many rows there are for more.
const MORE: usize = 2;

/// The comparisons, and the words for them.
pub(super) const HOW: [(&str, &str, Operator); 6] = [
    ("contains", "has", Operator::Contains),
    ("is", "is", Operator::Equals),
    ("begins", "begins with", Operator::Begins),
    ("ends", "ends with", Operator::Ends),
    ("least", "is at least", Operator::AtLeast),
    ("less", "is less than", Operator::LessThan),
];

/// What can be compared, and the words for it.
pub(super) const HOWS: [(&str, &str); 6] = {
    let [contains, is, begins, ends, least, less] = HOW;
    [
        (contains.0, contains.1),
        (is.0, is.1),
        (begins.0, begins.1),
        (ends.0, ends.1),
        (least.0, least.1),
        (less.0, less.1),
    ]
};

/// A row: what is filled in, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Behind the names of its fields, where there are others.
    pub(super) number: String,
    pub(super) item: String,
    pub(super) how: String,
    pub(super) text: String,
    /// Whether there is such an item.
    pub(super) is_known: bool,
    pub(super) said: String,
}

/// Ids and names of the items that can be asked about.
pub(super) fn items(form: &Form) -> Vec<(String, String)> {
    form.leaves().iter().map(|leaf| (leaf.item.id.clone(), label(leaf))).collect()
}

/// Ids and names of whatever can be asked about: the items, how long it took, and which was answered last.
pub(super) fn askable(form: &Form) -> Vec<(String, String)> {
    let took = (COMPLETION_SECONDS.to_owned(), words::table::TOOK_SECONDS.to_owned());
    let last = (LAST_ANSWERED.to_owned(), words::table::LAST_ANSWERED.to_owned());
    items(form).into_iter().chain([took, last]).collect()
}

/// The rows of these conditions, and some for more.
pub(super) fn rows(conditions: &[[String; 3]], items: &[(String, String)], faults: &Faults) -> Vec<Row> {
    let filled = conditions.iter().map(Some).chain([None; MORE]).enumerate();
    let row = |(n, condition): (usize, Option<&[String; 3]>)| {
        let [item, how, text] = condition.cloned().unwrap_or_default();
        let said = ["where", "how", "what"].map(|field| faults.of(&format!("{field}[{n}]")));
        Row {
            number: format!(" {}", n + 1),
            is_known: item.is_empty() || items.iter().any(|(id, _)| *id == item),
            said: said.iter().filter(|said| !said.is_empty()).cloned().collect::<Vec<_>>().join(" "),
            item,
            how,
            text,
        }
    };
    filled.map(row).collect()
}

/// What the rows of a page say, be it whole or not.
pub(super) fn of(pairs: &Pairs) -> Vec<[String; 3]> {
    let all = |name: &str| pairs.all(name).map(str::to_owned).collect::<Vec<_>>();
    let rows = all("where").into_iter().zip(all("how")).zip(all("what"));
    let rows = rows.map(|((item, how), text)| [item, how, text]);
    rows.filter(|[item, _, text]| !item.is_empty() || !text.is_empty()).collect()
}

/// Whether each of them is whole, and of a choice that its item has.
pub(super) fn check(conditions: &[[String; 3]], form: &Form) -> Result<(), Fault> {
    let leaves = form.leaves();
    conditions.iter().enumerate().try_for_each(|(n, [item, how, text])| {
        let fault = |field: &str, message: &str| Err(Fault::new(format!("{field}[{n}]"), message));
        if item.is_empty() {
            return fault("where", "is not chosen");
        }
        if text.is_empty() {
            return fault("what", "is empty");
        }
        if HOW.iter().all(|(known, ..)| known != how) {
            return fault("how", "is none that there is");
        }
        let leaf = leaves.iter().find(|leaf| leaf.item.id == *item);
        if leaf.is_some_and(|leaf| leaf.item.kind.has_choices() && !is_choice(leaf, text)) {
            return fault("what", "is the label of no choice");
        }
        Ok(())
    })
}

/// Whether this is the label of a choice; or a position, as of one that was removed.
fn is_choice(leaf: &Leaf<'_>, text: &str) -> bool {
    let mut choices = leaf.item.choices.iter();
    text.parse::<u32>().is_ok() || choices.any(|choice| choice.label.to_lowercase() == text.to_lowercase())
}
