//! A form's items as the editor shows them: one below another, each with its depth; and what stands between them.
//!
//! Guarantees: items that become rows and are sent back unchanged are the same items; every fault of an item finds its row.
//!
//! Must not know: what makes an item valid.

use super::super::pairs::Pairs;
use super::super::words::editor::{BLOCKS, KINDS};
use fillhouse_model::{Choice, Fault, Item, ItemType, Matches};
use std::collections::HashMap;

/// How deep items may be below others.
const DEEPEST: usize = 2;
/// How many rows are read: more than a form may have, so that the form's own rule says what is wrong.
const MOST_ROWS: usize = 10_100;
/// How long a text beside or between items may be, in characters.
const LONGEST_TEXT: usize = 20_000;
/// How many rows may be no items.
const MOST_BLOCKS: usize = 1_000;
/// How many choices of a row are read.
const MOST_CHOICES: usize = 5_000;

/// An item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that is so or not")]
pub(in crate::console) struct Row {
    pub(super) depth: usize,
    /// Nothing where it is new.
    pub(super) id: String,
    /// The name of its type.
    pub(super) kind: String,
    pub(super) label: String,
    pub(super) is_required: bool,
    pub(super) allow_other: bool,
    /// `email`, `phone` or `field`; nothing where its answer says nothing of whom it is from.
    pub(super) matches: String,
    pub(super) field: String,
    /// One a line.
    pub(super) columns: String,
    pub(super) choices: Vec<RowChoice>,
    /// What helps to answer it, and what stands in its field as long as that is empty.
    pub(super) help: String,
    pub(super) placeholder: String,
    /// What leads on to the page that begins here, and back from it.
    pub(super) next: String,
    pub(super) back: String,
    /// Whether it is what one works at.
    pub(super) is_focused: bool,
    /// Whether it is shown as a line: it is as the form has it.
    pub(super) is_closed: bool,
    /// Where it is in the tree of items, as faults say it.
    pub(super) path: String,
}

/// A choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::console) struct RowChoice {
    /// Nothing where it is new.
    pub(super) position: String,
    pub(super) label: String,
}

impl Row {
    pub(super) fn of_kind(kind: &str, depth: usize) -> Self {
        Self { kind: kind.to_owned(), depth, is_focused: true, ..Self::default() }
    }

    pub(super) fn item_type(&self) -> Option<ItemType> {
        ItemType::ALL.iter().find(|(_, name)| *name == self.kind).map(|(kind, _)| *kind)
    }

    /// What it is called where it is no item, but stands between some.
    pub(super) fn block(&self) -> Option<&'static str> {
        BLOCKS.iter().find(|(kind, _)| *kind == self.kind).map(|(_, word)| *word)
    }

    /// What it is called in a line.
    pub(super) fn kind_word(&self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, word)| word)
    }

    pub(super) fn is_parent(&self) -> bool {
        self.item_type().is_some_and(ItemType::is_parent)
    }

    /// Whether choices are shown: also where there are some that its type does not ask for.
    pub(super) fn shows_choices(&self) -> bool {
        !self.choices.is_empty() || self.allow_other || self.item_type().is_some_and(ItemType::has_choices)
    }

    /// The same of columns.
    pub(super) fn shows_columns(&self) -> bool {
        !self.columns.is_empty() || self.item_type() == Some(ItemType::MatrixText)
    }

    /// The same of what stands in its field.
    pub(super) fn shows_placeholder(&self) -> bool {
        use ItemType::{Email, LongText, Number, Phone, Text};
        !self.placeholder.is_empty()
            || matches!(self.item_type(), Some(Email | LongText | Number | Phone | Text))
    }

    /// Whether it says the same as another, wherever both are.
    pub(super) fn says_what(&self, other: &Self) -> bool {
        let bare = |row: &Self| Self {
            depth: 0,
            is_focused: false,
            is_closed: false,
            path: String::new(),
            ..row.clone()
        };
        bare(self) == bare(other)
    }

    /// What is said beside an item, or between two, is not too long.
    fn check_texts(&self) -> Result<(), Fault> {
        let is_block = self.block().is_some();
        let texts = [
            ("help", &self.help),
            ("placeholder", &self.placeholder),
            ("next", &self.next),
            ("back", &self.back),
        ];
        let texts = texts.into_iter().chain(is_block.then_some(("text", &self.label)));
        for (name, text) in texts {
            if text.chars().count() > LONGEST_TEXT {
                return Err(Fault::new(name, format!("is longer than {LONGEST_TEXT} characters")));
            }
        }
        Ok(())
    }

    fn item(&self) -> Result<Item, Fault> {
        self.check_texts()?;
        let kind = self.item_type().ok_or_else(|| Fault::new("kind", "is no type of items"))?;
        let matches = match self.matches.as_str() {
            "" => None,
            "email" => Some(Matches::Email),
            "phone" => Some(Matches::Phone),
            "field" if self.field.is_empty() => return Err(Fault::new("matches", "names no field")),
            "field" => Some(Matches::Field(self.field.clone())),
            _ => return Err(Fault::new("matches", "is nothing that an answer can say")),
        };
        Ok(Item {
            id: self.id.clone(),
            kind,
            label: self.label.clone(),
            required: self.is_required,
            choices: self.item_choices()?,
            allow_other: self.allow_other,
            columns: self
                .columns
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
            children: Vec::new(),
            matches,
        })
    }

    /// The choices; a new one without a label is none.
    fn item_choices(&self) -> Result<Vec<Choice>, Fault> {
        let known = self.choices.iter().filter_map(|choice| choice.position.parse::<u32>().ok());
        let mut next = known.max().map_or(0, |position| position.saturating_add(1));
        let mut choices = Vec::new();
        for (n, choice) in self.choices.iter().enumerate() {
            let position = match choice.position.as_str() {
                "" if choice.label.is_empty() => continue,
                "" => {
                    next = next.saturating_add(1);
                    next - 1
                }
                text => {
                    let wrong = || Fault::new(format!("choices[{n}].position"), "is no position");
                    text.parse().map_err(|_| wrong())?
                }
            };
            choices.push(Choice { position, label: choice.label.clone() });
        }
        let asks_for_one = self.item_type().is_some_and(ItemType::has_choices) && !self.allow_other;
        if asks_for_one && choices.is_empty() {
            return Err(Fault::new("choices", "are missing: there is nothing to choose"));
        }
        Ok(choices)
    }
}

/// The rows of items.
pub(super) fn of_items(items: &[Item]) -> Vec<Row> {
    let mut rows = Vec::new();
    put(items, 0, &mut rows);
    rows
}

fn put(items: &[Item], depth: usize, rows: &mut Vec<Row>) {
    for item in items {
        let (matches, field) = match &item.matches {
            None => ("", ""),
            Some(Matches::Email) => ("email", ""),
            Some(Matches::Phone) => ("phone", ""),
            Some(Matches::Field(name)) => ("field", name.as_str()),
        };
        let kind = ItemType::ALL.iter().find(|(kind, _)| *kind == item.kind).map_or("", |(_, name)| *name);
        let choices = item
            .choices
            .iter()
            .map(|choice| RowChoice { position: choice.position.to_string(), label: choice.label.clone() });
        rows.push(Row {
            depth,
            id: item.id.clone(),
            kind: kind.to_owned(),
            label: item.label.clone(),
            is_required: item.required,
            allow_other: item.allow_other,
            matches: matches.to_owned(),
            field: field.to_owned(),
            columns: item.columns.join("\n"),
            choices: choices.collect(),
            ..Row::default()
        });
        put(&item.children, depth + 1, rows);
    }
}

/// The rows that a page's form says, where those that were shown as lines are as they are in the form. No row is deeper than
/// one below the row before it, and none is below what is no item.
pub(super) fn of_pairs(pairs: &Pairs, known: &HashMap<String, Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (name, value) in pairs.iter() {
        let Some((n, rest)) = name.strip_prefix("item.").and_then(|rest| rest.split_once('.')) else {
            continue;
        };
        let Some(n) = n.parse::<usize>().ok().filter(|n| *n < MOST_ROWS) else { continue };
        if rows.len() <= n {
            rows.resize_with(n + 1, Row::default);
        }
        let Some(row) = rows.get_mut(n) else { continue };
        match rest {
            "kept" => {
                if let Some(known) = known.get(value) {
                    *row = Row { depth: 0, ..known.clone() };
                }
            }
            "depth" => row.depth = value.parse().unwrap_or(0),
            "id" => value.clone_into(&mut row.id),
            "kind" => value.clone_into(&mut row.kind),
            "label" => row.label = lines(value),
            "help" => row.help = lines(value),
            "placeholder" => value.clone_into(&mut row.placeholder),
            "next" => value.clone_into(&mut row.next),
            "back" => value.clone_into(&mut row.back),
            "required" => row.is_required = true,
            "other" => row.allow_other = true,
            "matches" => value.clone_into(&mut row.matches),
            "field" => value.clone_into(&mut row.field),
            "columns" => row.columns = lines(value),
            "position" if row.choices.len() < MOST_CHOICES => {
                row.choices.push(RowChoice { position: value.to_owned(), label: String::new() });
            }
            // The label of a choice is behind its position.
            "choice" => {
                if let Some(choice) = row.choices.last_mut() {
                    value.clone_into(&mut choice.label);
                }
            }
            _ => {}
        }
    }
    // What was not sent at all is no row.
    rows.retain(|row| !row.kind.is_empty());
    let mut deepest = 0;
    for row in &mut rows {
        row.depth = if row.block().is_some() { 0 } else { row.depth.min(deepest) };
        deepest = if row.block().is_some() { 0 } else { (row.depth + 1).min(DEEPEST) };
    }
    rows
}

/// As it was written: browsers send two characters where a line ends.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Where what is below a row ends.
pub(super) fn end_of(rows: &[Row], n: usize) -> usize {
    let depth = rows.get(n).map_or(0, |row| row.depth);
    let below = rows.iter().skip(n + 1).take_while(|row| row.depth > depth);
    n + 1 + below.count()
}

/// The items of rows, each of which learns where it is.
pub(super) fn to_items(rows: &mut [Row]) -> Result<Vec<Item>, Vec<Fault>> {
    let mut faults = Vec::new();
    let items = take(rows, "items", &mut faults);
    if rows.iter().filter(|row| row.block().is_some()).count() > MOST_BLOCKS {
        faults.push(Fault::new("blocks", format!("are more than {MOST_BLOCKS}")));
    }
    if faults.is_empty() { Ok(items) } else { Err(faults) }
}

fn take(rows: &mut [Row], path: &str, faults: &mut Vec<Fault>) -> Vec<Item> {
    let mut items = Vec::new();
    let (mut n, mut place, mut blocks) = (0, 0, 0);
    while n < rows.len() {
        let end = end_of(rows, n);
        let path = format!("{path}[{place}]");
        let Some((row, below)) = rows.get_mut(n..end).and_then(<[Row]>::split_first_mut) else { break };
        n = end;
        if row.block().is_some() {
            row.path = format!("blocks[{blocks}]");
            blocks += 1;
            faults.extend(row.check_texts().err().map(|fault| fault.within(&row.path)));
            continue;
        }
        row.path.clone_from(&path);
        let item = row.item().map_err(|fault| fault.within(&path));
        let children = take(below, &format!("{path}.children"), faults);
        match item {
            Ok(item) => items.push(Item { children, ..item }),
            Err(fault) => faults.push(fault),
        }
        place += 1;
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Pairs {
        Pairs::of(text.as_bytes())
    }

    fn read(pairs: &Pairs) -> Vec<Row> {
        of_pairs(pairs, &HashMap::new())
    }

    #[test]
    fn rows_are_read_into_a_tree() {
        let mut rows = read(&pairs(
            "item.0.kind=radio&item.0.label=One&item.0.position=4&item.0.choice=A&item.0.position=&item.0.choice=B\
             &item.0.position=&item.0.choice=&item.1.kind=list&item.1.id=7&item.1.depth=2&item.1.label=Two\
             &item.2.kind=text&item.2.depth=1&item.2.label=Three&item.2.matches=field&item.2.field=city&item.9999999.kind=x",
        ));
        let items = to_items(&mut rows).unwrap();
        assert_eq!(items.len(), 1);
        let choices: Vec<_> =
            items[0].choices.iter().map(|choice| (choice.position, choice.label.as_str())).collect();
        assert_eq!(choices, [(4, "A"), (5, "B")]);
        // The second said that it is two below the first, which is no parent: it is one below, at most.
        let below: Vec<_> = items[0].children.iter().map(|item| item.label.as_str()).collect();
        assert_eq!(below, ["Two", "Three"]);
        assert_eq!(rows[2].path, "items[0].children[1]");
        assert_eq!(items[0].children[1].matches, Some(Matches::Field("city".to_owned())));
        // What was read is shown as it was sent.
        let again = of_items(&items);
        assert_eq!(again.iter().map(|row| row.depth).collect::<Vec<_>>(), [0, 1, 1]);
    }

    #[test]
    fn what_is_no_item_is_said_where_it_is() {
        let mut rows = read(&pairs(
            "item.0.kind=text&item.0.label=A&item.1.kind=poem&item.2.kind=text&item.2.matches=field",
        ));
        let faults = to_items(&mut rows).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["items[1].kind", "items[2].matches"]);
    }

    #[test]
    fn what_stands_between_items_is_no_item() {
        let mut rows = read(&pairs(
            "item.0.kind=page&item.0.next=On&item.1.kind=list&item.2.kind=text&item.2.depth=1&item.3.kind=says&item.3.depth=1\
             &item.3.label=a%0D%0Ab&item.4.kind=text&item.4.depth=1",
        ));
        let items = to_items(&mut rows).unwrap();
        assert_eq!((items.len(), items[0].children.len()), (2, 1));
        let paths: Vec<_> = rows.iter().map(|row| row.path.as_str()).collect();
        assert_eq!(paths, ["blocks[0]", "items[0]", "items[0].children[0]", "blocks[1]", "items[1]"]);
        assert_eq!((rows[3].label.as_str(), rows[3].depth, rows[4].depth), ("a\nb", 0, 0));
        rows[3].label = "x".repeat(20_001);
        rows[1].help = "x".repeat(20_001);
        let faults = to_items(&mut rows).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["items[0].help", "blocks[1].text"]);
    }

    #[test]
    fn what_was_shown_as_a_line_is_as_the_form_has_it() {
        let known = Row { id: "7".into(), kind: "text".into(), label: "Seven".into(), ..Row::default() };
        let known = HashMap::from([("7".to_owned(), known)]);
        let rows = of_pairs(&pairs("item.0.kept=8&item.1.kept=7&item.2.kept=7&item.2.depth=1"), &known);
        let shown: Vec<_> = rows.iter().map(|row| (row.label.as_str(), row.depth)).collect();
        assert_eq!(shown, [("Seven", 0), ("Seven", 1)]);
        assert!(rows[1].says_what(&known["7"]));
    }
}
