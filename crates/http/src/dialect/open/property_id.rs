//! The ids of properties, which clients give as UUIDs, and those of our items, which are digits.
//!
//! A UUID is a number of 128 bits, so it is an item id of 39 digits; an item id of 39 digits that is such a number is
//! shown as the UUID. Every other item id is shown as it is. Nothing has to be stored for it, and the same property has
//! the same id whoever made the form.
//!
//! Guarantees: what is shown of an item leads back to that item.
//!
//! Must not know: any form.

use uuid::Uuid;

/// As many as the largest number of 128 bits has.
const DIGITS: usize = 39;

/// The id that an item's property is shown with.
pub(super) fn shown(item_id: &str) -> String {
    let number = (item_id.len() == DIGITS && item_id.bytes().all(|b| b.is_ascii_digit()))
        .then(|| item_id.parse().ok())
        .flatten();
    number.map_or_else(|| item_id.to_owned(), |number| Uuid::from_u128(number).hyphenated().to_string())
}

/// The item id that a property of this id can have; none where its item must be called otherwise.
pub(super) fn item_id(given: &str) -> Option<String> {
    const HYPHENATED: usize = 36;
    match Uuid::try_parse(given) {
        Ok(uuid) if given.len() == HYPHENATED => Some(format!("{:0DIGITS$}", uuid.as_u128())),
        _ => (is_digits(given) && given.len() < DIGITS).then(|| given.to_owned()),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_comes_back_as_it_was_given() {
        for uuid in [
            "3f0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b11",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
        ] {
            let id = item_id(uuid).unwrap();
            assert!(id.len() == 39 && id.bytes().all(|b| b.is_ascii_digit()), "{id}");
            assert_eq!(shown(&id), uuid);
        }
        assert_eq!(
            item_id("3F0C2A51-9F0B-4BB0-9D0E-0A7A4D9C1B11"),
            item_id("3f0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b11")
        );
    }

    #[test]
    fn digits_stay_and_everything_else_is_called_otherwise() {
        assert_eq!((item_id("100").as_deref(), shown("100").as_str()), (Some("100"), "100"));
        assert_eq!(shown("100-2"), "100-2");
        assert_eq!(shown(&"9".repeat(39)), "9".repeat(39), "is no number of 128 bits");
        for other in ["", "name", "nf-text", "10 0", "3f0c2a519f0b4bb09d0e0a7a4d9c1b11", "{}"] {
            assert_eq!(item_id(other), None, "{other}");
        }
        assert_eq!(item_id(&"1".repeat(39)), None, "would be shown as a UUID");
    }
}
