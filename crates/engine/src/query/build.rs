//! A column while it is made, row by row.
//!
//! Must not know: where the rows come from.

use super::column::{BEFORE_ANY, Choices, ColumnId, Labels, SlotLabels, Values};
use super::fold::fold_into;
use super::texts::{Parts, Texts, TooLarge};
use crate::Result;
use fillhouse_model::AnswerKind;
use fillhouse_model::row::{Malformed, Reader, Row, Text};

/// What a referrer is called that was not recorded, as it is shown.
const NO_REFERRER: &str = "N/A";
/// The number of what has none, and of a text that is none: before and after all others.
pub(super) const NOTHING: i64 = i64::MIN;
pub(super) const NO_NUMBER: i64 = i64::MAX;

/// A column under way.
pub(super) struct Building<'a> {
    id: ColumnId,
    values: Values,
    labels: &'a Labels,
}

impl<'a> Building<'a> {
    pub(super) fn new(id: ColumnId, labels: &'a Labels) -> Self {
        let values = match id {
            ColumnId::Answer(_, AnswerKind::Choices) => Values::Choices(Choices::default()),
            ColumnId::Status | ColumnId::Meta(_) | ColumnId::Answer(..) | ColumnId::Everything => {
                Values::Texts(Texts::default())
            }
            _ => Values::Numbers(Vec::new()),
        };
        Self { id, values, labels }
    }

    /// How many slots of a row it looks at.
    pub(super) fn slots(&self) -> usize {
        match self.id {
            ColumnId::Answer(slot, _) | ColumnId::Number(slot) => slot + 1,
            ColumnId::Everything | ColumnId::LastAnswered => self.labels.len(),
            _ => 0,
        }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, ordinal: i64, row: &Row<'_>, payloads: &[Option<&[u8]>]) -> Result<()> {
        match &mut self.values {
            Values::Numbers(numbers) if self.id == ColumnId::LastAnswered => {
                numbers.push(last_answered(payloads, self.labels));
            }
            Values::Numbers(numbers) => numbers.push(number(self.id, ordinal, row, payloads)?),
            Values::Choices(choices) => {
                let ColumnId::Answer(slot, _) = self.id else { return Ok(()) };
                let chosen = chosen(payloads[slot].unwrap_or_default())?;
                choices.push(chosen.into_iter()).ok_or(TooLarge)?;
            }
            Values::Texts(texts) => {
                let mut read = Ok(());
                let (id, labels) = (self.id, self.labels);
                texts.push(|parts| read = put_texts(id, row, payloads, labels, parts))?;
                read?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Values {
        match &mut self.values {
            Values::Numbers(numbers) => numbers.shrink_to_fit(),
            Values::Texts(texts) => texts.finish(),
            Values::Choices(_) => {}
        }
        self.values
    }
}

fn number(id: ColumnId, ordinal: i64, row: &Row<'_>, payloads: &[Option<&[u8]>]) -> Result<i64, Malformed> {
    Ok(match id {
        ColumnId::Ordinal => ordinal,
        ColumnId::Id => row.id,
        ColumnId::Start => row.date_start.unwrap_or(NOTHING),
        ColumnId::Finish => row.date_finish.unwrap_or(NOTHING),
        ColumnId::Update => row.date_update,
        ColumnId::Dated => row.dated_at(),
        ColumnId::Took => match (row.date_start, row.date_finish) {
            (Some(start), Some(finish)) if start <= finish => (finish - start) / 1_000_000,
            _ => NOTHING,
        },
        ColumnId::Amount => decimal(row.text(Text::PaymentAmount))?,
        ColumnId::Number(slot) => decimal(payloads[slot])?,
        ColumnId::Status
        | ColumnId::Meta(_)
        | ColumnId::Answer(..)
        | ColumnId::Everything
        | ColumnId::LastAnswered => NOTHING,
    })
}

/// The place of the last leaf that is answered.
fn last_answered(payloads: &[Option<&[u8]>], labels: &Labels) -> i64 {
    let answered = payloads.iter().zip(labels).filter(|(payload, _)| payload.is_some());
    answered.filter_map(|(_, slot)| Some(slot.as_ref()?.place)).max().unwrap_or(BEFORE_ANY)
}

/// A number that is ordered as the decimal number is that the text says.
pub(super) fn decimal(text: Option<&[u8]>) -> Result<i64, Malformed> {
    let text = utf8(text.unwrap_or_default())?.trim();
    if text.is_empty() {
        return Ok(NOTHING);
    }
    let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) else {
        return Ok(NO_NUMBER);
    };
    // Zero has two signs. The bits of others are ordered as they are, but backwards below zero.
    let bits = (number + 0.0).to_bits().cast_signed();
    Ok(if bits < 0 { bits ^ i64::MAX } else { bits })
}

fn put_texts(
    id: ColumnId,
    row: &Row<'_>,
    payloads: &[Option<&[u8]>],
    labels: &Labels,
    parts: &mut Parts<'_>,
) -> Result<(), Malformed> {
    let mut put = |text: &str| parts.push(|bytes| fold_into(text, bytes));
    match id {
        ColumnId::Status => put(row.status.name()),
        ColumnId::Meta(text) => {
            let absent = if text == Text::UserReferrer { NO_REFERRER } else { "" };
            put(row.text(text).map_or(Ok(absent), utf8)?);
        }
        ColumnId::Answer(slot, kind) => put_answer(kind, payloads[slot].unwrap_or_default(), parts)?,
        ColumnId::Everything => {
            for (payload, leaf) in payloads.iter().zip(labels) {
                let (Some(payload), Some(SlotLabels { kind, choices, .. })) = (payload, leaf) else {
                    continue;
                };
                match kind {
                    AnswerKind::Choices => put_labels(choices, payload, parts)?,
                    kind => put_answer(*kind, payload, parts)?,
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// Adds the texts of an answer; of a file both its name and its address.
fn put_answer(kind: AnswerKind, payload: &[u8], parts: &mut Parts<'_>) -> Result<(), Malformed> {
    let mut put = |text: &[u8]| {
        let text = utf8(text)?;
        parts.push(|bytes| fold_into(text, bytes));
        Ok(())
    };
    if kind == AnswerKind::Text {
        return put(payload);
    }
    let mut reader = Reader::new(payload);
    while !reader.is_empty() {
        put(reader.bytes()?)?;
    }
    Ok(())
}

/// Adds the labels of choices, and what was typed beside them.
fn put_labels(labels: &[(u32, Vec<u8>)], payload: &[u8], parts: &mut Parts<'_>) -> Result<(), Malformed> {
    let mut reader = Reader::new(payload);
    while !reader.is_empty() {
        let (position, other) = reader.chosen()?;
        if let Some((_, label)) = labels.iter().find(|(known, _)| *known == position) {
            parts.push(|bytes| bytes.extend_from_slice(label));
        }
        if let Some(other) = other.map(utf8).transpose()? {
            parts.push(|bytes| fold_into(other, bytes));
        }
    }
    Ok(())
}

fn chosen(payload: &[u8]) -> Result<Vec<u32>, Malformed> {
    let mut reader = Reader::new(payload);
    let mut positions = Vec::new();
    while !reader.is_empty() {
        positions.push(reader.chosen()?.0);
    }
    Ok(positions)
}

fn utf8(bytes: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes).map_err(|_| Malformed)
}

impl From<TooLarge> for Malformed {
    fn from(_: TooLarge) -> Self {
        Malformed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> i64 {
        decimal(Some(text.as_bytes())).unwrap()
    }

    #[test]
    fn numbers_are_ordered_by_what_they_say() {
        let ascending = ["", "-10.5", "-2", "0", "0.5", "5.00", "9", "10", "1000000", "a"];
        assert!(ascending.is_sorted_by(|one, other| of(one) < of(other)));
        assert_eq!((of("-0"), of("5.0"), of(" ")), (of("0"), of("5"), decimal(None).unwrap()));
        assert_eq!(of("NaN"), of("infinity"));
    }

    proptest! {
        #[test]
        fn all_numbers_are(one: i32, other: i32) {
            prop_assert_eq!(of(&one.to_string()).cmp(&of(&other.to_string())), one.cmp(&other));
        }
    }
}
