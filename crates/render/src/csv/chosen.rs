//! Tables of chosen columns: those that somebody asked for, in the order in which they did, under the names they gave.
//!
//! Guarantees: see [`super`]; a column that the form does not have is there and empty; no value is written as another kind
//! of value than it was given as.
//!
//! Must not know: who chose.

use super::cell::{Guard, finish_text};
use super::{Delimiter, Eol};
use crate::scalars::{Instants, put_number};
use fillhouse_model::row::{Malformed, Row, answer};
use fillhouse_model::{Answer, AnswerKind, Form, Item, Leaf, Status};

/// What stands between the answers to the items below one item.
const JOINT: &str = " | ";

/// A chosen column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenColumn {
    /// What it is called.
    pub name: String,
    /// What its cells show.
    pub shows: Shows,
}

/// What the cells of a chosen column show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shows {
    /// The submission's id.
    Id,
    /// The answer to the item of this id, or the answers to those below it, each behind its label.
    Item(String),
    /// When the submission was begun, as far as that is known: in UTC, to the minute.
    Created,
    /// Whether it was finished, in these words.
    Status {
        /// It was not.
        incomplete: String,
        /// It was.
        complete: String,
    },
}

/// A table of chosen columns of one form.
#[derive(Debug, Clone)]
pub struct ChosenLayout {
    columns: Vec<(ChosenColumn, Vec<Part>)>,
    slots: usize,
}

/// A leaf that a cell shows.
#[derive(Debug, Clone)]
struct Part {
    /// What stands before its answer: the labels between the chosen item and the leaf.
    label: String,
    slot: usize,
    kind: AnswerKind,
    choices: Vec<(u32, String)>,
}

impl ChosenLayout {
    /// These columns of `form`.
    pub fn new(form: &Form, columns: Vec<ChosenColumn>) -> Self {
        let leaves = form.leaves();
        let columns: Vec<(ChosenColumn, Vec<Part>)> = columns
            .into_iter()
            .map(|column| {
                let parts = match &column.shows {
                    Shows::Item(id) => leaves.iter().filter_map(|leaf| Part::below(id, leaf)).collect(),
                    Shows::Id | Shows::Created | Shows::Status { .. } => Vec::new(),
                };
                (column, parts)
            })
            .collect();
        let slots = columns.iter().flat_map(|(_, parts)| parts).map(|part| part.slot + 1).max().unwrap_or(0);
        Self { columns, slots }
    }

    /// Appends the header.
    pub fn write_header(&self, out: &mut Vec<u8>) {
        for (n, (column, _)) in self.columns.iter().enumerate() {
            put_cell(n, &column.name, out);
        }
        out.extend_from_slice(Eol::Lf.bytes());
    }

    /// Bytes that say everything that a rendered row depends on beside the row.
    pub fn fingerprint_source(&self) -> Vec<u8> {
        format!("{:?}", self.columns.iter().map(|(column, parts)| (&column.shows, parts)).collect::<Vec<_>>())
            .into_bytes()
    }

    /// Appends `row` to `out` as a line.
    ///
    /// # Errors
    /// The row is none, or not one of the form; `out` is then as it was.
    pub fn write(&self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let start = out.len();
        let written = self.put_line(row, out);
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    fn put_line(&self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let mut payloads = vec![None; self.slots];
        row.answers_into(&mut payloads)?;
        for (n, (column, parts)) in self.columns.iter().enumerate() {
            let text = match &column.shows {
                Shows::Id => text_of(|out| put_number(row.id, out)),
                Shows::Item(_) => cell(parts, &payloads)?,
                Shows::Created => created(row)?,
                Shows::Status { incomplete, complete } => match row.status {
                    Status::Incomplete => incomplete.clone(),
                    Status::Complete => complete.clone(),
                },
            };
            put_cell(n, &text, out);
        }
        out.extend_from_slice(Eol::Lf.bytes());
        Ok(())
    }
}

impl Part {
    /// The leaf as a part of the cells of item `id`, where it is that item or below it.
    fn below(id: &str, leaf: &Leaf<'_>) -> Option<Self> {
        let path: Vec<&Item> = leaf.parents.into_iter().flatten().chain([leaf.item]).collect();
        let top = path.iter().position(|item| item.id == id)?;
        let labels: Vec<&str> = path[top + 1..].iter().map(|item| item.label.as_str()).collect();
        let choices =
            leaf.item.choices.iter().map(|choice| (choice.position, choice.label.clone())).collect();
        Some(Self { label: labels.join(": "), slot: leaf.slot, kind: leaf.kind, choices })
    }

    fn text(&self, payload: &[u8]) -> Result<String, Malformed> {
        Ok(match answer(self.kind, payload)? {
            Answer::Text(text) => text,
            Answer::Choices(chosen) => {
                let label = |position| self.choices.iter().find(|(known, _)| *known == position);
                let labels = chosen.into_iter().map(|choice| {
                    let label = label(choice.position)
                        .map_or(choice.position.to_string(), |(_, label)| label.clone());
                    choice.other.map_or(label.clone(), |other| format!("{label}: {other}"))
                });
                joined(labels)
            }
            Answer::Texts(texts) => joined(texts.into_iter()),
            Answer::Files(files) => joined(files.into_iter().map(|file| file.url)),
        })
    }
}

/// Several values as one cell: each is quoted as a cell of its own would be, so that a comma in one is none between two.
/// One alone stays as it is.
fn joined(values: impl Iterator<Item = String>) -> String {
    let values: Vec<String> = values.collect();
    match values.as_slice() {
        [one] => one.clone(),
        many => text_of(|out| many.iter().enumerate().for_each(|(n, value)| put_cell(n, value, out))),
    }
}

fn cell(parts: &[Part], payloads: &[Option<&[u8]>]) -> Result<String, Malformed> {
    let mut texts = Vec::new();
    for part in parts {
        let Some(payload) = payloads[part.slot] else { continue };
        let text = part.text(payload)?;
        match part.label.as_str() {
            "" => texts.push(text),
            label if !text.is_empty() => texts.push(format!("{label}: {text}")),
            _ => {}
        }
    }
    Ok(texts.join(JOINT))
}

/// `2026-04-01 09:00`
fn created(row: &Row<'_>) -> Result<String, Malformed> {
    let mut spelled = Vec::new();
    Instants::new().put(row.date_start.or(row.date_finish).unwrap_or(row.date_update), &mut spelled)?;
    let to_the_minute = spelled.len().saturating_sub(":00Z".len());
    Ok(String::from_utf8_lossy(&spelled[..to_the_minute]).replace('T', " "))
}

fn put_cell(place: usize, text: &str, out: &mut Vec<u8>) {
    if place > 0 {
        out.push(Delimiter::Comma.byte());
    }
    let start = out.len();
    out.extend_from_slice(text.as_bytes());
    finish_text(out, start, Delimiter::Comma, Guard::Off);
}

fn text_of(put: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    put(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{choice_item, form, group, instant, item, submission};
    use fillhouse_model::row::encode;
    use fillhouse_model::{Chosen, File, ItemType, Submission};

    fn column(name: &str, shows: Shows) -> ChosenColumn {
        ChosenColumn { name: name.into(), shows }
    }

    fn of_item(id: &str) -> ChosenColumn {
        column(id, Shows::Item(id.into()))
    }

    fn lines(columns: Vec<ChosenColumn>, submission: &Submission) -> String {
        let rows = vec![choice_item("3-0", ItemType::Radio, &[(0, "Good"), (1, "Bad")])];
        let form = form(vec![
            item("1", ItemType::Text, "Name"),
            choice_item("2", ItemType::Checkbox, &[(0, "A"), (1, "B, c")]),
            group("3", ItemType::MatrixChoice, "Rate", rows),
            item("4", ItemType::File, "Papers"),
        ]);
        let layout = ChosenLayout::new(&form, columns);
        let mut out = Vec::new();
        layout.write_header(&mut out);
        let row = encode(submission);
        layout.write(&Row::read(&row).unwrap(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn chosen(positions: &[u32]) -> Answer {
        let chosen = positions.iter().map(|&position| Chosen { position, other: None });
        Answer::Choices(chosen.collect())
    }

    #[test]
    fn columns_are_those_that_were_chosen_in_their_order() {
        let status = Shows::Status { incomplete: "In Progress".into(), complete: "Completed".into() };
        let columns = vec![
            column("id", Shows::Id),
            of_item("2"),
            of_item("1"),
            column("at", Shows::Created),
            column("status", status),
        ];
        let filled = Submission {
            date_finish: Some(instant("2026-04-01T09:07:59Z")),
            ..submission(vec![Some(Answer::Text("+33 \"1\"".into())), Some(chosen(&[0, 1]))])
        };
        assert_eq!(
            lines(columns, &filled),
            "id,2,1,at,status\n7,\"A,\"\"B, c\"\"\",\"+33 \"\"1\"\"\",2026-04-01 09:07,Completed\n"
        );
    }

    #[test]
    fn an_item_shows_what_is_below_it() {
        let files = ["x", "y"].map(|url| File { name: "f".into(), url: format!("https://{url}") });
        let filled = submission(vec![None, None, Some(chosen(&[1])), Some(Answer::Files(files.into()))]);
        assert_eq!(
            lines(vec![of_item("3"), of_item("4"), of_item("1"), of_item("none")], &filled),
            "3,4,1,none\nChoose: Bad,\"https://x,https://y\",,\n"
        );
    }
}
