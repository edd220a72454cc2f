//! Rows, from how they are stored to result objects.
//!
//! Guarantees: see [`super`]; a row that is malformed leaves `out` as it was.
//!
//! Must not know: submissions. No value of a row is built on the way: its bytes are read where they are.

use super::layout::{PreparedLeaf, PreparedMeta, put_position};
use super::{Meta, NO_REFERRER, ResultLayout, put_string};
use crate::scalars::{Instants, put_number, put_profile_id};
use fillhouse_model::AnswerKind;
use fillhouse_model::row::{Malformed, Reader, Row, Text};

/// Writes rows of one form.
#[derive(Debug)]
pub struct ResultWriter<'layout> {
    layout: &'layout ResultLayout,
    slots: usize,
    instants: Instants,
}

impl<'layout> ResultWriter<'layout> {
    /// A writer of rows of `layout`.
    pub fn new(layout: &'layout ResultLayout) -> Self {
        Self { layout, slots: layout.slots(), instants: Instants::new() }
    }

    /// Appends `row` to `out` as one object.
    ///
    /// # Errors
    /// The row is none, or not one of the layout's form; `out` is then as it was. That texts are UTF-8 is taken for granted.
    pub fn write(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let start = out.len();
        let written = self.put_object(row, out);
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    fn put_object(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let mut payloads = vec![None; self.slots];
        row.answers_into(&mut payloads)?;
        out.push(b'{');
        for prepared in &self.layout.metas {
            self.put_meta(row, prepared, out)?;
        }
        out.extend(b"\"items\":[");
        for (n, leaf) in self.layout.leaves.iter().enumerate() {
            if n > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&leaf.head);
            leaf.put_answer(payloads[leaf.slot], out)?;
            out.push(b'}');
        }
        out.extend(b"]}");
        Ok(())
    }

    /// Appends a meta and a comma, or nothing where the row has none.
    fn put_meta(
        &mut self,
        row: &Row<'_>,
        prepared: &PreparedMeta,
        out: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        let start = out.len();
        out.extend_from_slice(&prepared.head);
        let text = |text| row.text(text);
        let given = match prepared.meta {
            Meta::DateFinish => self.put_instant(row.date_finish, out)?,
            Meta::DateStart => self.put_instant(row.date_start, out)?,
            Meta::DateUpdate => self.put_instant(Some(row.date_update), out)?,
            Meta::Id => {
                out.push(b'"');
                put_number(row.id, out);
                out.push(b'"');
                true
            }
            Meta::LoginEmail => put_text(text(Text::LoginEmail), out),
            Meta::LoginUsername => put_text(text(Text::LoginUsername), out),
            Meta::PaymentAmount => put_amount(text(Text::PaymentAmount), out),
            Meta::PaymentStatus => put_text(text(Text::PaymentStatus), out),
            Meta::ResultStatus => put_text(Some(row.status.name().as_bytes()), out),
            Meta::UserBrowser => put_text(text(Text::UserBrowser).or(Some(b"")), out),
            Meta::UserIp => put_text(text(Text::UserIp).or(Some(b"")), out),
            Meta::UserDevice => put_text(text(Text::UserDevice).or(Some(b"")), out),
            Meta::UserReferrer => put_text(text(Text::UserReferrer).or(Some(NO_REFERRER.as_bytes())), out),
            Meta::Audience => row.profile.is_some_and(|(audience, _)| {
                put_number(audience, out);
                true
            }),
            Meta::Profile => row.profile.is_some_and(|(_, profile)| {
                out.push(b'"');
                put_profile_id(profile, out);
                out.push(b'"');
                true
            }),
        };
        if given {
            out.push(b',');
        } else {
            out.truncate(start);
        }
        Ok(())
    }

    fn put_instant(&mut self, micros: Option<i64>, out: &mut Vec<u8>) -> Result<bool, Malformed> {
        let Some(micros) = micros else { return Ok(false) };
        out.push(b'"');
        self.instants.put(micros, out)?;
        out.push(b'"');
        Ok(true)
    }
}

impl PreparedLeaf {
    /// Appends what the leaf was answered with, empty where it was not.
    fn put_answer(&self, payload: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        if self.kind == AnswerKind::Text {
            put_string(payload.unwrap_or_default(), out);
            return Ok(());
        }
        let mut reader = Reader::new(payload.unwrap_or_default());
        let mut count = 0;
        while !reader.is_empty() {
            self.put_value(&mut reader, count, out)?;
            count += 1;
        }
        if self.kind == AnswerKind::Texts {
            for position in count..self.columns {
                put_positioned(position, b"", out);
            }
        }
        out.push(b']');
        Ok(())
    }

    fn put_value(
        &self,
        reader: &mut Reader<'_>,
        position: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        match self.kind {
            AnswerKind::Choices => {
                let (chosen, other) = reader.chosen()?;
                if position > 0 {
                    out.push(b',');
                }
                out.push(b'{');
                if let Some(other) = other {
                    out.extend(b"\"other\":");
                    put_string(other, out);
                    out.push(b',');
                }
                match self.ending(chosen) {
                    Some(ending) => out.extend_from_slice(ending),
                    // The form has the choice no more: its position stands for the label.
                    None => {
                        put_position(i64::from(chosen), out);
                        put_string(chosen.to_string().as_bytes(), out);
                        out.push(b'}');
                    }
                }
            }
            AnswerKind::Files => {
                let (_, url) = (reader.bytes()?, reader.bytes()?);
                put_positioned(position, url, out);
            }
            AnswerKind::Text | AnswerKind::Texts => put_positioned(position, reader.bytes()?, out),
        }
        Ok(())
    }
}

fn put_positioned(position: usize, value: &[u8], out: &mut Vec<u8>) {
    if position > 0 {
        out.push(b',');
    }
    out.push(b'{');
    put_position(position as i64, out);
    put_string(value, out);
    out.push(b'}');
}

/// Appends a text where there is one, and says whether there was.
fn put_text(text: Option<&[u8]>, out: &mut Vec<u8>) -> bool {
    text.is_some_and(|text| {
        put_string(text, out);
        true
    })
}

/// Appends an amount as the number that it is written as.
fn put_amount(amount: Option<&[u8]>, out: &mut Vec<u8>) -> bool {
    amount.is_some_and(|amount| {
        out.extend(amount);
        true
    })
}
