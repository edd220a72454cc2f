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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_of_128_bits_is_shown_as_a_uuid() {
        let id = "083962213926441204246911346327953152785";
        assert_eq!(shown(id), "3f2a88c1-5165-fc7b-4221-4e4d2b991b11");
        assert_eq!(shown("100-2"), "100-2");
        assert_eq!(shown(&"9".repeat(39)), "9".repeat(39));
    }
}
