//! A choice as people read it: what was chosen, by the names that the page has for it.
//!
//! Guarantees: what is as usual is not told.
//!
//! Must not know: how a file is made.

use super::super::conditions::{HOWS, askable};
use super::super::words::{self, exports as said};
use super::choice::Choice;
use fillhouse_model::Form;

impl Choice {
    /// Names and values of what was chosen.
    pub(in crate::console) fn in_words(
        &self,
        form: &Form,
        columns: &[(String, String)],
    ) -> Vec<(String, String)> {
        let items = askable(form);
        let condition = |[item, how, text]: &[String; 3]| {
            (said::CONDITIONS, format!("{} {} “{text}”", word_of(&items, item), word_of(&HOWS, how)))
        };
        let columns: Vec<&str> = self.columns.iter().map(|id| word_of(columns, id)).collect();
        let chosen = [
            (said::FORMAT, word_of(&said::FORMATS, &self.format).to_owned()),
            (said::COMPRESSION, chosen_of(&said::COMPRESSIONS, &self.compression)),
            (said::FROM, self.from.clone()),
            (said::TO, self.to.clone()),
            (said::STATUS, word_of(&said::STATUSES, &self.status).to_owned()),
            (words::SEARCH, self.asked.search.clone()),
        ];
        let options = [
            (said::COLUMNS, columns.join(", ")),
            (said::DELIMITER, chosen_of(&said::DELIMITERS, &self.delimiter)),
            (said::EOL, chosen_of(&said::EOLS, &self.eol)),
            (said::HEADER, chosen_of(&said::HEADERS, &self.header)),
        ];
        let yes = [(said::BOM, self.has_bom), (said::RAW, self.is_raw)];
        let yes = yes.into_iter().filter(|(_, is_so)| *is_so).map(|(name, _)| (name, words::YES.to_owned()));
        let conditions = self.asked.conditions.iter().map(condition);
        let all = chosen.into_iter().chain(conditions).chain(options).chain(yes);
        all.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// The word for a value; the value itself where there is none.
fn word_of<'w, T: AsRef<str>>(words: &'w [(T, T)], value: &'w str) -> &'w str {
    words.iter().find(|(known, _)| known.as_ref() == value).map_or(value, |(_, word)| word.as_ref())
}

/// The same; nothing where nothing was chosen.
fn chosen_of(words: &[(&str, &str)], value: &str) -> String {
    if value.is_empty() { String::new() } else { word_of(words, value).to_owned() }
}
