//! What is asked, in words that can be taken away one by one.
//!
//! Must not know: where they are shown.

use super::Asked;
use crate::console::cells::{label, last_answered};
use crate::console::conditions::HOW;
use crate::console::words;
use fillhouse_engine::{COMPLETION_SECONDS, LAST_ANSWERED};
use fillhouse_model::Form;

impl Asked {
    /// What must hold of a submission, in words, each with the address without it.
    pub(in crate::console) fn chips(&self, form: &Form) -> Vec<(String, String)> {
        self.each(form).into_iter().map(|(said, without)| (said, without.to_query())).collect()
    }

    /// What must hold of a submission, in words, each with the same without it.
    fn each(&self, form: &Form) -> Vec<(String, Self)> {
        let first_page = Self { page: 0, ..self.clone() };
        let mut each = Vec::new();
        if !self.search.is_empty() {
            let said = format!("{}: “{}”", words::SEARCH, self.search);
            each.push((said, Self { search: String::new(), ..first_page.clone() }));
        }
        if !self.from.is_empty() {
            let said = format!("{} {}", words::SINCE, self.from);
            each.push((said, Self { from: String::new(), ..first_page.clone() }));
        }
        if !self.to.is_empty() {
            let said = format!("{} {}", words::UP_TO_DAY, self.to);
            each.push((said, Self { to: String::new(), ..first_page.clone() }));
        }
        let statuses = words::table::STATUSES.iter();
        if let Some((_, word)) =
            statuses.filter(|(name, _)| !name.is_empty()).find(|(name, _)| *name == self.status)
        {
            each.push(((*word).to_owned(), Self { status: String::new(), ..first_page.clone() }));
        }
        let leaves = form.leaves();
        for (n, [item, how, text]) in self.conditions.iter().enumerate() {
            let leaf = leaves.iter().find(|leaf| leaf.item.id == *item);
            let name = match leaf {
                Some(leaf) => label(leaf),
                None if item == COMPLETION_SECONDS => words::table::TOOK_SECONDS.to_owned(),
                None => item.clone(),
            };
            if leaf.is_none() && item == LAST_ANSWERED {
                let mut without = first_page.clone();
                without.conditions.remove(n);
                let place = last_answered(form, text);
                each.push((format!("{} “{place}”", words::table::LAST_ANSWERED), without));
                continue;
            }
            let how = HOW.iter().find(|(known, ..)| known == how).map_or(HOW[0].1, |(_, word, _)| word);
            let mut without = first_page.clone();
            without.conditions.remove(n);
            each.push((format!("{name} {how} “{text}”"), without));
        }
        each
    }
}
