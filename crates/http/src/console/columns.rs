//! The columns of the table of submissions: a submission's own data and its answers.
//!
//! Guarantees: a column that is known is one that a view and an export may have, too.
//!
//! Must not know: which submissions are shown.

use super::cells::{Cell, cell, label};
use super::words::table::METAS;
use fillhouse_engine::FormDays;
use fillhouse_model::{Fault, Form, Leaf, Submission, Timestamp};

/// The metas in sight where nobody chose anything.
const FIRST_METAS: [&str; 2] = ["date_finish", "date_update"];
/// How many items are there then.
const FIRST_ITEMS: usize = 6;
/// What nothing is sorted by.
const UNSORTED: [&str; 2] = ["db_id", "profile_id"];

/// A column.
pub(super) enum Column<'form> {
    /// By its name and what it is called.
    Meta(&'static str, &'static str),
    Leaf(Leaf<'form>),
}

impl Column<'_> {
    /// All that there are beside the id, which is always there.
    pub(super) fn all(form: &Form) -> Vec<Column<'_>> {
        let metas = METAS.iter().map(|(name, label)| Column::Meta(name, label));
        metas.chain(form.leaves().into_iter().map(Column::Leaf)).collect()
    }

    /// Those of these names, in the order of all; and those that are none. Where none is named, those that are there at first.
    pub(super) fn chosen<'form>(form: &'form Form, names: &[String]) -> (Vec<Column<'form>>, Vec<Fault>) {
        let mut all = Column::all(form);
        if names.is_empty() {
            let mut items = 0;
            all.retain(|column| match column {
                Column::Meta(name, _) => FIRST_METAS.contains(name),
                Column::Leaf(_) => {
                    items += 1;
                    items <= FIRST_ITEMS
                }
            });
            return (all, Vec::new());
        }
        let is_known = |name: &String| name == "id" || all.iter().any(|column| column.id() == name);
        let unknown = names.iter().filter(|name| !is_known(name));
        let faults =
            unknown.map(|name| Fault::new("column", format!("{name} is no column of the form"))).collect();
        all.retain(|column| names.iter().any(|name| name == column.id()));
        (all, faults)
    }

    /// What it is asked for by.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Meta(name, _) => name,
            Self::Leaf(leaf) => &leaf.item.id,
        }
    }

    pub(super) fn label(&self) -> String {
        match self {
            Self::Meta(_, label) => (*label).to_owned(),
            Self::Leaf(leaf) => label(leaf),
        }
    }

    /// Whether the table can be sorted by it.
    pub(super) fn is_sorted_by(&self) -> bool {
        !UNSORTED.contains(&self.id())
    }

    /// Whether it has dates.
    pub(super) fn is_date(&self) -> bool {
        matches!(self, Self::Meta(name, _) if name.starts_with("date_"))
    }

    /// What a submission has there.
    pub(super) fn cell(&self, submission: &Submission, days: &FormDays) -> Cell {
        match self {
            Self::Meta(name, _) => {
                Cell { text: meta(name, submission, days).unwrap_or_default(), ..Cell::default() }
            }
            Self::Leaf(leaf) => cell(leaf, submission),
        }
    }
}

/// What a submission says of itself.
fn meta(name: &str, one: &Submission, days: &FormDays) -> Option<String> {
    let minute = |instant: Timestamp| days.clock(instant).strftime("%Y-%m-%d %H:%M").to_string();
    let text = match name {
        "date_start" => return one.date_start.map(minute),
        "date_finish" => return one.date_finish.map(minute),
        "date_update" => return Some(minute(one.date_update)),
        "result_status" => return Some(one.status.name().to_owned()),
        "db_id" => return one.profile.map(|(audience, _)| audience.to_string()),
        "profile_id" => return one.profile.map(|(_, profile)| profile.to_string()),
        "login_email" => &one.login_email,
        "login_username" => &one.login_username,
        "payment_amount" => &one.payment_amount,
        "payment_status" => &one.payment_status,
        "user_browser" => &one.user_browser,
        "user_ip" => &one.user_ip,
        "user_device" => &one.user_device,
        "user_referrer" => &one.user_referrer,
        _ => return None,
    };
    text.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fillhouse_engine::META_NAMES;

    #[test]
    fn every_meta_can_be_chosen() {
        let names = METAS.map(|(name, _)| name);
        assert_eq!(META_NAMES[0], "id");
        assert_eq!(names[..], META_NAMES[1..]);
    }
}
