//! Orders: the rows of one block sorted, and a page of many sorted blocks.
//!
//! Guarantees: a page is found without merging what comes before it, so that the last costs what the first does.
//!
//! Must not know: what the rows are sorted by, beyond how two of them compare.

use super::column::Column;
use super::texts::Texts;
use std::cmp::Ordering;
use std::ops::Range;

/// The rows by number, then by id.
pub(super) fn of_numbers(numbers: &[i64], ids: &Column) -> Vec<u16> {
    let mut rows: Vec<(i64, i64, u16)> =
        (0_u16..).zip(numbers).map(|(row, number)| (*number, ids.number(row.into()), row)).collect();
    rows.sort_unstable();
    rows.into_iter().map(|(_, _, row)| row).collect()
}

/// The rows by text, then by id. The first bytes of a text stand for it as long as they differ.
pub(super) fn of_texts(texts: &Texts, ids: &Column) -> Vec<u16> {
    let mut rows: Vec<(u64, u16)> =
        (0_u16..).zip(0..texts.len()).map(|(row, place)| (beginning(texts.row(place)), row)).collect();
    rows.sort_unstable_by(|(one_beginning, one), (other_beginning, other)| {
        let (one, other) = (usize::from(*one), usize::from(*other));
        one_beginning
            .cmp(other_beginning)
            .then_with(|| texts.compare(one, texts, other))
            .then_with(|| ids.number(one).cmp(&ids.number(other)))
    });
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The rows of any column, then by id.
pub(super) fn of_rows(column: &Column, ids: &Column) -> Vec<u16> {
    let mut rows: Vec<u16> = (0_u16..).zip(0..column.len()).map(|(row, _)| row).collect();
    rows.sort_unstable_by(|&one, &other| {
        let (one, other) = (usize::from(one), usize::from(other));
        column.compare(one, column, other).then_with(|| ids.number(one).cmp(&ids.number(other)))
    });
    rows
}

/// The first eight bytes as a number that is ordered as they are; a shorter text comes before those it begins.
fn beginning(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = text.len().min(8);
    bytes[..length].copy_from_slice(&text[..length]);
    u64::from_be_bytes(bytes)
}

/// An element of one of several lists: which list, and where in it.
pub(super) type Place = (usize, usize);

/// The elements that have these ranks in all lists together, each of which is sorted. No two elements may be equal.
pub(super) fn ranks(
    lengths: &[usize],
    wanted: Range<usize>,
    compare: &impl Fn(Place, Place) -> Ordering,
) -> Vec<Place> {
    let mut next = split(lengths, wanted.start, compare);
    let mut places = Vec::with_capacity(wanted.len());
    for _ in wanted {
        let heads =
            (0..lengths.len()).filter(|&list| next[list] < lengths[list]).map(|list| (list, next[list]));
        let Some(least) = heads.min_by(|one, other| compare(*one, *other)) else { break };
        next[least.0] += 1;
        places.push(least);
    }
    places
}

/// How many elements of each list come before the one of this rank.
fn split(lengths: &[usize], rank: usize, compare: &impl Fn(Place, Place) -> Ordering) -> Vec<usize> {
    let mut low = vec![0; lengths.len()];
    let mut high = lengths.to_vec();
    let mut left = rank.min(lengths.iter().sum());
    // Whatever is before `low` is before the rank, whatever is from `high` on is not.
    while left > 0 {
        let Some(pivot) = middle(&low, &high, compare) else { break };
        let before: Vec<usize> = (0..lengths.len())
            .map(|list| {
                low[list] + partition_point(low[list], high[list], |n| compare((list, n), pivot).is_lt())
            })
            .collect();
        let count: usize = before.iter().zip(&low).map(|(before, low)| before - low).sum();
        if count < left {
            left -= count + 1;
            low = before;
            low[pivot.0] += 1;
        } else {
            high = before;
        }
    }
    low
}

/// An element with at least a quarter of all that is left on either side of it: the median of the medians, each of which
/// counts for as many as are left in its list.
fn middle(low: &[usize], high: &[usize], compare: &impl Fn(Place, Place) -> Ordering) -> Option<Place> {
    let mut medians: Vec<Place> = (0..low.len())
        .filter(|&list| low[list] < high[list])
        .map(|list| (list, usize::midpoint(low[list], high[list])))
        .collect();
    medians.sort_unstable_by(|one, other| compare(*one, *other));
    let all: usize = low.iter().zip(high).map(|(low, high)| high - low).sum();
    let mut counted = 0;
    medians.into_iter().find(|(list, _)| {
        counted += high[*list] - low[*list];
        counted * 2 >= all
    })
}

/// How many of the numbers from `low` up to without `high` hold; those that do come first.
fn partition_point(low: usize, high: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut first, mut last) = (low, high);
    while first < last {
        let middle = usize::midpoint(first, last);
        if holds(middle) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    first - low
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn ranks_are_those_of_all_lists_together(
            owners in prop::collection::vec(0_usize..6, 0..200),
            from in 0_usize..210,
            count in 0_usize..20,
        ) {
            // Each number belongs to one of the lists.
            let mut lists = vec![Vec::new(); 6];
            owners.iter().enumerate().for_each(|(number, list)| lists[*list].push(number));
            let lengths: Vec<usize> = lists.iter().map(Vec::len).collect();
            let compare = |one: Place, other: Place| lists[one.0][one.1].cmp(&lists[other.0][other.1]);
            let found: Vec<usize> = ranks(&lengths, from..from + count, &compare)
                .into_iter()
                .map(|(list, place)| lists[list][place])
                .collect();
            let expected: Vec<usize> = (0..owners.len()).skip(from).take(count).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn texts_are_ordered_by_bytes_then_by_id(rows in prop::collection::vec("[ab]{0,12}", 0..50)) {
            let mut texts = Texts::default();
            rows.iter().for_each(|row| texts.push(|parts| parts.push(|bytes| bytes.extend(row.bytes()))).unwrap());
            let ids = Column::of_numbers((0..rows.len() as i64).rev().collect());
            let order = of_texts(&texts, &ids);
            let keys: Vec<_> = order.iter().map(|&row| (&rows[usize::from(row)], rows.len() - usize::from(row))).collect();
            prop_assert!(keys.is_sorted());
            prop_assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), rows.len());
        }
    }
}
