//! What type an item is that is known by its answers alone.
//!
//! Must not know: where the answers come from.

use fillhouse_model::{ItemType, parse_date};
use std::collections::BTreeMap;

/// Texts that are longer are long.
const LONG_CHARS: usize = 200;
/// As many digits as a number keeps wherever it is looked at.
const MOST_DIGITS: usize = 15;
/// How many different texts may be choices, and how often each must come at least, on average.
const MOST_CHOICES: usize = 20;
const REPEATS: u64 = 3;
/// How long a choice may be.
const CHOICE_CHARS: usize = 80;
/// What stands between choices that were made together.
pub(super) const JOINT: &str = " | ";

/// The answers to an item.
#[derive(Debug, Default)]
pub(super) struct Answers {
    filled: u64,
    numbers: u64,
    dates: u64,
    emails: u64,
    are_long: bool,
    /// The different ones, by when they came first; none where there are too many to be choices.
    parts: Option<BTreeMap<String, u64>>,
    are_many: bool,
    are_joined: bool,
    part_count: u64,
}

impl Answers {
    /// One more answer.
    pub(super) fn see(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        self.numbers += u64::from(is_number(text));
        self.dates += u64::from(parse_date("", text).is_ok());
        self.emails += u64::from(is_email(text));
        self.are_long |= text.chars().count() > LONG_CHARS || text.contains('\n');
        if self.are_many {
            return;
        }
        let parts = self.parts.get_or_insert_default();
        for part in text.split(JOINT) {
            let next = parts.len() as u64;
            parts.entry(part.to_owned()).or_insert(next);
            self.part_count += 1;
        }
        self.are_joined |= text.contains(JOINT);
        if parts.len() > MOST_CHOICES || text.split(JOINT).any(|part| part.chars().count() > CHOICE_CHARS) {
            (self.are_many, self.parts) = (true, None);
        }
    }

    /// The type of a text.
    pub(super) fn text_type(&self) -> ItemType {
        match self.filled {
            0 => ItemType::Text,
            all if self.numbers == all => ItemType::Number,
            all if self.dates == all => ItemType::Date,
            all if self.emails == all => ItemType::Email,
            _ if self.are_long => ItemType::LongText,
            _ => ItemType::Text,
        }
    }

    /// The choices, in the order in which they came, and whether several are made together; none where they are none.
    pub(super) fn choices(&self) -> Option<(Vec<String>, bool)> {
        let parts = self.parts.as_ref()?;
        let repeat = self.part_count >= REPEATS * parts.len() as u64;
        if !repeat || self.text_type() != ItemType::Text {
            return None;
        }
        let mut choices: Vec<(&String, &u64)> = parts.iter().collect();
        choices.sort_by_key(|(_, place)| **place);
        Some((choices.into_iter().map(|(label, _)| label.clone()).collect(), self.are_joined))
    }
}

/// A number that is nothing else: no phone number, and no number of a customer that begins with zeros.
fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_padded = whole.len() > 1 && whole.starts_with('0');
    digits(whole) && digits(fraction) && !is_padded && number.len() <= MOST_DIGITS
}

fn is_email(text: &str) -> bool {
    let is_fine = |name: &str, host: &str| !name.is_empty() && host.contains('.') && !host.contains('@');
    !text.contains(char::is_whitespace)
        && text.split_once('@').is_some_and(|(name, host)| is_fine(name, host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Answers {
        let mut answers = Answers::default();
        texts.iter().for_each(|text| answers.see(text));
        answers
    }

    #[test]
    fn a_type_is_what_all_answers_are() {
        assert_eq!(of(&["1", "-2.50", "0", ""]).text_type(), ItemType::Number);
        assert_eq!(of(&["007", "8"]).text_type(), ItemType::Text, "who pads with zeros does not count");
        assert_eq!(of(&["+4930123", "8"]).text_type(), ItemType::Text);
        assert_eq!(of(&["2026-02-28", "2026-03-01"]).text_type(), ItemType::Date);
        assert_eq!(of(&["2026-02-28", "2026-02-30"]).text_type(), ItemType::Text);
        assert_eq!(of(&["a@b.example", "c@d.example"]).text_type(), ItemType::Email);
        assert_eq!(of(&["a\nb"]).text_type(), ItemType::LongText);
        assert_eq!(of(&[]).text_type(), ItemType::Text);
    }

    #[test]
    fn choices_are_few_and_come_again() {
        let labels = |texts: &[&str]| of(texts).choices();
        let yes_no = ["yes", "no", "yes", "yes", "no", "yes"];
        assert_eq!(labels(&yes_no), Some((vec!["yes".to_owned(), "no".to_owned()], false)));
        assert_eq!(labels(&["a | b", "b", "a", "a | b"]).map(|(_, joined)| joined), Some(true));
        assert_eq!(labels(&["Ada", "Alan", "Grace", "Ada"]), None);
        assert_eq!(labels(&["1", "2", "1", "2", "1", "2"]), None, "are numbers");
    }
}
