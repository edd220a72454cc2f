//! Reading what is asked from an address.
//!
//! Guarantees: what is not understood is passed over, and told by the name of its field; nothing is taken for something else.
//!
//! Must not know: any form.

use super::Asked;
use crate::console::conditions::HOW;
use fillhouse_model::{Fault, Status, parse_date};

/// How many conditions there may be.
const MOST_CONDITIONS: usize = 20;

impl Asked {
    /// What an address asks, as far as it is understood.
    pub(in crate::console) fn of(query: &str) -> Self {
        Self::read(query).0
    }

    /// The same, and what is not understood.
    pub(in crate::console) fn read(query: &str) -> (Self, Vec<Fault>) {
        let (mut asked, mut faults) = (Self::default(), Vec::new());
        let (mut items, mut hows, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            match &*name {
                "q" => asked.search = value,
                "from" => asked.from = value,
                "to" => asked.to = value,
                "status" => asked.status = value,
                "sort" => asked.sort = value,
                "up" => asked.ascending = true,
                "page" => asked.page = page(&value).unwrap_or_else(|fault| put(&mut faults, fault)),
                // As views call the id, too.
                "column" if value == "result_id" => asked.columns.push("id".to_owned()),
                "column" => asked.columns.push(value),
                "where" => items.push(value),
                "how" => hows.push(value),
                "what" => texts.push(value),
                _ => {}
            }
        }
        for (field, day) in [("from", &mut asked.from), ("to", &mut asked.to)] {
            if let Some(fault) = (!day.is_empty()).then(|| parse_date(field, day).err()).flatten() {
                *day = put(&mut faults, fault);
            }
        }
        if let (Some(from), Some(to)) = asked.days()
            && from > to
        {
            (asked.from, asked.to) =
                put(&mut faults, Fault::new("from", format!("{from} is after {to}, the last day")));
        }
        if !asked.status.is_empty() && Status::from_name(&asked.status).is_none() {
            asked.status = put(&mut faults, Fault::new("status", "is none that there is"));
        }
        let rows = items.into_iter().zip(hows).zip(texts).map(|((item, how), text)| [item, how, text]);
        let rows = rows.filter(|[item, _, text]| !item.is_empty() || !text.is_empty());
        for (n, row) in rows.enumerate() {
            match whole(n, &row) {
                Ok(()) => asked.conditions.push(row),
                Err(fault) => faults.push(fault),
            }
        }
        (asked, faults)
    }
}

/// Notes a fault; what it is of is nothing then.
fn put<T: Default>(faults: &mut Vec<Fault>, fault: Fault) -> T {
    faults.push(fault);
    T::default()
}

/// The page of a number, from 0; beyond all others where the number is too large.
fn page(text: &str) -> Result<u64, Fault> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<u64>().unwrap_or(u64::MAX);
    number
        .checked_sub(1)
        .filter(|_| is_number)
        .ok_or_else(|| Fault::new("page", "is not the number of a page"))
}

/// Whether a condition is whole, and one that there is.
fn whole(n: usize, [item, how, text]: &[String; 3]) -> Result<(), Fault> {
    let fault = |field: &str, message: &str| Err(Fault::new(format!("{field}[{n}]"), message));
    if n >= MOST_CONDITIONS {
        return fault("where", &format!("is one of more than {MOST_CONDITIONS}"));
    }
    match (item.as_str(), text.as_str()) {
        ("", _) => fault("where", "is not chosen"),
        (_, "") => fault("what", "is empty"),
        _ if HOW.iter().all(|(known, ..)| known != how) => fault("how", "is none that there is"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let asked = Asked {
            search: "a&b=c".to_owned(),
            from: "2026-02-28".to_owned(),
            to: "2026-03-01".to_owned(),
            status: "Incomplete".to_owned(),
            sort: "100".to_owned(),
            ascending: true,
            page: 4,
            columns: vec!["date_finish".to_owned(), "100".to_owned(), "101-0".to_owned()],
            conditions: vec![["100".to_owned(), "is".to_owned(), "\u{e9} +".to_owned()]],
        };
        assert_eq!(Asked::read(&asked.to_query()), (asked, vec![]));
        assert_eq!(
            Asked::read("q=&from=&to=&status=&where=&how=is&what=&column=result_id").0.columns,
            ["id"]
        );
        assert_eq!(Asked::read("page=99999999999999999999").0.page, u64::MAX - 1);
    }

    #[test]
    fn what_is_not_understood_is_told_by_its_field() {
        for (query, said) in [
            ("page=0", "page: is not the number of a page"),
            ("page=-1", "page: is not the number of a page"),
            ("from=2026-13-45", "from: 2026-13-45 is not a day of the calendar"),
            ("to=x", "to: is not a date of the form YYYY-MM-DD"),
            ("from=2026-02-02&to=2026-02-01", "from: 2026-02-02 is after 2026-02-01, the last day"),
            ("status=Done", "status: is none that there is"),
            ("where=1&how=nope&what=a", "how[0]: is none that there is"),
            ("where=1&how=is&what=", "what[0]: is empty"),
            ("where=&how=is&what=a", "where[0]: is not chosen"),
        ] {
            let (asked, faults) = Asked::read(query);
            let said_of: Vec<String> = faults.iter().map(ToString::to_string).collect();
            assert_eq!((asked, said_of), (Asked::default(), vec![said.to_owned()]), "{query}");
        }
        let many = "where=1&how=is&what=a&".repeat(21);
        let (asked, faults) = Asked::read(&many);
        assert_eq!((asked.conditions.len(), faults.len()), (20, 1));
    }
}
