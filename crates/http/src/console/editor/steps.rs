//! The buttons of the editor that change what is on the page and store nothing.
//!
//! Guarantees: a step that there is nothing for leaves all as it is.
//!
//! Must not know: how a step is shown.

use super::rows::{Row, RowChoice, end_of};
use fillhouse_model::ItemType;

/// Takes a step: a word, and where.
pub(super) fn take(rows: &mut Vec<Row>, step: &str, new_kind: &str) {
    let mut parts = step.split(':');
    let word = parts.next().unwrap_or_default();
    let mut number = || parts.next().and_then(|part| part.parse::<usize>().ok()).unwrap_or(usize::MAX);
    let (n, choice) = (number(), number());
    for row in rows.iter_mut() {
        row.is_focused = false;
    }
    match word {
        "add" => rows.push(Row::of_kind(new_kind, 0)),
        "up" => move_up(rows, n),
        "down" => move_down(rows, n),
        "open" => at(rows, n, |_| {}),
        "page" => add_page(rows, n),
        "remove" if n < rows.len() => drop(rows.drain(n..end_of(rows, n))),
        "below" => add_below(rows, n),
        "choice" => at(rows, n, |row| row.choices.push(RowChoice::default())),
        "choice-up" => at(rows, n, |row| {
            if (1..row.choices.len()).contains(&choice) {
                row.choices.swap(choice - 1, choice);
            }
        }),
        "choice-remove" => at(rows, n, |row| {
            if choice < row.choices.len() {
                row.choices.remove(choice);
            }
        }),
        _ => {}
    }
    complete(rows);
}

fn at(rows: &mut [Row], n: usize, change: impl FnOnce(&mut Row)) {
    if let Some(row) = rows.get_mut(n) {
        row.is_focused = true;
        change(row);
    }
}

/// Moves a row, with what is below it, before the one of its depth that stands before it.
fn move_up(rows: &mut [Row], n: usize) {
    let Some(depth) = rows.get(n).map(|row| row.depth) else { return };
    let before = rows.iter().take(n).rposition(|row| row.depth <= depth);
    let Some(before) = before.filter(|before| rows.get(*before).is_some_and(|row| row.depth == depth)) else {
        return;
    };
    let end = end_of(rows, n);
    if let Some(both) = rows.get_mut(before..end) {
        both.rotate_left(n - before);
    }
    at(rows, before, |_| {});
}

fn move_down(rows: &mut [Row], n: usize) {
    let Some(depth) = rows.get(n).map(|row| row.depth) else { return };
    let next = end_of(rows, n);
    if rows.get(next).is_some_and(|row| row.depth == depth) {
        let end = end_of(rows, next);
        move_up(rows, next);
        at(rows, next, |row| row.is_focused = false);
        at(rows, n, |row| row.is_focused = false);
        at(rows, n + (end - next), |_| {});
    }
}

/// Begins a page behind a row and what is below it.
fn add_page(rows: &mut Vec<Row>, n: usize) {
    if rows.get(n).is_some_and(|row| row.depth == 0) {
        rows.insert(end_of(rows, n), Row::of_kind("page", 0));
    }
}

/// Adds a row below another, like the last one there.
fn add_below(rows: &mut Vec<Row>, n: usize) {
    let Some(parent) = rows.get(n).filter(|row| row.is_parent()) else { return };
    let (end, depth) = (end_of(rows, n), parent.depth + 1);
    let last = rows.get(n + 1..end).and_then(|below| below.iter().rfind(|row| row.depth == depth));
    let like = match last {
        Some(last) => Row {
            id: String::new(),
            label: String::new(),
            is_focused: true,
            is_closed: false,
            ..last.clone()
        },
        None => Row::of_kind(kind_below(parent), depth),
    };
    rows.insert(end, like);
}

/// Which type of items is usual below an item.
fn kind_below(parent: &Row) -> &'static str {
    match parent.item_type() {
        Some(ItemType::MatrixChoice) => "radio",
        Some(ItemType::MultiScale) => "matrix_choice",
        _ => "text",
    }
}

/// Gives a row to each parent that has none, and a choice to whatever offers some.
fn complete(rows: &mut Vec<Row>) {
    let mut n = 0;
    while n < rows.len() {
        let is_bare = rows.get(n).is_some_and(Row::is_parent) && end_of(rows, n) == n + 1;
        if is_bare && rows.get(n).is_some_and(|row| row.depth < 2) {
            let was_focused = rows.get(n).is_some_and(|row| row.is_focused);
            add_below(rows, n);
            at(rows, n + 1, |row| row.is_focused = false);
            at(rows, n, |row| row.is_focused = was_focused);
        }
        if let Some(row) = rows.get_mut(n)
            && row.choices.is_empty()
            && row.item_type().is_some_and(ItemType::has_choices)
        {
            row.choices.push(RowChoice::default());
        }
        n += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |(label, kind, depth): (&str, &str, usize)| Row {
            label: label.to_owned(),
            is_focused: false,
            ..Row::of_kind(kind, depth)
        };
        [("a", "text", 0), ("b", "list", 0), ("b1", "text", 1), ("b2", "text", 1), ("c", "text", 0)]
            .map(row)
            .into()
    }

    fn after(step: &str) -> (String, Vec<usize>) {
        let mut rows = rows();
        take(&mut rows, step, "radio");
        let labels: Vec<_> = rows.iter().map(|row| row.label.as_str()).collect();
        let focused = rows.iter().enumerate().filter(|(_, row)| row.is_focused).map(|(n, _)| n);
        (labels.join(" "), focused.collect())
    }

    #[test]
    fn rows_are_moved_with_what_is_below_them() {
        for (step, labels, focused) in [
            ("up:1", "b b1 b2 a c", vec![0]),
            ("up:4", "a c b b1 b2", vec![1]),
            ("up:3", "a b b2 b1 c", vec![2]),
            ("up:0", "a b b1 b2 c", vec![]),
            ("up:2", "a b b1 b2 c", vec![]),
            ("down:0", "b b1 b2 a c", vec![3]),
            ("down:1", "a c b b1 b2", vec![2]),
            ("down:3", "a b b1 b2 c", vec![]),
            ("down:4", "a b b1 b2 c", vec![]),
            ("remove:1", "a c", vec![]),
            ("remove:9", "a b b1 b2 c", vec![]),
            ("below:1", "a b b1 b2  c", vec![4]),
            ("below:0", "a b b1 b2 c", vec![]),
            ("add", "a b b1 b2 c ", vec![5]),
            ("open:3", "a b b1 b2 c", vec![3]),
            ("page:1", "a b b1 b2  c", vec![4]),
            ("page:2", "a b b1 b2 c", vec![]),
            ("page:9", "a b b1 b2 c", vec![]),
            ("choice-remove:0:7", "a b b1 b2 c", vec![0]),
            ("nonsense:x", "a b b1 b2 c", vec![]),
        ] {
            assert_eq!(after(step), (labels.to_owned(), focused), "{step}");
        }
    }

    #[test]
    fn a_group_gets_a_row_and_a_question_a_choice() {
        let mut rows = Vec::new();
        take(&mut rows, "add", "multi_scale");
        let kinds: Vec<_> =
            rows.iter().map(|row| (row.kind.as_str(), row.depth, row.choices.len())).collect();
        assert_eq!(kinds, [("multi_scale", 0, 0), ("matrix_choice", 1, 0), ("radio", 2, 1)]);
        take(&mut rows, "choice:2", "");
        take(&mut rows, "choice-up:2:1", "");
        take(&mut rows, "choice-remove:2:0", "");
        assert_eq!(rows[2].choices.len(), 1);
        take(&mut rows, "below:1", "");
        assert_eq!((rows.len(), rows[3].choices.len()), (4, 1));
    }
}
