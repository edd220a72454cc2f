//! What a submission says about whom it is from, in a form in which it can be compared with a profile.
//!
//! Guarantees: whatever a submission and a profile say of the same thing is the same text: an e-mail address in lower case,
//! a phone number by its digits, a field by its name and its value.
//!
//! Must not know: where the texts are kept, or who looks for them.

use crate::row::{Malformed, Row, answer};
use crate::{Answer, AnswerKind, AudienceId, Form, Item, Matches, ProfileId};

/// What of a form's submissions says whom they are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks(Vec<Mark>);

/// A leaf whose answer says it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    slot: usize,
    kind: AnswerKind,
    says: Matches,
    /// The labels of its choices, by position.
    choices: Vec<(u32, String)>,
}

impl Marks {
    /// The marks of a form.
    pub fn of(form: &Form) -> Self {
        let leaves = form.leaves();
        let marked = leaves.iter().filter_map(|leaf| {
            let says = leaf.item.matches.clone()?;
            Some(Mark { slot: leaf.slot, kind: leaf.kind, says, choices: labels(leaf.item) })
        });
        Self(marked.collect())
    }

    /// What a submission of the form says, each once. The profile that it is linked to is said too.
    ///
    /// # Errors
    /// The row is none of the form.
    pub fn said_by(&self, row: &Row<'_>) -> Result<Vec<String>, Malformed> {
        let mut said: Vec<String> =
            row.profile.map(|(audience, id)| of_profile(AudienceId(audience), id)).into_iter().collect();
        let slots = self.0.iter().map(|mark| mark.slot + 1).max().unwrap_or(0);
        let mut payloads = vec![None; slots];
        if slots > 0 {
            row.answers_into(&mut payloads)?;
        }
        for mark in &self.0 {
            let Some(payload) = payloads[mark.slot] else { continue };
            said.extend(
                mark.values(answer(mark.kind, payload)?).iter().filter_map(|value| of(&mark.says, value)),
            );
        }
        said.sort_unstable();
        said.dedup();
        Ok(said)
    }

    /// The fields of a profile that are spoken of.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|mark| match &mark.says {
            Matches::Field(name) => Some(name.as_str()),
            Matches::Email | Matches::Phone => None,
        })
    }
}

impl Mark {
    fn values(&self, answer: Answer) -> Vec<String> {
        let label = |position| {
            self.choices.iter().find(|(known, _)| *known == position).map(|(_, label)| label.clone())
        };
        match answer {
            Answer::Text(text) => vec![text],
            Answer::Texts(texts) => texts,
            Answer::Choices(chosen) => chosen
                .into_iter()
                .filter_map(|choice| choice.other.or_else(|| label(choice.position)))
                .collect(),
            Answer::Files(_) => Vec::new(),
        }
    }
}

fn labels(item: &Item) -> Vec<(u32, String)> {
    item.choices.iter().map(|choice| (choice.position, choice.label.clone())).collect()
}

/// What a submission that is linked to a profile says.
pub fn of_profile(audience: AudienceId, id: ProfileId) -> String {
    format!("profile:{audience}:{id}")
}

/// What a value says of that which `what` names; none where it says nothing.
pub fn of(what: &Matches, value: &str) -> Option<String> {
    let value = value.trim();
    let said = match what {
        Matches::Email => value.to_lowercase(),
        Matches::Phone => value.chars().filter(char::is_ascii_digit).collect(),
        Matches::Field(_) => value.to_owned(),
    };
    let name = match what {
        Matches::Email => "email",
        Matches::Phone => "phone",
        Matches::Field(name) => &format!("field:{name}"),
    };
    (!said.is_empty()).then(|| format!("{name}:{said}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_is_said_the_same() {
        let said = |what: Matches, value: &str| of(&what, value);
        assert_eq!(said(Matches::Email, " Ada@Example.COM "), said(Matches::Email, "ada@example.com"));
        assert_eq!(said(Matches::Phone, "+7 (900) 123-45-67"), said(Matches::Phone, "79001234567"));
        assert_ne!(said(Matches::Field("a".into()), "x"), said(Matches::Field("b".into()), "x"));
        assert_ne!(said(Matches::Field("a".into()), "X"), said(Matches::Field("a".into()), "x"));
    }

    #[test]
    fn what_is_blank_says_nothing() {
        for what in [Matches::Email, Matches::Phone, Matches::Field("a".into())] {
            assert_eq!(of(&what, "  "), None);
        }
        assert_eq!(of(&Matches::Phone, "none"), None);
    }
}
